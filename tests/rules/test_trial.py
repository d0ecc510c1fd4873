"""A trial on what the tables tell of a past day, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.database import bookkeeping, connection
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.queueing import CounterRule, LineRule, Mix, Mode, Part
from kiosk.models import Counter, CounterLine, Journal, Line
from kiosk.services.counter_state import set_counter_state
from kiosk.services.manage_rules import (
    copy_line_rule,
    rule_changes,
    rules_listing,
    set_counter_rule,
    set_line_rule,
    take_back,
)
from kiosk.services.replay import days_with_visitors, default_day, read_day, try_rules
from tests.factories import HANOI, make_counter, make_line, make_office, make_user
from tests.rules.past import PAST, at, visit

MONDAY = datetime(2026, 11, 23, 9, tzinfo=HANOI)
PRIORITY_LAST = LineRule(Mix(Mode.RATIO, (Part("normal", 5), Part("priority", 1))), 0, 10)


@pytest.fixture
def hall(database: Database) -> Any:
    """Two lines, and a counter that serves both."""
    make_office()
    lines = [make_line("T"), make_line("G", title="Giấy phép lái xe")]
    counter = make_counter(1, lines)
    return lines[0], lines[1], counter


def read(office: int) -> Any:
    with connection():
        return read_day(office, PAST.date(), HANOI, MONDAY)


def test_a_day_is_read_as_it_was(hall: Any) -> None:
    line, other, counter = hall
    visit(line, counter, "08:00", "08:10", 6, priority="elderly", dossiers=2)
    visit(other, counter, "08:05", "08:16", 4, purpose="pickup", lane="returning")
    visit(line, counter, "08:30", None)
    past = read(line.office_id)
    first, second, third = past.arrivals
    assert (first.at, first.called_at, first.seconds, first.priority, first.dossiers) == (
        at("08:00"), at("08:10"), 360, "elderly", 2,
    )  # fmt: skip
    assert (second.line, second.purpose, second.lane) == (other.id, "pickup", "returning")
    assert (third.called_at, third.seconds) == (None, 360), "as long as its line's others"
    assert past.counters[0].spans == ((at("08:10"), at("08:20")),)
    assert past.closing == at("08:20")


def test_an_end_that_nobody_said_is_as_long_as_the_others(hall: Any) -> None:
    line, _, counter = hall
    visit(line, counter, "08:00", "08:00", 4)
    visit(line, counter, "08:00", "08:10", 100, outcome="forgotten")
    visit(line, counter, "08:00", "08:20", outcome="open")
    visit(line, counter, "08:00", "08:30", 300)
    assert [each.seconds for each in read(line.office_id).arrivals] == [240] * 4


def test_a_parked_visit_is_one_arrival_with_both_its_times(hall: Any) -> None:
    line, _, counter = hall
    ticket = visit(line, counter, "08:00", "08:00", 4, outcome="parked")
    visit(line, counter, "08:00", "08:30", 6, ticket=ticket, parked_seconds=1560)
    visit(line, counter, "08:40", "08:40", 3, ticket=ticket)
    assert [each.seconds for each in read(line.office_id).arrivals] == [600, 180], (
        "it came back for a second service"
    )


def test_an_undone_turn_never_was_and_a_cancelled_ticket_left(hall: Any) -> None:
    line, _, counter = hall
    visit(line, counter, "08:00", "08:00", outcome="undone")
    visit(line, counter, "08:00", "08:02")
    visit(line, counter, "08:01", None, state="cancelled", ended_at=at("08:05"))
    visit(line, counter, "08:01", None, state="expired", remote=True)
    past = read(line.office_id)
    assert [(each.ticket, each.leaves_at) for each in past.arrivals] == [(2, None), (3, at("08:05"))]


def test_a_counter_was_away_while_people_waited_for_it(hall: Any) -> None:
    line, _, counter = hall
    visit(line, counter, "08:00", "08:00", 5)
    visit(line, counter, "08:04", "09:00", 5)
    visit(line, counter, "09:30", "09:30", 5)
    assert read(line.office_id).counters[0].spans == (
        (at("08:00"), at("08:05")),
        (at("09:00"), at("09:35")),
    ), "idle from 09:05 with nobody there is not away"


def test_a_pause_is_told_by_the_journal(story: Any) -> None:
    justice, counter = story.place.justice, story.place.counter
    visit(justice, counter, "08:00", "08:00", 5)
    visit(justice, counter, "09:30", "09:30", 5)
    actor = story.officer()
    set_counter_state(counter.id, "paused", "meeting", actor, at("08:20"))
    set_counter_state(counter.id, "open", "", actor, at("09:00"))
    set_counter_state(counter.id, "closed", "", actor, at("09:32"))
    with connection():
        past = read_day(story.office, PAST.date(), HANOI, MONDAY)
    spans = ((at("08:00"), at("08:20")), (at("09:00"), at("09:32")))
    assert next(each for each in past.counters if each.id == counter.id).spans == spans


def test_a_trial_shows_both_sides_and_changes_nothing(hall: Any) -> None:
    line, _, counter = hall
    for n in range(6):
        visit(line, counter, "08:00", f"08:{10 + 5 * n}", 5)
    visit(line, counter, "08:05", "08:40", 5, priority="elderly")
    told = try_rules(line.office_id, PAST.date(), {line.id: PRIORITY_LAST}, {}, MONDAY)
    lanes = {group["lane"]: group for group in told["groups"]}
    assert told["visitors"] == 7
    assert (lanes["priority"]["now"]["mean"], lanes["priority"]["tried"]["mean"]) == (5 * 60, 30 * 60)
    assert lanes["priority"]["really"]["mean"] == 35 * 60
    assert lanes[None]["tried"]["over_target"] == 6, "against the target of the rule that is tried"
    assert told["hours"][0]["hour"] == 8
    with connection():
        assert Line.get_by_id(line.id).rule == {}
        assert Journal.select().count() == 0


def test_a_day_without_calls_cannot_be_tried(hall: Any) -> None:
    line, _, _ = hall
    with pytest.raises(DomainError, match="replay_empty_day"):
        try_rules(line.office_id, PAST.date(), {}, {}, MONDAY)


def test_the_day_offered_is_the_last_one_that_is_over(hall: Any) -> None:
    line, _, counter = hall
    assert default_day([], MONDAY.date()) is None
    visit(line, counter, "08:00", "08:00")
    days = days_with_visitors(line.office_id, MONDAY.date())
    assert days == [(PAST.date(), 1)]
    assert default_day([(MONDAY.date(), 3), *days], MONDAY.date()) == PAST.date()
    assert default_day([(MONDAY.date(), 3)], MONDAY.date()) == MONDAY.date()


def test_a_rule_is_changed_copied_and_taken_back(hall: Any) -> None:
    line, other, _ = hall
    office, who = line.office_id, f"user:{make_user('quan-ly', 'manager').id}"
    with bookkeeping():
        Line.update(round={"day": "2026-11-23", "made": {"normal": 2}}).execute()
    set_line_rule(office, line.id, PRIORITY_LAST, MONDAY, who)
    set_line_rule(office, line.id, PRIORITY_LAST, MONDAY, who)
    with connection():
        assert Line.get_by_id(line.id).round == {}, "a new rule begins a new round"
    assert copy_line_rule(office, line.id, [line.id, other.id], MONDAY, who) == 1
    assert [each["rule"] for each in rules_listing(office)["lines"]] == [PRIORITY_LAST, PRIORITY_LAST]
    latest, first = rule_changes(office)
    assert (latest["line"], latest["by"], latest["before"], latest["after"]) == (
        other.id, "Nguyễn Thị Hòa", LineRule(), PRIORITY_LAST,
    )  # fmt: skip
    take_back(office, first["seq"], MONDAY, who)
    assert [each["rule"] for each in rules_listing(office)["lines"]] == [PRIORITY_LAST, LineRule()]
    assert len(rule_changes(office)) == 3, "taking back is a change like any other"


def test_a_counter_rule_names_only_lines_it_serves(hall: Any) -> None:
    line, other, counter = hall
    office = line.office_id
    rule = CounterRule(Mix(Mode.RATIO, (Part(str(line.id), 2), Part(str(other.id), 1))))
    assert rules_listing(office)["counters"][0]["lines"] == [other.id, line.id], (
        "in the order of their letters"
    )
    set_counter_rule(office, counter.id, rule, MONDAY, "system")
    set_counter_rule(office, counter.id, CounterRule(), MONDAY, "system")
    assert rules_listing(office)["counters"][0]["rule"] == CounterRule()
    changes = rule_changes(office)
    assert [each["counter"] for each in changes] == [counter.id] * 2
    with bookkeeping():
        CounterLine.delete().where(CounterLine.line == other.id).execute()
    with pytest.raises(DomainError, match="rule_key_unknown"):
        set_counter_rule(office, counter.id, rule, MONDAY, "system")
    with pytest.raises(Conflict, match="rule_no_longer_fits"):
        take_back(office, changes[0]["seq"], MONDAY, "system")
    with connection():
        assert Counter.get_by_id(counter.id).rule == CounterRule().to_json()


def test_what_cannot_be_changed_is_refused(hall: Any) -> None:
    line, _, _ = hall
    office = line.office_id
    strict = LineRule(Mix(Mode.STRICT, (Part("normal"), Part("priority"))))
    with pytest.raises(DomainError, match="rule_starves"):
        set_line_rule(office, line.id, strict, MONDAY, "system")
    with pytest.raises(NotFound, match="unknown_line"):
        set_line_rule(office, 999, LineRule(), MONDAY, "system")
    with pytest.raises(NotFound, match="unknown_line"):
        copy_line_rule(office, line.id, [999], MONDAY, "system")
    with pytest.raises(DomainError, match="nothing_chosen"):
        copy_line_rule(office, line.id, [line.id], MONDAY, "system")
    with pytest.raises(NotFound, match="unknown_counter"):
        set_counter_rule(office, 999, CounterRule(), MONDAY, "system")
    with pytest.raises(NotFound, match="unknown_rule_change"):
        take_back(office, 1, MONDAY, "system")


def test_a_replay_of_the_same_rules_is_near_the_truth(hall: Any) -> None:
    """Where everybody was called in turn by a counter that never rested, the model gives the day as it was."""
    line, _, counter = hall
    begins = at("08:00")
    for n in range(20):
        called = begins + timedelta(minutes=5 * n)
        visit(line, counter, "08:00", f"{called:%H:%M}", 5)
    told = try_rules(line.office_id, PAST.date(), {}, {}, MONDAY)
    assert told["all"]["now"] == told["all"]["really"] == told["all"]["tried"]
