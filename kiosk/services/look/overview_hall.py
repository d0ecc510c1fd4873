"""The hall as its manager sees it: every line against its target, every counter, and what needs somebody now."""

from __future__ import annotations

from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, look_at_office
from kiosk.domain.forecast import ends_after
from kiosk.domain.queueing import Lane
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Line, Ticket
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import LineDay, office_day
from kiosk.services.look.hall import LineFigures, line_figures, line_pace
from kiosk.services.look.overview_alerts import alerts
from kiosk.services.look.overview_counters import counter_rows, lines_of_counters
from kiosk.services.look.overview_times import DayTimes, day_times, spells_of

WAITING = Prepared(
    lambda: (
        Ticket.select(Ticket.line, Ticket.lane, Ticket.waiting_since)
        .where(
            (Ticket.office == Slot("office"))
            & (Ticket.day == Slot("day"))
            & (Ticket.state == TicketState.WAITING)
            & (Ticket.not_before.is_null() | (Ticket.not_before <= Slot("now")))
        )
        .tuples()
    )
)
"""Without those who asked to be called later: their wait is their own wish."""
COUNTED = ("finished", "no_show", "cancelled", "expired", "carried_over")


@dataclass
class Queue:
    """Who waits on a line: how many with legal priority, how long each has waited so far, in seconds."""

    priority: int
    waited: list[float]


def hall_overview(office_id: int, now: datetime) -> dict[str, Any]:
    """Everything the manager's live view shows, as plain values: {day, now, totals, lines, counters, parked, alerts}."""
    office = look_at_office(office_id, now, "")
    spells = spells_of(office_id, office.day)
    times = day_times(spells)
    states = _states(office_id, office.day)
    counters = counter_rows(office_id, spells, times, now)
    lines = _lines(office, states, times, lines_of_counters(counters), now)
    parked = _parked(office_id, office.day, now)
    return {
        "day": office.day.isoformat(),
        "now": now.isoformat(),
        "totals": _totals(states, times),
        "lines": lines,
        "counters": counters,
        "parked": parked,
        "alerts": alerts(office_id, office.day, office.zone, lines, counters, parked, now),
    }


def _states(office_id: int, day: date) -> list[tuple[int, int, str, int]]:
    """How many tickets of the day, by the line of their number, the line they are on, and their state."""
    here = (Ticket.office == office_id) & (Ticket.day == day)
    return list(
        Ticket.select(Ticket.home, Ticket.line, Ticket.state, fn.COUNT(Ticket.id))
        .where(here)
        .group_by(Ticket.home, Ticket.line, Ticket.state)
        .tuples()
    )


def _totals(states: Iterable[tuple[int, int, str, int]], times: DayTimes) -> dict[str, Any]:
    counts: Counts[str] = Counts()
    for _home, _line, state, n in states:
        counts[state] += n
    return {
        "issued": sum(counts.values()),
        "expected": counts[TicketState.EXPECTED],
        "waiting": counts[TicketState.WAITING],
        "at_counter": sum(counts[state] for state in AT_COUNTER),
        "parked": counts[TicketState.PARKED],
        **{state: counts[state] for state in COUNTED},
        **times.hall.to_json(),
    }


def _lines(
    office: OfficeTransaction,
    states: Iterable[tuple[int, int, str, int]],
    times: DayTimes,
    counters: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> list[dict[str, Any]]:
    issued: Counts[int] = Counts()
    counts: dict[int, Counts[str]] = defaultdict(Counts)
    for home, line, state, n in states:
        issued[home] += n
        counts[line][state] += n
    queues = _queues(office, now)
    today = office_day(office.office_id, office.day, office.zone, hall_settings(office.office_id).day)
    figures = line_figures(office.office_id, now)
    return [
        {
            "id": row.id,
            "prefix": row.prefix,
            "title": row.title,
            "title_en": row.title_en,
            "open": row.open,
            "counters": dict(counters.get(row.id, {"open": 0, "paused": 0, "closed": 0})),
            **_waiting(queues.get(row.id), figures[row.id], now),
            **_closing(row, today.of_line(row.hours), figures[row.id], now),
            "issued": issued[row.id],
            "expected": counts[row.id][TicketState.EXPECTED],
            "at_counter": sum(counts[row.id][state] for state in AT_COUNTER),
            "parked": counts[row.id][TicketState.PARKED],
            **{state: counts[row.id][state] for state in COUNTED},
            **times.lines[row.id].to_json(),
        }
        for row in Line.select().where(Line.office == office.office_id).order_by(Line.prefix)
    ]


def _queues(office: OfficeTransaction, now: datetime) -> dict[int, Queue]:
    queues: dict[int, Queue] = defaultdict(lambda: Queue(0, []))
    for line, lane, since in WAITING.all(office=office.office_id, day=office.day, now=now):
        queues[line].priority += lane == Lane.PRIORITY
        queues[line].waited.append(max(0.0, (now - since).total_seconds()))
    return queues


def _waiting(queue: Queue | None, figures: LineFigures, now: datetime) -> dict[str, Any]:
    waited = queue.waited if queue else []
    longest = max(waited, default=None)
    target = figures.target_minutes * 60
    return {
        "waiting": figures.waiting,
        "priority": queue.priority if queue else 0,
        "longest_wait_seconds": None if longest is None else int(longest),
        "waits_since": None if longest is None else (now - timedelta(seconds=longest)).isoformat(),
        "target_minutes": figures.target_minutes,
        "over_target": sum(each > target for each in waited),
        "wait_minutes": [figures.low, figures.high],
    }


def _closing(row: Line, day: LineDay, figures: LineFigures, now: datetime) -> dict[str, Any]:
    """When the line closes, and whether whoever comes now is served before; None where that is no question."""
    fits = None
    if figures.waiting and day.opens_at and day.closes_at and day.opens_at <= now < day.closes_at:
        mean = line_pace(row.office_id, row.id, now).believed.mean
        fits = ends_after(now, (figures.low, figures.high), mean, day.closes_at)
    return {"closes_at": day.closes_at.isoformat() if day.closes_at else None, "fits": fits}


def _parked(office_id: int, day: date, now: datetime) -> list[dict[str, Any]]:
    """Visits that pause, the longest first."""
    rows = (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.office == office_id) & (Ticket.day == day) & (Ticket.state == TicketState.PARKED))
    )
    found = []
    for ticket in rows:
        since = datetime.fromisoformat(ticket.park["at"])
        found.append(
            {
                "ticket": ticket.id,
                "label": ticket.label,
                "line": ticket.line_id,
                "reason": ticket.park["reason"],
                "room": ticket.park["room"],
                "counter": ticket.park["counter"],
                "since": since.isoformat(),
                "seconds": max(0, int((now - since).total_seconds())),
            }
        )
    return sorted(found, key=lambda each: each["since"])
