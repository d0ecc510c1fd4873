"""What a day of waiting came to, by line and lane and by hour; the same reckoning for every way a day was called."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kiosk.domain.replay import Outcome, Rules


@dataclass(frozen=True)
class Waits:
    """How a group of visitors waited, in whole seconds.

    Whoever was still waiting at closing (`left`) counts with the wait until then; whoever gave up (`gone`) counts in
    no time. `passed_by` is the most calls of one line that went to later comers while somebody waited.
    """

    visitors: int
    mean: int
    median: int
    p90: int
    longest: int
    over_target: int
    passed_by: int
    left: int
    gone: int

    def to_json(self) -> dict[str, int]:
        """As plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class _Told:
    """One outcome with what the figures need of it."""

    outcome: Outcome
    seconds: float
    target: float
    passed_by: int


def waits_of(outcomes: Sequence[Outcome], rules: Rules, closing: datetime) -> dict[str, Any]:
    """{all: Waits, lines: {line: Waits}, lanes: {(line, lane): Waits}, hours: {hour: mean seconds}}.

    The hour is that of the arrival, on the clock the arrivals are written in.
    """
    passed = _passed_by(outcomes)
    told = [
        _Told(
            each,
            max(0.0, ((each.called_at or closing) - each.arrival.at).total_seconds()),
            rules.of_line(each.arrival.line).target_minutes * 60,
            passed[n],
        )
        for n, each in enumerate(outcomes)
    ]
    waited = [each for each in told if not each.outcome.gone]
    hours = _by(waited, lambda outcome: outcome.arrival.at.hour)
    return {
        "all": _waits(told),
        "lines": {key: _waits(group) for key, group in _by(told, lambda each: each.arrival.line).items()},
        "lanes": {
            key: _waits(group)
            for key, group in _by(told, lambda each: (each.arrival.line, each.lane)).items()
        },
        "hours": {
            hour: round(sum(each.seconds for each in group) / len(group)) for hour, group in hours.items()
        },
    }


def _by(told: Iterable[_Told], key: Callable[[Outcome], Any]) -> dict[Any, list[_Told]]:
    groups: dict[Any, list[_Told]] = defaultdict(list)
    for each in told:
        groups[key(each.outcome)].append(each)
    return dict(sorted(groups.items()))


def _waits(told: Sequence[_Told]) -> Waits:
    there = [each for each in told if not each.outcome.gone]
    seconds = sorted(each.seconds for each in there)
    return Waits(
        visitors=len(told),
        mean=round(sum(seconds) / len(seconds)) if seconds else 0,
        median=_at(seconds, 0.5),
        p90=_at(seconds, 0.9),
        longest=round(seconds[-1]) if seconds else 0,
        over_target=sum(each.seconds > each.target for each in there),
        passed_by=max((each.passed_by for each in told), default=0),
        left=sum(each.outcome.called_at is None for each in there),
        gone=len(told) - len(there),
    )


def _at(rising: Sequence[float], part: float) -> int:
    """The smallest value that `part` of all do not exceed."""
    return round(rising[math.ceil(part * len(rising)) - 1]) if rising else 0


def _passed_by(outcomes: Sequence[Outcome]) -> dict[int, int]:
    """For each, the calls of the same line that went to somebody who came later, while it waited."""
    lines: dict[int, list[int]] = defaultdict(list)
    for n, outcome in enumerate(outcomes):
        lines[outcome.arrival.line].append(n)
    passed: dict[int, int] = {}
    for members in lines.values():
        called = [n for n in members if outcomes[n].called_at is not None]
        before: list[int] = []
        for n in sorted(called, key=lambda n: (outcomes[n].called_at, n)):
            passed[n] = len(before) - bisect_right(before, n)
            insort(before, n)
        for n in members:
            if n not in passed:
                passed[n] = 0 if outcomes[n].gone else len(before) - bisect_right(before, n)
    return passed
