"""What the rating tablet at a counter shows: whose counter it is, and whether the visitor who leaves is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, Ticket, Turn
from kiosk.services.counter_state import counter_state
from kiosk.services.rate_service import is_visit_rated

ASKED_FOR = timedelta(seconds=45)
"""Whoever leaves is asked for so long; then the next visitor sits down."""


def tablet_of(actor: Actor, now: datetime) -> dict[str, Any]:
    """{counter: {number, state}, ask: {ticket, label} | None}: a visit that ended here a moment ago, not rated yet.

    Raises Conflict("device_without_counter").
    """
    counter = _counter(actor)
    ticket = _just_finished(counter, now)
    return {
        "counter": {"number": counter.number, "state": counter_state(counter)},
        "ask": {"ticket": ticket.id, "label": ticket.label}
        if ticket and not is_visit_rated(ticket.id)
        else None,
    }


def visit_at_tablet(actor: Actor, ticket_id: int, now: datetime) -> int:
    """The ticket, if it is the one this tablet asks about. Raises NotFound("unknown_ticket")."""
    ticket = _just_finished(_counter(actor), now)
    if ticket is None or ticket.id != ticket_id:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    return int(ticket.id)


def _counter(actor: Actor) -> Counter:
    counter_id = actor.device.counter if actor.device else None
    if counter_id is None:
        raise Conflict("device_without_counter")
    return Counter.get_by_id(counter_id)


def _just_finished(counter: Counter, now: datetime) -> Ticket | None:
    """The visit that ended last at this counter, unless another one began since or it was long ago."""
    last = (
        Turn.select(Turn, Ticket)
        .join(Ticket)
        .where(
            (Turn.counter == counter.id)
            & (Turn.outcome != "undone")
            & (Turn.called_at > now - timedelta(hours=8))
        )
        .order_by(Turn.called_at.desc(), Turn.id.desc())
        .first()
    )
    if last is None or last.outcome != "finished" or last.ticket.state != TicketState.FINISHED:
        return None
    return last.ticket if now - last.ended_at <= ASKED_FOR else None
