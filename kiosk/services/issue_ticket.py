"""Give a number: the next of the line's daily series, its place in the queue, and its paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import check_code
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import TicketIssued
from kiosk.domain.forecast import wait_range
from kiosk.domain.numbering import is_offline_number, number_after, ticket_label
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import parse_priority, rank_of
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Line, NumberSeries, Ticket
from kiosk.models.prepared import Prepared, Slot, insert
from kiosk.plugin import gate
from kiosk.plugin.facts import Visitor
from kiosk.services.announce import announce
from kiosk.services.print_document import queue_ticket_slip
from kiosk.services.printer_condition import require_printer

MOST_DOSSIERS = 99
LANGUAGES = ("vi", "en")

LINE = Prepared(
    lambda: Line.select().where((Line.office == Slot("office")) & (Line.id == Slot("line"))).limit(1)
)
NEXT_NUMBER = Prepared(
    lambda: (
        NumberSeries.update(last=NumberSeries.last + 1)
        .where((NumberSeries.line == Slot("line")) & (NumberSeries.day == Slot("day")))
        .returning(NumberSeries.last)
        .tuples()
    )
)
PEOPLE_AHEAD = Prepared(
    lambda: (
        Ticket.select(fn.COUNT(Ticket.id))
        .where(
            (Ticket.line == Slot("line"))
            & (Ticket.state == TicketState.WAITING)
            & (Ticket.day == Slot("day"))
            & (
                (Ticket.rank < Slot("rank"))
                | ((Ticket.rank == Slot("rank")) & (Ticket.arrival < Slot("arrival")))
                | (
                    (Ticket.rank == Slot("rank"))
                    & (Ticket.arrival == Slot("arrival"))
                    & (Ticket.issued_at < Slot("issued_at"))
                )
            )
        )
        .tuples()
    )
)
OPEN_COUNTERS = Prepared(
    lambda: (
        Counter.select(fn.COUNT(Counter.id))
        .join(CounterLine)
        .where((CounterLine.line == Slot("line")) & (Counter.open == True))  # noqa: E712  (SQL, not Python)
        .tuples()
    )
)


@dataclass(frozen=True)
class Issued:
    """A number given: the row, who is before it, how long it may take, and its print job if there is a printer."""

    ticket: Ticket
    line: Line
    procedure: Procedure | None
    people_ahead: int
    wait_minutes: tuple[int, int]
    print_job: int | None


@dataclass(frozen=True)
class Wish:
    """What the citizen asks for at the kiosk: a line, or a procedure whose department has one."""

    line: int | None = None
    procedure: str | None = None
    department: str | None = None
    priority: str | None = None
    language: str = "vi"
    dossiers: int = 1
    paper: bool | None = None
    """True: only with a paper; False: only on the screen; None: the paper follows when it can."""


def issue_ticket(office_id: int, wish: Wish, actor: Actor, now: datetime, house: TicketHouse) -> Issued:
    """Give the next number of a line.

    Raises NotFound("unknown_line", "unknown_procedure"), Conflict("line_closed", "line_without_counter",
    "plugin_disabled", "printer_not_ready"), DomainError("line_or_procedure", "unknown_priority", "unknown_language", "dossiers_out_of_range").
    """
    claimed = parse_priority(wish.priority)
    _check_wish(wish)
    if wish.paper and actor.device is not None:
        require_printer(actor.device.printer, now)
    with office_transaction(office_id, now, actor.name) as transaction:
        procedure = _find_procedure(office_id, wish, transaction)
        line = _find_line(office_id, wish, procedure)
        priority = gate.priority_for(office_id, procedure, Visitor(claimed))
        number = _next_number(line, transaction)
        ahead = people_ahead(
            line.id, transaction.day, rank_of(priority), transaction.last_seq + 1, transaction.now
        )
        low, high = wait_range(ahead, line.service_seconds, _counters_for(line))
        ticket = Ticket(
            office=office_id,
            line=line.id,
            day=transaction.day,
            number=number,
            label=ticket_label(line.prefix, number),
            state=TicketState.WAITING,
            priority=priority,
            rank=rank_of(priority),
            arrival=transaction.last_seq + 1,
            procedure=procedure.key if procedure else None,
            dossiers=wish.dossiers,
            language=wish.language,
            token=secrets.token_urlsafe(16),
            check_code=check_code(house.key, f"{line.id}:{transaction.day}:{number}"),
            device=actor.device.id if actor.device else None,
            issued_at=transaction.now,
            wait_low=low,
            wait_high=high,
        )
        ticket.id = insert(Ticket, ticket.__data__)
        announce(transaction, issued_event(ticket, line))
        job = None
        if wish.paper is not False:
            job = queue_ticket_slip(transaction, ticket, line, procedure, ahead, actor.device, house)
    return Issued(ticket, line, procedure, ahead, (low, high), job)


@dataclass(frozen=True)
class TicketHouse:
    """What the installation adds to a ticket: the key of its check code and the address in its QR."""

    key: bytes
    base_url: str


def _check_wish(wish: Wish) -> None:
    if (wish.line is None) == (wish.procedure is None):
        raise DomainError("line_or_procedure")
    if wish.language not in LANGUAGES:
        raise DomainError("unknown_language", language=wish.language[:20], allowed=list(LANGUAGES))
    if not 1 <= wish.dossiers <= MOST_DOSSIERS:
        raise DomainError("dossiers_out_of_range", least=1, most=MOST_DOSSIERS)


def _find_procedure(office_id: int, wish: Wish, transaction: OfficeTransaction) -> Procedure | None:
    if wish.procedure is None:
        return None
    procedure = gate.find_procedure(office_id, wish.procedure, wish.department, on=transaction.day)
    if not procedure.in_force(transaction.day):
        raise Conflict("procedure_not_in_force", procedure=procedure.key)
    return procedure


def _find_line(office_id: int, wish: Wish, procedure: Procedure | None) -> Line:
    if procedure is not None:
        prefix = gate.first(office_id, "ticket_prefix", procedure=procedure)
        wanted = (Line.department == procedure.department) & ((Line.prefix == prefix) if prefix else True)
        line = Line.get_or_none((Line.office == office_id) & wanted)
    else:
        line = LINE.first(office=office_id, line=wish.line)
    if line is None:
        raise NotFound("unknown_line", line=wish.line, procedure=wish.procedure)
    if gate.plugin_of_department(line.department) not in gate.enabled(office_id):
        raise Conflict("plugin_disabled", department=line.department)
    if not line.open:
        raise Conflict("line_closed", line=line.id, opens_again=line.opens_again)
    return line


def _counters_for(line: Line) -> int:
    """How many counters serve a line now. With none that ever could, nobody would call the number."""
    open_ = open_counters(line.id)
    if not open_ and not CounterLine.select().where(CounterLine.line == line.id).exists():
        raise Conflict("line_without_counter", line=line.id)
    return open_


def _next_number(line: Line, transaction: OfficeTransaction) -> int:
    number = NEXT_NUMBER.scalar(line=line.id, day=transaction.day)
    if number is not None and is_offline_number(number):
        number = number_after(number - 1)
        series = (NumberSeries.line == line.id) & (NumberSeries.day == transaction.day)
        NumberSeries.update(last=number).where(series).execute()
    if number is not None:
        return int(number)
    NumberSeries.insert(line=line.id, day=transaction.day, last=1).execute()
    return 1


def people_ahead(line_id: int, day: date, rank: int, arrival: int, issued_at: datetime) -> int:
    """How many of a line are called on a day before a ticket of that rank and arrival.

    Numbers that kiosks gave without the server share an arrival; among them the earlier one comes first.
    """
    return int(PEOPLE_AHEAD.scalar(line=line_id, day=day, rank=rank, arrival=arrival, issued_at=issued_at))


def open_counters(line_id: int) -> int:
    """How many counters serve a line now."""
    return int(OPEN_COUNTERS.scalar(line=line_id))


def issued_event(ticket: Ticket, line: Line) -> TicketIssued:
    """The fact that this number was given."""
    return TicketIssued(
        **ticket_facts(ticket, line),
        number=ticket.number,
        day=ticket.day.isoformat(),
        procedure=ticket.procedure,
        dossiers=ticket.dossiers,
        language=ticket.language,
        device=ticket.device_id,
        offline_at=ticket.issued_at.isoformat() if ticket.offline else None,
    )


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
