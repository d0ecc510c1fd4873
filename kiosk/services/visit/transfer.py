"""Send a visit on: to another line, to one counter, or to one officer, as the first there or the last."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.database import OfficeTransaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import TicketTransferred
from kiosk.domain.names import clean_note
from kiosk.models import Counter, CounterLine, Line, Posting, Ticket, User
from kiosk.plugin import gate
from kiosk.services.visit.change import Change, counter_facts, ticket_facts
from kiosk.services.visit.finish import wait_again
from kiosk.services.visit.note import add_words

LONGEST_NOTE = 300
POSITIONS = ("first", "last")


@dataclass(frozen=True)
class Target:
    """Where a visit is sent: exactly one of the three; `position` among those who wait there."""

    line: int | None = None
    counter: int | None = None
    officer: int | None = None
    position: str = "last"
    note: str = ""


def transfer(transaction: OfficeTransaction, ticket: Ticket, target: Target) -> None:
    """Send a ticket on.

    Raises DomainError("transfer_target_missing", "unknown_position", those of clean_note), NotFound("unknown_line",
    "unknown_counter", "unknown_user"), Conflict("line_closed", "line_without_counter", "plugin_disabled",
    "counter_closed", "counter_without_line", "officer_without_counter").
    """
    if sum(each is not None for each in (target.line, target.counter, target.officer)) != 1:
        raise DomainError("transfer_target_missing", field="line")
    if target.position not in POSITIONS:
        raise DomainError("unknown_position", field="position", allowed=list(POSITIONS))
    note = clean_note(target.note, LONGEST_NOTE, field="note")
    line, counter, officer = _destination(transaction.office_id, ticket, target)
    change = Change(transaction, ticket, "transfer")
    before = ticket_facts(ticket, ticket.line) | counter_facts(ticket)
    change.end_turn("transferred")
    wait_again(ticket, line, transaction)
    ticket.for_counter, ticket.for_user = counter, officer
    ticket.place = 0 if target.position == "first" else 1
    ticket.arrival = transaction.last_seq + 1
    if before["department"] != line.department:
        ticket.procedure = None
    add_words(ticket, note)
    change.tell(
        TicketTransferred(
            **ticket_facts(ticket, line),
            from_line=before["line"],
            was=str(change.was),
            position=target.position,
            to_counter=counter.id if counter else None,
            to_officer=officer.id if officer else None,
            counter=before.get("counter"),
            counter_number=before.get("counter_number"),
        )
    )


def _destination(office_id: int, ticket: Ticket, target: Target) -> tuple[Line, Counter | None, User | None]:
    if target.line is not None:
        return _open_line(office_id, target.line), None, None
    if target.counter is not None:
        return _at_counter(office_id, ticket, target.counter)
    return _with_officer(office_id, ticket, target.officer)


def _open_line(office_id: int, line_id: int) -> Line:
    line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
    if line is None:
        raise NotFound("unknown_line", line=line_id)
    if not line.open:
        raise Conflict("line_closed", line=line.id, opens_again=line.opens_again)
    if gate.plugin_of_department(line.department) not in gate.enabled(office_id):
        raise Conflict("plugin_disabled", department=line.department)
    if not CounterLine.select().where(CounterLine.line == line.id).exists():
        raise Conflict("line_without_counter", line=line.id)
    return line


def _at_counter(office_id: int, ticket: Ticket, counter_id: int) -> tuple[Line, Counter, None]:
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    if not counter.open:
        raise Conflict("counter_closed", counter=counter.number)
    return (
        _line_of([counter.id], ticket, Conflict("counter_without_line", counter=counter.number)),
        counter,
        None,
    )


def _with_officer(office_id: int, ticket: Ticket, user_id: int | None) -> tuple[Line, None, User]:
    user = User.get_or_none((User.id == user_id) & (User.office == office_id) & (User.active == True))  # noqa: E712
    if user is None:
        raise NotFound("unknown_user", user=user_id)
    posted = [row.counter_id for row in Posting.select().where(Posting.user == user.id)]
    return _line_of(posted, ticket, Conflict("officer_without_counter", user=user.id)), None, user


def _line_of(counters: list[int], ticket: Ticket, otherwise: Conflict) -> Line:
    """The ticket's own line where one of these counters serves it, else the first that one of them does."""
    served = [row.line_id for row in CounterLine.select().where(CounterLine.counter << counters)]
    if ticket.line_id in served:
        return ticket.line
    line = Line.select().where(Line.id << served).order_by(Line.prefix).first()
    if line is None:
        raise otherwise
    return line
