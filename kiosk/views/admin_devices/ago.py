"""How long ago something was, as people say it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.views.door import words
from kiosk.views.forms import clock_of

JUST_NOW, MINUTE, HOUR, DAY = 5, 60, 3_600, 86_400


def ago_of(now: datetime, zone: str) -> Callable[[datetime | None], str]:
    """Write a moment as "12 giây trước", older than a day by the clock; "–" for none."""
    clock = clock_of(zone)

    def ago(moment: datetime | None) -> str:
        if moment is None:
            return "–"
        seconds = int((now - moment).total_seconds())
        if seconds < JUST_NOW:
            return words("vừa xong")
        if seconds < MINUTE:
            return words("%(n)s giây trước", n=seconds)
        if seconds < HOUR:
            return words("%(n)s phút trước", n=seconds // MINUTE)
        if seconds < DAY:
            return words("%(n)s giờ trước", n=seconds // HOUR)
        return clock(moment)

    return ago
