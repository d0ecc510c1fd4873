"""The days of the hall: when each line is served, and what the days that were closed came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from kiosk.database import look_at_office
from kiosk.models import DayClose, Line
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import office_day, read_intervals
from kiosk.services.look.overview_forecast import honesty_by_day


def line_hours(office_id: int, now: datetime) -> dict[str, Any]:
    """The hours of today: {day, works, office, lines}.

    `office` holds pairs of local times; a line's `own` are its own pairs, None where it keeps the office's.
    """
    place = look_at_office(office_id, now, "")
    today = office_day(office_id, place.day, place.zone, hall_settings(office_id).day)
    lines = []
    for row in Line.select().where(Line.office == office_id).order_by(Line.prefix):
        hours = today.of_line(row.hours)
        again = hours.next_numbers_at(now)
        lines.append(
            {
                "id": row.id,
                "prefix": row.prefix,
                "title": row.title,
                "title_en": row.title_en,
                "open": row.open,
                "own": None if row.hours is None else _texts(read_intervals(row.hours)),
                "gives_numbers": hours.gives_numbers(now),
                "next_numbers_at": again.astimezone(place.zone) if again else None,
            }
        )
    pairs = [(opens, closes) for opens, closes in today.hours.intervals if opens < closes]
    return {"day": place.day, "works": today.works, "office": _texts(pairs), "lines": lines}


def closed_days(office_id: int, most: int = 30) -> list[dict[str, Any]]:
    """The closed days, newest first; `forecast` is the measured honesty of the day, None before the night after it."""
    rows = DayClose.select().where(DayClose.office == office_id).order_by(DayClose.day.desc()).limit(most)
    measured = {each["day"]: each for each in honesty_by_day(office_id, most)}
    return [
        {
            "day": row.day,
            "closed_at": row.closed_at,
            "forecast": measured.get(row.day.isoformat()),
            **row.summary,
        }
        for row in rows
    ]


def _texts(pairs: Any) -> list[list[str]]:
    return [[opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in pairs]
