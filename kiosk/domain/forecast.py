"""How long a wait may last, as an honest range of whole minutes.

A wait is the time until a counter comes free for a visitor: those ahead are served one after the other at the
counters that are open, each for as long as visits of late took. What is not known (who is quick, who stays away) is
the width of the range.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DEFAULT_SERVICE_SECONDS = 360.0
"""What a visit is taken to last on a line without experience: six minutes."""

DEFAULT_DEVIATION_SECONDS = 240.0

LONGEST_CREDIBLE_VISIT_SECONDS = 2 * 3600.0
"""Longer than this is a forgotten "finish", left out of every mean."""

EXPERIENCE = 8
"""As many visits as weigh as much as what was believed before the first."""

WIDTH = 1.5
"""Standard deviations to either side: about 87 of 100 waits, were they normal."""

DOUBT = 0.15
"""Share of the expected wait that is never certain: who comes later and goes first, who is not there."""

LEAST_DEVIATION_SECONDS = 40.0
MOST_STEPS = 400
"""More people ahead than this are reckoned in one sum; a step each would be slow and no better."""


@dataclass(frozen=True)
class Pace:
    """How long visits take: mean and standard deviation in seconds, from so many of late."""

    mean: float = DEFAULT_SERVICE_SECONDS
    deviation: float = DEFAULT_DEVIATION_SECONDS
    visits: int = 0

    @property
    def believed(self) -> Pace:
        """Drawn towards what is usual while there is little experience."""
        weight = self.visits / (self.visits + EXPERIENCE)
        return Pace(
            weight * self.mean + (1 - weight) * DEFAULT_SERVICE_SECONDS,
            weight * self.deviation + (1 - weight) * DEFAULT_DEVIATION_SECONDS,
            self.visits,
        )


DEFAULT_PACE = Pace()


@dataclass(frozen=True)
class Queue:
    """What stands before a visitor: how many people, how long each may take, when each open counter comes free
    (seconds from now; 0 is idle), how wide past days say the range has to be, and the breaks of the day."""

    ahead: int
    pace: Pace
    free_in: Sequence[float]
    width: float = 1.0
    breaks: Sequence[tuple[datetime, datetime]] = ()


def pace_of(seconds: Iterable[float]) -> Pace:
    """The pace of recent visits; what cannot be a visit (a forgotten finish, a clock set back) is left out."""
    credible = [each for each in seconds if 0 < each <= LONGEST_CREDIBLE_VISIT_SECONDS]
    if not credible:
        return DEFAULT_PACE
    mean = sum(credible) / len(credible)
    if len(credible) == 1:
        return Pace(mean, DEFAULT_DEVIATION_SECONDS, 1)
    variance = sum((each - mean) ** 2 for each in credible) / (len(credible) - 1)
    return Pace(mean, math.sqrt(variance), len(credible))


def wait_range(queue: Queue, now: datetime) -> tuple[int, int]:
    """The wait in whole minutes, (low, high): called in minute `low` at the earliest, in minute `high` at the latest.

    (0, 0) when a counter is idle and nobody is ahead. With no counter open one is assumed: a line that is open will be
    served.
    """
    counters = sorted(queue.free_in) or [0.0]
    if queue.ahead <= 0 and queue.free_in and counters[0] <= 0:
        return (0, 0)
    pace = queue.pace.believed
    expected = _expected(queue.ahead, pace.mean, counters)
    spread = max(queue.ahead, 0.5) * pace.deviation**2 / len(counters) ** 2
    deviation = math.sqrt(spread + (DOUBT * expected) ** 2 + LEAST_DEVIATION_SECONDS**2)
    reach = WIDTH * queue.width * deviation
    low, high = max(0.0, expected - reach), expected + reach
    low += _breaks_before(low, now, queue.breaks)
    high += _breaks_before(high, now, queue.breaks)
    return (math.floor(low / 60), max(1, math.ceil(high / 60)))


def _expected(ahead: int, mean: float, counters: Sequence[float]) -> float:
    if ahead > MOST_STEPS:
        return sum(counters) / len(counters) + ahead * mean / len(counters)
    free = list(counters)
    heapq.heapify(free)
    for _ in range(ahead):
        heapq.heappush(free, heapq.heappop(free) + mean)
    return free[0]


def _breaks_before(seconds: float, now: datetime, breaks: Sequence[tuple[datetime, datetime]]) -> float:
    """The time that breaks add to a wait which would last `seconds` without any."""
    added = 0.0
    for begins, ends in breaks:
        if ends <= now:
            continue
        served_before = max(0.0, (begins - now).total_seconds() - added)
        if seconds >= served_before:
            added += (ends - max(begins, now)).total_seconds()
    return added


def remaining(elapsed_seconds: float, pace: Pace) -> float:
    """How long a visit that began so long ago may still last: what is left of the mean, never less than a quarter."""
    mean = pace.believed.mean
    return max(mean - max(elapsed_seconds, 0.0), mean / 4)


def is_inside(low: int, high: int, waited_seconds: float) -> bool:
    """Whether a wait fell inside its forecast: called in one of the minutes `low` to `high`."""
    return low <= int(waited_seconds // 60) <= high


def width_after(width: float, inside: int, tickets: int) -> float:
    """How wide tomorrow's ranges have to be after a day on which so many of so many waits were inside.

    Aims at 85 of 100; moves slowly, between 0.7 and 3 times.
    """
    if tickets < 10:
        return width
    missed = 0.85 - inside / tickets
    return min(3.0, max(0.7, width * (1 + missed)))


def ends_after(now: datetime, wait: tuple[int, int], mean_seconds: float, closing: datetime) -> str:
    """Whether a visit is over before closing: "yes", "maybe" or "no"."""
    service = timedelta(seconds=mean_seconds)
    if now + timedelta(minutes=wait[1]) + service <= closing:
        return "yes"
    if now + timedelta(minutes=wait[0]) + service <= closing:
        return "maybe"
    return "no"
