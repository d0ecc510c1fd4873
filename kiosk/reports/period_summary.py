"""The period summary: what was received, resolved and left in an office, from its log alone (Biểu II.06a).

`PeriodSummary.to_json` gives, and keeps giving:

    {"report": "period-summary", "office": {"key", "title"}, "from", "to", "as_of",
     "received": {"total", "carried_over", "in_period"},
     "resolved": {"total", "early", "on_time", "late"},
     "in_progress": {"total", "in_time", "overdue"},
     "supplements", "returned", "withdrawn", "stopped", "linked",
     "past_due": {"apologised", "unapologised"},
     "online": {"level_3", "level_4", "other", "total"},
     "bcci": {"received", "returned", "both", "total"},
     "shares": [{"name", "title", "numerator", "denominator", "denominator_name", "percent"}],
     "departments": [{"key", "title", and the same blocks}]}

Days are ISO dates of the office's zone, `as_of` an ISO moment in it. `online.other` came online in a procedure without
a known level 3 or 4. `bcci.total` counts a dossier that came and went by post (`both`) once. `percent` is rounded half
up to one decimal, and null of nothing. What each figure means: `kiosk.domain.counting`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.counting import Counts, Period, PeriodCounts
from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Office
from kiosk.reports.engine import by_department, counts_of
from kiosk.reports.reading import snapshot
from kiosk.reports.shares import SHARES


@dataclass(frozen=True)
class PeriodSummary:
    """An office's figures for a period, as known at a moment."""

    office_key: str
    office_title: str
    period: Period
    counts: PeriodCounts

    def departments(self, titles: Mapping[str, str]) -> list[tuple[str, str, Counts]]:
        """(key, title, counts): those of `titles` in its order, zeros included, then others that have dossiers."""
        keys = [*titles, *sorted(self.counts.departments.keys() - titles.keys())]
        return [(key, titles.get(key, key), self.counts.departments.get(key, Counts())) for key in keys]

    def to_json(self, titles: Mapping[str, str]) -> dict[str, Any]:
        """The report as JSON values; `titles` names the departments."""
        return {
            "report": "period-summary",
            "office": {"key": self.office_key, "title": self.office_title},
            "from": self.period.first.isoformat(),
            "to": self.period.last.isoformat(),
            "as_of": self.period.as_of.isoformat(),
            **_blocks(self.counts.total),
            "departments": [
                {"key": key, "title": title, **_blocks(counts)}
                for key, title, counts in self.departments(titles)
            ],
        }


def period_summary(
    office_id: int, first: date, last: date, as_of: datetime, *, now: datetime | None = None
) -> PeriodSummary:
    """Count the period [first, last] of an office as it was known at `as_of` (aware); `now` None means `as_of`.

    Raises NotFound("unknown_office") and DomainError: "period_reversed", "date_too_early" (before 2000),
    "date_in_future" (the last day had not begun at `as_of`), "as_of_in_future", "moment_without_zone".
    """
    period = Period(first, last, as_of)
    if now is not None and as_of > now:
        raise DomainError("as_of_in_future", as_of=as_of.isoformat())
    with snapshot():
        office = Office.get_or_none(Office.id == office_id)
        if office is None:
            raise NotFound("unknown_office", office=office_id)
        local = as_of.astimezone(ZoneInfo(office.zone))
        if last > local.date():
            raise DomainError("date_in_future", field="to", latest=local.date().isoformat())
        counts = by_department(counts_of(office, period))
    return PeriodSummary(office.key, office.title, replace(period, as_of=local), counts)


def _blocks(counts: Counts) -> dict[str, Any]:
    return {
        "received": {
            "total": counts.received,
            "carried_over": counts.carried_over,
            "in_period": counts.in_period,
        },
        "resolved": {
            "total": counts.resolved,
            "early": counts.early,
            "on_time": counts.on_time,
            "late": counts.late,
        },
        "in_progress": {
            "total": counts.in_progress,
            "in_time": counts.in_time,
            "overdue": counts.overdue,
        },
        "supplements": counts.supplements,
        "returned": counts.returned,
        "withdrawn": counts.withdrawn,
        "stopped": counts.stopped,
        "past_due": {
            "apologised": counts.past_due_apologised,
            "unapologised": counts.past_due_unapologised,
        },
        "linked": counts.linked,
        "online": {
            "level_3": counts.level_3,
            "level_4": counts.level_4,
            "other": counts.online_other,
            "total": counts.in_period_online,
        },
        "bcci": {
            "received": counts.post_received,
            "returned": counts.post_returned,
            "both": counts.post_both,
            "total": counts.post_total,
        },
        "shares": _shares(counts),
    }


def _shares(counts: Counts) -> list[dict[str, Any]]:
    made = []
    for rule in SHARES:
        share = rule.of(counts)
        percent = share.percent()
        made.append(
            {
                "name": share.name,
                "title": rule.title,
                "numerator": share.numerator,
                "denominator": share.denominator,
                "denominator_name": share.denominator_name,
                "percent": None if percent is None else float(percent),
            }
        )
    return made
