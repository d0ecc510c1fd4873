"""What happens to a called number: called again, begun, paused, sent on, ended, not there, given up, undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, Forbidden, NotFound, TooMany
from kiosk.domain.events import (
    TicketCancelled,
    TicketCheckedIn,
    TicketNoShow,
    TicketRecalled,
    TicketReturned,
    TicketStarted,
)
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import HOUSE_MOVES, TICKET_MOVES, TicketState
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.models.prepared import update
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.print_document import HOLD_MINUTES
from kiosk.services.visit.change import Change, check_objections, counter_facts, ticket_facts
from kiosk.services.visit.finish import end_visit
from kiosk.services.visit.note import write_note
from kiosk.services.visit.park import park, resume
from kiosk.services.visit.transfer import Target, transfer
from kiosk.services.visit.undo import undo

__all__ = ["MoveDetails", "check_objections", "end_visit", "move_ticket", "return_until", "start_visit"]

MOVES_AT_COUNTER = frozenset({"recall", "start", "finish", "no_show", "park", "resume", "note"})
MOST_RECALLS, RECALLS_WITHIN = 3, timedelta(seconds=30)
"""More calls of one number than that in half a minute only make noise."""


@dataclass(frozen=True)
class MoveDetails:
    """What a move needs beside its name: where to, why, at which counter, with which words."""

    reason: str = ""
    room: str = ""
    note: str = ""
    line: int | None = None
    counter: int | None = None
    officer: int | None = None
    position: str = "last"
    undoes: int | None = None


def move_ticket(
    ticket_id: int, move: str, actor: Actor, now: datetime, details: MoveDetails | None = None
) -> Ticket:
    """Make a named legal move of a ticket and return it as it stands then.

    Raises NotFound("unknown_ticket"), DomainError("unknown_move"), Conflict("illegal_move"),
    Forbidden("not_your_counter", "not_allowed"), Conflict("objection") when a plugin objects, and what `transfer`,
    `park`, `resume`, `write_note` and `undo` raise.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    details = details or MoveDetails()
    with office_transaction(office_id, now, actor.name) as transaction:
        ticket = find_ticket(office_id, ticket_id)
        if move == "undo":
            _check_undo_right(ticket, actor)
            undo(transaction, ticket, details.undoes)
            return find_ticket(office_id, ticket_id)
        TICKET_MOVES.apply(TicketState(ticket.state), move)
        _check_right(ticket, move, actor)
        _make(transaction, ticket, move, actor, details)
    return ticket


def find_ticket(office_id: int, ticket_id: int) -> Ticket:
    """A ticket of the office with its line. Raises NotFound("unknown_ticket")."""
    ticket = (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.id == ticket_id) & (Ticket.office == office_id))
        .first()
    )
    if ticket is None:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    return ticket


def _check_right(ticket: Ticket, move: str, actor: Actor) -> None:
    if move == "call":
        # A number comes to a counter only through `call_next`, which keeps the order.
        raise Forbidden("call_through_counter", ticket=ticket.id)
    if move in HOUSE_MOVES:
        raise Forbidden("not_allowed", permission="ticket.move")
    if move not in MOVES_AT_COUNTER and not actor.may("ticket.cancel"):
        raise Forbidden("not_allowed", permission="ticket.cancel")
    if ticket.counter_id is not None and move not in {"return", "resume"}:
        actor.require_counter(ticket.counter_id)
    elif move in {"transfer", "note"}:
        _require_line(ticket, actor)


def _require_line(ticket: Ticket, actor: Actor) -> None:
    """Somebody who waits is sent on, and written about, by a counter of their line, or by a manager."""
    if actor.may("counter.any"):
        return
    serving = [row.counter_id for row in CounterLine.select().where(CounterLine.line == ticket.line_id)]
    if not any(actor.may_serve_at(counter) for counter in serving):
        raise Forbidden("not_allowed", permission="ticket.cancel")


def _check_undo_right(ticket: Ticket, actor: Actor) -> None:
    last = ticket.last_move or {}
    if last.get("counter") is not None:
        actor.require_counter(last["counter"])
    elif last and last["by"] != actor.name and not actor.may("counter.any"):
        raise Forbidden("not_allowed", permission="counter.any")


def _make(
    transaction: OfficeTransaction, ticket: Ticket, move: str, actor: Actor, details: MoveDetails
) -> None:
    match move:
        case "finish":
            end_visit(transaction, ticket, ticket.counter)
        case "recall":
            _recall(transaction, ticket)
        case "start":
            _start(transaction, ticket)
        case "no_show":
            _no_show(transaction, ticket)
        case "return":
            _return(transaction, ticket)
        case "park":
            park(transaction, ticket, details.reason, details.room)
        case "resume":
            resume(transaction, ticket, _free_counter(transaction, ticket, actor, details.counter), actor)
        case "transfer":
            target = Target(details.line, details.counter, details.officer, details.position, details.note)
            transfer(transaction, ticket, target)
        case "note":
            write_note(transaction, ticket, details.note)
        case "check_in":
            check_in(transaction, ticket)
        case _:
            cancel(transaction, ticket)


