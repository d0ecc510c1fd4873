"""Rows, fields and indexes; no decisions. `TABLES` is in the order in which they can be created."""

from kiosk.models.base import Row
from kiosk.models.dossiers import Dossier, DossierHistory, DossierNote, DossierSeries, Person
from kiosk.models.journal import Cursor, IdempotentRequest, Journal
from kiosk.models.places import CalendarDay, Counter, CounterLine, Device, Line, NumberSeries, Office, Printer
from kiosk.models.plugins import OfficePlugin
from kiosk.models.staff import LoginThrottle, Posting, Session, User
from kiosk.models.visits import PrintJob, Ticket

TABLES: tuple[type[Row], ...] = (
    Office,
    Line,
    NumberSeries,
    Counter,
    CounterLine,
    Printer,
    Device,
    CalendarDay,
    User,
    Posting,
    Session,
    LoginThrottle,
    Journal,
    Cursor,
    IdempotentRequest,
    Ticket,
    PrintJob,
    Person,
    DossierSeries,
    Dossier,
    DossierHistory,
    DossierNote,
    OfficePlugin,
)

__all__ = [
    "TABLES",
    "CalendarDay",
    "Counter",
    "CounterLine",
    "Cursor",
    "Device",
    "Dossier",
    "DossierHistory",
    "DossierNote",
    "DossierSeries",
    "IdempotentRequest",
    "Journal",
    "Line",
    "LoginThrottle",
    "NumberSeries",
    "Office",
    "OfficePlugin",
    "Person",
    "Posting",
    "PrintJob",
    "Printer",
    "Row",
    "Session",
    "Ticket",
    "User",
]
