"""Numbers the post allotted."""

from __future__ import annotations

from typing import Any

from flask import g

from kiosk.services.look import post as shown
from kiosk.services.post.numbers import allot_numbers, switch_pool
from kiosk.views.door import staff
from kiosk.views.forms import attempt, text
from kiosk.views.post.common import blueprint, show


@blueprint.get("/post/numbers")
@staff("post.manage")
def numbers() -> str:
    """The pools, and the form for another."""
    return _show()


@blueprint.post("/post/numbers")
@staff("post.manage")
def allot() -> Any:
    """Enter a pool."""
    return attempt(
        lambda: allot_numbers(
            text("service"),
            text("first"),
            text("last"),
            g.actor,
            g.now,
            carrier=text("carrier"),
            note=text("note"),
        ),
        _show,
        "/post/numbers",
        "Đã nhập dải số hiệu.",
    )


@blueprint.post("/post/numbers/<int:key>/<move>")
@staff("post.manage")
def switch(key: int, move: str) -> Any:
    """stop or go_on."""
    return attempt(
        lambda: switch_pool(key, active=move == "go_on", actor=g.actor, now=g.now),
        _show,
        "/post/numbers",
        "Đã ghi.",
    )


def _show(**more: Any) -> str:
    return show("post/numbers.html", "numbers", pools=shown.pools(g.actor.office_id), **more)