def _recall(transaction: OfficeTransaction, ticket: Ticket) -> None:
    check_objections(transaction.office_id, ticket, "recall")
    recent = [
        at for at in ticket.recalled_at if transaction.now - datetime.fromisoformat(at) < RECALLS_WITHIN
    ]
    if len(recent) >= MOST_RECALLS:
        free_again = datetime.fromisoformat(recent[0]) + RECALLS_WITHIN
        wait = int((free_again - transaction.now).total_seconds()) + 1
        raise TooMany("recall_too_soon", retry_after=wait)
    ticket.recalls += 1
    ticket.recalled_at = [*recent, transaction.now.isoformat()]
    update(ticket, "recalls", "recalled_at")
    facts = ticket_facts(ticket, ticket.line) | counter_facts(ticket)
    announce(transaction, TicketRecalled(**facts, times=ticket.recalls))


def _start(transaction: OfficeTransaction, ticket: Ticket) -> None:
    change = Change(transaction, ticket, "start")
    ticket.started_at = transaction.now
    change.change_turn(started_at=transaction.now)
    change.tell(TicketStarted(**ticket_facts(ticket, ticket.line), **counter_facts(ticket)))


def _no_show(transaction: OfficeTransaction, ticket: Ticket) -> None:
    change = Change(transaction, ticket, "no_show")
    ticket.ended_at = transaction.now
    change.end_turn("no_show")
    change.tell(TicketNoShow(**ticket_facts(ticket, ticket.line), **counter_facts(ticket)))


def _return(transaction: OfficeTransaction, ticket: Ticket) -> None:
    """Somebody who was called and not there is here now: within the minutes printed on the paper, next of the lane."""
    until = return_until(ticket)
    if ticket.day != transaction.day or until is None or transaction.now > until:
        raise Conflict("return_too_late", until=until.isoformat() if until else None)
    change = Change(transaction, ticket, "return")
    ticket.counter = None
    ticket.called_at = ticket.started_at = ticket.ended_at = ticket.called_seq = None
    ticket.recalls, ticket.recalled_at = 0, []
    ticket.place, ticket.arrival = 0, transaction.last_seq + 1
    ticket.waiting_since = transaction.now
    change.tell(TicketReturned(**ticket_facts(ticket, ticket.line)))


def return_until(ticket: Ticket) -> datetime | None:
    """Until when somebody who was not there may come back; None for a ticket in another state."""
    if ticket.state != TicketState.NO_SHOW or ticket.ended_at is None:
        return None
    hold = gate.first(ticket.office_id, "hold_minutes", ticket=ticket)
    return ticket.ended_at + timedelta(minutes=hold or HOLD_MINUTES)


def _free_counter(
    transaction: OfficeTransaction, ticket: Ticket, actor: Actor, wanted: int | None
) -> Counter:
    """The counter at which a parked visit goes on: the one named, else where it was parked."""
    counter_id = wanted or (ticket.park or {}).get("counter") or ticket.counter_id
    actor.require_counter(counter_id)
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == transaction.office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    busy = (
        Ticket.select()
        .where(
            (Ticket.counter == counter.id)
            & (Ticket.state << [TicketState.CALLED, TicketState.SERVING])
            & (Ticket.id != ticket.id)
        )
        .first()
    )
    if busy is not None:
        raise Conflict("counter_busy", counter=counter.number, ticket=busy.id, label=busy.label)
    return counter


def check_in(transaction: OfficeTransaction, ticket: Ticket) -> None:
    """Somebody who took the number from afar is here; it keeps its place. Raises Conflict("not_today")."""
    if ticket.day != transaction.day:
        raise Conflict("not_today", day=ticket.day.isoformat())
    change = Change(transaction, ticket, "check_in")
    ticket.checked_in_at = transaction.now
    ticket.waiting_since = transaction.now
    change.tell(TicketCheckedIn(**ticket_facts(ticket, ticket.line)))


def cancel(transaction: OfficeTransaction, ticket: Ticket) -> None:
    """Give a number up."""
    change = Change(transaction, ticket, "cancel")
    ticket.ended_at = transaction.now
    change.end_turn("cancelled")
    facts = ticket_facts(ticket, ticket.line) | counter_facts(ticket)
    change.tell(TicketCancelled(**facts, was=str(change.was)))


def start_visit(transaction: OfficeTransaction, ticket: Ticket) -> None:
    """Begin the visit of a called ticket; one that has begun is left as it is."""
    if ticket.state == TicketState.CALLED:
        _start(transaction, ticket)
