"""Which days and hours an office works: weekends, public holidays, swapped Saturdays, overrides.

The sets of days are handed in (a service reads them from the holiday package and the override
table), so this module knows no year, no clock and no country by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from kiosk.domain.errors import DomainError

Interval = tuple[time, time]
"""Opening and closing time, in the office's own zone."""

OFFICE_ZONE = "Asia/Ho_Chi_Minh"
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OfficeHours:
    """When the desks are open on a working day, as local times.

    Raises `office_hours_malformed` when the four times are not in rising order.
    """

    morning: Interval = (time(7, 30), time(11, 30))
    afternoon: Interval = (time(13, 30), time(17, 0))

    def __post_init__(self) -> None:
        times = (*self.morning, *self.afternoon)
        lunch_may_be_empty = 1
        for place, (earlier, later) in enumerate(pairwise(times)):
            if earlier > later or (earlier == later and place != lunch_may_be_empty):
                raise DomainError("office_hours_malformed", at=later.isoformat("minutes"))

    @property
    def intervals(self) -> tuple[Interval, Interval]:
        """Morning and afternoon, in order."""
        return self.morning, self.afternoon

    @property
    def opens(self) -> time:
        """The first minute of the working day."""
        return self.morning[0]

    @property
    def closes(self) -> time:
        """The end of the working day."""
        return self.afternoon[1]

    def is_open(self, at: time) -> bool:
        """Whether the desks are open at this local time; the closing minute itself is closed."""
        return any(start <= at < end for start, end in self.intervals)


STANDARD_HOURS = OfficeHours()
"""07:30-11:30 and 13:30-17:00, what an office has until its admin says otherwise."""


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one office.

    `extra_working_days` are the Saturdays worked in exchange for a bridge day (29/4/2024 for 4/5/2024);
    they win over weekend and holiday. `years` names the years whose holidays were loaded: a deadline
    that leaves them raises `calendar_year_missing` instead of silently counting Tết as working days.
    """

    holidays: frozenset[date]
    extra_working_days: frozenset[date] = frozenset()
    zone: str = OFFICE_ZONE
    years: frozenset[int] | None = None

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on this day; raises `calendar_year_missing`."""
        if isinstance(day, datetime):  # a datetime is a date, yet never equal to one in the sets
            raise TypeError("a working day is asked of a date, not of a datetime")
        if self.years is not None and day.year not in self.years:
            raise DomainError("calendar_year_missing", year=day.year)
        if day in self.extra_working_days:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working_day(self, day: date) -> date:
        """The first working day strictly after this one."""
        return self.roll_forward(day + ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """The last working day strictly before this one."""
        day -= ONE_DAY
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def roll_forward(self, day: date) -> date:
        """This day if the office works, else the next working day (Civil Code 2015, Đ.148.5)."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted (Đ.147.2).

        A count of 0 rolls forward. `day` may be a day off. Raises ValueError on a negative count.
        """
        if count < 0:
            raise ValueError("working days are counted forward")
        if count == 0:
            return self.roll_forward(day)
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`; 0 if end <= start."""
        span = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in span)

    def with_overrides(self, days_off: Iterable[date], days_on: Iterable[date]) -> WorkingCalendar:
        """The same calendar corrected by the admin, whose word wins over weekend, holiday and swap.

        Raises `day_both_on_and_off` when a day is given twice.
        """
        off, on = frozenset(days_off), frozenset(days_on)
        if both := off & on:
            raise DomainError("day_both_on_and_off", day=min(both).isoformat())
        return replace(
            self,
            holidays=self.holidays | off,
            extra_working_days=(self.extra_working_days | on) - off,
        )


def local_time(moment: datetime, zone: str | tzinfo) -> datetime:
    """The same moment on the clock of this zone; raises `moment_without_zone` for a naive one."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise DomainError("moment_without_zone")
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def local_day(moment: datetime, zone: str | tzinfo) -> date:
    """The calendar day of this moment in the office's zone: 17:30 UTC is already tomorrow here."""
    return local_time(moment, zone).date()
