"""The socket plugins fit into. Plugin authors import from here and from `kiosk.domain`, nothing else."""

from kiosk.plugin.catalogue import CatalogueError, load_department
from kiosk.plugin.facts import Answers, JournalEvent, SettingValues, Visitor
from kiosk.plugin.hookspecs import hookimpl
from kiosk.plugin.providers import Notice, NotificationChannel, Rejected, Retry, Sent
from kiosk.plugin.settings import Setting

__all__ = [
    "Answers",
    "CatalogueError",
    "JournalEvent",
    "Notice",
    "NotificationChannel",
    "Rejected",
    "Retry",
    "Sent",
    "Setting",
    "SettingValues",
    "Visitor",
    "hookimpl",
    "load_department",
]
