"""The socket plugins fit into. Plugin authors import from here and from `kiosk.domain`, nothing else."""

from kiosk.domain.payment.notice import NoticeRefused
from kiosk.plugin.catalogue import CatalogueError, load_department
from kiosk.plugin.facts import Answers, JournalEvent, SettingValues, Visitor
from kiosk.plugin.hookspecs import hookimpl
from kiosk.plugin.postal import NewsFile, OrderTaken, PostalCarrier, PostalOrder, Quote, RowProblem
from kiosk.plugin.providers import (
    Notice,
    Notices,
    NotificationChannel,
    PaymentProvider,
    PaymentRequest,
    PaymentSlip,
    Rejected,
    Retry,
    Sent,
    StatementFile,
)
from kiosk.plugin.settings import Setting

__all__ = [
    "Answers",
    "CatalogueError",
    "JournalEvent",
    "NewsFile",
    "Notice",
    "NoticeRefused",
    "Notices",
    "NotificationChannel",
    "OrderTaken",
    "PaymentProvider",
    "PaymentRequest",
    "PaymentSlip",
    "PostalCarrier",
    "PostalOrder",
    "Quote",
    "Rejected",
    "Retry",
    "RowProblem",
    "Sent",
    "Setting",
    "SettingValues",
    "StatementFile",
    "Visitor",
    "hookimpl",
    "load_department",
]
