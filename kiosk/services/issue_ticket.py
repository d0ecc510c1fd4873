"""Give a number: the next of the line's daily series, its place in the queue, and its paper."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import check_code
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import TicketIssued
from kiosk.domain.hall import DaySettings
from kiosk.domain.numbering import is_offline_number, number_after, ticket_label
from kiosk.domain.permissions import Actor
from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import LineRule, lane_of, parse_priority, parse_purpose
from kiosk.domain.ticket import TicketState
from kiosk.models import CounterLine, DayClose, Line, NumberSeries, Ticket
from kiosk.models.prepared import Prepared, Slot, insert
from kiosk.plugin import gate
from kiosk.plugin.facts import Visitor
from kiosk.services.announce import announce
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import line_day, next_office_day
from kiosk.services.print_document import queue_ticket_slip
from kiosk.services.printer_condition import require_printer
from kiosk.services.queue_place import place_of
from kiosk.services.visit.change import ticket_facts

MOST_DOSSIERS = 99
MOST_SERVICES = 5
"""So many services in one visit; somebody with more comes again."""
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
SERVING_COUNTER = Prepared(
    lambda: CounterLine.select(CounterLine.counter).where(CounterLine.line == Slot("line")).limit(1).tuples()
)

CLOSED = Prepared(
    lambda: (
        DayClose.select(DayClose.day)
        .where((DayClose.office == Slot("office")) & (DayClose.day == Slot("day")))
        .limit(1)
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
    """What the citizen asks for at the kiosk: a line, or a procedure whose department has one.

    `then` are further services of the same visit, by line; `next_day` asks for a number of the next working day.
    A number taken from afar (`remote`, by whom: `person_key`) is not called before its holder has checked in; one
    for a booked time has its `due_at`.
    """

    line: int | None = None
    procedure: str | None = None
    department: str | None = None
    priority: str | None = None
    language: str = "vi"
    dossiers: int = 1
    paper: bool | None = None
    """True: only with a paper; False: only on the screen; None: the paper follows when it can."""
    purpose: str | None = None
    then: tuple[int, ...] = ()
    next_day: bool = False
    remote: bool = False
    person_key: str | None = None
    due_at: datetime | None = None


def issue_ticket(office_id: int, wish: Wish, actor: Actor, now: datetime, house: TicketHouse) -> Issued:
    """Give the next number of a line.

    Raises NotFound("unknown_line", "unknown_procedure"), Conflict("line_closed", "line_outside_hours",
    "line_without_counter", "plugin_disabled", "printer_not_ready", "next_day_not_offered", "day_closed"),
    DomainError("line_or_procedure", "unknown_priority", "unknown_purpose", "unknown_language",
    "dossiers_out_of_range", "too_many_services").
    """
    claimed = parse_priority(wish.priority)
    purpose = parse_purpose(wish.purpose)
    _check_wish(wish)
    if wish.paper and actor.device is not None:
        require_printer(actor.device.printer, now)
    with office_transaction(office_id, now, actor.name) as transaction:
        settings = hall_settings(office_id).day
        day = _day_of(transaction, wish, settings)
        procedure = _find_procedure(office_id, wish, transaction)
        line = _find_line(office_id, wish, procedure)
        if not wish.next_day:
            _check_hours(transaction, line, settings)
            _check_not_closed(transaction)
        plan = [{"line": _open_line(office_id, each).id, "procedure": None} for each in wish.then]
        priority = gate.priority_for(office_id, procedure, Visitor(claimed))
        number = next_number(line, day)
        ticket = Ticket(
            office=office_id,
            home=line.id,
            line=line.id,
            day=day,
            number=number,
            label=ticket_label(line.prefix, number),
            state=TicketState.EXPECTED if wish.remote else TicketState.WAITING,
            priority=priority,
            purpose=purpose,
            lane=lane_of(
                priority,
                purpose,
                wish.dossiers,
                appointment=wish.due_at is not None,
                bulk_from=LineRule.from_json(line.rule).bulk_from,
            ),
            arrival=transaction.last_seq + 1,
            procedure=procedure.key if procedure else None,
            dossiers=wish.dossiers,
            language=wish.language,
            remote=wish.remote,
            person_key=wish.person_key,
            token=secrets.token_urlsafe(16),
            check_code=check_code(house.key, f"{line.id}:{day}:{number}"),
            device=actor.device.id if actor.device else None,
            issued_at=transaction.now,
            waiting_since=transaction.now,
            due_at=wish.due_at,
            plan=plan,
            wait_low=0,
            wait_high=0,
        )
        _require_counter(line)
        ahead, ticket.wait_low, ticket.wait_high = place_of(transaction, ticket, line, settings)
        ticket.id = insert(Ticket, ticket.__data__)
        announce(transaction, issued_event(ticket, line))
        job = None
        if wish.paper is not False:
            job = queue_ticket_slip(transaction, ticket, line, procedure, ahead, actor.device, house)
    return Issued(ticket, line, procedure, ahead, (ticket.wait_low, ticket.wait_high), job)


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
    if len(wish.then) > MOST_SERVICES - 1:
        raise DomainError("too_many_services", most=MOST_SERVICES)


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
    _check_open(office_id, line)
    return line


def _open_line(office_id: int, line_id: int) -> Line:
    line = LINE.first(office=office_id, line=line_id)
    if line is None:
        raise NotFound("unknown_line", line=line_id)
    _check_open(office_id, line)
    _require_counter(line)
    return line


def _check_open(office_id: int, line: Line) -> None:
    if gate.plugin_of_department(line.department) not in gate.enabled(office_id):
        raise Conflict("plugin_disabled", department=line.department)
    if not line.open:
        raise Conflict("line_closed", line=line.id, opens_again=line.opens_again)


def _require_counter(line: Line) -> None:
    """Some counter serves the line, open or not: with none that ever could, nobody would call the number."""
    if SERVING_COUNTER.scalar(line=line.id) is None:
        raise Conflict("line_without_counter", line=line.id)


def _day_of(transaction: OfficeTransaction, wish: Wish, settings: DaySettings) -> date:
    if not wish.next_day:
        return transaction.day
    if not settings.carry_over:
        raise Conflict("next_day_not_offered")
    return next_office_day(transaction.office_id, transaction.day, transaction.zone)


def _check_hours(transaction: OfficeTransaction, line: Line, settings: DaySettings) -> None:
    today = line_day(transaction.office_id, transaction.day, transaction.zone, settings, line.hours)
    if not today.gives_numbers(transaction.now):
        again = today.next_numbers_at(transaction.now)
        opens_at = again.astimezone(transaction.zone).strftime("%H:%M") if again else None
        raise Conflict("line_outside_hours", line=line.id, opens_at=opens_at)


def _check_not_closed(transaction: OfficeTransaction) -> None:
    if CLOSED.scalar(office=transaction.office_id, day=transaction.day) is not None:
        raise Conflict("day_closed", day=transaction.day.isoformat())


def next_number(line: Line, day: date) -> int:
    """The next number of a line's series of a day."""
    number = NEXT_NUMBER.scalar(line=line.id, day=day)
    if number is not None and is_offline_number(number):
        number = number_after(number - 1)
        series = (NumberSeries.line == line.id) & (NumberSeries.day == day)
        NumberSeries.update(last=number).where(series).execute()
    if number is not None:
        return int(number)
    NumberSeries.insert(line=line.id, day=day, last=1).execute()
    return 1


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
        lane=str(ticket.lane),
        purpose=str(ticket.purpose),
        remote=bool(ticket.remote),
        offline_at=ticket.issued_at.isoformat() if ticket.offline else None,
    )
