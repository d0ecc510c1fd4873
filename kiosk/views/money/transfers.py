"""Movements on the account: listed, and decided about one by one."""

from __future__ import annotations

from typing import Any

from flask import g, request

from kiosk.domain.errors import DomainError
from kiosk.services.look import money as shown
from kiosk.services.payment.refund import RefundWish, ask_refund
from kiosk.services.payment.settle_transfer import (
    credit_transfer,
    find_transfer,
    set_aside,
    take_back_aside,
)
from kiosk.views.api.payments import written
from kiosk.views.door import language, staff
from kiosk.views.forms import attempt, text, whole_or_none
from kiosk.views.money.common import blueprint, show


@blueprint.get("/money/transfers")
@staff("money.manage")
def transfers() -> str:
    """Newest first; `?state=` shows one kind."""
    state = request.args.get("state", "")
    state = state if state in set(shown.TRANSFER_TITLES) else ""
    number = request.args.get("page", 1, type=int) or 1
    found = shown.transfers(g.actor.office_id, language(), state=state, page=min(max(1, number), 100_000))
    return show("money/transfers.html", "transfers", found=found, state=state, titles=shown.TRANSFER_TITLES)


@blueprint.get("/money/transfers/<int:key>")
@staff("money.manage")
def transfer(key: int) -> str:
    """One movement and the requests it may be for. Raises NotFound("unknown_transfer")."""
    return _show(key)


@blueprint.post("/money/transfers/<int:key>/<move>")
@staff("money.manage")
def decide_transfer(key: int, move: str) -> Any:
    """credit, set_aside, take_back_aside or refund."""
    actor = g.actor
    acts = {
        "credit": (
            lambda: credit_transfer(
                key, [(written(text("reference")), whole_or_none("amount"))], actor, g.now
            ),
            "Đã ghi nhận cho yêu cầu thu.",
        ),
        "set_aside": (lambda: set_aside(key, text("note"), actor, g.now), "Đã xếp riêng khoản này."),
        "take_back_aside": (lambda: take_back_aside(key, actor, g.now), "Đã đưa về chờ xử lý."),
        "refund": (lambda: ask_refund(_refund(key), actor, g.now), "Đã lập đề nghị trả lại."),
    }
    if move not in acts:
        raise DomainError("unknown_move", thing="transfer", move=move[:40], allowed=sorted(acts))
    act, done = acts[move]
    return attempt(act, lambda **more: _show(key, **more), f"/money/transfers/{key}", done)


def _refund(key: int) -> RefundWish:
    return RefundWish(
        reason=text("reason"),
        transfer=key,
        amount=whole_or_none("amount"),
        holder=text("holder"),
        account=text("account"),
        bank=text("bank"),
    )


def _show(key: int, **more: Any) -> str:
    row = find_transfer(g.actor.office_id, key)
    card = shown.transfer_page(g.actor.office_id, row, language())
    return show("money/transfer.html", "transfers", transfer=card, **more)
