"""Reports as pages; figures come from `kiosk.reports` alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, make_response, request

from kiosk.domain.errors import DomainError
from kiosk.plugin import gate
from kiosk.reports import style
from kiosk.reports.period_summary import period_summary
from kiosk.views.door import current_office, language, page, staff
from kiosk.views.forms import say

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

SECOND_HALF_FROM = (6, 15)
FIRST_HALF_FROM = (12, 15)
"""Six-month periods of the reports on administrative procedures: 15/12–14/6 and 15/6–14/12."""


@blueprint.get("/period-summary")
@staff("report.read")
def summary() -> Any:
    """The period summary: a sentence as an official report writes it, and the tables behind it."""
    office = current_office()
    zone = ZoneInfo(office["zone"])
    today = g.now.astimezone(zone).date()
    usual_first, usual_last = half_year_of(today)
    typed = {
        "from": request.args.get("from") or usual_first.isoformat(),
        "to": request.args.get("to") or min(usual_last, today).isoformat(),
        "as_of": request.args.get("as_of", ""),
    }
    report, problem, status = None, "", 200
    try:
        first, last = _day("from", typed["from"]), _day("to", typed["to"])
        as_of = _moment(typed["as_of"], zone) or g.now
        report = period_summary(office["id"], first, last, as_of, now=g.now).to_json(titles())
    except DomainError as error:
        problem, status = say(error), error.status
    shown = page(
        "reports/period_summary.html",
        report=report,
        shares={share["name"]: share for share in report["shares"]} if report else {},
        typed=typed,
        problem=problem,
        today=today,
        presets=presets(today),
        number=_number,
        percent=_percent,
        day=lambda text: style.day(date.fromisoformat(text)),
        moment=lambda text: f"{datetime.fromisoformat(text):%H:%M %d/%m/%Y}",
    )
    return make_response(shown, status)


def half_year_of(day: date) -> tuple[date, date]:
    """The six-month reporting period that holds a day."""
    summer, winter = date(day.year, *SECOND_HALF_FROM), date(day.year, *FIRST_HALF_FROM)
    if day >= winter:
        return winter, date(day.year + 1, *SECOND_HALF_FROM) - timedelta(days=1)
    if day >= summer:
        return summer, winter - timedelta(days=1)
    return date(day.year - 1, *FIRST_HALF_FROM), summer - timedelta(days=1)


def presets(today: date) -> list[dict[str, str]]:
    """Periods one press away: {name, from, to}; none reaches into the future."""
    half_first, _ = half_year_of(today)
    before_first, before_last = half_year_of(half_first - timedelta(days=1))
    month = today.replace(day=1)
    named = (
        ("today", today, today),
        ("month", month, today),
        ("last_month", (month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        ("half", half_first, today),
        ("last_half", before_first, before_last),
    )
    return [{"name": name, "from": first.isoformat(), "to": last.isoformat()} for name, first, last in named]


def titles() -> dict[str, str]:
    """What the departments are called, in the reader's language."""
    english = language() == "en"
    return {
        key: department.title_en if english and department.title_en else department.title
        for key, department in gate.departments().items()
    }


def _number(value: int) -> str:
    return f"{value:,}" if language() == "en" else style.number(value)


def _percent(value: float | None) -> str:
    if value is None:
        return style.NOTHING
    return f"{value:,.1f}%" if language() == "en" else f"{value:.1f}%".replace(".", ",")


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError("date_malformed", field=field, value=text[:20]) from None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment typed, on the office's clock unless it names a zone; None for an empty field."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise DomainError("date_malformed", field="as_of", value=text[:20]) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
