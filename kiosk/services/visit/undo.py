"""Take the last move back, shortly after it was made, while nothing was built on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import Conflict
from kiosk.domain.events import TicketUndone
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, Line, Ticket, Turn
from kiosk.models.prepared import update
from kiosk.services.announce import announce
from kiosk.services.visit.change import counter_facts, ticket_facts

UNDO_WITHIN = timedelta(seconds=60)
UNDOABLE = frozenset(
    {"call", "start", "finish", "no_show", "park", "resume", "transfer", "cancel", "return", "check_in"}
)


def undo(transaction: OfficeTransaction, ticket: Ticket, undoes: int | None = None) -> None:
    """Put a ticket back to where it stood before its last move; `undoes` is the entry the caller means, if it says.

    Raises Conflict("undo_nothing") when there is no such move, Conflict("undo_too_late") after a minute,
    Conflict("undo_superseded") when something else came of it, Conflict("counter_busy") when its counter serves
    somebody else by now.
    """
    last = ticket.last_move
    if last is None or last["move"] not in UNDOABLE:
        raise Conflict("undo_nothing", ticket=ticket.id)
    if undoes is not None and last["seq"] != undoes:
        raise Conflict("undo_superseded")
    if transaction.now - datetime.fromisoformat(last["at"]) > UNDO_WITHIN:
        raise Conflict("undo_too_late", seconds=int(UNDO_WITHIN.total_seconds()))
    before = _values(Ticket, last["before"])
    _place_is_free(
        ticket, TicketState(before.get("state", ticket.state)), before.get("counter", ticket.counter_id)
    )
    present = counter_facts(ticket)
    _undo_turn(last["turn"])
    _undo_rounds(last["rounds"])
    for name, value in before.items():
        setattr(ticket, name, value)
    ticket.last_move = None
    update(ticket, *before, "last_move")
    ticket = Ticket.get_by_id(ticket.id)
    announce(
        transaction,
        TicketUndone(
            **ticket_facts(ticket, ticket.line),
            move=last["move"],
            undoes=last["seq"],
            state=str(ticket.state),
            **(counter_facts(ticket) or present),
        ),
    )


def _place_is_free(ticket: Ticket, state: TicketState, counter: int | None) -> None:
    if state not in AT_COUNTER or counter is None:
        return
    other = (
        Ticket.select()
        .where((Ticket.counter == counter) & (Ticket.state << list(AT_COUNTER)) & (Ticket.id != ticket.id))
        .first()
    )
    if other is not None:
        number = Counter.get_by_id(counter).number
        raise Conflict("counter_busy", counter=number, ticket=other.id, label=other.label)


def _undo_turn(change: dict[str, Any]) -> None:
    if "opened" in change:
        Turn.update(outcome="undone").where(Turn.id == change["opened"]).execute()
    elif "id" in change:
        values = _values(Turn, change["before"])
        if Turn.update(values).where(Turn.id == change["id"]).execute() == 0:
            raise Conflict("undo_superseded")


def _undo_rounds(rounds: dict[str, Any]) -> None:
    """A round goes back only while nobody was called since."""
    for kind, model in (("line", Line), ("counter", Counter)):
        if kind in rounds:
            row = model.get_by_id(rounds[kind]["id"])
            if row.round == rounds[kind]["after"]:
                row.round = rounds[kind]["before"]
                update(row, "round")


def _values(model: Any, stored: dict[str, Any]) -> dict[str, Any]:
    values = {}
    for name, value in stored.items():
        field = model._meta.fields[name]
        read = field.python_value(value)
        values[name] = date.fromisoformat(read) if name == "day" and isinstance(read, str) else read
    return values
