"""What a line offers for booking, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from peewee import fn

from kiosk.database import office_transaction
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.events import HallChanged
from kiosk.domain.hall import HallSettings
from kiosk.domain.slots import BookingRule, Slot, days_offered, slots_of
from kiosk.models import Appointment, Line, Office
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_of
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import office_day

HOLDS_A_PLACE = ("booked", "arrived", "missed")
"""States that keep their place in a slot: only what was cancelled gives it back."""


@dataclass(frozen=True)
class BookableLine:
    """A line with its rule, and the office around it."""

    line: Line
    rule: BookingRule
    zone: ZoneInfo
    settings: HallSettings

    def days(self, now: datetime) -> list[date]:
        """The working days that can be booked."""
        today = now.astimezone(self.zone).date()
        calendar = calendar_of(self.line.office_id, today, self.zone)
        return [day for day in days_offered(self.rule, today) if calendar.is_working_day(day)]

    def slots(self, day: date, now: datetime) -> list[Slot]:
        """The times of a day that are still to come, full ones too; none on a day off."""
        hours = office_day(self.line.office_id, day, self.zone, self.settings.day).of_line(self.line.hours)
        return slots_of(self.rule, day, self.zone, hours.spans, taken(self.line.id, day), now)

    def slot(self, starts_at: datetime, now: datetime) -> Slot | None:
        """The time that begins at this moment, if there is one."""
        day = starts_at.astimezone(self.zone).date()
        return next((each for each in self.slots(day, now) if each.starts_at == starts_at), None)


def bookable_line(office_id: int, line_id: int) -> BookableLine:
    """A line of the office. Raises NotFound("unknown_line")."""
    line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
    if line is None:
        raise NotFound("unknown_line", line=line_id)
    zone = ZoneInfo(Office.get_by_id(office_id).zone)
    return BookableLine(line, BookingRule.from_json(line.booking), zone, hall_settings(office_id))


def taken(line_id: int, day: date) -> dict[datetime, int]:
    """Places of a day that are gone, by the beginning of their slot."""
    rows = (
        Appointment.select(Appointment.starts_at, fn.COUNT(Appointment.id))
        .where(
            (Appointment.line == line_id) & (Appointment.day == day) & (Appointment.state << HOLDS_A_PLACE)
        )
        .group_by(Appointment.starts_at)
    )
    return dict(rows.tuples())


def require_line(office_id: int, line_id: int) -> None:
    """Raises NotFound("unknown_line") for a line that is not the office's."""
    if not Line.select().where((Line.id == line_id) & (Line.office == office_id)).exists():
        raise NotFound("unknown_line", line=line_id)


def set_booking(office_id: int, line_id: int, values: Mapping[str, Any], now: datetime, actor: str) -> None:
    """Change what a line offers; who has booked already keeps the time. No change, no entry.

    Raises NotFound("unknown_line"), DomainError("booking_rule_malformed").
    """
    unknown = set(values) - {each.name for each in fields(BookingRule)}
    if unknown:
        raise DomainError("booking_rule_malformed", field=min(unknown)[:40])
    with office_transaction(office_id, now, actor) as transaction:
        line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
        if line is None:
            raise NotFound("unknown_line", line=line_id)
        before = BookingRule.from_json(line.booking)
        after = BookingRule.from_json({**before.to_json(), **values}).check()
        if after == before and line.booking:
            return
        line.booking = after.to_json()
        line.save(only=[Line.booking])
        announce(transaction, HallChanged(section="booking", line=line_id))
