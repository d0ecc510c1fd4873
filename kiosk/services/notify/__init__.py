"""Telling visitors who asked for it that their turn comes: where to, what, and that it is sent."""

from kiosk.services.notify.contacts import forget_old, listing, subscribe, unsubscribe

__all__ = ["forget_old", "listing", "subscribe", "unsubscribe"]
