"""Waits, ways and services are kept apart; what nobody knows is counted and left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kiosk.services.look.overview_times import Spell, Spread, day_times
from tests.factories import OPENING


def spell(wait: int, way: int | None, service: int | None, **fields: Any) -> Spell:
    """A turn of so many seconds of each."""
    called = OPENING + timedelta(seconds=wait)
    started = None if way is None else called + timedelta(seconds=way)
    ended = None if service is None else (started or called) + timedelta(seconds=service)
    given = {"ticket": 1, "line": 1, "counter": 1, "user": None, "outcome": "finished", "parked_seconds": 0}
    times = {"waiting_from": OPENING, "called_at": called, "started_at": started, "ended_at": ended}
    return Spell(**{**given, **times, **fields})


@pytest.mark.parametrize(
    ("seconds", "median", "p90", "mean"),
    [
        ([], None, None, None),
        ([30], 30, 30, 30),
        ([10, 20], 10, 20, 15),
        (list(range(1, 11)), 5, 9, 6),
        ([60] * 9 + [6000], 60, 60, 654),
        ([-5, 5], 0, 5, 2),
    ],
)
def test_a_spread_says_the_middle_and_what_nine_of_ten_stay_under(
    seconds: list[float], median: int | None, p90: int | None, mean: int | None
) -> None:
    assert Spread.of(seconds) == Spread(len(seconds), median, p90, mean)


def test_the_three_times_are_never_added_up() -> None:
    times = day_times([spell(600, 40, 300, ticket=1), spell(1200, 60, 500, ticket=2, counter=2)])
    assert (times.hall.waits, times.hall.ways, times.hall.services) == ([600, 1200], [40, 60], [300, 500])
    assert times.counters[2].services == [500]
    assert times.lines[1].services == [300, 500]


def test_who_did_not_come_waited_and_was_not_served() -> None:
    times = day_times([spell(600, None, 90, outcome="no_show")]).hall
    assert (times.waits, times.ways, times.services, times.left_out) == ([600], [], [], 0)


def test_a_visit_that_paused_is_one_service_without_the_time_away() -> None:
    first = spell(60, 10, 200, outcome="parked")
    back = OPENING + timedelta(hours=1)
    second = Spell(
        1, 1, 2, None, back, back, back, back + timedelta(seconds=100), "finished", parked_seconds=3330
    )
    times = day_times([first, second])
    assert times.hall.services == [300]
    assert times.hall.waits == [60], "nobody waited for being let go on"
    assert times.counters[2].services == [300], "it ended there"


@pytest.mark.parametrize(
    "odd", [{"outcome": "forgotten"}, {"service": 3 * 3600}], ids=["forgotten", "three-hours"]
)
def test_a_forgotten_finish_is_counted_apart(odd: dict[str, Any]) -> None:
    strange = spell(30, 5, odd.get("service", 60), ticket=2, outcome=odd.get("outcome", "finished"))
    times = day_times([spell(30, 5, 60), strange]).hall.to_json()
    assert (times["left_out"], times["service"]["n"], times["service"]["mean"]) == (1, 1, 60)
    assert times["wait"]["n"] == 2


def test_a_visit_that_lasts_has_no_service_yet() -> None:
    assert day_times([spell(30, 5, None, outcome="open")]).hall.services == []
