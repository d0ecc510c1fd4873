"""What stands on the small display over a counter: the number called there, and whether it blinks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from kiosk.database import local_day_of
from kiosk.domain.errors import Conflict
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, Journal, Ticket
from kiosk.services.look.office import office

BLINK_FOR = timedelta(seconds=10)
"""A number blinks so long after a call and after each recall."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def display_of(actor: Actor, now: datetime) -> dict[str, Any]:
    """What the counter's display shows that asks, or the display beside the button that asks.

    Raises Conflict("device_without_counter").
    """
    counter = actor.device.counter if actor.device else None
    if counter is None or actor.office_id is None:
        raise Conflict("device_without_counter")
    return counter_displays(actor.office_id, [counter], now)[counter]


def counter_displays(office_id: int, counters: Iterable[int], now: datetime) -> dict[int, dict[str, Any]]:
    """For each of an office's counters: state, label, digits, blink, counter (its number), seq, and at (since when).

    `state` is called, serving, free or closed; a counter that was shut while somebody is there still shows them.
    """
    rows = list(Counter.select().where((Counter.office == office_id) & (Counter.id << list(counters))))
    day = local_day_of(now, office(office_id)["zone"])
    present = {
        ticket.counter_id: ticket
        for ticket in Ticket.select().where(
            (Ticket.counter << [row.id for row in rows])
            & (Ticket.state << list(AT_COUNTER))
            & (Ticket.day == day)
        )
    }
    recalls = _last_recalls(office_id, [ticket for ticket in present.values() if ticket.recalls])
    return {row.id: _shown(row, present.get(row.id), recalls, now) for row in rows}


def digits_of(label: str) -> str:
    """The number without its letters, for displays that have none: "T012" → "012"."""
    return label.lstrip(LETTERS)


def _last_recalls(office_id: int, tickets: list[Ticket]) -> dict[int, tuple[int, datetime]]:
    """Journal number and moment of the last recall, by ticket."""
    if not tickets:
        return {}
    wanted = {ticket.id for ticket in tickets}
    entries = (
        Journal.select()
        .where(
            (Journal.office == office_id)
            & (Journal.kind == "ticket.recalled")
            & (Journal.seq > min(ticket.called_seq for ticket in tickets))
        )
        .order_by(Journal.seq)
    )
    recalled = ((json.loads(entry.facts)["ticket"], (entry.seq, entry.at)) for entry in entries)
    return {ticket: at for ticket, at in recalled if ticket in wanted}


def _shown(
    counter: Counter, ticket: Ticket | None, recalls: dict[int, tuple[int, datetime]], now: datetime
) -> dict[str, Any]:
    if ticket is None:
        state = "free" if counter.open else "closed"
        return {"label": "", "digits": "", "blink": False, "state": state, "counter": counter.number,
                "seq": 0, "at": ""}  # fmt: skip
    seq, last_call = recalls.get(ticket.id, (ticket.called_seq, ticket.called_at))
    called = ticket.state == TicketState.CALLED
    since = ticket.called_at if called else ticket.started_at
    return {
        "label": ticket.label,
        "digits": digits_of(ticket.label),
        "blink": called and now - last_call < BLINK_FOR,
        "state": str(TicketState(ticket.state)),
        "counter": counter.number,
        "seq": seq,
        "at": since.isoformat(),
    }
