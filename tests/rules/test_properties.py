"""What holds for every rule and every crowd: nobody lost, order kept, nobody starves, and the reason given is true."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.queueing import (
    Choice,
    CounterRule,
    Head,
    Lane,
    LineHeads,
    LineRule,
    Mix,
    Mode,
    Part,
    choose,
    decide_at_counter,
    order,
    order_at_counter,
)
from tests.factories import HANOI

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=HANOI)
KEYS = ("a", "b", "c", "d")
Queues = dict[str, list[Head]]
steady = settings(deadline=None, max_examples=200)
"""How long an example takes says nothing about a rule."""


@st.composite
def mixes(draw: st.DrawFn, modes: Sequence[Mode] = tuple(Mode), bounded: bool | None = None) -> Mix:
    """A rule that an admin could have saved."""
    mode = draw(st.sampled_from(modes))
    keys = draw(st.permutations(KEYS))
    parts = tuple(Part(key, draw(st.integers(1, 6))) for key in keys)
    wanted = KEYS if bounded or mode is Mode.STRICT else ()
    named = KEYS if bounded is None and draw(st.booleans()) else wanted
    latest = {key: draw(st.integers(5, 120)) for key in named if key in wanted or draw(st.booleans())}
    mix = Mix(mode, parts, latest)
    mix.check(KEYS)
    return mix


@st.composite
def crowds(draw: st.DrawFn, most: int = 40) -> Queues:
    """People in queues, in the order in which they came; some were sent to the front."""
    people = draw(
        st.lists(st.tuples(st.sampled_from(KEYS), st.integers(0, 1), st.integers(0, 60)), max_size=most)
    )
    queues: Queues = {}
    for arrival, (key, place, minutes) in enumerate(sorted(people, key=lambda each: -each[2]), start=1):
        came = NOW - timedelta(minutes=minutes)
        head = Head(key, arrival, place, arrival, came, came, rank=0 if key == "a" else 1)
        queues.setdefault(key, []).append(head)
    return {key: sorted(heads, key=lambda head: head.order) for key, heads in queues.items()}


@steady
@given(mixes(), crowds())
def test_everybody_is_called_once_and_nobody_else(mix: Mix, crowd: Queues) -> None:
    called = [choice.head.ticket for choice in order(mix, crowd, {}, NOW)]
    assert Counts(called) == Counts(head.ticket for heads in crowd.values() for head in heads)


@steady
@given(mixes(), crowds())
def test_within_a_queue_the_order_is_kept(mix: Mix, crowd: Queues) -> None:
    called = [choice.head for choice in order(mix, crowd, {}, NOW)]
    for key, heads in crowd.items():
        assert [head for head in called if head.key == key] == heads


@steady
@given(mixes(), crowds(), st.integers(1, 5))
def test_the_first_of_the_order_is_the_decision_and_may_be_continued(mix: Mix, crowd: Queues, n: int) -> None:
    """A decision depends only on what it is given: taking it one call at a time gives the same order."""
    whole = list(order(mix, crowd, {}, NOW))
    made: dict[str, int] = {}
    rest = {key: list(heads) for key, heads in crowd.items()}
    for expected in whole[:n]:
        choice = choose(mix, [heads[0] for heads in rest.values() if heads], made, NOW)
        assert choice is not None
        assert (choice.head, choice.why) == (expected.head, expected.why)
        rest[choice.head.key].pop(0)
        made = dict(choice.made)


@steady
@given(mixes(), crowds(), st.integers(0, 10))
def test_a_list_that_is_cut_short_is_the_same_list(mix: Mix, crowd: Queues, most: int) -> None:
    assert list(order(mix, crowd, {}, NOW, most)) == list(order(mix, crowd, {}, NOW))[:most]


@steady
@given(st.permutations(KEYS), st.lists(st.integers(1, 5), min_size=4, max_size=4))
def test_a_ratio_is_kept_in_every_round(keys: Sequence[str], shares: Sequence[int]) -> None:
    mix = Mix(Mode.RATIO, tuple(map(Part, keys, shares)))
    crowd = {key: [Head(key, 1000 * n + i, 1, i, NOW, NOW) for i in range(60)] for n, key in enumerate(keys)}
    called = [choice.head.key for choice in order(mix, crowd, {}, NOW)]
    expected = [key for key, share in zip(keys, shares, strict=True) for _ in range(share)]
    rounds = 60 // max(shares)
    assert called[: rounds * len(expected)] == expected * rounds


@steady
@given(
    st.lists(st.integers(1, 6), min_size=4, max_size=4),
    st.lists(st.sets(st.sampled_from(KEYS)), max_size=120),
    st.sampled_from(KEYS),
)
def test_in_a_ratio_nobody_is_passed_by_for_ever(
    shares: Sequence[int], arrivals: Sequence[set[str]], mine: str
) -> None:
    """Whoever stands first in a queue is called after at most two rounds of the others, whoever comes meanwhile."""
    mix = Mix(Mode.RATIO, tuple(map(Part, KEYS, shares)))
    bound = 2 * sum(share for key, share in zip(KEYS, shares, strict=True) if key != mine)
    waiting = dict.fromkeys(KEYS, 0)
    waiting[mine] = 1
    made: dict[str, int] = {}
    passed = 0
    for came in arrivals:
        for key in came:
            waiting[key] += 1
        heads = [Head(key, n, 1, n, NOW, NOW) for n, key in enumerate(KEYS) if waiting[key]]
        choice = choose(mix, heads, made, NOW)
        if choice is None:
            continue
        made = dict(choice.made)
        waiting[choice.head.key] -= 1
        if choice.head.key == mine:
            passed = 0
            waiting[mine] = max(waiting[mine], 1)
        else:
            passed += 1
        assert passed <= bound


@steady
@given(mixes(bounded=True), crowds())
def test_whoever_is_past_the_bound_goes_before_all_who_are_not(mix: Mix, crowd: Queues) -> None:
    late = [
        head
        for heads in crowd.values()
        for head in heads[:1]
        if head.waited(NOW) > timedelta(minutes=mix.latest[head.key])
    ]
    choice = choose(mix, [heads[0] for heads in crowd.values()], {}, NOW)
    if late:
        assert choice is not None
        assert choice.head in late
        over = {head.ticket: head.waited(NOW) - timedelta(minutes=mix.latest[head.key]) for head in late}
        assert over[choice.head.ticket] == max(over.values())


@steady
@given(st.integers(2, 6), st.integers(5, 60))
def test_no_priority_waits_past_the_bound_while_others_flood_in(share: int, bound: int) -> None:
    """One call a minute, three newcomers a minute: the bound holds but for the call that is under way."""
    mix = Mix(Mode.RATIO, (Part("normal", share), Part("priority", 1)), {"priority": bound})
    came = NOW
    made: dict[str, int] = {}
    for minute in range(bound + 3):
        now = came + timedelta(minutes=minute)
        old = came - timedelta(hours=3)
        heads = [Head("normal", minute, 1, minute, old, old), Head("priority", 999, 1, 999, came, came)]
        choice = choose(mix, heads, made, now)
        assert choice is not None
        if choice.head.key == "priority":
            break
        made = dict(choice.made)
    assert minute <= bound + 1


def true_of(choice: Choice, mix: Mix, heads: Sequence[Head], made: dict[str, int]) -> bool:
    """Whether the reason given is the case, read anew from the state: none of the product's decision is used."""
    head, why = choice.head, choice.why
    over = {
        h.key: (NOW - h.waiting_since).total_seconds() / 60 - mix.latest[h.key]
        for h in heads
        if h.key in mix.latest
    }
    late = {key: minutes for key, minutes in over.items() if minutes > 0}
    if why.code == "overdue":
        return late.get(head.key) == max(late.values()) and why.facts["latest"] == mix.latest[head.key]
    if late:
        return False
    if why.code == "only":
        return [h.key for h in heads] == [head.key]
    if len(heads) == 1:
        return False
    listed = [part.key for part in mix.parts]
    shares = dict(mix.parts)
    match why.code:
        case "strict":
            return mix.mode is Mode.STRICT and all(
                listed.index(head.key) <= listed.index(h.key) for h in heads
            )
        case "turn":
            left = [h.key for h in heads if made.get(h.key, 0) < shares[h.key]] or [h.key for h in heads]
            fresh = not any(made.get(h.key, 0) < shares[h.key] for h in heads)
            n = 1 if fresh else made.get(head.key, 0) + 1
            first = min(left, key=listed.index)
            return (
                mix.mode is Mode.RATIO and head.key == first and why.facts == {"n": n, "of": shares[head.key]}
            )
        case "weight":
            score = {h.key: (NOW - h.waiting_since) * shares[h.key] for h in heads}
            return mix.mode is Mode.WEIGHTED and score[head.key] == max(score.values())
        case "deadline":
            due = {h.key: h.waiting_since + timedelta(minutes=mix.latest.get(h.key, 60)) for h in heads}
            return mix.mode is Mode.DEADLINE and due[head.key] == min(due.values())
        case "arrival":
            return mix.mode is Mode.ARRIVAL and all(
                (head.rank, head.order) <= (h.rank, h.order) for h in heads
            )
    return False


