"""Call the next number: priority first, then order of arrival; never one ticket at two counters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import ModelSelect

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import TicketCalled
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import AT_COUNTER, TICKET_MOVES, TicketState
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.announce import announce
from kiosk.services.issue_ticket import ticket_facts
from kiosk.services.serve_ticket import check_objections, end_visit, update_ticket

COUNTER = Prepared(
    lambda: (
        Counter.select().where((Counter.id == Slot("counter")) & (Counter.office == Slot("office"))).limit(1)
    )
)
PRESENT_TICKET = Prepared(
    lambda: (
        Ticket.select(Ticket, Line)
        .join(Line)
        .where((Ticket.counter == Slot("counter")) & (Ticket.state << list(AT_COUNTER)))
        .limit(1)
    )
)
SERVED_LINES = Prepared(
    lambda: CounterLine.select(CounterLine.line).where(CounterLine.counter == Slot("counter")).tuples()
)
HEAD_OF_LINE = Prepared(lambda: _waiting(Slot("line"), Slot("day")))


def call_next(
    counter_id: int,
    actor: Actor,
    now: datetime,
    *,
    line: int | None = None,
    exclude: tuple[int, ...] = (),
    finish: bool = False,
) -> Ticket | None:
    """Give this counter the next waiting ticket it serves, or None.

    `line` narrows to one of the counter's lines, `exclude` leaves tickets out, `finish` ends the present visit in
    the same transaction. Raises NotFound("unknown_counter", "unknown_line"), Forbidden("not_your_counter"),
    Conflict("counter_closed", "counter_busy"), DomainError("line_not_served").
    """
    actor.require_counter(counter_id)
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_counter", counter=counter_id)
    with office_transaction(office_id, now, actor.name) as transaction:
        counter = COUNTER.first(counter=counter_id, office=office_id)
        if counter is None:
            raise NotFound("unknown_counter", counter=counter_id)
        if not counter.open:
            raise Conflict("counter_closed", counter=counter.number)
        _free_the_counter(transaction, counter, finish)
        ticket = next_waiting(transaction, served_lines(office_id, counter_id, line), exclude)
        if ticket is None:
            return None
        check_objections(office_id, ticket, "call")
        ticket.state = TICKET_MOVES.apply(TicketState(ticket.state), "call")
        ticket.counter, ticket.called_at = counter, transaction.now
        ticket.called_seq = announce(
            transaction,
            TicketCalled(
                **ticket_facts(ticket, ticket.line),
                counter=counter.id,
                counter_number=counter.number,
                language=ticket.language,
                waited_seconds=int((transaction.now - ticket.issued_at).total_seconds()),
            ),
        )
        update_ticket(ticket, "state", "counter", "called_at", "called_seq")
    return ticket


def _free_the_counter(transaction: OfficeTransaction, counter: Counter, finish: bool) -> None:
    current = ticket_at(counter.id)
    if current is None:
        return
    forgotten = current.day < transaction.day
    if not finish and not forgotten:
        raise Conflict("counter_busy", counter=counter.number, ticket=current.id, label=current.label)
    end_visit(transaction, current, counter)


def ticket_at(counter_id: int) -> Ticket | None:
    """The ticket a counter is busy with, or None."""
    return PRESENT_TICKET.first(counter=counter_id)


def served_lines(office_id: int, counter_id: int, only: int | None = None) -> list[int]:
    """The lines a counter serves now, or the one asked for if it is among them.

    A disabled department's citizens who already hold a number are still called.
    Raises NotFound("unknown_line") and DomainError("line_not_served").
    """
    lines = [line for (line,) in SERVED_LINES.all(counter=counter_id)]
    if only is None:
        return lines
    if only not in lines:
        if not Line.select().where((Line.id == only) & (Line.office == office_id)).exists():
            raise NotFound("unknown_line", line=only)
        raise DomainError("line_not_served", line=only, counter=counter_id)
    return [only]


def next_waiting(
    transaction: OfficeTransaction, lines: list[int], exclude: tuple[int, ...] = ()
) -> Ticket | None:
    """The waiting ticket that comes first by rank, then by arrival, over several lines of today.

    Numbers that kiosks gave without the server may share an arrival; then the hour of the press decides.
    """
    heads = [head for line in lines if (head := _head_of(line, transaction, exclude)) is not None]
    return min(heads, key=lambda ticket: (ticket.rank, ticket.arrival, ticket.issued_at), default=None)


def _head_of(line: int, transaction: OfficeTransaction, exclude: tuple[int, ...]) -> Ticket | None:
    if exclude:
        return _waiting(line, transaction.day).where(Ticket.id.not_in(exclude)).first()
    return HEAD_OF_LINE.first(line=line, day=transaction.day)


def _waiting(line: Any, day: Any) -> ModelSelect:
    waiting = (Ticket.line == line) & (Ticket.state == TicketState.WAITING) & (Ticket.day == day)
    return (
        Ticket.select(Ticket, Line)
        .join(Line)
        .where(waiting)
        .order_by(Ticket.rank, Ticket.arrival, Ticket.issued_at)
        .limit(1)
    )
