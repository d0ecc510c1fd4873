"""A demo centre on one machine: a populated office, the real server and worker, and a virtual printer."""
