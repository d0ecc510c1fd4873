"""The end of a day in the hall: whoever still waits is carried over or told so, and the day is summed up."""

from __future__ import annotations

import secrets
from collections import Counter as Counts
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, look_at_office, office_transaction
from kiosk.domain.codes import check_code
from kiosk.domain.errors import Conflict
from kiosk.domain.events import AppointmentMissed, DayClosed, TicketCarriedOver, TicketExpired
from kiosk.domain.numbering import ticket_label
from kiosk.domain.queueing import LANES
from kiosk.domain.ticket import AT_COUNTER, TICKET_MOVES, TicketState
from kiosk.models import Appointment, DayClose, Line, Office, Ticket
from kiosk.models.prepared import insert, update
from kiosk.services.announce import announce
from kiosk.services.forecast_score import score_day
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import next_office_day, office_day
from kiosk.services.issue_ticket import TicketHouse, issued_event, next_number
from kiosk.services.print_document import queue_ticket_slip
from kiosk.services.visit.change import ticket_facts
from kiosk.services.visit.finish import end_visit

AFTER_CLOSING = timedelta(minutes=30)
LOOK_BACK = timedelta(days=15)
"""Days before that are over for good: every look at them would cost more the longer a centre works."""
SYSTEM = "system:day"


def close_day(
    office_id: int, now: datetime, actor: str, *, day: date | None = None, house: TicketHouse | None = None
) -> dict[str, Any]:
    """Close a day (today's, if none is named) and return its summary.

    Whoever waits or is parked gets a number of the next working day, at the front of their lane, where the office
    carries numbers over and that day is still to come; else the number expires, as do numbers from afar whose holder
    never came. `house` lets the new papers be printed. A visit at a counter goes on; one of an earlier day was
    forgotten and ends without counting in any mean. Raises Conflict("day_closed").
    """
    with office_transaction(office_id, now, actor) as transaction:
        day = day or transaction.day
        if DayClose.get_or_none((DayClose.office == office_id) & (DayClose.day == day)) is not None:
            raise Conflict("day_closed", day=day.isoformat())
        _end_forgotten(transaction, day)
        following = _carried_to(transaction, day)
        for ticket in _left(office_id, day):
            if following is not None and ticket.state != TicketState.EXPECTED:
                _carry_over(transaction, ticket, following, house)
            else:
                _expire(transaction, ticket)
        _miss_appointments(transaction, day)
        summary = _summary(office_id, day)
        DayClose.create(office=office_id, day=day, closed_at=transaction.now, summary=summary)
        announce(transaction, DayClosed(day=day.isoformat(), **summary))
    return summary


def reopen_day(office_id: int, now: datetime, actor: str) -> None:
    """Let today's hall give numbers again; numbers that expired or were carried over stay as they are.

    Raises Conflict("day_not_closed").
    """
    with office_transaction(office_id, now, actor) as transaction:
        here = (DayClose.office == office_id) & (DayClose.day == transaction.day)
        if DayClose.delete().where(here).execute() == 0:
            raise Conflict("day_not_closed")


def close_due_days(now: datetime, house_of: Any = None) -> int:
    """Close every day that is over, in every office, and score its forecasts; returns how many were closed.

    A day is over at its closing time where the office keeps hours, at midnight anywhere.
    """
    closed = 0
    for office in Office.select(Office.id):
        for day in list(_due_days(office.id, now)):
            house = house_of(office.id) if house_of else None
            close_day(office.id, now, SYSTEM, day=day, house=house)
            closed += 1
        closed += _finish_earlier_days(office.id, now)
    return closed


def _due_days(office_id: int, now: datetime) -> Iterator[date]:
    place = look_at_office(office_id, now, SYSTEM)
    last = DayClose.select(fn.MAX(DayClose.day)).where(DayClose.office == office_id).scalar()
    if isinstance(last, str):
        last = date.fromisoformat(last)
    since = place.day - LOOK_BACK
    since = max(last, since) if last is not None else since
    past = (Ticket.office == office_id) & (Ticket.day > since) & (Ticket.day < place.day)
    yield from (
        day for (day,) in Ticket.select(Ticket.day).where(past).distinct().order_by(Ticket.day).tuples()
    )
    settings = hall_settings(office_id).day
    if settings.keep_hours and last != place.day:
        today = office_day(office_id, place.day, place.zone, settings).of_line(None)
        if today.closes_at is not None and now >= _closing(today.closes_at, settings.close_at):
            yield place.day


def _closing(closes_at: datetime, close_at: str) -> datetime:
    if not close_at:
        return closes_at + AFTER_CLOSING
    hour, minute = map(int, close_at.split(":"))
    return closes_at.replace(hour=hour, minute=minute)


def _finish_earlier_days(office_id: int, now: datetime) -> int:
    """After midnight: end what was forgotten on days that were closed in the evening."""
    place = look_at_office(office_id, now, SYSTEM)
    recent = (Ticket.day < place.day) & (Ticket.day > place.day - LOOK_BACK)
    at_counter = (Ticket.office == office_id) & recent & (Ticket.state << list(AT_COUNTER))
    days = [day for (day,) in Ticket.select(Ticket.day).where(at_counter).distinct().tuples()]
    for day in days:
        with office_transaction(office_id, now, SYSTEM) as transaction:
            _end_forgotten(transaction, day)
            row = DayClose.get_or_none((DayClose.office == office_id) & (DayClose.day == day))
            if row is not None:
                row.summary = _summary(office_id, day)
                DayClose.update(summary=row.summary).where(
                    (DayClose.office == office_id) & (DayClose.day == day)
                ).execute()
    score_days(office_id, place.day, now)
    return len(days)


