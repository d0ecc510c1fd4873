"""What staff want to remember of a visit: for the one who serves it next, never for a board or a phone."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.domain.events import TicketNoted
from kiosk.domain.names import clean_note
from kiosk.models import Ticket
from kiosk.models.prepared import update
from kiosk.services.announce import announce
from kiosk.services.visit.change import counter_facts, ticket_facts

LONGEST_NOTE = 600


def add_words(ticket: Ticket, words: str) -> None:
    """Put words of a move after those that stand there already, which somebody else may need."""
    if words and words not in ticket.note:
        both = f"{ticket.note} · {words}" if ticket.note else words
        ticket.note = both if len(both) <= LONGEST_NOTE else f"…{both[1 - LONGEST_NOTE :]}"


def write_note(transaction: OfficeTransaction, ticket: Ticket, words: str) -> None:
    """Put a note in the place of the one before; empty words wipe it. Raises those of clean_note.

    It is no step of the visit: the last move may still be undone after it.
    """
    note = clean_note(words, LONGEST_NOTE, field="note")
    if note == ticket.note:
        return
    ticket.note = note
    if ticket.last_move is not None:
        # An undo puts back what its move changed; these words are newer than that move.
        kept = {name: value for name, value in ticket.last_move["before"].items() if name != "note"}
        ticket.last_move = {**ticket.last_move, "before": kept}
    update(ticket, "note", "last_move")
    announce(
        transaction,
        TicketNoted(**ticket_facts(ticket, ticket.line), **counter_facts(ticket), empty=not note),
    )
