"""The day's figures of a hall for anybody: how many numbers were given on each line, and what became of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from kiosk.services import look
from kiosk.services.look.board import WHOLE_OFFICE, board_figures
from kiosk.views.door import page, public
from kiosk.views.forms import clock_of

blueprint = Blueprint("today", __name__)

SUMMED = ("issued", "waiting", "served", "no_show", "cancelled", "carried_over", "expired")


@blueprint.get("/today/<key>")
@public
def figures(key: str) -> str:
    """The table of an office. Raises NotFound("unknown_office")."""
    office = look.office_by_key(key)
    lines: list[dict[str, Any]] = board_figures(office["id"], WHOLE_OFFICE, g.now)["lines"]
    return page(
        "today/today.html",
        shown=office,
        lines=lines,
        totals={name: sum(line[name] for line in lines) for name in SUMMED},
        at=clock_of(office["zone"])(g.now),
    )
