"""Somebody is here: a booked time becomes a number, a number taken from afar may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import CHECK_ALPHABET, CHECK_LENGTH
from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.events import AppointmentArrived
from kiosk.domain.permissions import Actor
from kiosk.domain.slots import arrival
from kiosk.domain.ticket import TicketState
from kiosk.models import Appointment, Line, Ticket
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.booking.book import CODE_LENGTH, appointment_facts
from kiosk.services.hall_settings import hall_settings
from kiosk.services.issue_ticket import Issued, TicketHouse, Wish, issue_ticket
from kiosk.services.queue_place import place_of
from kiosk.services.serve_ticket import check_in

LONGEST_CODE = 300
"""A scanned address is longer than a typed code."""
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
HERE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED})


@dataclass(frozen=True)
class Arrived:
    """Somebody who is here now: `how` is "appointment", "late" (the kept place is gone) or "remote"."""

    how: str
    issued: Issued


def arrive(
    office_id: int, code: str, actor: Actor, now: datetime, house: TicketHouse, *, paper: bool | None = None
) -> Arrived:
    """Check somebody in by what they typed or scanned: the code of an appointment, the label and check code of a
    number, or the address of either's page.

    Raises NotFound("check_in_unknown"), Conflict("appointment_early", "appointment_other_day", "appointment_cancelled",
    "appointment_missed", "appointment_used", "checked_in_already", "number_ended", "not_today"), and what
    `issue_ticket` raises.
    """
    with office_transaction(office_id, now, actor.name) as transaction:
        if (appointment := _appointment(office_id, code)) is not None:
            return _keep_appointment(transaction, appointment, actor, house, paper)
        ticket = _ticket(transaction, code)
        if ticket is None:
            raise NotFound("check_in_unknown")
        return _check_in(transaction, ticket)


def _appointment(office_id: int, code: str) -> Appointment | None:
    typed = _typed(code)
    if len(typed) == CODE_LENGTH and set(typed) <= set(CHECK_ALPHABET):
        found = Appointment.code == typed
    elif token := _token(code):
        found = Appointment.token == token
    else:
        return None
    return (
        Appointment.select(Appointment, Line)
        .join(Line)
        .where(found & (Appointment.office == office_id))
        .first()
    )


def _ticket(transaction: OfficeTransaction, code: str) -> Ticket | None:
    if token := _token(code):
        found = Ticket.token == token
    else:
        typed = _typed(code)
        label, check = typed[:-CHECK_LENGTH], typed[-CHECK_LENGTH:]
        if not label:
            return None
        found = (Ticket.day == transaction.day) & (Ticket.label == label) & (Ticket.check_code == check)
    return (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where(found & (Ticket.office == transaction.office_id))
        .first()
    )


def _typed(code: str) -> str:
    """Letters and digits as they stand on paper, whatever was put between them."""
    return "".join(each for each in code[:LONGEST_CODE] if each.isalnum()).upper()


def _token(code: str) -> str | None:
    """The token in a scanned address, or the token itself."""
    text = code.strip()[:LONGEST_CODE]
    last = urlsplit(text).path.rstrip("/").rsplit("/", 1)[-1] if "/" in text else text
    return last if TOKEN.fullmatch(last) else None


def _keep_appointment(
    transaction: OfficeTransaction,
    appointment: Appointment,
    actor: Actor,
    house: TicketHouse,
    paper: bool | None,
) -> Arrived:
    how = _how(transaction, appointment)
    line: Line = appointment.line
    wish = Wish(
        **_service(transaction, line, appointment.procedure),
        language=appointment.language,
        paper=paper,
        due_at=appointment.starts_at if how == "appointment" else None,
        person_key=appointment.person_key,
    )
    issued = issue_ticket(transaction.office_id, wish, actor, transaction.now, house)
    appointment.state, appointment.ticket, appointment.ended_at = "arrived", issued.ticket, transaction.now
    appointment.save(only=[Appointment.state, Appointment.ticket, Appointment.ended_at])
    announce(transaction, AppointmentArrived(**appointment_facts(appointment), ticket=issued.ticket.id))
    return Arrived(how, issued)


def _service(transaction: OfficeTransaction, line: Line, key: str | None) -> dict[str, Any]:
    """The procedure where it can only lead to the line that was booked, else the line alone."""
    only = (
        Line.select().where((Line.office == line.office_id) & (Line.department == line.department)).count()
        == 1
    )
    procedure = gate.known_procedure(line.department, key, transaction.office_id) if key and only else None
    if procedure is None or not procedure.in_force(transaction.day):
        return {"line": line.id}
    return {"procedure": procedure.key, "department": line.department}


def _how(transaction: OfficeTransaction, appointment: Appointment) -> str:
    local = appointment.starts_at.astimezone(transaction.zone)
    at, day = f"{local:%H:%M}", f"{local:%d/%m/%Y}"
    match appointment.state:
        case "cancelled":
            raise Conflict("appointment_cancelled", at=at, day=day)
        case "missed":
            raise Conflict("appointment_missed", at=at, day=day)
        case "arrived":
            raise Conflict("appointment_used", label=appointment.ticket.label if appointment.ticket else "–")
    if appointment.day != transaction.day:
        raise Conflict("appointment_other_day", at=at, day=day)
    held = hall_settings(transaction.office_id).remote.hold_minutes
    coming = arrival(appointment.starts_at, transaction.now, held)
    if coming.how == "early":
        opens = f"{coming.opens_at.astimezone(transaction.zone):%H:%M}"
        raise Conflict("appointment_early", at=at, opens_at=opens)
    return "late" if coming.how == "late" else "appointment"


def _check_in(transaction: OfficeTransaction, ticket: Ticket) -> Arrived:
    if ticket.state in HERE:
        raise Conflict("checked_in_already", label=ticket.label)
    if ticket.state != TicketState.EXPECTED:
        raise Conflict("number_ended", label=ticket.label)
    day = hall_settings(transaction.office_id).day
    ahead, low, high = place_of(transaction, ticket, ticket.line, day)
    check_in(transaction, ticket)
    return Arrived("remote", Issued(ticket, ticket.line, None, ahead, (low, high), None))
