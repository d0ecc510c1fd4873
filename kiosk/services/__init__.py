"""One verb a file: the transactions in which something changes. Only here is a transaction opened."""
