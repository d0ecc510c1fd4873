"""A button on the desk: call the next number, call again, or nobody came."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from kiosk.database import bookkeeping, office_transaction
from kiosk.domain.errors import Conflict, NotFound, TooMany
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, LoginThrottle, Ticket
from kiosk.services import idempotency
from kiosk.services.call_next import call_next, ticket_at
from kiosk.services.look.display import digits_of
from kiosk.services.serve_ticket import move_ticket

PRESSES = ("call", "recall", "no_show")
BREATH = timedelta(seconds=1)
"""Two presses at one counter are at least so far apart: what comes faster is a stuck button or two hands at once, and
would send away a citizen who was called a moment ago."""


def press_button(press: str, actor: Actor, now: datetime) -> dict[str, Any] | None:
    """What a press does at the button's own counter: the number it was about, or None when nobody is waiting.

    `call` ends the present visit and calls the next number, as the counter page does. Raises NotFound("unknown_press"),
    Conflict("device_without_counter"), Conflict("nothing_called") for a recall or a no-show without a called number,
    and what call_next and move_ticket raise.
    """
    if press not in PRESSES:
        raise NotFound("unknown_press", press=press[:20], allowed=list(PRESSES))
    office_id, counter_id = _place_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        if press == "call":
            ticket = call_next(counter_id, actor, now, finish=True)
        else:
            present = ticket_at(counter_id)
            if present is None or present.state != TicketState.CALLED or present.day < transaction.day:
                raise Conflict("nothing_called")
            ticket = move_ticket(present.id, press, actor, now)
        return _answer(ticket, counter_id) if ticket is not None else None


def keep_pace(actor: Actor, key: str, now: datetime) -> None:
    """Let a press through, or raise TooMany("too_many_presses"); a repeat of an answered one is none.

    Counted by itself, before the press: a press that is refused counts as well.
    """
    _, counter_id = _place_of(actor)
    if key and idempotency.answer_to(actor.name, key) is not None:
        return
    subject = hashlib.sha256(f"press:{counter_id}".encode()).hexdigest()
    pace = {"updated_at": now, "blocked_until": now + BREATH}
    try:
        with bookkeeping():
            # One statement: of two presses at the same moment the database lets one through.
            mine = (LoginThrottle.subject == subject) & (LoginThrottle.blocked_until <= now)
            if LoginThrottle.update(**pace).where(mine).execute():
                return
            LoginThrottle.create(subject=subject, failures=0, **pace)
    except IntegrityError:
        raise TooMany("too_many_presses", retry_after=int(BREATH.total_seconds())) from None


def _place_of(actor: Actor) -> tuple[int, int]:
    counter = actor.device.counter if actor.device else None
    if counter is None or actor.office_id is None:
        raise Conflict("device_without_counter")
    return actor.office_id, counter


def _answer(ticket: Ticket, counter_id: int) -> dict[str, Any]:
    return {
        "label": ticket.label,
        "digits": digits_of(ticket.label),
        "counter": Counter.get_by_id(counter_id).number,
        "state": str(TicketState(ticket.state)),
    }
