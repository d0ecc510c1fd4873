"""A centre at work for a day, faster than life: made-up visitors and officers at the real server, over HTTP."""
