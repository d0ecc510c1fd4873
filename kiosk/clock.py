"""The one place where the product asks what time it is; everything below the door gets the answer handed in."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta

FAST = "KIOSK_CLOCK"
"""Environment variable of a simulation: the real moment it began, the moment it plays, and how much faster it runs."""


def now() -> datetime:
    """The present moment, aware, in UTC; in a simulation, the moment it plays."""
    real = _seconds()
    if (fast := _fast()) is None:
        return datetime.fromtimestamp(real, UTC)
    began, playing, rate = fast
    return playing + timedelta(seconds=(real - began) * rate)


def run_fast(playing: datetime, rate: float) -> None:
    """Let time run from a moment on, so many times faster, in this process and those it starts from now on."""
    os.environ[FAST] = f"{_seconds()},{playing.timestamp()},{rate}"


def run_as_usual() -> None:
    """End `run_fast` in this process."""
    os.environ.pop(FAST, None)


def _seconds() -> float:
    """Seconds since 1970 by this machine's clock."""
    return time.time()


def _fast() -> tuple[float, datetime, float] | None:
    text = os.environ.get(FAST)
    if not text:
        return None
    began, playing, rate = map(float, text.split(","))
    return began, datetime.fromtimestamp(playing, UTC), rate