@steady
@given(mixes(), crowds(), st.dictionaries(st.sampled_from(KEYS), st.integers(0, 6)))
def test_every_explanation_equals_the_decision(mix: Mix, crowd: Queues, made: dict[str, int]) -> None:
    heads = [heads[0] for heads in crowd.values()]
    choice = choose(mix, heads, made, NOW)
    assert choice is None if not heads else choice is not None and true_of(choice, mix, heads, made)


@steady
@given(st.lists(crowds(most=20), min_size=1, max_size=3), mixes(modes=(Mode.RATIO,)), st.integers(1, 30))
def test_the_list_at_the_counter_begins_with_its_decision(crowd: list[Queues], mix: Mix, most: int) -> None:
    lanes = dict(zip(KEYS, (Lane.PRIORITY, Lane.NORMAL, Lane.RETURNING, Lane.BULK), strict=True))
    rule = LineRule(Mix(mix.mode, tuple(Part(lanes[key], share) for key, share in mix.parts)))
    waiting = {
        n: {
            str(lanes[key]): [h._replace(key=str(lanes[key]), ticket=h.ticket + 100 * n) for h in heads]
            for key, heads in queues.items()
        }
        for n, queues in enumerate(crowd, start=1)
    }
    lines = [LineHeads(n, rule, {}, ()) for n in waiting]
    listed = list(order_at_counter(CounterRule(), lines, waiting, {}, NOW, most))
    heads = [LineHeads(n, rule, {}, [rows[0] for rows in lanes_.values()]) for n, lanes_ in waiting.items()]
    decision = decide_at_counter(CounterRule(), heads, {}, NOW)
    assert (listed[0] if listed else None) == decision
    everybody = [h.ticket for queues in waiting.values() for rows in queues.values() for h in rows]
    called = [each.ticket for each in listed]
    assert len(set(called)) == len(called) == min(most, len(everybody))


