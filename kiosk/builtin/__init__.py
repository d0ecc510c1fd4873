"""Core features as plugins: what proves that the sockets fit."""
