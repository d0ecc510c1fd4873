"""A day played again: the same people, the same counters, and what another rule would have made of it."""

from __future__ import annotations

from collections import Counter as Counts
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.queueing import CounterRule, LineRule, Mix, Mode, Part, Priority, Purpose
from kiosk.domain.replay import Arrival, Day, Outcome, Rules, Staffed, as_it_was, replay
from kiosk.domain.waits import waits_of
from tests.factories import HANOI

OPENS = datetime(2026, 11, 20, 7, 30, tzinfo=HANOI)
CLOSES = OPENS + timedelta(hours=9)
ELDERLY = Priority.ELDERLY
FIFO = Mix(Mode.ARRIVAL)
steady = settings(deadline=None)
"""How long an example takes says nothing about a rule."""


def minute(n: float) -> datetime:
    return OPENS + timedelta(minutes=n)


def came(n: int, at: float, minutes: float = 5, line: int = 1, **more: object) -> Arrival:
    return Arrival(n, minute(at), line, minutes * 60, **more)  # type: ignore[arg-type]


def day(*arrivals: Arrival, counters: int = 1, lines: tuple[int, ...] = (1,)) -> Day:
    staffed = tuple(Staffed(n, lines, ((OPENS, CLOSES),)) for n in range(1, counters + 1))
    return Day(arrivals, staffed, CLOSES)


def called(outcomes: list[Outcome]) -> list[int]:
    """Tickets in the order in which they were called."""
    there = [each for each in outcomes if each.called_at is not None]
    return [each.arrival.ticket for each in sorted(there, key=lambda each: each.called_at or CLOSES)]


def rules(**lanes: Mix) -> Rules:
    return Rules({int(key.removeprefix("line")): LineRule(mix) for key, mix in lanes.items()})


def test_one_counter_calls_one_after_the_other() -> None:
    outcomes = replay(day(came(1, 0), came(2, 1), came(3, 30)), rules(line1=FIFO))
    assert [each.called_at for each in outcomes] == [minute(0), minute(5), minute(30)]


def test_two_counters_share_the_work() -> None:
    outcomes = replay(day(came(1, 0), came(2, 0), came(3, 0, 1), counters=2), rules(line1=FIFO))
    assert [each.called_at for each in outcomes] == [minute(0), minute(0), minute(5)]


def test_a_rule_changes_who_waits() -> None:
    crowd = day(came(1, 0), came(2, 1), came(3, 2), came(4, 3, priority=ELDERLY))
    first_come = rules(line1=Mix(Mode.WEIGHTED))
    priority_first = rules(line1=Mix(Mode.STRICT, (Part("priority"), Part("normal"))))
    assert called(replay(crowd, first_come)) == [1, 2, 3, 4]
    assert called(replay(crowd, priority_first)) == [1, 4, 2, 3]


def test_the_lane_follows_the_rule_that_is_tried() -> None:
    carrier = day(came(1, 0, dossiers=6), came(2, 0, purpose=Purpose.PICKUP), came(3, 0, appointment=True))
    assert [each.lane for each in replay(carrier, Rules())] == ["normal", "returning", "appointment"]
    apart = Rules({1: LineRule(bulk_from=5)})
    assert [each.lane for each in replay(carrier, apart)] == ["bulk", "returning", "appointment"]


def test_nobody_is_called_at_a_counter_that_is_not_staffed() -> None:
    lunch = Staffed(1, (1,), ((minute(0), minute(10)), (minute(60), minute(120))))
    crowd = Day((came(1, 5, 20), came(2, 6), came(3, 30), came(4, 300)), (lunch,), CLOSES)
    outcomes = replay(crowd, rules(line1=FIFO))
    assert [each.called_at for each in outcomes] == [minute(5), minute(60), minute(65), None]


def test_a_visit_that_lasts_into_the_next_hours_is_ended_first() -> None:
    short_break = Staffed(1, (1,), ((minute(0), minute(10)), (minute(15), minute(120))))
    outcomes = replay(Day((came(1, 5, 20), came(2, 6)), (short_break,), CLOSES), rules(line1=FIFO))
    assert [each.called_at for each in outcomes] == [minute(5), minute(25)]


def test_whoever_gives_up_is_not_called() -> None:
    crowd = day(
        came(1, 0, 30), came(2, 1, leaves_at=minute(10)), came(3, 2), came(4, 40, leaves_at=minute(41))
    )
    outcomes = replay(crowd, rules(line1=FIFO))
    assert [each.called_at for each in outcomes] == [minute(0), None, minute(30), minute(40)]
    assert [each.gone for each in outcomes] == [False, True, False, False]


def test_a_counter_mixes_its_lines_by_its_own_rule() -> None:
    crowd = day(*(came(n, 0, line=1 + n % 2) for n in range(1, 9)), lines=(1, 2))
    two_to_one = CounterRule(Mix(Mode.RATIO, (Part("2", 2), Part("1", 1))))
    order = called(replay(crowd, Rules({}, {1: two_to_one})))
    assert [n % 2 for n in order] == [1, 1, 0, 1, 1, 0, 0, 0]


