"""What happens to a called number: called again, begun, ended, not there, given up."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, Forbidden, NotFound
from kiosk.domain.events import (
    Event,
    TicketCancelled,
    TicketFinished,
    TicketNoShow,
    TicketRecalled,
    TicketStarted,
)
from kiosk.domain.forecast import learn
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import TICKET_MOVES, TicketState
from kiosk.models import Counter, Dossier, Line, Ticket
from kiosk.models.prepared import update
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.issue_ticket import ticket_facts

MOVES_AT_COUNTER = frozenset({"recall", "start", "finish", "no_show"})


def move_ticket(ticket_id: int, move: str, actor: Actor, now: datetime) -> Ticket:
    """Make a named legal move of a ticket and return it as it stands then.

    Raises NotFound("unknown_ticket"), DomainError("unknown_move"), Conflict("illegal_move"),
    Forbidden("not_your_counter", "not_allowed"), Conflict("objection") when a plugin objects.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    with office_transaction(office_id, now, actor.name) as transaction:
        ticket = (
            Ticket.select(Ticket, Line)
            .join(Line)
            .where((Ticket.id == ticket_id) & (Ticket.office == office_id))
            .first()
        )
        if ticket is None:
            raise NotFound("unknown_ticket", ticket=ticket_id)
        state = TICKET_MOVES.apply(TicketState(ticket.state), move)
        _check_right(ticket, move, actor)
        if move == "finish":
            end_visit(transaction, ticket, ticket.counter)
        else:
            _make(transaction, ticket, move, state)
    return ticket


def _check_right(ticket: Ticket, move: str, actor: Actor) -> None:
    if move == "call":
        # A number comes to a counter only through `call_next`, which keeps the order.
        raise Forbidden("call_through_counter", ticket=ticket.id)
    if move not in MOVES_AT_COUNTER and not actor.may("ticket.cancel"):
        raise Forbidden("not_allowed", permission="ticket.cancel")
    if ticket.counter_id is not None:
        actor.require_counter(ticket.counter_id)


def check_objections(office_id: int, thing: Ticket | Dossier, move: str) -> None:
    """Let every enabled plugin object to a move, with the words it gives.

    Raises Conflict("objection"), and Unavailable("plugin_failed") when the department's own plugin fails to say.
    """
    department = thing.line.department if isinstance(thing, Ticket) else thing.department
    owner = gate.plugin_of_department(department)
    for plugin, reason in gate.ask(
        office_id, "object_to_move", owner=owner, strict=True, thing=thing, move=move
    ):
        raise Conflict("objection", plugin=plugin, reason=reason)


def _make(transaction: OfficeTransaction, ticket: Ticket, move: str, state: TicketState) -> None:
    check_objections(transaction.office_id, ticket, move)
    was, ticket.state = ticket.state, state
    facts = ticket_facts(ticket, ticket.line)
    at_counter = (
        {"counter": ticket.counter_id, "counter_number": ticket.counter.number} if ticket.counter_id else {}
    )
    event: Event
    if move == "recall":
        ticket.recalls += 1
        event = TicketRecalled(**facts, **at_counter, times=ticket.recalls)
        update_ticket(ticket, "recalls")
    elif move == "start":
        ticket.started_at = transaction.now
        event = TicketStarted(**facts, **at_counter)
        update_ticket(ticket, "state", "started_at")
    else:
        ticket.ended_at = transaction.now
        event = (
            TicketNoShow(**facts, **at_counter)
            if move == "no_show"
            else TicketCancelled(**facts, **at_counter, was=str(was))
        )
        update_ticket(ticket, "state", "ended_at")
    announce(transaction, event)


def end_visit(transaction: OfficeTransaction, ticket: Ticket, counter: Counter) -> None:
    """Finish the visit at this counter and let the line learn how long it took."""
    check_objections(transaction.office_id, ticket, "finish")
    ticket.state = TICKET_MOVES.apply(TicketState(ticket.state), "finish")
    ticket.ended_at = transaction.now
    began = ticket.started_at or ticket.called_at
    seconds = (transaction.now - began).total_seconds()
    update_ticket(ticket, "state", "ended_at")
    ticket.line.service_seconds = learn(ticket.line.service_seconds, seconds)
    update(ticket.line, "service_seconds")
    announce(
        transaction,
        TicketFinished(
            **ticket_facts(ticket, ticket.line),
            counter=counter.id,
            counter_number=counter.number,
            served_seconds=int(seconds),
        ),
    )


def start_visit(transaction: OfficeTransaction, ticket: Ticket) -> None:
    """Begin the visit of a called ticket; one that has begun is left as it is."""
    if ticket.state == TicketState.CALLED:
        _make(transaction, ticket, "start", TICKET_MOVES.apply(TicketState.CALLED, "start"))


def update_ticket(ticket: Ticket, *fields: str) -> None:
    """Write the named columns of one ticket."""
    update(ticket, *fields)
