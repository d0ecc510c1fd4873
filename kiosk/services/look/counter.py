"""A counter's console: who waits, who is being served, how the line stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from kiosk.database import local_day_of
from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.services.look.office import office, printer_state
from kiosk.services.look.ticket import ticket_card

MOST_SHOWN = 60


def counters(office_id: int, actor: Actor) -> list[dict[str, Any]]:
    """Every counter of the office with its lines; `mine` says whether this actor may serve there."""
    rows = Counter.select().where(Counter.office == office_id).order_by(Counter.number)
    served: dict[int, list[dict[str, Any]]] = {}
    pairs = (
        CounterLine.select(CounterLine, Line).join(Line).where(Line.office == office_id).order_by(Line.prefix)
    )
    for pair in pairs:
        line = pair.line
        served.setdefault(pair.counter_id, []).append(
            {"id": line.id, "prefix": line.prefix, "title": line.title, "title_en": line.title_en}
        )
    return [
        {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "area": row.area,
            "open": row.open,
            "lines": served.get(row.id, []),
            "mine": actor.may_serve_at(row.id),
        }
        for row in rows
    ]


def counter_console(office_id: int, counter_id: int, now: datetime) -> dict[str, Any]:
    """Everything the console shows. Raises NotFound("unknown_counter")."""
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    day = local_day_of(now, office(office_id)["zone"])
    line_rows = list(
        Line.select().join(CounterLine).where(CounterLine.counter == counter_id).order_by(Line.prefix)
    )
    here = (Ticket.line << [line.id for line in line_rows]) & (Ticket.day == day)
    waiting_here = here & (Ticket.state == TicketState.WAITING)
    counts = dict(
        Ticket.select(Ticket.line, fn.COUNT(Ticket.id)).where(waiting_here).group_by(Ticket.line).tuples()
    )
    waiting = list(
        Ticket.select(Ticket, Line)
        .join(Line)
        .where(waiting_here)
        .order_by(Ticket.rank, Ticket.arrival, Ticket.issued_at)
        .limit(MOST_SHOWN)
    )
    oldest = Ticket.select(fn.MIN(Ticket.issued_at)).where(waiting_here).scalar()
    current = (
        Ticket.select(Ticket, Line)
        .join(Line)
        .where((Ticket.counter == counter_id) & (Ticket.state << list(AT_COUNTER)))
        .first()
    )
    done = here & (Ticket.counter == counter_id) & (Ticket.state == TicketState.FINISHED)
    numbers = {counter.id: counter.number}
    return {
        "id": counter.id,
        "number": counter.number,
        "title": counter.title,
        "open": counter.open,
        "lines": [
            {
                "id": line.id,
                "prefix": line.prefix,
                "title": line.title,
                "title_en": line.title_en,
                "department": line.department,
                "waiting": counts.get(line.id, 0),
            }
            for line in line_rows
        ],
        "current": ticket_card(current, now, numbers) if current else None,
        "waiting": [ticket_card(ticket, now, numbers) for ticket in waiting],
        "waiting_count": sum(counts.values()),
        "longest_wait_seconds": max(0, int((now - oldest).total_seconds())) if oldest else 0,
        "done_today": Ticket.select().where(done).count(),
        "printer": printer_state(None, office_id, now),
        "now": now.isoformat(),
    }
