"""Facts about an office: its plugins, places, days, appointments, devices, staff and catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.domain.events.base import Event


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
