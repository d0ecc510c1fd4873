"""The legal clock, told with the Tết of 2022 (31/1-4/2 off, 28/1 a Friday)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.calendar import OfficeHours, WorkingCalendar
from kiosk.domain.deadlines import (
    Term,
    TimeUnit,
    apology_allowed,
    due_at,
    due_on,
    extend_by_pause,
    extended_due_on,
    forward_by,
    open_status,
    punctuality,
    restart,
    supplement_notice_by,
)
from kiosk.domain.errors import DomainError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TET_2022 = [date(2022, 1, 31) + timedelta(days=offset) for offset in range(5)]
CALENDAR = WorkingCalendar(
    frozenset([date(2022, 1, 3), *TET_2022, date(2022, 4, 11), date(2022, 5, 2), date(2022, 5, 3)])
)
moments = st.datetimes(datetime(2021, 6, 1), datetime(2026, 6, 1), timezones=st.just(ZONE))  # noqa: DTZ001 bounds are naive by contract
counts = st.integers(1, 60)


def at(day: int, month: int, year: int = 2022, clock: str = "09:00") -> datetime:
    return datetime.combine(date(year, month, day), time.fromisoformat(clock), tzinfo=ZONE)


def working_days(value: int) -> Term:
    return Term(value, TimeUnit.WORKING_DAYS)


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("received", [at(29, 1), at(28, 1, clock="16:30"), at(28, 1, clock="07:30")])
def test_three_working_days_over_tet_end_on_9_february(received):
    assert due_on(working_days(3), received, CALENDAR) == date(2022, 2, 9)


def test_the_clock_runs_on_the_offices_day_whatever_zone_the_moment_comes_in():
    evening_utc = datetime(2022, 6, 13, 17, 30, tzinfo=UTC)  # 00:30 of 14/6 in the office
    assert due_on(working_days(1), evening_utc, CALENDAR) == date(2022, 6, 15)


def test_calendar_days_count_weekends_but_do_not_end_on_one():
    assert due_on(Term(10, TimeUnit.CALENDAR_DAYS), at(6, 6), CALENDAR) == date(2022, 6, 16)
    assert due_on(Term(5, TimeUnit.CALENDAR_DAYS), at(6, 6), CALENDAR) == date(2022, 6, 13)  # 11/6 Saturday
    assert due_on(Term(4, TimeUnit.CALENDAR_DAYS), at(27, 1), CALENDAR) == date(2022, 2, 7)  # 31/1 Tết


def test_a_swapped_saturday_ends_a_term():
    swapped = CALENDAR.with_overrides(days_off=[], days_on=[date(2022, 6, 11)])
    assert due_on(Term(5, TimeUnit.CALENDAR_DAYS), at(6, 6), swapped) == date(2022, 6, 11)
    assert due_on(working_days(5), at(6, 6), swapped) == date(2022, 6, 11)


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        (at(15, 3), 2, date(2022, 5, 16)),  # 15/5 is a Sunday
        (at(31, 1, 2023), 1, date(2023, 2, 28)),  # no 31/2
        (at(31, 12, 2023), 2, date(2024, 2, 29)),  # leap year, over New Year
        (at(30, 11), 12, date(2023, 11, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(received, months, due):
    assert due_on(Term(months, TimeUnit.MONTHS), received, CALENDAR) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (at(13, 6, clock="15:00"), date(2022, 6, 13)),
        (at(13, 6, clock="15:00:01"), date(2022, 6, 14)),
        (at(17, 6, clock="16:00"), date(2022, 6, 20)),  # Friday afternoon
        (at(18, 6, clock="09:00"), date(2022, 6, 20)),  # Saturday
        (at(18, 6, clock="16:00"), date(2022, 6, 20)),
        (at(28, 1, clock="15:30"), date(2022, 2, 7)),
    ],
)
def test_same_day_means_today_until_three_o_clock(received, due):
    assert due_on(Term(0, TimeUnit.SAME_DAY), received, CALENDAR) == due
    assert forward_by(received, CALENDAR) == due  # the same rule sends it on to the deciding agency


def test_a_procedure_may_have_its_own_cutoff():
    until_eleven = Term(0, TimeUnit.SAME_DAY, same_day_cutoff=time(11, 0))
    assert due_on(until_eleven, at(13, 6, clock="14:00"), CALENDAR) == date(2022, 6, 14)


def test_mortgage_registration_is_same_day_and_extendable_to_three_working_days():
    term = Term(0, TimeUnit.SAME_DAY, extendable_to_working_days=3)
    assert due_on(term, at(10, 6), CALENDAR) == date(2022, 6, 10)
    assert extended_due_on(term, at(10, 6), CALENDAR) == date(2022, 6, 15)
    with pytest.raises(DomainError, match="term_not_extendable"):
        extended_due_on(working_days(3), at(10, 6), CALENDAR)


def test_without_a_term_there_is_no_due_date():
    assert due_on(Term(0, TimeUnit.NONE), at(10, 6), CALENDAR) is None
    assert due_on(None, at(10, 6), CALENDAR) is None
    assert due_at(None, at(10, 6), CALENDAR) is None
    assert due_at(working_days(3), at(10, 6), CALENDAR) is None


# --- hours --------------------------------------------------------------------------------------


def test_24_clock_hours_run_through_the_night_and_roll_off_the_weekend():
    urgent = Term(24, TimeUnit.HOURS)
    assert due_at(urgent, at(13, 6, clock="16:45"), CALENDAR) == at(14, 6, clock="16:45")
    assert due_at(urgent, at(17, 6, clock="16:45"), CALENDAR) == at(20, 6, clock="16:45")
    assert due_on(urgent, at(28, 1), CALENDAR) == date(2022, 2, 7)


@pytest.mark.parametrize(
    ("hours", "received", "due"),
    [
        (2, at(13, 6, clock="09:00"), at(13, 6, clock="11:00")),
        (2, at(13, 6, clock="10:30"), at(13, 6, clock="14:30")),  # half an hour after lunch
        (4, at(13, 6, clock="12:00"), at(14, 6, clock="08:00")),  # lunch: starts at 13:30
        (4, at(13, 6, clock="15:00"), at(14, 6, clock="09:30")),
        (1, at(17, 6, clock="18:00"), at(20, 6, clock="08:30")),  # Friday evening: Monday's opening
        (6, at(28, 1, clock="16:00"), at(7, 2, clock="14:30")),
        (8, at(13, 6, clock="09:00"), at(14, 6, clock="09:00")),  # eight hours are one working day
        (16, at(16, 6, clock="15:00"), at(20, 6, clock="15:00")),
        (12, at(13, 6, clock="15:00"), at(15, 6, clock="09:30")),
        (8, at(13, 6, clock="05:00"), at(13, 6, clock="17:00")),  # from opening to closing of one day
        (8, at(12, 6, clock="10:00"), at(13, 6, clock="17:00")),  # Sunday
        (8, at(13, 6, clock="13:30"), at(14, 6, clock="11:30")),
        (4, at(13, 6, clock="07:30"), at(13, 6, clock="11:30")),
    ],
)
def test_working_hours_run_while_the_desks_are_open(hours, received, due):
    term = Term(hours, TimeUnit.WORKING_HOURS)
    assert due_at(term, received, CALENDAR) == due
    assert due_on(term, received, CALENDAR) == due.date()


def test_a_short_office_day_is_still_one_working_day():
    mornings = OfficeHours((time(8), time(10)), (time(10), time(11)))
    seven, eight = (due_at(Term(n, TimeUnit.WORKING_HOURS), at(13, 6), CALENDAR, mornings) for n in (7, 8))
    assert seven == eight == at(14, 6, clock="09:00")


# --- what the law adds ---------------------------------------------------------------------------


def test_a_supplement_restarts_the_whole_term():
    received, complete_on_day_20 = at(3, 6), at(1, 7)  # the supplement was asked on day 2 of 5
    assert CALENDAR.working_days_between(received.date(), complete_on_day_20.date()) == 20
    assert due_on(working_days(5), received, CALENDAR) == date(2022, 6, 10)
    assert restart(working_days(5), complete_on_day_20, CALENDAR) == date(2022, 7, 8)
    assert restart(None, complete_on_day_20, CALENDAR) is None


def test_where_the_law_only_pauses_the_clock_the_waiting_days_are_added():
    due = due_on(working_days(5), at(3, 6), CALENDAR)
    assert extend_by_pause(working_days(5), due, at(7, 6), at(9, 6), CALENDAR) == date(2022, 6, 14)
    calendar_days = Term(7, TimeUnit.CALENDAR_DAYS)
    assert extend_by_pause(calendar_days, date(2022, 6, 10), at(3, 6), at(4, 6), CALENDAR) == date(
        2022, 6, 13
    )
    assert extend_by_pause(Term(0, TimeUnit.NONE), None, at(3, 6), at(4, 6), CALENDAR) is None


def test_a_supplement_is_asked_within_three_working_days():
    assert supplement_notice_by(at(28, 1, clock="16:30"), CALENDAR) == date(2022, 2, 9)
    assert supplement_notice_by(at(13, 6), CALENDAR) == date(2022, 6, 16)


def test_after_three_the_transfer_moves_but_not_the_due_date():
    before, after = at(13, 6, clock="14:59"), at(13, 6, clock="15:01")
    assert forward_by(before, CALENDAR) != forward_by(after, CALENDAR)
    assert due_on(working_days(3), before, CALENDAR) == due_on(working_days(3), after, CALENDAR)


def test_punctuality_is_by_dates_and_no_due_date_is_on_time():
    due = date(2022, 6, 10)
    assert punctuality(date(2022, 6, 9), due) == "early"
    assert punctuality(date(2022, 6, 10), due) == "on_time"
    assert punctuality(date(2022, 6, 11), due) == "late"
    assert punctuality(date(2022, 6, 11), None) == "on_time"


def test_an_open_dossier_is_in_time_through_its_due_date():
    assert open_status(date(2022, 6, 14), date(2022, 6, 14)) == "in_time"
    assert open_status(date(2022, 6, 13), date(2022, 6, 14)) == "overdue"
    assert open_status(None, date(2022, 6, 14)) == "in_time"


def test_an_apology_comes_a_day_before_expiry_and_only_once():
    due = date(2022, 6, 10)
    assert apology_allowed(date(2022, 6, 9), due, already_reappointed=False)
    assert not apology_allowed(date(2022, 6, 10), due, already_reappointed=False)
    assert not apology_allowed(date(2022, 6, 9), due, already_reappointed=True)
    assert not apology_allowed(date(2022, 6, 9), None, already_reappointed=False)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [0, -1, 10_000, 2.5, True, "3", None])
def test_a_term_counts_whole_units(value):
    with pytest.raises(DomainError, match="term_malformed"):
        Term(value, TimeUnit.WORKING_DAYS)
    with pytest.raises(DomainError, match="term_malformed"):
        Term(3, TimeUnit.WORKING_DAYS, extendable_to_working_days=value if value is not None else 0)


def test_a_unit_read_from_a_file_is_understood_or_refused():
    assert due_on(Term(24, "hours"), at(13, 6), CALENDAR) == date(2022, 6, 14)
    with pytest.raises(DomainError, match="term_malformed"):
        Term(3, "fortnights")


@pytest.mark.parametrize("term", [working_days(1), Term(1, TimeUnit.HOURS), Term(0, TimeUnit.NONE), None])
def test_a_start_without_zone_is_refused_for_every_term(term):
    with pytest.raises(DomainError, match="moment_without_zone"):
        due_on(term, datetime(2022, 6, 13, 9), CALENDAR)  # noqa: DTZ001 the very mistake under test


# --- always --------------------------------------------------------------------------------------

counted_units = st.sampled_from([unit for unit in TimeUnit if unit is not TimeUnit.NONE])


@given(unit=counted_units, value=counts, start=moments)
def test_a_due_date_is_a_working_day_never_before_the_start(unit, value, start):
    due = due_on(Term(value, unit), start, CALENDAR)
    assert due is not None
    assert CALENDAR.is_working_day(due)
    assert due >= start.date()


@given(unit=counted_units, value=counts, start=moments, later=st.timedeltas(timedelta(0), timedelta(days=9)))
def test_who_comes_later_is_never_due_earlier(unit, value, start, later):
    term = Term(value, unit)
    first, second = due_on(term, start, CALENDAR), due_on(term, start + later, CALENDAR)
    assert first is not None
    assert second is not None
    assert first <= second


@given(unit=counted_units, value=counts, start=moments)
def test_a_longer_term_never_ends_earlier(unit, value, start):
    shorter, longer = (due_on(Term(n, unit), start, CALENDAR) for n in (value, value + 1))
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


@given(value=counts, start=moments)
def test_an_hour_term_ends_after_its_start_inside_the_opening_hours(value, start):
    end = due_at(Term(value, TimeUnit.WORKING_HOURS), start, CALENDAR)
    assert end is not None
    assert end > start
    assert time(7, 30) < end.time() <= time(11, 30) or time(13, 30) < end.time() <= time(17)


@given(value=counts, start=moments)
def test_the_day_of_receipt_is_not_counted(value, start):
    due = due_on(working_days(value), start, CALENDAR)
    assert due is not None
    assert CALENDAR.working_days_between(start.date(), due) == value
