"""The figures of a hall that anybody may see: who waits where, what each counter does, what became of the day's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.services.counter_state import counter_state
from kiosk.services.look.hall import line_figures

WHOLE_OFFICE = "all"
SERVED = (TicketState.CALLED, TicketState.SERVING, TicketState.PARKED, TicketState.FINISHED)


def area_lines(office_id: int, area: str) -> list[Line]:
    """The lines of an area by prefix; of the whole office where no line is in it."""
    lines = list(Line.select().where(Line.office == office_id).order_by(Line.prefix))
    return [line for line in lines if area in {WHOLE_OFFICE, line.area}] or lines


def area_counters(office_id: int, area: str) -> list[Counter]:
    """The counters of an area by number: those that stand there and those that serve one of its lines."""
    counters = list(Counter.select().where(Counter.office == office_id).order_by(Counter.number))
    if area == WHOLE_OFFICE:
        return counters
    pairs = CounterLine.select(CounterLine.counter).join(Line)
    serving = {
        row.counter_id for row in pairs.where((Line.office == office_id) & (Line.area == area)).distinct()
    }
    here = [each for each in counters if each.area == area or each.id in serving]
    return here if serving else counters


def waiting_figures(
    office_id: int, lines: Sequence[Line], counters: Sequence[Counter], day: date, now: datetime
) -> dict[str, Any]:
    """How many wait on these lines and for how long, each line by itself too, and what each counter is doing."""
    figures = line_figures(office_id, now)
    busy = [figures[line.id] for line in lines if line.id in figures and figures[line.id].waiting]
    return {
        "waiting": sum(each.waiting for each in busy),
        "wait_minutes": [
            min((each.low for each in busy), default=0),
            max((each.high for each in busy), default=0),
        ],
        "counters_open": sum(counter_state(counter) == "open" for counter in counters),
        "counters": _doing(office_id, counters),
        "lines": _by_line(office_id, lines, day, now),
    }


def _doing(office_id: int, counters: Sequence[Counter]) -> list[dict[str, Any]]:
    present = dict(
        Ticket.select(Ticket.counter, Ticket.label)
        .where(
            (Ticket.office == office_id)
            & (Ticket.state << list(AT_COUNTER))
            & (Ticket.counter << [counter.id for counter in counters])
        )
        .tuples()
    )
    return [
        {"number": each.number, "state": counter_state(each), "label": present.get(each.id)}
        for each in counters
    ]


def _by_line(office_id: int, lines: Sequence[Line], day: date, now: datetime) -> list[dict[str, Any]]:
    figures = line_figures(office_id, now)
    became = day_counts(office_id, day)
    rows = []
    for line in lines:
        here, counts = figures.get(line.id), became.get(line.id, {})
        rows.append(
            {
                "prefix": line.prefix,
                "title": line.title,
                "title_en": line.title_en,
                "open": line.open,
                "waiting": here.waiting if here else 0,
                "wait_minutes": [here.low, here.high] if here else [0, 0],
                "counters_open": here.counters_open if here else 0,
                "issued": sum(counts.values()),
                "served": sum(counts.get(state, 0) for state in SERVED),
                "cancelled": counts.get(TicketState.CANCELLED, 0),
                "no_show": counts.get(TicketState.NO_SHOW, 0),
                "carried_over": counts.get(TicketState.CARRIED_OVER, 0),
                "expired": counts.get(TicketState.EXPIRED, 0),
            }
        )
    return rows


def day_counts(office_id: int, day: date) -> dict[int, dict[str, int]]:
    """What became of a day's numbers, by the line whose series they belong to and by state."""
    counted = (
        Ticket.select(Ticket.home, Ticket.state, fn.COUNT(Ticket.id))
        .where((Ticket.office == office_id) & (Ticket.day == day))
        .group_by(Ticket.home, Ticket.state)
        .tuples()
    )
    found: dict[int, dict[str, int]] = {}
    for line, state, number in counted:
        found.setdefault(line, {})[state] = number
    return found
