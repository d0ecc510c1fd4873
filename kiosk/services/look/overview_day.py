"""A day of the hall by quarter hour: who came, who was done, how many waited at once; and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from kiosk.database import look_at_office
from kiosk.domain.ticket import TicketState
from kiosk.models import DayClose, Ticket
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import Span, office_day
from kiosk.services.look.overview_times import Spell, day_times, spells_of

QUARTER = timedelta(minutes=15)
TICKETS = Prepared(
    lambda: (
        Ticket.select(
            Ticket.issued_at,
            Ticket.checked_in_at,
            Ticket.waiting_since,
            Ticket.ended_at,
            Ticket.state,
            Ticket.park,
        )
        .where((Ticket.office == Slot("office")) & (Ticket.day == Slot("day")))
        .tuples()
    )
)
LEFT_WAITING = frozenset({TicketState.CANCELLED, TicketState.EXPIRED, TicketState.CARRIED_OVER})


class Visit(NamedTuple):
    """A ticket as the history needs it."""

    issued_at: datetime
    checked_in_at: datetime | None
    waiting_since: datetime
    ended_at: datetime | None
    state: str
    park: dict[str, Any] | None


@dataclass(frozen=True)
class Frame:
    """The quarters of a day that are shown: `first` to `last` on the office's clock, known until `until`."""

    first: datetime
    last: datetime
    until: datetime

    @property
    def starts(self) -> list[datetime]:
        """The beginning of each quarter."""
        return [self.first + QUARTER * n for n in range(round((self.last - self.first) / QUARTER))]

    def index(self, moment: datetime) -> int | None:
        """Which quarter a moment falls into; None for one outside."""
        if not self.first <= moment < self.last:
            return None
        return int((moment - self.first) / QUARTER)


def day_history(office_id: int, day: date, now: datetime) -> dict[str, Any]:
    """A day by quarter hour, its three times apart, and its close if there was one.

    `quarters` is empty for a day on which nobody came and nobody works; those still to come have no figures.
    """
    office = look_at_office(office_id, now, "")
    opening = office_day(office_id, day, office.zone, hall_settings(office_id).day).of_line(None)
    visits = [Visit(*row) for row in TICKETS.all(office=office_id, day=day)]
    spells = spells_of(office_id, day)
    midnight = datetime.combine(day, time(), office.zone)
    until = min(now, datetime.combine(day + timedelta(days=1), time(), office.zone))
    came = [_came(v, midnight, opening.opens_at) for v in visits if v.state != TicketState.EXPECTED]
    done = [v.ended_at for v in visits if v.ended_at and v.state == TicketState.FINISHED]
    frame = _frame([*came, *done], opening.spans, until, office.zone)
    waits = [*_waits_before_calls(spells), *_waits_without_call(visits, until)]
    closed = DayClose.get_or_none((DayClose.office == office_id) & (DayClose.day == day))
    return {
        "day": day.isoformat(),
        "today": day == office.day,
        "quarters": _quarters(frame, came, done, waits) if frame else [],
        "times": day_times(spells).hall.to_json(),
        "issued": len(visits),
        "closed": {"at": closed.closed_at.isoformat(), **closed.summary} if closed else None,
    }


def _frame(moments: Sequence[datetime], spans: Iterable[Span], until: datetime, zone: Any) -> Frame | None:
    """From the first arrival or the opening to the last departure or the closing, in whole quarters."""
    seen = [each for each in moments if each <= until]
    bounds = [at for span in spans for at in span]
    if not seen and not bounds:
        return None
    first = min([*seen, *bounds]).astimezone(zone)
    first = first.replace(minute=first.minute // 15 * 15, second=0, microsecond=0)
    quarters = [(at - first) // QUARTER + 1 for at in seen] + [-((first - at) // QUARTER) for at in bounds]
    return Frame(first, first + QUARTER * max(1, *quarters), until)


def _came(visit: Visit, midnight: datetime, opens_at: datetime | None) -> datetime:
    """When somebody was there; with a number of an earlier day, from the opening."""
    moment = visit.checked_in_at or visit.issued_at
    return moment if moment >= midnight else opens_at or midnight


def _waits_before_calls(spells: Iterable[Spell]) -> list[tuple[datetime, datetime]]:
    return [(spell.waiting_from, spell.called_at) for spell in spells if not spell.resumed]


def _waits_without_call(visits: Iterable[Visit], until: datetime) -> list[tuple[datetime, datetime]]:
    """Those who wait now, and those who waited and left."""
    still = [(v.waiting_since, until) for v in visits if v.state == TicketState.WAITING]
    gone = (v for v in visits if v.state in LEFT_WAITING and v.ended_at and not v.park)
    return [*still, *((v.waiting_since, v.ended_at) for v in gone if v.ended_at)]


def _quarters(
    frame: Frame,
    came: Iterable[datetime],
    done: Iterable[datetime],
    waits: Iterable[tuple[datetime, datetime]],
) -> list[dict[str, Any]]:
    starts = frame.starts
    most = _most_at_once(frame, waits)
    arrived, finished = _counted(frame, came), _counted(frame, done)
    return [
        {
            "at": at.isoformat(),
            "waiting": most[n] if at <= frame.until else None,
            "arrived": arrived[n] if at <= frame.until else None,
            "finished": finished[n] if at <= frame.until else None,
        }
        for n, at in enumerate(starts)
    ]


def _counted(frame: Frame, moments: Iterable[datetime]) -> list[int]:
    counts = [0] * len(frame.starts)
    for moment in moments:
        if (n := frame.index(moment)) is not None:
            counts[n] += 1
    return counts


def _most_at_once(frame: Frame, waits: Iterable[tuple[datetime, datetime]]) -> list[int]:
    """In each quarter, how many waited at the same time at its fullest moment."""
    steps = sorted(step for begins, ends in waits if begins < ends for step in ((begins, 1), (ends, -1)))
    most, present, n = [], 0, 0
    for start in frame.starts:
        while n < len(steps) and steps[n][0] <= start:
            present += steps[n][1]
            n += 1
        highest = present
        while n < len(steps) and steps[n][0] < start + QUARTER:
            present += steps[n][1]
            highest = max(highest, present)
            n += 1
        most.append(highest)
    return most
