"""The working calendar and the hours of an office: the country's holidays and swapped days, and the admins' word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from kiosk.database import OfficeTransaction
from kiosk.domain.calendar import SATURDAY, STANDARD_HOURS, WorkingCalendar
from kiosk.domain.calendar import OfficeHours as Hours
from kiosk.models import CalendarDay, Office, OfficeHours

YEARS_AROUND = 2
"""A term may run over New Year and Tết: the years a dossier spans are loaded, not only the current one."""


@lru_cache(maxsize=32)
def national_days(year: int) -> Mapping[date, str]:
    """The public holidays of a year by their Vietnamese names; empty for a year nobody has reckoned yet."""
    days = holidays.country_holidays("VN", years=year, language="vi", expand=False)
    return {day: name for day, name in sorted(days.items()) if day.year == year}


@lru_cache(maxsize=1)
def last_announced_year() -> int:
    """The last year for which the government's own swaps of days are known; later ones follow the law alone."""
    return max(holidays.country_holidays("VN", years=()).special_public_holidays)


@lru_cache(maxsize=32)
def swapped_days(year: int) -> frozenset[date]:
    """Saturdays and Sundays of a year that are worked in exchange for a bridge day."""
    days = holidays.country_holidays("VN", years=year, expand=False)
    first = date(year, 1, 1)
    whole = (first + timedelta(n) for n in range((date(year, 12, 31) - first).days + 1))
    return frozenset(day for day in whole if day.weekday() >= SATURDAY and days.is_working_day(day))


@lru_cache(maxsize=32)
def national_calendar(year: int, zone: str) -> WorkingCalendar:
    """Vietnam's calendar around `year`, with working Saturdays swapped for days off."""
    years = [each for each in range(year - 1, year + YEARS_AROUND + 1) if national_days(each)]
    return WorkingCalendar(
        holidays=frozenset(day for each in years for day in national_days(each)),
        extra_working_days=frozenset(day for each in years for day in swapped_days(each)),
        zone=zone,
        years=frozenset(years),
    )


def calendar_of(office_id: int, around: date, zone: ZoneInfo) -> WorkingCalendar:
    """The calendar in force in an office for terms that begin around a day."""
    overrides = list(CalendarDay.select().where(CalendarDay.office == office_id))
    calendar = national_calendar(around.year, zone.key)
    if not overrides:
        return calendar
    return calendar.with_overrides(
        (row.day for row in overrides if not row.working), (row.day for row in overrides if row.working)
    )


def calendar_in(transaction: OfficeTransaction) -> WorkingCalendar:
    """The calendar for terms that begin in this transaction."""
    return calendar_of(transaction.office_id, transaction.day, transaction.zone)


def hours_of(office_id: int, day: date) -> Hours:
    """The hours in force in an office on a day; the standard ones until its admin says otherwise."""
    row = (
        OfficeHours.select()
        .where((OfficeHours.office == office_id) & (OfficeHours.valid_from <= day))
        .order_by(OfficeHours.valid_from.desc())
        .first()
    )
    return STANDARD_HOURS if row is None else to_hours(row.hours)


def hours_in(transaction: OfficeTransaction) -> Hours:
    """The hours for terms that begin in this transaction."""
    return hours_of(transaction.office_id, transaction.day)


def to_hours(times: list[str]) -> Hours:
    """Four local times such as "07:30" as office hours. Raises ValueError, DomainError("office_hours_malformed")."""
    opens, noon, again, closes = map(time.fromisoformat, times)
    return Hours((opens, noon), (again, closes))


def zone_of(office_id: int) -> ZoneInfo:
    """The office's time zone."""
    return ZoneInfo(Office.select(Office.zone).where(Office.id == office_id).scalar())
