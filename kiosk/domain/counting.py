"""What a period's figures are, told by the dossiers' facts alone (Biểu II.06a/VPCP/KSTT; NĐ 61/2018).

A figure is a pure function of (facts, first day, last day, as-of moment): facts entered later never change a report
that names an earlier `as_of`, and what this period leaves in progress is what the next one carries over.

The rules, all by date and never by hour:

- Received: carried over = received before the first day and still open on it; in the period = received inside it.
- Resolved: processing ended inside the period, collected or not. Early, on time and late as
  `kiosk.domain.deadlines.punctuality` says. A returned, withdrawn or stopped dossier is resolved (NĐ 61/2018 Đ.19.8) and stands
  in the on-time column ("bao gồm cả hồ sơ trả lại / xin rút"), never in the early one. It is late only if it ended
  after its due date while the clock ran: closing an overdue dossier does not make it punctual, and a dossier that
  waited for its supplement, or for a financial duty to be met, was not overdue.
- In progress: received and not ended by the last day. In time includes every dossier whose clock stands still.
- Past due, with or without apology: of all dossiers of the period, those that were not ended by the due date the law
  gives (NĐ 61/2018 Đ.19.9). With an apology in time the promised day decides about "late", and not this figure.
- A correction counts from its own entry on, so a report that names an earlier as-of moment stays as it was.
- Supplements: dossiers asked for one inside the period. Returned, withdrawn, stopped: ended so inside the
  period. Linked: of all
  dossiers of the period, those forwarded to another authority by the last day. These overlap the columns above.
- Online, and received by post (BCCI): received inside the period by that channel. Returned by post: handed over inside
  the period by the post, whenever they were resolved; where the house itself sends the parcel, that is its delivery. A
  result that came back and was fetched at the counter is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from kiosk.domain.deadlines import Punctuality, open_status, punctuality
from kiosk.domain.dossier import (
    Channel,
    Delivery,
    DossierFact,
    Standing,
    delivery_after,
    effective,
    standing,
)
from kiosk.domain.errors import DomainError

EARLIEST_DAY = date(2000, 1, 1)
ENDED_WITHOUT_RESULT = frozenset({"return", "withdraw", "stop"})
CLOCK_STOPS = frozenset({"supplement", "suspend"})
CLOCK_STARTS = frozenset({"complete", "resume"})
LEVEL_PARTLY_ONLINE, LEVEL_FULLY_ONLINE = 3, 4


@dataclass(frozen=True)
class Period:
    """The days counted, both included, and the moment up to which the log is believed (aware).

    Raises DomainError("period_reversed"), ("date_too_early") before 2000, ("moment_without_zone").
    """

    first: date
    last: date
    as_of: datetime

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise DomainError("moment_without_zone", field="as_of")
        if self.as_of.year < EARLIEST_DAY.year:
            raise DomainError("date_too_early", field="as_of", earliest=EARLIEST_DAY.isoformat())
        if self.first < EARLIEST_DAY:
            raise DomainError("date_too_early", field="from", earliest=EARLIEST_DAY.isoformat())
        if self.last < self.first:
            raise DomainError("period_reversed", first=self.first.isoformat(), last=self.last.isoformat())

    def has(self, day: date | None) -> bool:
        """Whether the day lies in the period."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class CountedDossier:
    """What is counted of one dossier: what never changes after receipt, and everything that happened to it.

    `delivery` is how the result was to go out when the dossier was received; its facts may say otherwise later.
    """

    key: int
    department: str
    channel: str
    delivery: str
    level: int | None
    facts: tuple[DossierFact, ...]
    procedure: str = ""


class LogInconsistent(Exception):
    """The facts contradict each other; no figure may be printed from them."""


