"""A visit pauses while its visitor copies a paper, pays, or sees another room; then it goes on."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.events import TicketParked, TicketResumed
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.models import Counter, Ticket
from kiosk.services.visit.change import Change, seconds_between, ticket_facts

PARK_REASONS = {
    "copy": "Đi sao chụp giấy tờ",
    "form": "Điền tờ khai",
    "pay": "Nộp phí, lệ phí",
    "room": "Sang phòng chuyên môn",
    "person": "Chờ người đi cùng",
    "other": "Lý do khác",
}
LONGEST_ROOM = 60


def park(transaction: OfficeTransaction, ticket: Ticket, reason: str, room: str) -> None:
    """Pause a visit; its counter is free. Raises DomainError("reason_missing", those of clean_note)."""
    if reason not in PARK_REASONS:
        raise DomainError("reason_missing", field="reason", allowed=list(PARK_REASONS))
    room = clean_note(room, LONGEST_ROOM, field="room").replace("\n", " ")
    change = Change(transaction, ticket, "park")
    counter = ticket.counter
    change.end_turn("parked")
    ticket.park = {
        "reason": reason,
        "room": room,
        "at": transaction.now.isoformat(),
        "counter": counter.id,
        "from": str(change.was),
    }
    change.tell(
        TicketParked(
            **ticket_facts(ticket, ticket.line),
            counter=counter.id,
            counter_number=counter.number,
            reason=reason,
            room=room or None,
        )
    )


def resume(transaction: OfficeTransaction, ticket: Ticket, counter: Counter, actor: Actor) -> None:
    """Go on with a parked visit at a counter that is free. Raises Conflict("counter_closed")."""
    if not counter.open:
        raise Conflict("counter_closed", counter=counter.number)
    change = Change(transaction, ticket, "resume")
    away = seconds_between(datetime.fromisoformat(ticket.park["at"]), transaction.now) or 0
    ticket.counter, ticket.park = counter, None
    ticket.started_at = transaction.now
    change.open_turn(
        waiting_from=transaction.now,
        started_at=transaction.now,
        user=actor.user.id if actor.user else None,
        parked_seconds=max(1, away),
    )
    change.tell(
        TicketResumed(
            **ticket_facts(ticket, ticket.line),
            counter=counter.id,
            counter_number=counter.number,
            parked_seconds=away,
        )
    )