def test_figures_of_a_small_day() -> None:
    crowd = day(came(1, 0, 30), came(2, 1), came(3, 2, priority=ELDERLY), came(4, 539))
    played = replay(crowd, rules(line1=Mix(Mode.STRICT, (Part("priority"), Part("normal")))))
    counted = waits_of(played, Rules({1: LineRule(target_minutes=30)}), CLOSES)
    line = counted["lines"][1]
    assert (line.visitors, line.longest, line.over_target, line.left) == (4, 34 * 60, 1, 0)
    assert (line.mean, line.median, line.p90) == ((34 + 28) * 60 // 4, 0, 34 * 60)
    assert counted["lanes"][1, "normal"].passed_by == 1, "the one with priority came later and went first"
    assert counted["lanes"][1, "priority"].passed_by == 0
    assert counted["hours"] == {7: (34 + 28) * 60 // 3, 16: 0}


def test_whoever_waits_in_vain_counts_until_closing() -> None:
    nobody = Day((came(1, 0), came(2, 60, leaves_at=minute(70))), (), CLOSES)
    figures = waits_of(replay(nobody, Rules()), Rules(), CLOSES)
    counted = figures["all"]
    assert figures["hours"] == {7: 9 * 3600}, "whoever gave up, at eight, counts in no time"
    assert (counted.visitors, counted.left, counted.gone, counted.longest) == (2, 1, 1, 9 * 3600)


def test_what_really_happened_is_counted_alike() -> None:
    crowd = day(
        came(1, 0, called_at=minute(9), lane="normal"),
        came(2, 1, called_at=minute(2), lane="normal"),
        came(3, 5, leaves_at=minute(8)),
        came(4, 5),
    )
    counted = waits_of(as_it_was(crowd), Rules(), CLOSES)["all"]
    assert (counted.passed_by, counted.left, counted.gone) == (1, 1, 1)


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A made-up day with up to four counters on two lines."""
    people = draw(
        st.lists(
            st.tuples(st.integers(0, 300), st.integers(1, 2), st.integers(1, 30), st.sampled_from(Priority)),
            max_size=40,
        )
    )
    crowd = [
        came(n, at, minutes, line, priority=priority)
        for n, (at, line, minutes, priority) in enumerate(sorted(people, key=lambda each: each[0]))
    ]
    counters = draw(st.lists(st.sampled_from([(1,), (2,), (1, 2)]), min_size=1, max_size=4))
    staffed = [Staffed(n, lines, ((OPENS, CLOSES),)) for n, lines in enumerate(counters)]
    return Day(tuple(crowd), tuple(staffed), CLOSES)


@steady
@given(days(), st.sampled_from(Mode))
def test_everybody_who_can_be_called_is_called_once_and_no_counter_is_in_two_places(
    past: Day, mode: Mode
) -> None:
    tried = Rules({n: LineRule(Mix(mode)) for n in (1, 2)})
    outcomes = replay(past, tried)
    assert outcomes == replay(past, tried), "the same input gives the same day"
    assert [each.arrival for each in outcomes] == list(past.arrivals)
    served = {line for counter in past.counters for line in counter.lines}
    for each in outcomes:
        assert (each.called_at is not None) == (each.arrival.line in served)
        assert each.called_at is None or each.called_at >= each.arrival.at
    ends = [
        (each.called_at, each.called_at + timedelta(seconds=each.arrival.seconds))
        for each in outcomes
        if each.called_at
    ]
    for begins, _ in ends:
        busy = sum(start <= begins < end for start, end in ends)
        assert busy <= len(past.counters)


@steady
@given(days(), st.sampled_from([Mode.ARRIVAL, Mode.RATIO, Mode.WEIGHTED, Mode.DEADLINE]))
def test_no_counter_is_idle_while_somebody_waits_for_it(past: Day, mode: Mode) -> None:
    """Work is conserved: with every counter on both lines, the sum of work done by any moment is the same for all rules."""
    everywhere = replace(past, counters=tuple(each._replace(lines=(1, 2)) for each in past.counters))
    equal = replace(everywhere, arrivals=tuple(each._replace(seconds=300.0) for each in past.arrivals))
    fifo = replay(equal, Rules({n: LineRule(FIFO) for n in (1, 2)}))
    tried = replay(equal, Rules({n: LineRule(Mix(mode)) for n in (1, 2)}))
    assert Counts(each.called_at for each in fifo) == Counts(each.called_at for each in tried)


@pytest.mark.parametrize("rule", [Mix(Mode.RATIO, (Part("normal", 2), Part("priority", 1)))])
def test_a_replay_keeps_the_ratio(rule: Mix) -> None:
    crowd = day(*(came(n, 0, 1, priority=ELDERLY if n <= 5 else Priority.NORMAL) for n in range(1, 16)))
    order = called(replay(crowd, rules(line1=rule)))
    assert ["p" if n <= 5 else "n" for n in order] == list("nnp" * 5)
