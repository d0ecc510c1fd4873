"""What the holder of a number may do with it on the phone: give it up, be called later, say that one is here."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.ticket import TICKET_MOVES, TicketState
from kiosk.models import Ticket
from kiosk.services.look.follow import ticket_of_token
from kiosk.services.serve_ticket import cancel, check_in, find_ticket
from kiosk.services.visit.postpone import postpone

HOLDER_MOVES = ("cancel", "later", "check_in")
CITIZEN = "citizen"


def move_by_holder(
    token: str, move: str, now: datetime, *, minutes: int = 15, at_door: bool = False
) -> Ticket:
    """Make a move for whoever holds the ticket's token and return the ticket.

    `at_door` says that the caller has shown to be at the centre, without which nobody checks in from afar.
    Raises NotFound("unknown_ticket"), DomainError("unknown_move", "minutes_not_offered"), Conflict("illegal_move",
    "not_at_the_door", "postponed_enough", "not_today").
    """
    if move not in HOLDER_MOVES:
        raise DomainError("unknown_move", thing="ticket", move=move[:20], allowed=list(HOLDER_MOVES))
    office_id, ticket_id = ticket_of_token(token)
    with office_transaction(office_id, now, CITIZEN) as transaction:
        ticket = find_ticket(office_id, ticket_id)
        name = "postpone" if move == "later" else move
        TICKET_MOVES.apply(TicketState(ticket.state), name)
        if move == "cancel":
            _refuse_at_counter(ticket)
            cancel(transaction, ticket)
        elif move == "later":
            postpone(transaction, ticket, minutes)
        else:
            if not at_door:
                raise Conflict("not_at_the_door")
            check_in(transaction, ticket)
    return ticket


def _refuse_at_counter(ticket: Ticket) -> None:
    """A number that was called is the counter's to give up."""
    if ticket.state not in {TicketState.WAITING, TicketState.EXPECTED}:
        raise Conflict("illegal_move", thing="ticket", move="cancel", state=str(ticket.state), allowed=[])
