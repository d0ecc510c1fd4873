"""A visitor asks to be called later: the place is kept, and nobody calls it before that moment."""

from __future__ import annotations

from datetime import timedelta

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.events import TicketPostponed
from kiosk.models import Ticket
from kiosk.services.visit.change import Change, ticket_facts

MOST_POSTPONED = 2
MINUTES = (10, 15, 30, 45)


def postpone(transaction: OfficeTransaction, ticket: Ticket, minutes: int) -> None:
    """Put a ticket off. Raises DomainError("minutes_not_offered"), Conflict("postponed_enough")."""
    if minutes not in MINUTES:
        raise DomainError("minutes_not_offered", field="minutes", allowed=list(MINUTES))
    if ticket.postponed >= MOST_POSTPONED:
        raise Conflict("postponed_enough", most=MOST_POSTPONED)
    change = Change(transaction, ticket, "postpone")
    ticket.postponed += 1
    ticket.not_before = transaction.now + timedelta(minutes=minutes)
    change.tell(TicketPostponed(**ticket_facts(ticket, ticket.line), until=ticket.not_before.isoformat()))
