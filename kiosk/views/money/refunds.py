"""Refunds: listed, approved by a second person, paid out."""

from __future__ import annotations

from typing import Any

from flask import g

from kiosk.services.look import money as shown
from kiosk.services.payment.refund import decide_refund
from kiosk.views.door import language, staff
from kiosk.views.forms import attempt, text
from kiosk.views.money.common import blueprint, show


@blueprint.get("/money/refunds")
@staff("payment.take")
def refunds() -> str:
    """Open ones first, then the latest."""
    return show("money/refunds.html", "refunds", refunds=shown.refunds(g.actor.office_id, language()))


@blueprint.get("/money/refunds/<int:key>")
@staff("payment.take")
def refund(key: int) -> str:
    """One refund. Raises NotFound("unknown_refund")."""
    return _show(key)


@blueprint.post("/money/refunds/<int:key>/<move>")
@staff("payment.take")
def decide_on_refund(key: int, move: str) -> Any:
    """approve, reject, withdraw, pay_out or fail."""
    return attempt(
        lambda: decide_refund(key, move, g.actor, g.now, text("evidence")),
        lambda **more: _show(key, **more),
        f"/money/refunds/{key}",
        "Đã ghi.",
    )


def _show(key: int, **more: Any) -> str:
    card = shown.refund_page(g.actor.office_id, key, g.actor, language())
    return show("money/refund.html", "refunds", refund=card, **more)
