"""One move of a ticket as one change: the row, its turn and the journal together, and what an undo needs to know."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import Conflict
from kiosk.domain.events import Event
from kiosk.domain.ticket import TICKET_MOVES, TicketState
from kiosk.models import Dossier, Line, Ticket, Turn
from kiosk.models.prepared import Prepared, Slot, insert, update
from kiosk.plugin import gate
from kiosk.services.announce import announce

OPEN_TURN = Prepared(
    lambda: (
        Turn.select().where((Turn.ticket == Slot("ticket")) & (Turn.outcome == "open")).order_by(Turn.id.desc()).limit(1)
    )
)  # fmt: skip
NOT_REMEMBERED = frozenset({"id", "last_move", "recalls", "recalled_at"})


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


class Change:
    """A move in the making: set fields of `ticket`, then `tell` it.

    Raises DomainError("unknown_move"), Conflict("illegal_move", "objection") at once; `state` is the one after it.
    """

    def __init__(self, transaction: OfficeTransaction, ticket: Ticket, move: str) -> None:
        self.state = TICKET_MOVES.apply(TicketState(ticket.state), move)
        check_objections(transaction.office_id, ticket, move)
        self.transaction, self.ticket, self.move = transaction, ticket, move
        self.was = TicketState(ticket.state)
        self._before = dict(ticket.__data__)
        self._turn: dict[str, Any] = {}
        self._rounds: dict[str, Any] = {}
        ticket.state = self.state

    def open_turn(self, **fields: Any) -> int:
        """Begin a turn at the ticket's counter."""
        ticket = self.ticket
        made = {
            "office": ticket.office_id,
            "ticket": ticket.id,
            "line": ticket.line_id,
            "counter": ticket.counter_id,
            "day": self.transaction.day,
            "lane": str(ticket.lane),
            "purpose": str(ticket.purpose),
            "procedure": ticket.procedure,
            "waiting_from": ticket.waiting_since,
            "called_at": self.transaction.now,
            "outcome": "open",
            "parked_seconds": 0,
            **fields,
        }
        turn = insert(Turn, made)
        self._turn = {"opened": turn}
        return int(turn or 0)

    def change_turn(self, **fields: Any) -> Turn | None:
        """Change the turn that is open, if there is one; what it was is remembered."""
        turn = OPEN_TURN.first(ticket=self.ticket.id)
        if turn is None:
            return None
        names = list(fields)
        self._turn = {"id": turn.id, "before": stored(turn, names)}
        for name, value in fields.items():
            setattr(turn, name, value)
        update(turn, *names)
        return turn

    def end_turn(self, outcome: str) -> Turn | None:
        """End the turn that is open."""
        return self.change_turn(ended_at=self.transaction.now, outcome=outcome)

    def turn_round(self, kind: str, row: Any, after: dict[str, Any]) -> None:
        """Move the round of a line or a counter on."""
        if row.round == after:
            return
        self._rounds[kind] = {"id": row.id, "before": row.round, "after": after}
        row.round = after
        update(row, "round")

    def tell(self, event: Event) -> int:
        """Write the row and the fact; returns the fact's sequence number."""
        seq = announce(self.transaction, event)
        ticket = self.ticket
        if self.move == "call":
            ticket.called_seq = seq
        changed = [
            name
            for name, value in ticket.__data__.items()
            if name not in NOT_REMEMBERED and self._before.get(name) != value
        ]
        ticket.last_move = {
            "move": self.move,
            "seq": seq,
            "at": self.transaction.now.isoformat(),
            "by": self.transaction.actor,
            "counter": ticket.counter_id or self._before.get("counter"),
            "before": stored_values(self._before, changed),
            "turn": self._turn,
            "rounds": self._rounds,
        }
        update(ticket, *changed, "recalls", "recalled_at", "last_move")
        return seq


def stored(row: Any, names: list[str]) -> dict[str, Any]:
    """Fields of a row as the database keeps them, fit for JSON."""
    return stored_values(row.__data__, names, type(row))


def stored_values(data: dict[str, Any], names: list[str], model: Any = Ticket) -> dict[str, Any]:
    """Values by field name as the database keeps them, fit for JSON."""
    fields = model._meta.fields
    values = {name: fields[name].db_value(data.get(name)) for name in names}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }


def ticket_facts(ticket: Ticket, line: Line) -> dict[str, Any]:
    """What every fact about a ticket carries."""
    return {
        "ticket": ticket.id,
        "label": ticket.label,
        "line": line.id,
        "department": line.department,
        "area": line.area,
        "priority": str(ticket.priority),
    }


def counter_facts(ticket: Ticket) -> dict[str, Any]:
    """The counter a ticket is at, as facts; nothing when it is at none."""
    if ticket.counter_id is None:
        return {}
    return {"counter": ticket.counter_id, "counter_number": ticket.counter.number}


def seconds_between(begin: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds from one moment to another; None when either is unknown."""
    return None if begin is None or end is None else max(0, int((end - begin).total_seconds()))