def score_days(office_id: int, today: date, now: datetime) -> None:
    """Measure the forecasts of closed days that were not measured yet."""
    past = (DayClose.day < today) & (DayClose.day > today - LOOK_BACK)
    for row in DayClose.select().where((DayClose.office == office_id) & past):
        score_day(office_id, row.day, now)


def _end_forgotten(transaction: OfficeTransaction, day: date) -> None:
    if day >= transaction.day:
        return
    forgotten = _of_day(transaction.office_id, day).where(Ticket.state << list(AT_COUNTER))
    for ticket in forgotten:
        end_visit(transaction, ticket, ticket.counter, forgotten=True)


def _of_day(office_id: int, day: date) -> Any:
    return (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.office == office_id) & (Ticket.day == day))
    )


def _left(office_id: int, day: date) -> list[Ticket]:
    """Who is still there, in the order in which lanes are named and people came."""
    states = [TicketState.WAITING, TicketState.PARKED, TicketState.EXPECTED]
    rows = _of_day(office_id, day).where(Ticket.state << states)
    lanes = [str(lane) for lane in LANES]
    return sorted(
        rows,
        key=lambda t: (t.state != TicketState.PARKED, lanes.index(t.lane), t.place, t.arrival, t.issued_at),
    )


def _carried_to(transaction: OfficeTransaction, day: date) -> date | None:
    if not hall_settings(transaction.office_id).day.carry_over:
        return None
    following = next_office_day(transaction.office_id, day, transaction.zone)
    return following if following >= transaction.day else None


def _carry_over(transaction: OfficeTransaction, ticket: Ticket, day: date, house: TicketHouse | None) -> None:
    number = next_number(ticket.line, day)
    parked_at = (ticket.park or {}).get("counter")
    new = Ticket(
        office=ticket.office_id,
        home=ticket.line_id,
        line=ticket.line_id,
        day=day,
        number=number,
        label=ticket_label(ticket.line.prefix, number),
        priority=ticket.priority,
        purpose=ticket.purpose,
        lane=ticket.lane,
        place=0,
        arrival=transaction.last_seq + 1,
        procedure=ticket.procedure,
        dossiers=ticket.dossiers,
        language=ticket.language,
        person_key=ticket.person_key,
        token=secrets.token_urlsafe(16),
        check_code=check_code(
            house.key if house else secrets.token_bytes(16), f"{ticket.line_id}:{day}:{number}"
        ),
        issued_at=transaction.now,
        waiting_since=transaction.now,
        due_at=ticket.due_at,
        plan=ticket.plan,
        note=ticket.note,
        for_counter=parked_at,
        wait_low=0,
        wait_high=0,
    )
    new.id = insert(Ticket, new.__data__)
    announce(transaction, issued_event(new, ticket.line))
    was = ticket.state
    ticket.state = TICKET_MOVES.apply(TicketState(ticket.state), "carry_over")
    ticket.carried_to, ticket.ended_at, ticket.last_move = new, transaction.now, None
    update(ticket, "state", "carried_to", "ended_at", "last_move")
    announce(
        transaction,
        TicketCarriedOver(
            **ticket_facts(ticket, ticket.line),
            was=str(was),
            to=new.id,
            to_label=new.label,
            to_day=day.isoformat(),
        ),
    )
    if house is not None and transaction.day == ticket.day:
        queue_ticket_slip(transaction, new, ticket.line, None, None, None, house)


def _expire(transaction: OfficeTransaction, ticket: Ticket) -> None:
    was = ticket.state
    ticket.state = TICKET_MOVES.apply(TicketState(ticket.state), "expire")
    ticket.ended_at, ticket.last_move = transaction.now, None
    update(ticket, "state", "ended_at", "last_move")
    announce(transaction, TicketExpired(**ticket_facts(ticket, ticket.line), was=str(was)))


def _miss_appointments(transaction: OfficeTransaction, day: date) -> None:
    missed = Appointment.select().where(
        (Appointment.office == transaction.office_id)
        & (Appointment.day == day)
        & (Appointment.state == "booked")
    )
    for appointment in missed:
        appointment.state, appointment.ended_at = "missed", transaction.now
        appointment.save(only=[Appointment.state, Appointment.ended_at])
        announce(
            transaction,
            AppointmentMissed(
                appointment=appointment.id,
                line=appointment.line_id,
                day=day.isoformat(),
                starts_at=appointment.starts_at.isoformat(),
            ),
        )


def _summary(office_id: int, day: date) -> dict[str, int]:
    here = (Ticket.office == office_id) & (Ticket.day == day)
    states = Counts(
        dict(Ticket.select(Ticket.state, fn.COUNT(Ticket.id)).where(here).group_by(Ticket.state).tuples())
    )
    counted = ("finished", "no_show", "cancelled", "expired", "carried_over")
    return {
        "issued": sum(states.values()),
        **{state: states[state] for state in counted},
        "forgotten": Ticket.select().where(here & (Ticket.forgotten == True)).count(),  # noqa: E712  (SQL, not Python)
    }
