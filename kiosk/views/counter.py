"""The counter console: choose a counter, then serve; the console itself lives on the API and the live channel."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, request, url_for

from kiosk.services import look
from kiosk.views.door import language, page, staff

blueprint = Blueprint("counter", __name__)


@blueprint.get("/counter")
@staff("ticket.call")
def choose() -> Any:
    """The counters this officer may serve at; with only one there is nothing to choose (`?all=1` shows it anyway)."""
    mine = [counter for counter in look.counters(g.actor.office_id, g.actor) if counter["mine"]]
    if len(mine) == 1 and "all" not in request.args:
        return redirect(url_for("counter.console", counter_id=mine[0]["id"]))
    posted = g.actor.user.counters
    mine.sort(key=lambda counter: (counter["id"] not in posted, counter["number"]))
    shown = [{**counter, "name": _name(counter)} for counter in mine]
    return page("counter/choose.html", counters=shown, posted=posted, nav="counter")


def _name(counter: dict[str, Any]) -> str:
    """A counter called after one of its lines has that line's name in the reader's language."""
    titles = {line["title"]: line["title_en"] for line in counter["lines"]} if language() == "en" else {}
    return titles.get(counter["title"]) or counter["title"]


@blueprint.get("/counter/<int:counter_id>")
@staff("ticket.call")
def console(counter_id: int) -> Any:
    """The console of one counter. Raises Forbidden("not_your_counter"), NotFound("unknown_counter")."""
    g.actor.require_counter(counter_id)
    look.counter_room(g.actor.office_id, counter_id)
    return page("counter/console.html", counter_id=counter_id)
