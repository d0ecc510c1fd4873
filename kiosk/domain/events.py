"""The facts the journal keeps. One class a kind; never a name, an ID number or a phone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

EVENTS: dict[str, type[Event]] = {}
"""Every kind of event by name; the documentation and the tests go through this table."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in an office."""

    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__:
            EVENTS[cls.kind] = cls

    def facts(self) -> dict[str, Any]:
        """The event as plain JSON values; what is None is left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """What every fact about a ticket carries, so that a screen never has to ask back."""

    ticket: int
    label: str
    line: int
    department: str
    area: str
    priority: str


@dataclass(frozen=True, kw_only=True)
class TicketIssued(TicketEvent):
    """A number was given."""

    kind = "ticket.issued"
    number: int
    day: str
    procedure: str | None
    dossiers: int
    language: str
    device: int | None


@dataclass(frozen=True, kw_only=True)
class CounterTicketEvent(TicketEvent):
    """A fact about a ticket at a counter."""

    counter: int
    counter_number: int


@dataclass(frozen=True, kw_only=True)
class TicketCalled(CounterTicketEvent):
    """A counter asked for this number."""

    kind = "ticket.called"
    language: str
    waited_seconds: int


@dataclass(frozen=True, kw_only=True)
class TicketRecalled(CounterTicketEvent):
    """A counter asked for the same number again."""

    kind = "ticket.recalled"
    times: int


@dataclass(frozen=True, kw_only=True)
class TicketStarted(CounterTicketEvent):
    """The citizen sat down."""

    kind = "ticket.started"


@dataclass(frozen=True, kw_only=True)
class TicketFinished(CounterTicketEvent):
    """The visit ended."""

    kind = "ticket.finished"
    served_seconds: int


@dataclass(frozen=True, kw_only=True)
class TicketNoShow(CounterTicketEvent):
    """Nobody came."""

    kind = "ticket.no_show"


@dataclass(frozen=True, kw_only=True)
class TicketCancelled(TicketEvent):
    """The number was given up."""

    kind = "ticket.cancelled"
    was: str
    counter: int | None = None
    counter_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class DossierEvent(Event):
    """What every fact about a dossier carries; `on` and `due_on` are ISO dates."""

    dossier: int
    code: str
    department: str
    procedure: str
    state: str
    on: str
    due_on: str | None


@dataclass(frozen=True, kw_only=True)
class DossierReceived(DossierEvent):
    """An application was taken in and its legal clock set."""

    kind = "dossier.received"
    channel: str
    delivery: str
    level: int | None
    ticket: int | None
    counter: int | None
    fee_total: int


@dataclass(frozen=True, kw_only=True)
class DossierMoved(DossierEvent):
    """A named legal move was made; `note` is the row of the officer's words, which may name people."""

    kind = "dossier.moved"
    move: str
    note: int | None = None


@dataclass(frozen=True, kw_only=True)
class PluginSwitched(Event):
    """An admin enabled or disabled a plugin for the office."""

    kind = "plugin.switched"
    plugin: str
    enabled: bool
    version: str


@dataclass(frozen=True, kw_only=True)
class PluginConfigured(Event):
    """An admin changed a plugin's settings; which, never to what."""

    kind = "plugin.configured"
    plugin: str
    settings: list[str]


@dataclass(frozen=True, kw_only=True)
class LineChanged(Event):
    """A line was made, renamed, opened or closed."""

    kind = "line.changed"
    line: int
    prefix: str
    open: bool


@dataclass(frozen=True, kw_only=True)
class CounterChanged(Event):
    """A counter was made, changed, opened or closed, or serves other lines now."""

    kind = "counter.changed"
    counter: int
    counter_number: int
    open: bool
    lines: list[int]


@dataclass(frozen=True, kw_only=True)
class DeviceChanged(Event):
    """A device was added, paired or revoked."""

    kind = "device.changed"
    device: int
    device_kind: str
    change: str


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    """An account was added, changed or disabled."""

    kind = "user.changed"
    user: int
    role: str
    change: str


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """An admin made a day a working day or a day off."""

    kind = "calendar.changed"
    day: str
    working: bool | None


@dataclass(frozen=True, kw_only=True)
class PrinterChanged(Event):
    """A printer's condition changed; `problem` None means that it prints."""

    kind = "printer.changed"
    printer: int
    name: str
    problem: str | None
