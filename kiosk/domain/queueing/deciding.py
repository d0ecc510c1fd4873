"""The decision at a counter: each line proposes who is next in it, the counter's rule picks among the lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.queueing.lanes import Lane
from kiosk.domain.queueing.mixing import Choice, Head, Made, Why, choose
from kiosk.domain.queueing.rules import CounterRule, LineRule


@dataclass(frozen=True)
class LineHeads:
    """A line as a counter sees it: its rule, how its round stands, and the first of each lane (key: the lane)."""

    line: int
    rule: LineRule
    made: Made
    heads: Sequence[Head]


@dataclass(frozen=True)
class Decision:
    """Who is called: the ticket, its line and lane, why this line and why this lane, and both rounds afterwards."""

    ticket: int
    line: int
    lane: str
    line_why: Why
    lane_why: Why
    line_made: Made
    counter_made: Made


def decide_at_counter(
    rule: CounterRule, lines: Sequence[LineHeads], made: Made, now: datetime
) -> Decision | None:
    """Decide whom a counter calls; None when nobody waits for it."""
    proposed: dict[str, tuple[LineHeads, Choice]] = {}
    for each in lines:
        choice = choose(each.rule.lanes, each.heads, each.made, now)
        if choice is not None:
            proposed[str(each.line)] = each, choice
    heads = [choice.head._replace(key=key, rank=_rank(choice)) for key, (_, choice) in proposed.items()]
    picked = choose(rule.lines, heads, made, now)
    if picked is None:
        return None
    line, choice = proposed[picked.head.key]
    return Decision(
        ticket=choice.head.ticket,
        line=line.line,
        lane=choice.head.key,
        line_why=picked.why,
        lane_why=choice.why,
        line_made=choice.made,
        counter_made=picked.made,
    )


def _rank(choice: Choice) -> int:
    """Across lines, those with priority and those past their bound come before the others."""
    return 0 if choice.head.key == Lane.PRIORITY or choice.why.code == "overdue" else 1


def order_at_counter(
    rule: CounterRule,
    lines: Sequence[LineHeads],
    waiting: Mapping[int, Mapping[str, Sequence[Head]]],
    made: Made,
    now: datetime,
    most: int,
) -> Iterator[Decision]:
    """The order in which this counter alone would call everybody, if nobody else came and time stood still.

    `waiting` gives for each line each lane in its own order; the `heads` of `lines` are taken from it.
    """
    queues = {line: {lane: iter(heads) for lane, heads in lanes.items()} for line, lanes in waiting.items()}
    first = {
        line: {lane: head for lane, queue in lanes.items() if (head := next(queue, None)) is not None}
        for line, lanes in queues.items()
    }
    state = {each.line: each for each in lines}
    for _ in range(most):
        present = [replace(each, heads=list(first.get(line, {}).values())) for line, each in state.items()]
        decision = decide_at_counter(rule, present, made, now)
        if decision is None:
            return
        yield decision
        made = decision.counter_made
        state[decision.line] = replace(state[decision.line], made=decision.line_made)
        following = next(queues[decision.line][decision.lane], None)
        if following is None:
            del first[decision.line][decision.lane]
        else:
            first[decision.line][decision.lane] = following
