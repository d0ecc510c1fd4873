"""A day of the hall played again under other rules: the same people come, the same counters are staffed.

Every decision is taken by the rules' own code, so that the two sides of a comparison differ in the rules alone.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from kiosk.domain.queueing import (
    CounterRule,
    Decision,
    Head,
    LineHeads,
    LineRule,
    Made,
    Priority,
    Purpose,
    decide_at_counter,
    lane_of,
)

Span = tuple[datetime, datetime]


class Arrival(NamedTuple):
    """Somebody who came to wait on a line, and for how many seconds they kept a counter busy.

    `leaves_at` is when they gave up (None: never), `called_at` and `lane` what really happened.
    """

    ticket: int
    at: datetime
    line: int
    seconds: float
    priority: Priority = Priority.NORMAL
    purpose: Purpose = Purpose.APPLY
    dossiers: int = 1
    appointment: bool = False
    leaves_at: datetime | None = None
    called_at: datetime | None = None
    lane: str = "normal"


class Staffed(NamedTuple):
    """A counter: the lines it serves, and from when to when somebody calls there, in rising order."""

    id: int
    lines: tuple[int, ...]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Day:
    """What a day brought; `arrivals` in the order in which they came, `closing` when the last counter ended."""

    arrivals: tuple[Arrival, ...]
    counters: tuple[Staffed, ...]
    closing: datetime


@dataclass(frozen=True)
class Rules:
    """The rules in force, by line and by counter; what is not named has the rule that everybody begins with."""

    lines: Mapping[int, LineRule] = field(default_factory=dict)
    counters: Mapping[int, CounterRule] = field(default_factory=dict)

    def of_line(self, line: int) -> LineRule:
        """The rule of a line."""
        return self.lines.get(line) or LineRule()

    def of_counter(self, counter: int) -> CounterRule:
        """The rule of a counter."""
        return self.counters.get(counter) or CounterRule()


class Outcome(NamedTuple):
    """How it went for somebody; neither called nor gone is still waiting at the end of the day."""

    arrival: Arrival
    lane: str
    called_at: datetime | None
    gone: bool = False


def as_it_was(day: Day) -> list[Outcome]:
    """What really happened, in the shape of a replay."""
    return [
        Outcome(each, each.lane, each.called_at, each.called_at is None and each.leaves_at is not None)
        for each in day.arrivals
    ]


def replay(day: Day, rules: Rules) -> list[Outcome]:
    """Play a day under these rules; one outcome an arrival, in their order. The same input gives the same day."""
    return _Hall(day, rules).play()


class _Kind(IntEnum):
    """What happens first at one moment: somebody leaves, comes, then counters look who is there."""

    LEAVES = 0
    COMES = 1
    FREE = 2
    OPENS = 3


class _Hall:
    """The hall while a day is played; `events` is a heap of (moment, kind, which)."""

    def __init__(self, day: Day, rules: Rules) -> None:
        self.day, self.rules = day, rules
        self.counters = {each.id: each for each in day.counters}
        self.lanes = [_lane(each, rules.of_line(each.line)) for each in day.arrivals]
        self.queues: dict[int, dict[str, deque[int]]] = defaultdict(lambda: defaultdict(deque))
        self.line_made: dict[int, Made] = {}
        self.counter_made: dict[int, Made] = {}
        self.called: dict[int, datetime] = {}
        self.gone: set[int] = set()
        self.busy: set[int] = set()
        self.idle: dict[int, None] = {}
        self.heads = [
            Head(lane, n, 1, n, each.at, each.at)
            for n, (each, lane) in enumerate(zip(day.arrivals, self.lanes, strict=True))
        ]
        self.events: list[tuple[datetime, int, int]] = [
            (each.at, _Kind.COMES, n) for n, each in enumerate(day.arrivals)
        ]
        self.events += [
            (each.leaves_at, _Kind.LEAVES, n) for n, each in enumerate(day.arrivals) if each.leaves_at
        ]
        self.events += [(span[0], _Kind.OPENS, each.id) for each in day.counters for span in each.spans]
        heapq.heapify(self.events)

    def play(self) -> list[Outcome]:
        """Let everything happen in its order."""
        while self.events:
            now, kind, which = heapq.heappop(self.events)
            if kind == _Kind.LEAVES:
                if which not in self.called:
                    self.gone.add(which)
            elif kind == _Kind.COMES:
                self._comes(which, now)
            else:
                if kind == _Kind.FREE:
                    self.busy.discard(which)
                self._look(which, now)
        return [
            Outcome(each, lane, self.called.get(n), n in self.gone)
            for n, (each, lane) in enumerate(zip(self.day.arrivals, self.lanes, strict=True))
        ]

    def _comes(self, n: int, now: datetime) -> None:
        if n in self.gone:
            return
        line = self.day.arrivals[n].line
        self.queues[line][self.lanes[n]].append(n)
        for counter in self.idle:  # whoever has been idle longest, first
            if line in self.counters[counter].lines and self._open(counter, now):
                self._look(counter, now)
                return

    def _open(self, counter: int, now: datetime) -> bool:
        return any(begins <= now < ends for begins, ends in self.counters[counter].spans)

    def _look(self, counter: int, now: datetime) -> None:
        """A free counter calls whom its rule names, or waits for somebody to come."""
        if counter in self.busy or not self._open(counter, now):
            return
        decision = self._decide(counter, now)
        if decision is None:
            self.idle.setdefault(counter)
            return
        self.queues[decision.line][decision.lane].popleft()
        self.called[decision.ticket] = now
        self.line_made[decision.line] = decision.line_made
        self.counter_made[counter] = decision.counter_made
        self.idle.pop(counter, None)
        self.busy.add(counter)
        ends = now + timedelta(seconds=self.day.arrivals[decision.ticket].seconds)
        heapq.heappush(self.events, (ends, _Kind.FREE, counter))

    def _decide(self, counter: int, now: datetime) -> Decision | None:
        lines = [
            LineHeads(line, self.rules.of_line(line), self.line_made.get(line, {}), heads)
            for line in self.counters[counter].lines
            if (heads := self._heads(line))
        ]
        rule = self.rules.of_counter(counter)
        return decide_at_counter(rule, lines, self.counter_made.get(counter, {}), now)

    def _heads(self, line: int) -> list[Head]:
        heads = []
        for queue in self.queues[line].values():
            while queue and queue[0] in self.gone:
                queue.popleft()
            if queue:
                heads.append(self.heads[queue[0]])
        return heads


def _lane(arrival: Arrival, rule: LineRule) -> str:
    return str(
        lane_of(
            arrival.priority,
            arrival.purpose,
            arrival.dossiers,
            appointment=arrival.appointment,
            bulk_from=rule.bulk_from,
        )
    )
