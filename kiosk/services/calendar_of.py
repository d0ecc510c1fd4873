"""The working calendar of an office: the country's holidays and swapped Saturdays, and the admins' own word."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.events import CalendarChanged
from kiosk.domain.names import clean_name
from kiosk.domain.permissions import Actor
from kiosk.models import CalendarDay, Office
from kiosk.services.announce import announce

YEARS_AROUND = 2
"""A term may run over New Year and Tết: the years a dossier spans are loaded, not only the current one."""

SATURDAY = 5


@lru_cache(maxsize=32)
def national_calendar(year: int, zone: str) -> WorkingCalendar:
    """Vietnam's calendar around `year`, with working Saturdays swapped for days off."""
    days = holidays.country_holidays("VN", years=range(year - 1, year + YEARS_AROUND + 1))
    first, last = date(year - 1, 1, 1), date(year + YEARS_AROUND, 12, 31)
    saturdays = (first + timedelta(n) for n in range((last - first).days + 1))
    swapped = frozenset(d for d in saturdays if d.weekday() >= SATURDAY and days.is_working_day(d))
    years = frozenset(range(first.year, last.year + 1))
    return WorkingCalendar(holidays=frozenset(days), extra_working_days=swapped, zone=zone, years=years)


def calendar_of(office_id: int, around: date, zone: ZoneInfo) -> WorkingCalendar:
    """The calendar in force in an office for terms that begin around a day."""
    overrides = list(CalendarDay.select().where(CalendarDay.office == office_id))
    calendar = national_calendar(around.year, zone.key)
    if not overrides:
        return calendar
    return calendar.with_overrides(
        (row.day for row in overrides if not row.working), (row.day for row in overrides if row.working)
    )


def set_day(
    office_id: int, day: date, working: bool | None, reason: str, actor: Actor, now: datetime
) -> None:
    """Make a day a working day or a day off in this office, or (None) leave it to the law again."""
    with office_transaction(office_id, now, actor.name) as transaction:
        _forget(office_id, day)
        if working is not None:
            CalendarDay.create(
                office=office_id, day=day, working=working, reason=clean_name(reason, field="reason")
            )
        announce(transaction, CalendarChanged(day=day.isoformat(), working=working))


def _forget(office_id: int, day: date) -> None:
    CalendarDay.delete().where((CalendarDay.office == office_id) & (CalendarDay.day == day)).execute()


def calendar_in(transaction: OfficeTransaction) -> WorkingCalendar:
    """The calendar for terms that begin in this transaction."""
    return calendar_of(transaction.office_id, transaction.day, transaction.zone)


def zone_of(office_id: int) -> ZoneInfo:
    """The office's time zone."""
    return ZoneInfo(Office.select(Office.zone).where(Office.id == office_id).scalar())
