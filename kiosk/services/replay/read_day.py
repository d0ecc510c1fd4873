"""A past day as the replay needs it: who came when and for how long, and which counters were staffed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from peewee import fn

from kiosk.database import connection
from kiosk.domain.forecast import DEFAULT_SERVICE_SECONDS, LONGEST_CREDIBLE_VISIT_SECONDS
from kiosk.domain.queueing import Lane, Priority, Purpose
from kiosk.domain.replay import Arrival, Day, Staffed
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Ticket, Turn
from kiosk.services.replay.staffing import Spell, pauses_of, spans_of

SHOWN_DAYS = 20
NEVER_CALLED = (TicketState.WAITING, TicketState.CANCELLED, TicketState.EXPIRED, TicketState.CARRIED_OVER)
PAPERS = {str(priority): priority for priority in Priority}


class Row(NamedTuple):
    """A turn with what its ticket says of the visitor."""

    ticket: int
    line: int
    counter: int
    lane: str
    purpose: str
    waiting_from: datetime
    called_at: datetime
    ended_at: datetime | None
    outcome: str
    parked_seconds: int
    priority: str
    dossiers: int


def days_with_visitors(office_id: int, today: date) -> list[tuple[date, int]]:
    """The last days on which anybody was called, newest first, with the number of calls."""
    rows = (
        Turn.select(Turn.day, fn.COUNT(Turn.id))
        .where((Turn.office == office_id) & (Turn.day <= today) & (Turn.outcome != "undone"))
        .group_by(Turn.day)
        .order_by(Turn.day.desc())
        .limit(SHOWN_DAYS)
        .tuples()
    )
    with connection():
        return list(rows)


def default_day(days: Sequence[tuple[date, int]], today: date) -> date | None:
    """The last day that is over; today where it is the only one; None where nobody was ever called."""
    over = [day for day, _ in days if day < today]
    return over[0] if over else days[0][0] if days else None


def read_day(office_id: int, day: date, zone: ZoneInfo, now: datetime) -> Day:
    """What a day brought, its moments on the office's clock; a day without calls is empty.

    A visit that nobody ended, or that is too long to be true, lasts as long as its line's others did that day.
    """
    midnight = datetime.combine(day, time(), zone)
    rows = [Row(*row) for row in _turns(office_id, day)]
    typical = _typical(rows)
    spells = [_spell(row, typical, zone) for row in rows]
    closing = max((spell.ended_at for spell in spells), default=midnight)
    arrivals = _called(rows, typical, zone) + _never_called(office_id, day, zone, typical)
    return Day(
        arrivals=tuple(sorted(arrivals, key=lambda each: (each.at, each.ticket))),
        counters=tuple(_staffed(office_id, rows, spells, midnight, closing)),
        closing=min(closing, now.astimezone(zone)),
    )


def _turns(office_id: int, day: date) -> Any:
    return (
        Turn.select(
            Turn.ticket,
            Turn.line,
            Turn.counter,
            Turn.lane,
            Turn.purpose,
            Turn.waiting_from,
            Turn.called_at,
            Turn.ended_at,
            Turn.outcome,
            Turn.parked_seconds,
            Ticket.priority,
            Ticket.dossiers,
        )
        .join(Ticket, on=Turn.ticket)
        .where((Turn.office == office_id) & (Turn.day == day) & (Turn.outcome != "undone"))
        .order_by(Turn.called_at, Turn.id)
        .tuples()
    )


def _seconds(row: Row) -> float | None:
    """How long a turn kept its counter busy; None where nobody can tell."""
    if row.ended_at is None or row.outcome == "forgotten":
        return None
    seconds = (row.ended_at - row.called_at).total_seconds()
    return seconds if 0 <= seconds <= LONGEST_CREDIBLE_VISIT_SECONDS else None


def _typical(rows: Sequence[Row]) -> Mapping[int, float]:
    known: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        if (seconds := _seconds(row)) is not None and row.outcome != "no_show":
            known[row.line].append(seconds)
    means = {line: sum(seconds) / len(seconds) for line, seconds in known.items()}
    return defaultdict(lambda: DEFAULT_SERVICE_SECONDS, means)


def _spell(row: Row, typical: Mapping[int, float], zone: ZoneInfo) -> Spell:
    seconds = _seconds(row)
    called = row.called_at.astimezone(zone)
    ends = called + timedelta(seconds=typical[row.line] if seconds is None else seconds)
    return Spell(row.line, row.waiting_from.astimezone(zone), called, ends)


def _called(rows: Sequence[Row], typical: Mapping[int, float], zone: ZoneInfo) -> list[Arrival]:
    """One arrival a wait; a visit that was parked and went on is one, with the time of both."""
    found: dict[tuple[int, int], Arrival] = {}
    waits: dict[int, int] = defaultdict(int)
    for row in rows:
        seconds = _seconds(row)
        seconds = typical[row.line] if seconds is None else seconds
        key = row.ticket, waits[row.ticket]
        if row.parked_seconds and key in found:
            found[key] = found[key]._replace(seconds=found[key].seconds + seconds)
            continue
        waits[row.ticket] += 1
        found[row.ticket, waits[row.ticket]] = Arrival(
            ticket=row.ticket,
            at=row.waiting_from.astimezone(zone),
            line=row.line,
            seconds=seconds,
            priority=PAPERS.get(row.priority, Priority.NORMAL),
            purpose=Purpose(row.purpose),
            dossiers=row.dossiers,
            appointment=row.lane == Lane.APPOINTMENT,
            called_at=row.called_at.astimezone(zone),
            lane=row.lane,
        )
    return list(found.values())


def _never_called(office_id: int, day: date, zone: ZoneInfo, typical: Mapping[int, float]) -> list[Arrival]:
    """Those who gave up while they waited, and those who waited in vain."""
    rows = Ticket.select().where(
        (Ticket.office == office_id)
        & (Ticket.day == day)
        & (Ticket.state << list(NEVER_CALLED))
        & Ticket.called_at.is_null()
        & ~(Ticket.remote & Ticket.checked_in_at.is_null())
    )
    return [
        Arrival(
            ticket=row.id,
            at=row.waiting_since.astimezone(zone),
            line=row.line_id,
            seconds=typical[row.line_id],
            priority=PAPERS.get(row.priority, Priority.NORMAL),
            purpose=Purpose(row.purpose),
            dossiers=row.dossiers,
            appointment=row.lane == Lane.APPOINTMENT,
            leaves_at=row.ended_at.astimezone(zone)
            if row.state == TicketState.CANCELLED and row.ended_at
            else None,
            lane=row.lane,
        )
        for row in rows
    ]


def _staffed(
    office_id: int, rows: Sequence[Row], spells: Sequence[Spell], midnight: datetime, closing: datetime
) -> list[Staffed]:
    serves: dict[int, set[int]] = defaultdict(set)
    query = CounterLine.select(CounterLine.counter, CounterLine.line).join(Counter)
    for counter, line in query.where(Counter.office == office_id).tuples():
        serves[counter].add(line)
    own: dict[int, list[Spell]] = defaultdict(list)
    for row, spell in zip(rows, spells, strict=True):
        serves[row.counter].add(row.line)
        own[row.counter].append(spell)
    pauses = pauses_of(office_id, midnight, midnight + timedelta(days=1))
    return [
        Staffed(
            counter,
            tuple(sorted(serves[counter])),
            spans_of(
                mine,
                [spell for spell in spells if spell.line in serves[counter]],
                pauses.get(counter, ()),
                closing,
            ),
        )
        for counter, mine in sorted(own.items())
    ]
