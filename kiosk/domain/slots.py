"""Times that can be booked: which days and hours a line offers, and what is still free of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.errors import DomainError

CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LEAST_MINUTES, MOST_MINUTES = 5, 240
MOST_CAPACITY = 50
MOST_DAYS_AHEAD = 90
EARLY = timedelta(minutes=30)
"""Whoever comes sooner than this before a booked time is asked to wait: the time before belongs to others."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class BookingRule:
    """The times a line offers: every `minutes` from `first` to `last` (local times at which one begins), `capacity`
    visitors each, on `weekdays` (0 is Monday) that are working days, up to `days_ahead` days from today."""

    enabled: bool = False
    minutes: int = 30
    capacity: int = 2
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_ahead: int = 14
    first: str = "08:00"
    last: str = "16:00"

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> BookingRule:
        """Read what `to_json` wrote; what is left out or unknown to this version is as by default."""
        known = {each.name for each in fields(cls)}
        chosen = {key: value for key, value in values.items() if key in known}
        if "weekdays" in chosen:
            chosen["weekdays"] = tuple(chosen["weekdays"])
        return cls(**chosen)

    def to_json(self) -> dict[str, Any]:
        """The rule as plain JSON values."""
        return {**asdict(self), "weekdays": list(self.weekdays)}

    def check(self) -> BookingRule:
        """The rule itself. Raises DomainError("booking_rule_malformed", field)."""
        _within("minutes", self.minutes, LEAST_MINUTES, MOST_MINUTES)
        _within("capacity", self.capacity, 1, MOST_CAPACITY)
        _within("days_ahead", self.days_ahead, 0, MOST_DAYS_AHEAD)
        for name in ("first", "last"):
            if not CLOCK_TIME.fullmatch(getattr(self, name)):
                raise DomainError("booking_rule_malformed", field=name)
        if self.last < self.first:
            raise DomainError("booking_rule_malformed", field="last")
        days = self.weekdays
        if len(set(days)) != len(days) or not all(0 <= day <= 6 for day in days) or not days:
            raise DomainError("booking_rule_malformed", field="weekdays")
        return self


@dataclass(frozen=True)
class Slot:
    """One time of a line: when it begins, how long it is meant to last, and how many may still book it."""

    starts_at: datetime
    minutes: int
    free: int


def days_offered(rule: BookingRule, today: date) -> list[date]:
    """The days within reach that fall on one of the rule's weekdays; which of them are working days, others know."""
    if not rule.enabled:
        return []
    days = (today + timedelta(days=n) for n in range(rule.days_ahead + 1))
    return [day for day in days if day.weekday() in rule.weekdays]


def slots_of(
    rule: BookingRule,
    day: date,
    zone: ZoneInfo,
    spans: Sequence[Span],
    taken: Mapping[datetime, int],
    now: datetime,
) -> list[Slot]:
    """The times of a day that are still to come and lie wholly in `spans`, in which the line is served.

    `taken` counts bookings by beginning. Times without a free place are listed with `free` 0; a day that the rule
    does not offer has none.
    """
    if day not in days_offered(rule, now.astimezone(zone).date()):
        return []
    length = timedelta(minutes=rule.minutes)
    slots = []
    begin, last = _at(day, rule.first, zone), _at(day, rule.last, zone)
    while begin <= last:
        served = any(opens <= begin and begin + length <= closes for opens, closes in spans)
        if served and begin > now:
            slots.append(Slot(begin, rule.minutes, max(0, rule.capacity - taken.get(begin, 0))))
        begin += length
    return slots


@dataclass(frozen=True)
class Arrival:
    """How somebody comes to a booked time: `early`, `on_time` or `late`; `opens_at` is when one may come."""

    how: str
    opens_at: datetime


def arrival(starts_at: datetime, now: datetime, late_after_minutes: int) -> Arrival:
    """Whether it is too early, in time, or too late for the place that was kept."""
    opens_at = starts_at - EARLY
    if now < opens_at:
        return Arrival("early", opens_at)
    late = now > starts_at + timedelta(minutes=late_after_minutes)
    return Arrival("late" if late else "on_time", opens_at)


def _at(day: date, local: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(local), zone)


def _within(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise DomainError("booking_rule_malformed", field=name, least=least, most=most)
