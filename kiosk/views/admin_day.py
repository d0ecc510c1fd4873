"""The day of the hall: when lines are served, what happens at closing, and the days that were closed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.services.day_close import close_day, reopen_day
from kiosk.services.hall_settings import change_hall, hall_settings
from kiosk.services.hours import MOST_INTERVALS, set_line_hours
from kiosk.services.issue_ticket import TicketHouse
from kiosk.services.look.office_days import closed_days, line_hours
from kiosk.services.look.overview_hall import hall_overview
from kiosk.views.door import current_office, page, public_address, settings, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, clock_of, refused, text, whole

blueprint = Blueprint("day", __name__, url_prefix="/day")

HERE = "/admin/day"
PAIRS = MOST_INTERVALS - 1
"""Pairs of times that the form offers: a morning, an afternoon, an evening."""


@blueprint.get("")
@staff("hall.rules")
def day() -> str:
    """Hours, settings and closed days; `?line=` puts the hours of one line into the form."""
    return _show()


@blueprint.post("/settings")
@staff("hall.rules")
def change_settings() -> Any:
    """Whether hours are kept, when numbers are given, and what the end of the day does."""
    actor = g.actor

    def act() -> None:
        values = {
            "keep_hours": text("keep_hours") == "yes",
            "numbers_before_minutes": whole("numbers_before_minutes"),
            "numbers_at_lunch": text("numbers_at_lunch") == "yes",
            "carry_over": text("carry_over") == "yes",
            "close_at": text("close_at").strip(),
        }
        change_hall(actor.office_id, "day", values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu cài đặt của ngày.")


@blueprint.post("/hours/<int:line>")
@staff("hall.rules")
def change_hours(line: int) -> Any:
    """Hours of one line's own, or the office's again."""
    actor = g.actor

    def act() -> None:
        own = _intervals() if text("which") == "own" else None
        set_line_hours(actor.office_id, line, own, g.now, actor.name)

    return attempt(act, _show, f"{HERE}#hours", "Đã lưu giờ của hàng đợi.")


@blueprint.post("/close")
@staff("hall.rules")
def close() -> Any:
    """First what closing would do; with `confirmed` the day is closed."""
    actor, office = g.actor, current_office()
    if not text("confirmed"):
        overview = hall_overview(office["id"], g.now)
        chosen = hall_settings(office["id"]).day
        return page("admin/day_confirm.html", totals=overview["totals"], settings=chosen)
    try:
        house = TicketHouse(settings().key, public_address(office))
        summary = close_day(office["id"], g.now, actor.name, house=house)
    except DomainError as error:
        return refused(error, _show)
    flash(words("Đã kết thúc ngày: %(n)s số sang ngày sau, %(m)s số hết hiệu lực.", n=summary["carried_over"], m=summary["expired"]), "ok")  # fmt: skip
    return redirect(f"{HERE}#closed", SEE_OTHER)


@blueprint.post("/reopen")
@staff("hall.rules")
def reopen() -> Any:
    """Let the hall give numbers again today."""
    actor = g.actor
    return attempt(
        lambda: reopen_day(actor.office_id, g.now, actor.name), _show, HERE, "Đã mở lại ngày hôm nay."
    )


def _intervals() -> list[tuple[str, str]]:
    """The pairs that were filled in; half a pair is refused by whoever reads it."""
    pairs = [(text(f"opens-{n}").strip(), text(f"closes-{n}").strip()) for n in range(PAIRS)]
    return [pair for pair in pairs if any(pair)]


def _show(**shown: Any) -> str:
    office = current_office()
    hours = line_hours(office["id"], g.now)
    asked = (request.view_args or {}).get("line") or request.args.get("line", type=int)
    days = closed_days(office["id"])
    return page(
        "admin/day.html",
        settings=asdict(hall_settings(office["id"]).day),
        hours=hours,
        edited=next((each for each in hours["lines"] if each["id"] == asked), None),
        pairs=PAIRS,
        days=days,
        closed_today=any(each["day"] == hours["day"] for each in days),
        when=clock_of(office["zone"]),
        **shown,
    )
