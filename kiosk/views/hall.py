"""The manager's live view of the hall, what a manager may do from there, and any day as a chart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request

from kiosk.i18n import error_message
from kiosk.services import look
from kiosk.services.answer_help import answer_help
from kiosk.services.counter_state import PAUSE_REASONS, set_counter_state
from kiosk.services.look.overview_day import day_history
from kiosk.services.look.overview_forecast import honesty_by_day, honesty_of_day
from kiosk.services.look.overview_hall import hall_overview
from kiosk.services.look.overview_line import line_visits, visit
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from kiosk.services.visit.park import PARK_REASONS
from kiosk.views.door import current_office, language, page, staff, words
from kiosk.views.forms import attempt, text
from kiosk.views.hall_chart import day_chart

blueprint = Blueprint("hall", __name__, url_prefix="/hall")

HERE = "/hall"
DONE = {
    "open": "Đã mở quầy.",
    "paused": "Đã tạm dừng quầy.",
    "closed": "Đã đóng quầy.",
}


@blueprint.get("")
@staff("ops.see")
def hall() -> str:
    """The hall now; the page follows what happens by itself."""
    return _show()


@blueprint.get("/live")
@staff("ops.see")
def live() -> str:
    """The moving part of the page alone."""
    return page("hall/_live.html", **_now())


@blueprint.get("/lines/<int:line>")
@staff("ops.see")
def line(line: int) -> str:
    """Everybody on a line, in the order of the calls."""
    found = line_visits(g.actor.office_id, line, g.now, language())
    overview = hall_overview(g.actor.office_id, g.now)
    about = next(each for each in overview["lines"] if each["id"] == line)
    return _panel("hall/line.html", line=about, visits=found)


@blueprint.get("/counters/<int:counter>")
@staff("ops.see")
def counter(counter: int) -> str:
    """One counter, and the switch of its state. Raises NotFound("unknown_counter")."""
    look.counter_room(g.actor.office_id, counter)
    overview = hall_overview(g.actor.office_id, g.now)
    about = next(each for each in overview["counters"] if each["id"] == counter)
    return _panel("hall/counter.html", counter=about)


@blueprint.get("/tickets/<int:ticket>")
@staff("ops.see")
def ticket(ticket: int) -> str:
    """One visit, and where it may be sent."""
    found = visit(g.actor.office_id, ticket, g.now, language())
    overview = hall_overview(g.actor.office_id, g.now)
    return _panel("hall/ticket.html", ticket=found, overview=overview)


@blueprint.post("/counters/<int:counter>/state")
@staff("counter.any")
def change_counter(counter: int) -> Any:
    """Open, pause or close a counter."""
    actor, state = g.actor, text("state")

    def act() -> None:
        look.counter_room(actor.office_id, counter)
        set_counter_state(counter, state, text("reason"), actor, g.now)

    return attempt(act, _show, HERE, DONE.get(state, "Đã lưu."))


@blueprint.post("/tickets/<int:ticket>/moves")
@staff("counter.any")
def move(ticket: int) -> Any:
    """Send a visit on, let it go on, end it or give its number up."""
    actor, wanted = g.actor, text("move")

    def act() -> None:
        move_ticket(ticket, wanted, actor, g.now, _details())

    return attempt(act, _show, HERE, "Đã thực hiện.")


@blueprint.post("/help/<int:entry>/answered")
@staff("ops.see")
def help_answered(entry: int) -> Any:
    """Somebody went to help."""
    actor = g.actor
    return attempt(lambda: answer_help(entry, actor, g.now), _show, HERE, "Đã ghi nhận có người đến hỗ trợ.")


@blueprint.get("/day")
@staff("ops.see")
def day() -> str:
    """A day as a chart with the table behind it; `?day=` names another than today."""
    office = current_office()
    today = look.today(office, g.now)
    try:
        wanted = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        wanted = today
    return page(
        "hall/day.html",
        **_history(office["id"], min(wanted, today)),
        **_words(office),
        forecast=honesty_of_day(office["id"], min(wanted, today)),
        measured=honesty_by_day(office["id"]),
        day=min(wanted, today),
        today=today,
    )


def _details() -> MoveDetails:
    """Where to and with which words; `to` is "line:3" or "counter:5"."""
    kind, _, number = text("to").partition(":")
    wanted = int(number) if number.isdecimal() and len(number) < 10 else None
    return MoveDetails(
        line=wanted if kind == "line" else None,
        counter=wanted if kind == "counter" else None,
        position=text("position") or "last",
        note=text("note"),
    )


def _show(**shown: Any) -> str:
    return page("hall/hall.html", **_now(), **shown)


def _now() -> dict[str, Any]:
    office = current_office()
    return {
        "hall": hall_overview(office["id"], g.now),
        **_history(office["id"], look.today(office, g.now)),
        **_words(office),
    }


def _panel(template: str, **shown: Any) -> str:
    """A page of its own, or (`?part=1`) what a dialog of the live view shows."""
    return page(template, part="part" in request.args, **shown, **_words(current_office()))


def _history(office_id: int, wanted: date) -> dict[str, Any]:
    history = day_history(office_id, wanted, g.now)
    return {"history": history, "chart": day_chart(history["quarters"], ZoneInfo(current_office()["zone"]))}


def _words(office: dict[str, Any]) -> dict[str, Any]:
    """How these pages write moments, durations, reasons and problems."""
    return {
        "clock": _clock(office["zone"]),
        "duration": duration,
        "park_reasons": PARK_REASONS,
        "pause_reasons": PAUSE_REASONS,
        "say_problem": lambda code: error_message(code, language(), {}),
    }


def _clock(zone: str) -> Callable[[str | None], str]:
    place = ZoneInfo(zone)
    return lambda iso: f"{datetime.fromisoformat(iso).astimezone(place):%H:%M}" if iso else "–"


def duration(seconds: float | None) -> str:
    """So long in words: "40 giây", "12 phút", "1 giờ 05 phút"; "–" for nothing."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return words("%(n)s giây", n=int(seconds))
    minutes = int(seconds // 60)
    if minutes == 1:
        return words("1 phút")
    if minutes < 60:
        return words("%(n)s phút", n=minutes)
    return words("%(h)s giờ %(n)s phút", h=minutes // 60, n=f"{minutes % 60:02}")
