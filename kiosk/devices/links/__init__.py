"""The lines on which bytes go to a printer and its answers come back, one module a kind."""
