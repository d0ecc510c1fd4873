"""The truth without I/O: rules of the queue, the dossier and the law. Standard library only."""
