"""Book a time, give it up, or take another one instead."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import CHECK_ALPHABET
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import AppointmentBooked, AppointmentCancelled
from kiosk.models import Appointment, Line
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.booking.slots import bookable_line
from kiosk.services.issue_ticket import LANGUAGES, SERVING_COUNTER

CODE_LENGTH = 10
MOST_OPEN = 3
"""Times to come that one person may have booked."""
MOST_A_DAY = 2
"""Times of one day that one person may have booked."""
CITIZEN = "citizen"


@dataclass(frozen=True)
class Wanted:
    """A time of a line, for whom (`person_key`), and what for."""

    line: int
    starts_at: datetime
    person_key: str
    procedure: str | None = None
    language: str = "vi"


def book(office_id: int, wanted: Wanted, now: datetime) -> Appointment:
    """Book a time that is still free.

    Raises NotFound("unknown_line", "unknown_procedure"), DomainError("unknown_language"), Conflict("booking_not_offered",
    "slot_not_offered", "slot_full", "appointment_already", "too_many_appointments", "line_without_counter",
    "plugin_disabled").
    """
    if wanted.language not in LANGUAGES:
        raise DomainError("unknown_language", language=wanted.language[:20], allowed=list(LANGUAGES))
    with office_transaction(office_id, now, CITIZEN) as transaction:
        day = _free_place(transaction, wanted.line, wanted.starts_at)
        _check_person(transaction, wanted, day)
        appointment = Appointment.create(
            office=office_id,
            line=wanted.line,
            day=day,
            starts_at=wanted.starts_at,
            minutes=bookable_line(office_id, wanted.line).rule.minutes,
            code=_new_code(),
            token=secrets.token_urlsafe(16),
            person_key=wanted.person_key,
            procedure=_procedure(office_id, wanted),
            language=wanted.language,
            created_at=transaction.now,
        )
        announce(transaction, AppointmentBooked(**appointment_facts(appointment)))
    return appointment


def move_booking(token: str, starts_at: datetime, now: datetime) -> Appointment:
    """Another time of the same line instead; the code stays.

    Raises NotFound("unknown_appointment"), Conflict("appointment_over", "slot_not_offered", "slot_full").
    """
    office_id = appointment_of_token(token).office_id
    with office_transaction(office_id, now, CITIZEN) as transaction:
        appointment = _still_to_come(token, transaction)
        if appointment.starts_at == starts_at:
            return appointment
        day = _free_place(transaction, appointment.line_id, starts_at)
        minutes = bookable_line(office_id, appointment.line_id).rule.minutes
        appointment.day, appointment.starts_at, appointment.minutes = day, starts_at, minutes
        appointment.save(only=[Appointment.day, Appointment.starts_at, Appointment.minutes])
        announce(transaction, AppointmentBooked(**appointment_facts(appointment), moved=True))
    return appointment


def cancel_booking(token: str, now: datetime, actor: str = CITIZEN) -> Appointment:
    """Give a time up; cancelling twice changes nothing.

    Raises NotFound("unknown_appointment"), Conflict("appointment_over").
    """
    office_id = appointment_of_token(token).office_id
    with office_transaction(office_id, now, actor) as transaction:
        appointment = appointment_of_token(token)
        if appointment.state == "cancelled":
            return appointment
        appointment = _still_to_come(token, transaction)
        appointment.state, appointment.ended_at = "cancelled", transaction.now
        appointment.save(only=[Appointment.state, Appointment.ended_at])
        announce(transaction, AppointmentCancelled(**appointment_facts(appointment)))
    return appointment


def appointment_of_token(token: str) -> Appointment:
    """Raises NotFound("unknown_appointment")."""
    appointment = (
        Appointment.select(Appointment, Line).join(Line).where(Appointment.token == token[:64]).first()
    )
    if appointment is None:
        raise NotFound("unknown_appointment")
    return appointment


def appointment_facts(appointment: Appointment) -> dict[str, Any]:
    """What every fact about an appointment carries; nothing of the person."""
    return {
        "appointment": appointment.id,
        "line": appointment.line_id,
        "day": appointment.day.isoformat(),
        "starts_at": appointment.starts_at.isoformat(),
    }


def _still_to_come(token: str, transaction: OfficeTransaction) -> Appointment:
    appointment = appointment_of_token(token)
    if appointment.state != "booked" or appointment.day < transaction.day:
        raise Conflict("appointment_over", state=appointment.state)
    return appointment


def _free_place(transaction: OfficeTransaction, line_id: int, starts_at: datetime) -> date:
    """The day of a time with a free place; asked under the office's lock, so nobody else takes it meanwhile."""
    line = bookable_line(transaction.office_id, line_id)
    if not line.rule.enabled:
        raise Conflict("booking_not_offered", line=line_id)
    if gate.plugin_of_department(line.line.department) not in gate.enabled(transaction.office_id):
        raise Conflict("plugin_disabled", department=line.line.department)
    if SERVING_COUNTER.scalar(line=line_id) is None:
        raise Conflict("line_without_counter", line=line_id)
    slot = line.slot(starts_at, transaction.now)
    if slot is None:
        raise Conflict("slot_not_offered", field="starts_at")
    if slot.free < 1:
        raise Conflict("slot_full", field="starts_at")
    return starts_at.astimezone(line.zone).date()


def _check_person(transaction: OfficeTransaction, wanted: Wanted, day: date) -> None:
    mine = list(
        Appointment.select().where(
            (Appointment.office == transaction.office_id)
            & (Appointment.person_key == wanted.person_key)
            & (Appointment.day >= transaction.day)
            & (Appointment.state == "booked")
        )
    )
    if any(each.line_id == wanted.line and each.day == day for each in mine):
        raise Conflict("appointment_already", day=day.isoformat())
    if len(mine) >= MOST_OPEN or sum(each.day == day for each in mine) >= MOST_A_DAY:
        raise Conflict("too_many_appointments", most=MOST_OPEN, most_a_day=MOST_A_DAY)


def _procedure(office_id: int, wanted: Wanted) -> str | None:
    if wanted.procedure is None:
        return None
    department = Line.get_by_id(wanted.line).department
    return str(gate.find_procedure(office_id, wanted.procedure, department).key)


def _new_code() -> str:
    """Ten characters that nobody mistakes for others: 25 ** 10 of them, so a guess at a kiosk is hopeless."""
    return "".join(secrets.choice(CHECK_ALPHABET) for _ in range(CODE_LENGTH))
