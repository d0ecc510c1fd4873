"""How honest the forecasts were: which part of the waits fell inside the range their visitors were told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.models import ForecastScore, Line


@dataclass
class Honesty:
    """Waits that were compared: inside their range, shorter, longer; how far the middle of the range was off."""

    tickets: int = 0
    inside: int = 0
    early: int = 0
    late: int = 0
    error_seconds: float = 0.0

    def add(self, score: ForecastScore) -> None:
        """Count the score of one line and day."""
        self.tickets += score.tickets
        self.inside += score.inside
        self.early += score.early
        self.late += score.late
        self.error_seconds += score.mean_error_seconds * score.tickets

    def to_json(self) -> dict[str, Any]:
        """The figures; `share` is the whole percents inside, `mean_error_seconds` above 0 when waits were longer."""
        return {
            "tickets": self.tickets,
            "inside": self.inside,
            "early": self.early,
            "late": self.late,
            "share": round(100 * self.inside / self.tickets) if self.tickets else None,
            "mean_error_seconds": round(self.error_seconds / self.tickets) if self.tickets else None,
        }


def honesty_by_day(office_id: int, most: int = 30) -> list[dict[str, Any]]:
    """The measured days, newest first."""
    measured = (
        ForecastScore.select(ForecastScore.day)
        .where(ForecastScore.office == office_id)
        .distinct()
        .order_by(ForecastScore.day.desc())
        .limit(most)
        .tuples()
    )
    days = [day for (day,) in measured]
    scores = ForecastScore.select().where((ForecastScore.office == office_id) & (ForecastScore.day << days))
    found: dict[date, Honesty] = {day: Honesty() for day in days}
    for score in scores:
        found[score.day].add(score)
    return [{"day": day.isoformat(), **honesty.to_json()} for day, honesty in found.items()]


def honesty_of_day(office_id: int, day: date) -> dict[str, Any]:
    """One day in all and by line; nothing by line for a day that was not measured."""
    rows: Iterable[ForecastScore] = (
        ForecastScore.select(ForecastScore, Line)
        .join(Line)
        .where((ForecastScore.office == office_id) & (ForecastScore.day == day))
        .order_by(Line.prefix)
    )
    whole, lines = Honesty(), []
    for score in rows:
        mine = Honesty()
        for each in (whole, mine):
            each.add(score)
        named = {name: getattr(score.line, name) for name in ("id", "prefix", "title", "title_en")}
        lines.append({**named, **mine.to_json()})
    return {**whole.to_json(), "lines": lines}
