"""The public post: what comes by it, what goes by it, and what it tells."""