@pytest.mark.parametrize(
    ("mix", "code"),
    [
        (Mix(Mode.STRICT, (Part("a"), Part("b"))), "rule_starves"),
        (Mix(Mode.RATIO, (Part("a", 0),)), "rule_share_out_of_range"),
        (Mix(Mode.RATIO, (Part("a", 21),)), "rule_share_out_of_range"),
        (Mix(Mode.RATIO, (Part("z", 1),)), "rule_key_unknown"),
        (Mix(Mode.RATIO, (Part("a", 1), Part("a", 2))), "rule_malformed"),
        (Mix(Mode.ARRIVAL, (), {"a": 0}), "rule_latest_out_of_range"),
        (Mix(Mode.ARRIVAL, (), {"q": 5}), "rule_key_unknown"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(mix: Mix, code: str) -> None:
    with pytest.raises(DomainError, match=code):
        mix.check(KEYS)


@pytest.mark.parametrize(
    "values",
    [
        {"mode": "ratio"},
        {"mode": "lottery", "parts": []},
        {"mode": "ratio", "parts": [{"share": 1}]},
        {"mode": "ratio", "parts": [{"key": "a", "share": "2"}]},
        {"mode": "ratio", "parts": [{"key": "a", "share": True}]},
        {"mode": "ratio", "parts": "aab"},
        {"mode": "ratio", "parts": [], "latest": {"a": 1.5}},
        [],
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(values: object) -> None:
    with pytest.raises(DomainError, match="rule_malformed"):
        Mix.from_json(values)  # type: ignore[arg-type]


@steady
@given(mixes())
def test_a_rule_is_kept_as_it_is(mix: Mix) -> None:
    assert Mix.from_json(mix.to_json()) == mix
    rule = LineRule(Mix(mix.mode, ()), 5, 30)
    assert LineRule.from_json(rule.to_json()) == rule
    assert CounterRule.from_json(CounterRule(mix).to_json()) == CounterRule(mix)
