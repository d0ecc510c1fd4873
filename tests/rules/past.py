"""A past day of a hall, written straight into the tables."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kiosk.database import bookkeeping
from kiosk.models import Turn
from tests.factories import HANOI, make_ticket

PAST = datetime(2026, 11, 20, tzinfo=HANOI)
"""A Friday; the desks of the tests open on the Monday after it."""


def at(clock: str) -> datetime:
    """A moment of the past day: "08:05"."""
    hour, minute = map(int, clock.split(":"))
    return PAST.replace(hour=hour, minute=minute)


def visit(line: Any, counter: Any, came: str, called: str | None, minutes: float = 5, **fields: Any) -> Any:
    """Somebody who came, and was called (None: never) and served for so many minutes."""
    outcome = fields.pop("outcome", "finished")
    parked = fields.pop("parked_seconds", 0)
    ticket = fields.pop("ticket", None)
    if ticket is None:
        moments = {"issued_at": at(came), "called_at": at(called) if called else None}
        state = "finished" if called else "carried_over"
        ticket = make_ticket(line, **{"day": PAST.date(), "state": state, **moments, **fields})
    if called:
        ends = at(called) + timedelta(minutes=minutes)
        with bookkeeping():
            Turn.create(
                office=line.office_id,
                ticket=ticket,
                line=line,
                counter=counter,
                day=PAST.date(),
                lane=ticket.lane,
                purpose=ticket.purpose,
                waiting_from=at(came),
                called_at=at(called),
                started_at=at(called),
                ended_at=None if outcome == "open" else ends,
                outcome=outcome,
                parked_seconds=parked,
            )
    return ticket
