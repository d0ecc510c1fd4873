"""The facts the journal keeps. One class a kind; never a name, an ID number or a phone."""

from __future__ import annotations

from dataclasses import dataclass
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
        return {key: value for key, value in vars(self).items() if value is not None}


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
    """A number was given; `offline_at` is when a kiosk gave it that could not reach the server."""

    kind = "ticket.issued"
    number: int
    day: str
    procedure: str | None
    dossiers: int
    language: str
    device: int | None
    lane: str = "normal"
    purpose: str = "apply"
    remote: bool = False
    offline_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class CounterTicketEvent(TicketEvent):
    """A fact about a ticket at a counter."""

    counter: int
    counter_number: int


@dataclass(frozen=True, kw_only=True)
class TicketCalled(CounterTicketEvent):
    """A counter asked for this number; `why` is the rule's reason, `picked` that an officer chose it out of turn."""

    kind = "ticket.called"
    language: str
    waited_seconds: int
    lane: str = "normal"
    why: str = ""
    picked: bool = False


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
    """The visit ended; `forgotten` when nobody said so and the end of the day did."""

    kind = "ticket.finished"
    served_seconds: int
    way_seconds: int | None = None
    forgotten: bool = False


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
class TicketParked(CounterTicketEvent):
    """A visit pauses: its visitor went elsewhere for a while, for a reason (a key) and perhaps to a room."""

    kind = "ticket.parked"
    reason: str
    room: str | None = None


@dataclass(frozen=True, kw_only=True)
class TicketResumed(CounterTicketEvent):
    """A parked visit goes on at a counter."""

    kind = "ticket.resumed"
    parked_seconds: int


@dataclass(frozen=True, kw_only=True)
class TicketTransferred(TicketEvent):
    """A visit waits on (`line`: the new one), or for one counter or officer; `leg`: one service of several is done."""

    kind = "ticket.transferred"
    from_line: int
    was: str
    position: str
    to_counter: int | None = None
    to_officer: int | None = None
    counter: int | None = None
    counter_number: int | None = None
    leg: bool = False
    served_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketNoted(TicketEvent):
    """Staff wrote a note on a visit, or wiped it (`empty`); its words may name people and stay out of here."""

    kind = "ticket.noted"
    empty: bool
    counter: int | None = None
    counter_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketReturned(TicketEvent):
    """Somebody who had not been there came back in time and is called soon."""

    kind = "ticket.returned"


@dataclass(frozen=True, kw_only=True)
class TicketPostponed(TicketEvent):
    """A visitor asked not to be called before a moment."""

    kind = "ticket.postponed"
    until: str


@dataclass(frozen=True, kw_only=True)
class TicketCheckedIn(TicketEvent):
    """Somebody who took the number from afar is here and may be called."""

    kind = "ticket.checked_in"


@dataclass(frozen=True, kw_only=True)
class TicketUndone(TicketEvent):
    """The last move, of the entry `undoes`, was a mistake; the ticket stands again as before it."""

    kind = "ticket.undone"
    move: str
    undoes: int
    state: str
    counter: int | None = None
    counter_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketExpired(TicketEvent):
    """The day ended before this number's turn came."""

    kind = "ticket.expired"
    was: str


@dataclass(frozen=True, kw_only=True)
class TicketCarriedOver(TicketEvent):
    """The day ended first; the ticket `to` of the next working day takes this one's place."""

    kind = "ticket.carried_over"
    was: str
    to: int
    to_label: str
    to_day: str


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
    clock_start: str
    on_the_spot: bool


@dataclass(frozen=True, kw_only=True)
class DossierMoved(DossierEvent):
    """A named legal move was made; `note` is the row of the officer's words, which may name people."""

    kind = "dossier.moved"
    move: str
    note: int | None = None
    agency: str | None = None
    agency_due_on: str | None = None


@dataclass(frozen=True, kw_only=True)
class DossierCorrected(DossierEvent):
    """The entry `corrects` was wrong; it holds now with this `on` and `due_on`, or (`voids`) counts as never made."""

    kind = "dossier.corrected"
    corrects: int
    what: str
    voids: bool
    note: int


@dataclass(frozen=True, kw_only=True)
class ApplicationDeclined(Event):
    """An application was not received: a supplement request or a refusal was written instead."""

    kind = "application.declined"
    slip: int
    number: str
    outcome: str
    department: str
    procedure: str
    ticket: int | None
    counter: int | None


@dataclass(frozen=True, kw_only=True)
class ServiceRated(Event):
    """A visitor said what the service was like: 1 not satisfied, 2 satisfied, 3 very satisfied."""

    kind = "service.rated"
    department: str
    score: int
    dossier: int | None
    slip: int | None
    ticket: int | None


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
class CounterState(Event):
    """An officer opened a counter, paused it for a reason (a key), or closed it."""

    kind = "counter.state"
    counter: int
    counter_number: int
    area: str
    state: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class RuleChanged(Event):
    """A line or a counter calls by another rule now; `before` and `after` are the whole rules."""

    kind = "rule.changed"
    line: int | None = None
    counter: int | None = None
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class HoursChanged(Event):
    """A line keeps other hours than before; None: the office's."""

    kind = "hours.changed"
    line: int
    hours: list[list[str]] | None


