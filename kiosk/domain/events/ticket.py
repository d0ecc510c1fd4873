"""Facts about tickets."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.events.base import Event


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
