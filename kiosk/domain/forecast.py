"""How long a wait may last, as an honest range of whole minutes."""

from __future__ import annotations

import math

DEFAULT_SERVICE_SECONDS = 360.0
"""What a visit is taken to last on a line without experience: six minutes."""

SMOOTHING = 0.15
"""Weight of the newest visit in the running mean of a line."""

SPREAD_LOW, SPREAD_HIGH = 0.7, 1.4
"""A range, never a false exact minute: people before you may be quick or slow."""

LONGEST_CREDIBLE_VISIT_SECONDS = 2 * 3600.0
"""Longer than this is a forgotten "finish", left out of the running mean."""


def wait_range(people_ahead: int, service_seconds: float, open_counters: int) -> tuple[int, int]:
    """The wait in whole minutes (low, high) for someone with `people_ahead` before them.

    `service_seconds` is the line's running mean per visit; with no counter open one is assumed,
    because a line that is open will be served.
    """
    if people_ahead <= 0:
        return (0, 0)
    seconds = people_ahead * service_seconds / max(open_counters, 1)
    low = math.floor(seconds * SPREAD_LOW / 60)
    high = math.ceil(seconds * SPREAD_HIGH / 60)
    return (low, max(high, low + 1))


def learn(service_seconds: float, observed_seconds: float) -> float:
    """The running mean after one more visit; a forgotten finish or a slip of the clock teaches nothing."""
    if not 0 < observed_seconds <= LONGEST_CREDIBLE_VISIT_SECONDS:
        return service_seconds
    return service_seconds + SMOOTHING * (observed_seconds - service_seconds)