@dataclass(frozen=True, kw_only=True)
class HallChanged(Event):
    """A section of the hall's settings was changed, or the slots of a line (`line`)."""

    kind = "hall.changed"
    section: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeChanged(Event):
    """What boards show beside the calls was changed."""

    kind = "notice.changed"
    notice: int
    change: str
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class VoiceChanged(Event):
    """Pieces of a voice were recorded, taken in or deleted."""

    kind = "voice.changed"
    pack: str
    pieces: int


@dataclass(frozen=True, kw_only=True)
class DayClosed(Event):
    """A day of the hall was closed: what it came to, and what became of whoever still waited."""

    kind = "day.closed"
    day: str
    issued: int
    finished: int
    no_show: int
    cancelled: int
    expired: int
    carried_over: int
    forgotten: int


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(Event):
    """What every fact about an appointment carries; `starts_at` is an ISO moment."""

    appointment: int
    line: int
    day: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    """Somebody booked a time; `moved` when it was another one before."""

    kind = "appointment.booked"
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentEvent):
    """A booked time was given up."""

    kind = "appointment.cancelled"


@dataclass(frozen=True, kw_only=True)
class AppointmentArrived(AppointmentEvent):
    """Somebody came for a booked time and has a number now."""

    kind = "appointment.arrived"
    ticket: int


@dataclass(frozen=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    """Nobody came for a booked time."""

    kind = "appointment.missed"


@dataclass(frozen=True, kw_only=True)
class HelpAnswered(Event):
    """Somebody went to help; `wanted` is the entry that asked."""

    kind = "help.answered"
    wanted: int


@dataclass(frozen=True, kw_only=True)
class DeviceChanged(Event):
    """A device was added, paired, changed, replaced or revoked."""

    kind = "device.changed"
    device: int
    device_kind: str
    change: str


@dataclass(frozen=True, kw_only=True)
class DeviceRefused(Event):
    """Somebody used a device's right who may not: a revoked or replaced token, a used code, another machine."""

    kind = "device.refused"
    device: int
    device_kind: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DeviceReload(Event):
    """A kiosk or board is to load its page anew."""

    kind = "device.reload"
    device: int
    device_kind: str


@dataclass(frozen=True, kw_only=True)
class HelpWanted(Event):
    """A visitor, a kiosk that cannot print, or an officer at a counter asks for a member of staff."""

    kind = "help.wanted"
    device: int | None = None
    device_name: str | None = None
    area: str
    reason: str
    counter: int | None = None
    counter_number: int | None = None


@dataclass(frozen=True, kw_only=True)
class NumbersLeased(Event):
    """A kiosk holds these numbers of a day, by line, to give while it cannot reach the server."""

    kind = "numbers.leased"
    device: int
    day: str
    numbers: dict[str, list[int]]


@dataclass(frozen=True, kw_only=True)
class NumbersReturned(Event):
    """A kiosk gave held numbers of a day back unused; or (`void`) they will never be given, as it was cut off."""

    kind = "numbers.returned"
    device: int
    day: str
    numbers: dict[str, list[int]]
    void: bool = False


@dataclass(frozen=True, kw_only=True)
class PaperMoved(Event):
    """A printer could not print; papers that were promised go to another one."""

    kind = "paper.moved"
    printer: int
    to: int
    jobs: list[int]


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    """An account was added, changed or disabled."""

    kind = "user.changed"
    user: int
    role: str
    change: str


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """An admin made the days `first` to `last` working days or days off, or left them to the law again."""

    kind = "calendar.changed"
    first: str
    last: str
    working: bool | None
    before: dict[str, bool | None]
    undoes: int | None = None


@dataclass(frozen=True, kw_only=True)
class OfficeHoursChanged(Event):
    """Other office hours hold from a day on: four local times; or (`hours` left out) those planned for it do not."""

    kind = "office.hours_changed"
    valid_from: str
    hours: list[str] | None


@dataclass(frozen=True, kw_only=True)
class OfficeChanged(Event):
    """An admin changed how the office is called or reached, or the form of its codes; which, and only that to what."""

    kind = "office.changed"
    changed: list[str]
    code_form: str | None = None


@dataclass(frozen=True, kw_only=True)
class ProcedureOverridden(Event):
    """An admin changed a term or a fee of a procedure between two days, or took such a change or an edition back."""

    kind = "procedure.overridden"
    department: str
    procedure: str
    what: str
    case: str
    change: str
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True, kw_only=True)
class CatalogueTaken(Event):
    """An office took a reviewed list of procedures, in force from a day on; how many it added, changed and ended."""

    kind = "catalogue.taken"
    valid_from: str
    added: int
    changed: int
    withdrawn: int


@dataclass(frozen=True, kw_only=True)
class PrinterChanged(Event):
    """A printer's condition changed; `problem` None means that it prints, `paper_low` that the roll ends soon."""

    kind = "printer.changed"
    printer: int
    name: str
    problem: str | None
    paper_low: bool = False
