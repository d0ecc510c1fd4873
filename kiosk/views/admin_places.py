"""Waiting lines and counters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.procedure import Department
from kiosk.plugin import gate
from kiosk.services import manage_places
from kiosk.views.door import page, staff
from kiosk.views.forms import attempt, chosen, text, whole

blueprint = Blueprint("places", __name__)

LINES, COUNTERS = "/admin/lines", "/admin/counters"
PREFILLED = ("department", "prefix", "title", "title_en")
"""What a link to the form for a new line may fill in."""


def _show_lines(edit: int | None = None, **shown: Any) -> str:
    if edit is None and "department" in request.args:
        shown.setdefault("entered", {key: request.args.get(key, "")[:200] for key in PREFILLED})
    lines = manage_places.lines(g.actor.office_id)
    return page(
        "admin/lines.html",
        lines=lines,
        edited=next((line for line in lines if line["id"] == edit), None),
        departments=_departments(shown.get("entered", {}).get("department", "")),
        **shown,
    )


def _departments(asked: str) -> list[Department]:
    """Those switched on, and the one asked for: its line may be made before it is switched on."""
    return [
        each
        for each in gate.departments().values()
        if each.front_desk and (each.key == asked or each.key in gate.departments(g.actor.office_id))
    ]


def _show_counters(edit: int | None = None, **shown: Any) -> str:
    counters = manage_places.counters(g.actor.office_id)
    return page(
        "admin/counters.html",
        counters=counters,
        edited=next((counter for counter in counters if counter["id"] == edit), None),
        lines=manage_places.lines(g.actor.office_id),
        **shown,
    )


@blueprint.get("/lines")
@staff("admin.lines")
def lines() -> str:
    """All lines, with the form for a new one or for the one being edited."""
    return _show_lines(request.args.get("edit", type=int))


@blueprint.post("/lines")
@staff("admin.lines")
def add_line() -> Any:
    """A new line of a department."""
    actor = g.actor

    def act() -> None:
        manage_places.add_line(
            actor.office_id,
            text("department"),
            text("prefix"),
            text("title"),
            g.now,
            actor.name,
            title_en=text("title_en"),
            area=text("area"),
        )

    return attempt(act, _show_lines, LINES, "Đã thêm hàng đợi.")


@blueprint.post("/lines/<int:line>")
@staff("admin.lines")
def change_line(line: int) -> Any:
    """Another title, letter or area."""
    actor = g.actor

    def act() -> None:
        manage_places.change_line(
            actor.office_id,
            line,
            text("prefix"),
            text("title"),
            g.now,
            actor.name,
            title_en=text("title_en"),
            area=text("area"),
        )

    return attempt(act, lambda **shown: _show_lines(line, **shown), LINES, "Đã lưu hàng đợi.")


@blueprint.post("/lines/<int:line>/open")
@staff("admin.lines")
def open_line(line: int) -> Any:
    """Open a line, or close it for new numbers."""
    actor, open_ = g.actor, text("open") == "yes"

    def act() -> None:
        manage_places.set_line_open(
            actor.office_id, line, open_, g.now, actor.name, opens_again=text("opens_again")
        )

    done = "Đã mở hàng đợi." if open_ else "Đã đóng hàng đợi; số đã cấp vẫn được gọi."
    return attempt(act, lambda **shown: _show_lines(line, **shown), LINES, done)


@blueprint.get("/counters")
@staff("admin.counters")
def counters() -> str:
    """All counters, with the form for a new one or for the one being edited."""
    return _show_counters(request.args.get("edit", type=int))


@blueprint.post("/counters")
@staff("admin.counters")
def add_counter() -> Any:
    """A new counter."""
    actor = g.actor

    def act() -> None:
        manage_places.add_counter(
            actor.office_id,
            whole("number"),
            text("title"),
            chosen("lines"),
            g.now,
            actor.name,
            area=text("area"),
        )

    return attempt(act, _show_counters, COUNTERS, "Đã thêm quầy.")


@blueprint.post("/counters/<int:counter>")
@staff("admin.counters")
def change_counter(counter: int) -> Any:
    """Another number, title, area or other lines."""
    actor = g.actor

    def act() -> None:
        manage_places.change_counter(
            actor.office_id,
            counter,
            whole("number"),
            text("title"),
            chosen("lines"),
            g.now,
            actor.name,
            area=text("area"),
        )

    return attempt(act, lambda **shown: _show_counters(counter, **shown), COUNTERS, "Đã lưu quầy.")


@blueprint.post("/counters/<int:counter>/open")
@staff("admin.counters")
def open_counter(counter: int) -> Any:
    """Let a counter call numbers, or not."""
    actor, open_ = g.actor, text("open") == "yes"

    def act() -> None:
        manage_places.set_counter_open(actor.office_id, counter, open_, g.now, actor.name)

    done = "Đã mở quầy." if open_ else "Đã đóng quầy."
    return attempt(act, lambda **shown: _show_counters(counter, **shown), COUNTERS, done)
