"""Plugins of an office: on and off, their settings, what a switch would do, and who turned it."""

from kiosk.services.manage_plugins.cards import PluginCard, card, listing, procedures_of
from kiosk.services.manage_plugins.history import history
from kiosk.services.manage_plugins.settings import save_settings, settings_of, try_settings
from kiosk.services.manage_plugins.switch import disable, enable
from kiosk.services.manage_plugins.trial import DryRun, Honoured, dry_run, honoured

__all__ = [
    "DryRun",
    "Honoured",
    "PluginCard",
    "card",
    "disable",
    "dry_run",
    "enable",
    "history",
    "honoured",
    "listing",
    "procedures_of",
    "save_settings",
    "settings_of",
    "try_settings",
]