@dataclass
class Counts:
    """The columns of Biểu II.06a and the seed's further figures; each is counted by its own rule.

    Columns of the form: `received` (3), `in_period_online` (4), `in_period_direct` (5), `carried_over` (6), `resolved`
    (7), `early` (8), `on_time` (9), `late` (10), `in_progress` (11), `in_time` (12), `overdue` (13).
    """

    received: int = 0
    in_period_online: int = 0
    in_period_direct: int = 0
    carried_over: int = 0
    resolved: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    in_progress: int = 0
    in_time: int = 0
    overdue: int = 0
    supplements: int = 0
    returned: int = 0
    withdrawn: int = 0
    stopped: int = 0
    linked: int = 0
    past_due_apologised: int = 0
    past_due_unapologised: int = 0
    level_3: int = 0
    level_4: int = 0
    post_received: int = 0
    post_returned: int = 0
    post_both: int = 0

    @property
    def in_period(self) -> int:
        """Received inside the period by whatever channel."""
        return self.in_period_online + self.in_period_direct

    @property
    def online_other(self) -> int:
        """Received online in a procedure whose level is not known to be 3 or 4."""
        return self.in_period_online - self.level_3 - self.level_4

    @property
    def post_total(self) -> int:
        """Dossiers that came or went by post, each once."""
        return self.post_received + self.post_returned - self.post_both

    def include(self, other: Counts) -> None:
        """Add another set of figures to this one."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def check(self) -> None:
        """Raise LogInconsistent unless the identities of the form hold: 3=4+5+6=7+11, 7=8+9+10, 11=12+13."""
        sums = {
            "3 = 4 + 5 + 6": (
                self.received,
                self.in_period_online + self.in_period_direct + self.carried_over,
            ),
            "3 = 7 + 11": (self.received, self.resolved + self.in_progress),
            "7 = 8 + 9 + 10": (self.resolved, self.early + self.on_time + self.late),
            "11 = 12 + 13": (self.in_progress, self.in_time + self.overdue),
        }
        for identity, (left, right) in sums.items():
            if left != right:
                raise LogInconsistent(f"identity {identity} of Biểu II.06a does not hold: {left} != {right}")


@dataclass
class PeriodCounts:
    """The figures of a period: by department, and all together."""

    departments: dict[str, Counts] = field(default_factory=dict)
    total: Counts = field(default_factory=Counts)


def count_period(dossiers: Iterable[CountedDossier], period: Period) -> PeriodCounts:
    """Count every dossier once; keeps nothing but the figures, so the dossiers may be streamed.

    Dossiers that do not concern the period count nothing. Raises LogInconsistent when facts contradict each other.
    """
    counted = PeriodCounts()
    for dossier in dossiers:
        counts = counted.departments.get(dossier.department)
        if counts is None:
            counts = counted.departments[dossier.department] = Counts()
        _count(dossier, period, counts)
    for counts in counted.departments.values():
        counts.check()
        counted.total.include(counts)
    return counted


def _count(dossier: CountedDossier, period: Period, counts: Counts) -> None:
    try:
        stood = standing(dossier.facts, period.last, period.as_of)
    except DomainError as error:
        raise LogInconsistent(f"dossier {dossier.key}: {error}") from error
    if stood is None:
        return
    _count_post(dossier, stood, period, counts)
    if not (stood.is_open or period.has(stood.closed_on)):
        return
    counts.received += 1
    if period.has(stood.received_on):
        _count_channel(dossier, counts)
    else:
        counts.carried_over += 1
    if stood.is_open:
        _count_open(stood, period, counts)
    else:
        _count_resolved(dossier, stood, period, counts)
    counts.supplements += stood.supplements > 0 and any(
        fact.move == "supplement" and period.has(fact.on) for fact in effective(dossier.facts, period.as_of)
    )
    counts.linked += stood.forwarded_on is not None
    if _past_due(dossier, stood, period):
        counts.past_due_apologised += stood.reappointed
        counts.past_due_unapologised += not stood.reappointed


def _count_channel(dossier: CountedDossier, counts: Counts) -> None:
    if dossier.channel != Channel.ONLINE:
        counts.in_period_direct += 1
        return
    counts.in_period_online += 1
    counts.level_3 += dossier.level == LEVEL_PARTLY_ONLINE
    counts.level_4 += dossier.level == LEVEL_FULLY_ONLINE


def _count_open(stood: Standing, period: Period, counts: Counts) -> None:
    counts.in_progress += 1
    if stood.clock_stands or open_status(stood.due_on, period.last) == "in_time":
        counts.in_time += 1
    else:
        counts.overdue += 1


def _count_resolved(dossier: CountedDossier, stood: Standing, period: Period, counts: Counts) -> None:
    counts.resolved += 1
    match _punctuality(dossier, stood, period):
        case "early":
            counts.early += 1
        case "on_time":
            counts.on_time += 1
        case "late":
            counts.late += 1
    counts.returned += stood.closed_by == "return"
    counts.withdrawn += stood.closed_by == "withdraw"
    counts.stopped += stood.closed_by == "stop"


def _count_post(dossier: CountedDossier, stood: Standing, period: Period, counts: Counts) -> None:
    received = dossier.channel == Channel.POST and period.has(stood.received_on)
    returned = period.has(stood.handed_over_on) and _went_by_post(dossier, period)
    counts.post_received += received
    counts.post_returned += returned
    counts.post_both += received and returned


def _went_by_post(dossier: CountedDossier, period: Period) -> bool:
    known = effective(dossier.facts, period.as_of)
    return delivery_after(dossier.delivery, (fact.move for fact in known)) == Delivery.POST


def _punctuality(dossier: CountedDossier, stood: Standing, period: Period) -> Punctuality:
    assert stood.closed_on is not None  # noqa: S101  (mypy: only resolved dossiers come here)
    by_date = punctuality(stood.closed_on, stood.due_on)
    if stood.closed_by not in ENDED_WITHOUT_RESULT:
        return by_date
    return "late" if by_date == "late" and not _waited_when_closed(dossier, period) else "on_time"


def _past_due(dossier: CountedDossier, stood: Standing, period: Period) -> bool:
    """Whether it took longer than the law allows, whatever day an apology promised instead."""
    if stood.lawful_due_on is None or (stood.is_open and stood.clock_stands):
        return False
    if stood.closed_by in ENDED_WITHOUT_RESULT and _waited_when_closed(dossier, period):
        return False
    return (stood.closed_on or period.last) > stood.lawful_due_on


def _waited_when_closed(dossier: CountedDossier, period: Period) -> bool:
    """Whether the clock stood still when the dossier was returned, withdrawn or stopped.

    Nothing stops or restarts it after the end, so the last such fact is the one before it.
    """
    known = effective(dossier.facts, period.as_of)
    stops_and_starts = [fact.move for fact in known if fact.move in CLOCK_STOPS | CLOCK_STARTS]
    return bool(stops_and_starts) and stops_and_starts[-1] in CLOCK_STOPS


@dataclass(frozen=True)
class Share:
    """A percentage that says what it is a percentage of. Raises ValueError when either name is missing."""

    name: str
    numerator: int
    denominator: int
    denominator_name: str

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.denominator_name.strip():
            raise ValueError("a percentage needs its own name and the name of its denominator")
        if self.numerator < 0 or self.denominator < 0:
            raise ValueError("a share is made of counts")

    def percent(self, digits: int = 1) -> Decimal | None:
        """Percent to `digits` decimals, half rounded up, from the exact counts; None of nothing (0 denominator)."""
        if self.denominator == 0:
            return None
        exact = Decimal(100 * self.numerator) / Decimal(self.denominator)
        return exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
