"""A range of minutes that is honest: wider with less knowledge, never before it can be, with breaks told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.forecast import (
    DEFAULT_PACE,
    Pace,
    Queue,
    ends_after,
    is_inside,
    pace_of,
    remaining,
    wait_range,
    width_after,
)
from tests.factories import HANOI

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=HANOI)
STEADY = Pace(300, 60, 100)


def queue(ahead: int, *free_in: float, pace: Pace = STEADY, **how: object) -> Queue:
    return Queue(ahead, pace, free_in, **how)


def test_nobody_ahead_and_an_idle_counter_is_no_wait() -> None:
    assert wait_range(queue(0, 0.0, 200.0), NOW) == (0, 0)


def test_nobody_ahead_and_all_counters_busy_is_a_wait() -> None:
    low, high = wait_range(queue(0, 300.0, 240.0), NOW)
    assert low <= 4 <= high
    assert high >= 1


def test_two_counters_halve_the_wait() -> None:
    one, two = wait_range(queue(12, 0.0), NOW), wait_range(queue(12, 0.0, 0.0), NOW)
    assert one[0] <= 60 <= one[1]
    assert two[0] <= 30 <= two[1]


def test_no_counter_open_is_reckoned_with_one() -> None:
    assert wait_range(queue(4), NOW) == wait_range(queue(4, 0.0), NOW)


def test_a_line_without_experience_is_told_wider() -> None:
    new = wait_range(queue(6, 0.0, pace=Pace(300, 60, 0)), NOW)
    known = wait_range(queue(6, 0.0), NOW)
    assert new[1] - new[0] > known[1] - known[0]


def test_lunch_is_part_of_the_wait() -> None:
    lunch = (datetime(2026, 11, 25, 11, 30, tzinfo=HANOI), datetime(2026, 11, 25, 13, 30, tzinfo=HANOI))
    before_lunch = NOW.replace(hour=11, minute=20)
    low, high = wait_range(queue(12, 0.0, breaks=[lunch]), before_lunch)
    assert low >= 130
    assert high >= low
    assert wait_range(queue(1, 0.0, breaks=[lunch]), NOW)[1] < 30, "lunch is far away"


def test_in_the_middle_of_lunch_what_is_left_of_it_counts() -> None:
    lunch = (datetime(2026, 11, 25, 11, 30, tzinfo=HANOI), datetime(2026, 11, 25, 13, 30, tzinfo=HANOI))
    low, _ = wait_range(queue(2, 0.0, breaks=[lunch]), NOW.replace(hour=13, minute=0))
    assert 30 <= low < 60


@given(
    ahead=st.integers(0, 2_000),
    mean=st.floats(30, 3_000),
    deviation=st.floats(0, 2_000),
    visits=st.integers(0, 500),
    free=st.lists(st.floats(0, 3_600), max_size=12),
)
def test_a_range_is_a_range(
    ahead: int, mean: float, deviation: float, visits: int, free: list[float]
) -> None:
    low, high = wait_range(Queue(ahead, Pace(mean, deviation, visits), free), NOW)
    assert 0 <= low <= high
    assert (low, high) == (0, 0) or high >= 1


@given(ahead=st.integers(0, 300), free=st.lists(st.floats(0, 1_000), min_size=1, max_size=8))
def test_more_people_ahead_is_never_sooner(ahead: int, free: list[float]) -> None:
    now, later = wait_range(queue(ahead, *free), NOW), wait_range(queue(ahead + 1, *free), NOW)
    assert later[1] >= now[1]


def test_what_cannot_be_a_visit_teaches_nothing() -> None:
    assert pace_of([300, 300, 9_999, -5, 0]) == Pace(300, 0, 2)
    assert pace_of([9_999]) == DEFAULT_PACE


def test_a_visit_that_lasts_is_never_taken_to_end_at_once() -> None:
    assert remaining(10, STEADY) > remaining(250, STEADY) > 0
    assert remaining(10_000, STEADY) == pytest.approx(STEADY.believed.mean / 4)


def test_inside_is_counted_in_whole_minutes() -> None:
    assert [is_inside(2, 3, seconds) for seconds in (119, 120, 239, 240)] == [False, True, True, False]


def test_ranges_widen_after_a_bad_day_and_narrow_after_a_good_one() -> None:
    assert width_after(1.0, 10, 100) > 1.5
    assert width_after(1.0, 99, 100) < 1.0
    assert width_after(1.0, 0, 3) == 1.0
    assert width_after(2.9, 0, 100) == 3.0


def test_whether_a_visit_ends_before_closing() -> None:
    closing = NOW + timedelta(minutes=60)
    assert ends_after(NOW, (10, 20), 300, closing) == "yes"
    assert ends_after(NOW, (30, 80), 300, closing) == "maybe"
    assert ends_after(NOW, (70, 90), 300, closing) == "no"
