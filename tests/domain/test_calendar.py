"""Working days of an office, told with the holidays of the seed's half-year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.calendar import STANDARD_HOURS, OfficeHours, WorkingCalendar, local_day, local_time
from kiosk.domain.errors import DomainError

TET_2022 = [date(2022, 1, 31) + timedelta(days=offset) for offset in range(5)]
HALF_YEAR_2022 = frozenset(
    [date(2022, 1, 3), *TET_2022, date(2022, 4, 11), date(2022, 5, 2), date(2022, 5, 3)]
)
CALENDAR = WorkingCalendar(HALF_YEAR_2022)
SWAPPED = WorkingCalendar(
    holidays=frozenset([date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)]),
    extra_working_days=frozenset([date(2024, 5, 4)]),
)
days = st.dates(date(2021, 1, 1), date(2027, 12, 31))
sets_of_days = st.frozensets(st.dates(date(2022, 1, 1), date(2022, 3, 31)), max_size=20)


def test_the_seed_period_has_121_working_days_of_130_weekdays():
    period = [date(2021, 12, 15) + timedelta(days=offset) for offset in range(182)]
    assert period[-1] == date(2022, 6, 14)
    assert sum(day.weekday() < 5 for day in period) == 130
    assert sum(CALENDAR.is_working_day(day) for day in period) == 121
    assert CALENDAR.working_days_between(date(2021, 12, 14), date(2022, 6, 14)) == 121


def test_a_saturday_worked_in_exchange_for_a_bridge_day_counts():
    assert not SWAPPED.is_working_day(date(2024, 4, 29))  # a Monday, off
    assert SWAPPED.is_working_day(date(2024, 5, 4))  # a Saturday, worked
    assert not SWAPPED.is_working_day(date(2024, 5, 11))  # an ordinary Saturday
    assert SWAPPED.next_working_day(date(2024, 5, 3)) == date(2024, 5, 4)
    assert SWAPPED.add_working_days(date(2024, 4, 26), 3) == date(2024, 5, 4)


def test_next_is_strictly_after_and_roll_forward_may_stay():
    monday, friday, saturday = date(2022, 6, 13), date(2022, 6, 17), date(2022, 6, 18)
    assert CALENDAR.next_working_day(friday) == date(2022, 6, 20)
    assert CALENDAR.roll_forward(friday) == friday
    assert CALENDAR.roll_forward(saturday) == date(2022, 6, 20)
    assert CALENDAR.previous_working_day(monday) == date(2022, 6, 10)
    assert CALENDAR.previous_working_day(date(2022, 2, 7)) == date(2022, 1, 28)  # across Tết


def test_adding_no_working_day_rolls_forward_and_a_negative_count_is_a_mistake():
    assert CALENDAR.add_working_days(date(2022, 1, 29), 0) == date(2022, 2, 7)
    with pytest.raises(ValueError, match="counted forward"):
        CALENDAR.add_working_days(date(2022, 1, 29), -1)


def test_the_admins_word_wins_over_weekend_holiday_and_swap():
    flood, open_saturday, tet_duty = date(2022, 6, 15), date(2022, 6, 18), date(2022, 1, 31)
    office = CALENDAR.with_overrides(days_off=[flood], days_on=[open_saturday, tet_duty])
    assert not office.is_working_day(flood)
    assert office.is_working_day(open_saturday)
    assert office.is_working_day(tet_duty)
    assert not SWAPPED.with_overrides([date(2024, 5, 4)], []).is_working_day(date(2024, 5, 4))
    assert office.with_overrides([tet_duty], [flood]).is_working_day(flood)  # the later word wins
    assert CALENDAR.is_working_day(flood)  # the calendar it came from is untouched


def test_a_day_cannot_be_overridden_both_ways():
    with pytest.raises(DomainError) as refusal:
        CALENDAR.with_overrides([date(2022, 6, 15)], [date(2022, 6, 15)])
    assert refusal.value.code == "day_both_on_and_off"
    assert refusal.value.fields == {"day": "2022-06-15"}


def test_a_deadline_beyond_the_loaded_years_is_refused_and_not_guessed():
    only_2021 = WorkingCalendar(frozenset(), years=frozenset([2021]))
    assert only_2021.add_working_days(date(2021, 12, 28), 3) == date(2021, 12, 31)
    with pytest.raises(DomainError) as refusal:
        only_2021.add_working_days(date(2021, 12, 28), 4)
    assert (refusal.value.code, refusal.value.fields) == ("calendar_year_missing", {"year": 2022})


def test_a_datetime_is_not_taken_for_a_day():
    with pytest.raises(TypeError):
        CALENDAR.is_working_day(datetime(2022, 2, 1, 9, tzinfo=UTC))


def test_the_desks_close_for_lunch_and_at_five():
    opening = {time(7, 29): False, time(7, 30): True, time(11, 29): True, time(11, 30): False}
    opening |= {time(13, 29): False, time(13, 30): True, time(16, 59): True, time(17): False}
    assert {at: STANDARD_HOURS.is_open(at) for at in opening} == opening
    assert (STANDARD_HOURS.opens, STANDARD_HOURS.closes) == (time(7, 30), time(17))


@pytest.mark.parametrize(
    ("morning", "afternoon"),
    [
        ((time(11, 30), time(7, 30)), (time(13, 30), time(17))),
        ((time(7, 30), time(14)), (time(13, 30), time(17))),
        ((time(7, 30), time(7, 30)), (time(13, 30), time(17))),
        ((time(7, 30), time(11, 30)), (time(17), time(17))),
    ],
)
def test_office_hours_out_of_order_are_refused(morning, afternoon):
    with pytest.raises(DomainError, match="office_hours_malformed"):
        OfficeHours(morning, afternoon)


def test_an_office_without_lunch_break_is_fine():
    assert OfficeHours((time(7), time(12)), (time(12), time(16))).is_open(time(12))


def test_the_day_is_the_offices_day_around_midnight():
    assert local_day(datetime(2022, 6, 13, 16, 59, 59, tzinfo=UTC), "Asia/Ho_Chi_Minh") == date(2022, 6, 13)
    assert local_day(datetime(2022, 6, 13, 17, 0, tzinfo=UTC), "Asia/Ho_Chi_Minh") == date(2022, 6, 14)
    assert local_day(datetime(2022, 6, 13, 17, 0, tzinfo=UTC), ZoneInfo("Asia/Ho_Chi_Minh")) == date(
        2022, 6, 14
    )


def test_a_moment_without_zone_is_refused():
    with pytest.raises(DomainError, match="moment_without_zone"):
        local_time(datetime(2022, 6, 13, 9), "Asia/Ho_Chi_Minh")  # noqa: DTZ001 the very mistake under test


@given(day=days)
def test_next_working_day_is_the_nearest_later_one(day):
    later = CALENDAR.next_working_day(day)
    assert later > day
    assert CALENDAR.is_working_day(later)
    between = (day + timedelta(days=offset) for offset in range(1, (later - day).days))
    assert not any(CALENDAR.is_working_day(skipped) for skipped in between)


@given(day=days, count=st.integers(1, 60))
def test_counting_forward_and_counting_between_agree(day, count):
    end = CALENDAR.add_working_days(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.working_days_between(day, end) == count
    assert CALENDAR.working_days_between(end, day) == 0


@given(off=sets_of_days, on=sets_of_days, day=st.dates(date(2022, 1, 1), date(2022, 3, 31)))
def test_an_override_changes_its_days_and_no_other(off, on, day):
    off -= on
    office = CALENDAR.with_overrides(off, on)
    expected = day in on or (day not in off and CALENDAR.is_working_day(day))
    assert office.is_working_day(day) is expected
