"""A queue kiosk and service desk for a Vietnamese one-stop public service centre ("một cửa")."""

__version__ = "0.1.0"
