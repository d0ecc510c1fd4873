"""A year as its admin sees it: each day with what it is and why, and who changed what."""

from __future__ import annotations

import json
from calendar import Calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.database import connection
from kiosk.domain.calendar import SATURDAY
from kiosk.domain.events import CalendarChanged, OfficeHoursChanged
from kiosk.models import CalendarDay, Journal
from kiosk.services.calendar_of import last_announced_year, national_days, swapped_days
from kiosk.services.manage_calendar import overrides, stands
from kiosk.services.manage_users import names_by_id

MONDAY_FIRST = Calendar(firstweekday=0)
FIRST_YEAR, LAST_YEAR = 1901, 2100
"""Years a calendar can be reckoned for at all: the lunar tables end there."""


@dataclass(frozen=True)
class Day:
    """One day: `kind` is working, weekend, holiday, swapped (a worked weekend), off or on (the admin's word).

    `name` is the holiday's, `reason` the admin's.
    """

    day: date
    kind: str
    name: str = ""
    reason: str = ""

    @property
    def works(self) -> bool:
        """Whether the office works on it."""
        return self.kind in {"working", "swapped", "on"}


@dataclass(frozen=True)
class Year:
    """Twelve months of weeks, Monday first, None outside the month; `known` is False without holiday data.

    `announced` is False while the government has not yet said which days are swapped.
    """

    year: int
    known: bool
    announced: bool = False
    months: tuple[tuple[tuple[Day | None, ...], ...], ...] = ()

    @property
    def days(self) -> list[Day]:
        """All days in order."""
        return [day for month in self.months for week in month for day in week if day is not None]

    @property
    def working_days(self) -> int:
        """How many days the office works."""
        return sum(day.works for day in self.days)

    @property
    def special(self) -> list[Day]:
        """Every day that is not simply a working day or a weekend."""
        return [day for day in self.days if day.kind not in {"working", "weekend"}]


def calendar_year(office_id: int, year: int) -> Year:
    """The year in an office; one without holiday data has no months."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not national_days(year):
        return Year(year, known=False)
    own = overrides(office_id, year)
    months = tuple(
        tuple(
            tuple(_day(date(year, month, number), own) if number else None for number in week)
            for week in MONDAY_FIRST.monthdayscalendar(year, month)
        )
        for month in range(1, 13)
    )
    return Year(year, True, year <= last_announced_year(), months)


def calendar_changes(office_id: int, most: int = 30) -> list[dict[str, Any]]:
    """The newest changes of days and hours, newest first: {seq, at, kind, facts, by, can_undo}."""
    kinds = [CalendarChanged.kind, OfficeHoursChanged.kind]
    with connection():
        wanted = (Journal.office == office_id) & (Journal.kind << kinds)
        rows = list(Journal.select().where(wanted).order_by(Journal.seq.desc()).limit(most))
        own = {row.day: row.working for row in CalendarDay.select().where(CalendarDay.office == office_id)}
    users = names_by_id(office_id)
    entries = []
    for row in rows:
        facts = json.loads(row.facts)
        kind, _, number = row.actor.partition(":")
        entries.append(
            {
                "seq": row.seq,
                "at": row.at,
                "kind": row.kind,
                "facts": facts,
                "by": users.get(int(number), "") if kind == "user" and number.isdecimal() else "",
                "can_undo": row.kind == CalendarChanged.kind and stands(facts, own),
            }
        )
    return entries


def _day(day: date, own: dict[date, CalendarDay]) -> Day:
    name = national_days(day.year).get(day, "")
    if day in own:
        return Day(day, "on" if own[day].working else "off", name, own[day].reason)
    if day in swapped_days(day.year):
        return Day(day, "swapped", name)
    if name:
        return Day(day, "holiday", name)
    return Day(day, "weekend" if day.weekday() >= SATURDAY else "working")
