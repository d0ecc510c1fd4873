"""The working calendar of a year, and the office hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.services import calendar_year, look, manage_calendar, manage_hours
from kiosk.views.door import current_office, page, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, clock_of, entered, refused, text

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")

HERE = "/admin/calendar"
TIMES = ("opens", "noon", "again", "closes")


@blueprint.get("")
@staff("admin.calendar")
def calendar() -> str:
    """Twelve months with what each day is and why; `?day=` puts one into the form."""
    return _show()


@blueprint.post("")
@staff("admin.calendar")
def change() -> Any:
    """First what the change would do; with `confirmed` it is done."""
    actor = g.actor
    try:
        first = _day("first")
        last = _day("last") if text("last").strip() else first
        word, reason = text("word"), manage_calendar.clean_reason(text("reason"))
        if not text("confirmed"):
            effect = manage_calendar.effect(actor.office_id, first, last, word)
            if not effect.days:
                raise DomainError("calendar_unchanged")
            return _confirm(effect, HERE, {**entered(), "last": last.isoformat(), "reason": reason})
        manage_calendar.change_days(actor.office_id, first, last, word, reason, g.now, actor.name)
    except DomainError as error:
        return refused(error, _show)
    flash(words("Đã đổi lịch làm việc. Các lịch hẹn đã ghi trên giấy giữ nguyên."), "ok")
    return redirect(f"{HERE}?year={first.year}", SEE_OTHER)


@blueprint.post("/undo/<int:entry>")
@staff("admin.calendar")
def undo(entry: int) -> Any:
    """First what taking the change back would do; with `confirmed` it is done."""
    actor = g.actor
    try:
        effect = manage_calendar.what_undoing_does(actor.office_id, entry)
        if not text("confirmed"):
            return _confirm(effect, f"{HERE}/undo/{entry}", {}, undoing=True)
        manage_calendar.undo(actor.office_id, entry, g.now, actor.name)
    except DomainError as error:
        return refused(error, _show)
    flash(words("Đã hoàn tác."), "ok")
    return redirect(f"{HERE}?year={effect.first.year}", SEE_OTHER)


@blueprint.post("/hours")
@staff("admin.calendar")
def set_hours() -> Any:
    """Other hours from a day on."""
    actor = g.actor

    def act() -> None:
        times = [text(name) for name in TIMES]
        manage_hours.set_hours(
            actor.office_id, _day("valid_from"), times, text("hours_reason"), g.now, actor.name
        )

    return attempt(act, _show, f"{HERE}#hours", "Đã đặt giờ làm việc.")


@blueprint.post("/hours/withdraw")
@staff("admin.calendar")
def withdraw_hours() -> Any:
    """Take back hours that have not begun."""
    actor = g.actor

    def act() -> None:
        manage_hours.withdraw_hours(actor.office_id, _day("valid_from"), g.now, actor.name)

    return attempt(act, _show, f"{HERE}#hours", "Đã bỏ giờ làm việc dự kiến.")


def _show(**shown: Any) -> str:
    office = current_office()
    today = look.today(office, g.now)
    asked = _day_or_none(request.args.get("day", ""))
    year = request.args.get("year", type=int) or _year_of(shown.get("entered")) or (asked or today).year
    return page(
        "admin/calendar.html",
        view=calendar_year.calendar_year(office["id"], year),
        asked=asked,
        today=today,
        years=(calendar_year.FIRST_YEAR, calendar_year.LAST_YEAR),
        hours=manage_hours.hours_listing(office["id"], today),
        changes=calendar_year.calendar_changes(office["id"]),
        times=TIMES,
        longest=manage_calendar.LONGEST_REASON,
        when=clock_of(office["zone"]),
        **shown,
    )


def _confirm(
    effect: manage_calendar.Effect, address: str, sent: dict[str, Any], undoing: bool = False
) -> str:
    today = look.today(current_office(), g.now)
    return page(
        "admin/calendar_confirm.html",
        effect=effect,
        address=address,
        sent={name: value for name, value in sent.items() if name in {"first", "last", "word", "reason"}},
        undoing=undoing,
        past=sum(day < today for day in effect.days),
    )


def _day(name: str) -> date:
    day = _day_or_none(text(name))
    if day is None:
        raise DomainError("date_malformed", field=name, value=text(name)[:20])
    return day


def _day_or_none(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _year_of(typed: dict[str, Any] | None) -> int | None:
    day = _day_or_none((typed or {}).get("first", ""))
    return day.year if day else None
