"""Booked times as pages show them: the day's list for the staff, one's own for its holder, a week for the admin."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.slots import BookingRule
from kiosk.models import Appointment, Line, Office
from kiosk.plugin import gate
from kiosk.services.booking.book import appointment_of_token
from kiosk.services.booking.slots import bookable_line

PREVIEWED_DAYS = 5


def appointments_of(office_id: int, day: date) -> list[dict[str, Any]]:
    """The booked times of a day in order; whose they are, nobody knows."""
    rows = (
        Appointment.select(Appointment, Line)
        .join(Line)
        .where((Appointment.office == office_id) & (Appointment.day == day))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [
        {
            "id": row.id,
            "token": row.token,
            "starts_at": row.starts_at,
            "line": {"prefix": row.line.prefix, "title": row.line.title, "title_en": row.line.title_en},
            "procedure": _procedure_name(row),
            "code": spaced(row.code),
            "state": row.state,
            "label": row.ticket.label if row.ticket else None,
        }
        for row in rows
    ]


def appointment_card(token: str) -> dict[str, Any]:
    """An appointment as its holder sees it. Raises NotFound("unknown_appointment")."""
    row = appointment_of_token(token)
    office = Office.get_by_id(row.office_id)
    return {
        "token": row.token,
        "code": spaced(row.code),
        "state": row.state,
        "starts_at": row.starts_at.astimezone(ZoneInfo(office.zone)),
        "minutes": row.minutes,
        "line": row.line_id,
        "title": row.line.title,
        "title_en": row.line.title_en,
        "procedure": _procedure_name(row),
        "ticket": {"label": row.ticket.label, "token": row.ticket.token} if row.ticket else None,
        "office": {
            "id": office.id,
            "key": office.key,
            "title": office.title,
            "subtitle": office.subtitle,
            "address": office.address,
            "phone": office.phone,
            "zone": office.zone,
            "public_url": office.public_url,
        },
    }


def booking_rules(office_id: int) -> list[dict[str, Any]]:
    """Every line with what it offers."""
    return [
        {
            "id": line.id,
            "prefix": line.prefix,
            "title": line.title,
            "title_en": line.title_en,
            "rule": BookingRule.from_json(line.booking),
        }
        for line in Line.select().where(Line.office == office_id).order_by(Line.id)
    ]


def preview(office_id: int, line_id: int, now: datetime) -> list[dict[str, Any]]:
    """The next days of a line that can be booked, with their times. Raises NotFound("unknown_line")."""
    line = bookable_line(office_id, line_id)
    return [{"day": day, "slots": line.slots(day, now)} for day in line.days(now)[:PREVIEWED_DAYS]]


def spaced(code: str) -> str:
    """A code as it is read aloud and typed: in two halves."""
    middle = len(code) // 2
    return f"{code[:middle]} {code[middle:]}"


def _procedure_name(row: Appointment) -> str | None:
    if row.procedure is None:
        return None
    found = gate.known_procedure(row.line.department, row.procedure, row.office_id)
    return found.name if found else row.procedure
