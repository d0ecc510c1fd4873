"""Which times a line offers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.errors import DomainError
from kiosk.domain.slots import BookingRule, arrival, days_offered, slots_of

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = date(2026, 11, 23)
RULE = BookingRule(enabled=True, minutes=30, capacity=2, first="08:00", last="16:00")


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), HANOI)


OPEN = [(at(7, 30), at(11, 30)), (at(13), at(17))]


def times(rule: BookingRule = RULE, now: datetime | None = None, taken: dict | None = None, **more) -> list:
    slots = slots_of(rule, MONDAY, HANOI, more.get("spans", OPEN), taken or {}, now or at(6))
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def test_a_day_in_half_hours_leaves_lunch_out():
    shown = times()
    assert (shown[0], shown[-1]) == ("08:00", "16:00")
    assert "11:00" in shown
    assert not {"11:30", "12:00", "12:30"} & set(shown)
    assert shown[7] == "13:00"


def test_a_time_has_to_end_before_the_line_closes():
    assert "11:00" not in times(BookingRule(enabled=True, minutes=45, first="08:45", last="16:30"))
    assert times(RULE, spans=[(at(8), at(8, 29))]) == []


def test_what_has_begun_cannot_be_booked():
    assert times(now=at(9, 42))[0] == "10:00"
    assert times(now=at(10))[0] == "10:30"
    assert times(now=at(16)) == []


def test_a_full_time_is_shown_as_full():
    slots = slots_of(RULE, MONDAY, HANOI, OPEN, {at(8): 2, at(8, 30): 1, at(9): 5}, at(6))
    assert [slot.free for slot in slots[:4]] == [0, 1, 0, 2]


def test_bookings_are_counted_by_the_moment_and_not_by_its_zone():
    slots = slots_of(RULE, MONDAY, HANOI, OPEN, {at(8).astimezone(UTC): 2}, at(6))
    assert slots[0].free == 0


def test_days_ahead_and_weekdays():
    friday = date(2026, 11, 27)
    few = BookingRule(enabled=True, days_ahead=4, weekdays=(0, 4))
    assert days_offered(few, MONDAY) == [MONDAY, friday]
    assert days_offered(BookingRule(enabled=False), MONDAY) == []
    assert slots_of(few, date(2026, 11, 24), HANOI, OPEN, {}, at(6)) == []


def test_today_is_the_offices_day_and_not_greenwichs():
    """At one in the morning in Hà Nội it is still yesterday in Greenwich."""
    only_today = BookingRule(enabled=True, days_ahead=0)
    assert slots_of(only_today, MONDAY, HANOI, OPEN, {}, at(1).astimezone(UTC)) != []


@pytest.mark.parametrize(
    ("hour", "minute", "how"),
    [(9, 29, "early"), (9, 30, "on_time"), (10, 0, "on_time"), (10, 15, "on_time"), (10, 16, "late")],
)
def test_early_in_time_or_late(hour: int, minute: int, how: str):
    assert arrival(at(10), at(hour, minute), late_after_minutes=15).how == how


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 4}, {"minutes": 241}, {"capacity": 0}, {"days_ahead": -1}, {"days_ahead": 91}, {"first": "8:00"},
        {"first": "24:00"}, {"first": "16:30"}, {"weekdays": ()}, {"weekdays": (1, 1)}, {"weekdays": (7,)},
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(wrong: dict):
    with pytest.raises(DomainError) as refused:
        BookingRule(**{"enabled": True, **wrong}).check()
    assert refused.value.code == "booking_rule_malformed"


def test_a_rule_is_read_as_it_was_written():
    rule = BookingRule(enabled=True, weekdays=(1, 3), first="09:15", last="09:15")
    assert BookingRule.from_json(rule.to_json() | {"of a later version": 1}).check() == rule
