"""Money that is asked for and money that comes: the short reference that ties them together."""
