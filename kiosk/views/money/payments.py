"""One request: its code, its money, its receipts, and what may be done about it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect

from kiosk.domain.errors import DomainError
from kiosk.domain.money import dong_in_words
from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable
from kiosk.services.look import money as shown
from kiosk.services.payment.confirm_payment import find_payment
from kiosk.services.payment.print_slip import print_slip
from kiosk.services.payment.refund import RefundWish, ask_refund
from kiosk.services.payment.request_payment import Wish, cancel_payment, request_payment
from kiosk.services.payment.take_money import note_transfer, take_back_credit, take_card, take_cash
from kiosk.views.api.payments import written
from kiosk.views.codes import picture_of_code
from kiosk.views.door import language, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, say, text, whole, whole_or_none
from kiosk.views.money.common import blueprint, document, send, show


@blueprint.get("/payments/<reference>")
@staff("payment.take")
def payment(reference: str) -> str:
    """Everything about a request. Raises NotFound("unknown_payment")."""
    return _show(reference)


@blueprint.get("/payments/<reference>/qr.svg")
@staff("payment.take")
def code(reference: str) -> Response:
    """The code to show."""
    row = find_payment(g.actor.office_id, written(reference))
    return picture_of_code(shown.payment_card(row, language())["qr"])


@blueprint.get("/payments/<reference>/receipts.<form>")
@staff("payment.take")
def receipts(reference: str, form: str) -> Response:
    """The receipts that hold, as PDF or XLSX."""
    card = shown.payment_page(g.actor.office_id, written(reference), language())
    held = [each for each in card["receipts"] if not each["voided"]]
    kinds = {"phi": words("Phí"), "le_phi": words("Lệ phí")}
    total = sum(each["amount"] for each in held)
    made = document(
        title=words("Biên nhận thu phí, lệ phí"),
        subtitle=card["reference"],
        facts=((words("Hình thức"), card["method_title"]), (words("Bằng chữ"), dong_in_words(total))),
        tables=(
            DocumentTable(
                "",
                (
                    DocumentColumn(words("Số biên lai"), width=3),
                    DocumentColumn(words("Khoản thu")),
                    DocumentColumn(words("Hồ sơ"), width=4),
                    DocumentColumn(words("Số tiền (đồng)"), ColumnKind.MONEY, 3),
                ),
                [(each["number"], kinds[each["kind"]], each["dossier"], each["amount"]) for each in held],
                (words("Tổng cộng"), "", "", total),
            ),
        ),
        signatures=(words("Người nộp"), words("Người thu")),
    )
    return send(made, form, f"bien-nhan-{card['reference'].replace(' ', '')}")


@blueprint.post("/payments")
@staff("payment.take")
def ask() -> Any:
    """Ask for a dossier's fees, and show the request."""
    code = text("dossier")
    try:
        wish = Wish(text("method"), (code,), counter=whole_or_none("counter"), reason=text("reason"))
        row = request_payment(wish, g.actor, g.now)
    except DomainError as error:
        flash(say(error), "bad")
        return redirect(f"/dossiers/{code}#money", SEE_OTHER)
    return redirect(f"/payments/{row.reference.replace(' ', '')}", SEE_OTHER)


@blueprint.post("/payments/<reference>/<move>")
@staff("payment.take")
def move_payment(reference: str, move: str) -> Any:
    """cash, card, transfer, cancel, take_back, refund or slip."""
    key, actor = written(reference), g.actor
    find_payment(actor.office_id, key)
    if move in {"transfer", "take_back"}:
        actor.require("money.manage")
    acts = {
        "cash": (lambda: take_cash(key, whole_or_none("amount"), actor, g.now), "Đã thu tiền mặt."),
        "card": (
            lambda: take_card(key, whole_or_none("amount"), text("evidence"), actor, g.now),
            "Đã ghi nhận thanh toán thẻ.",
        ),
        "transfer": (
            lambda: note_transfer(key, whole_or_none("amount"), text("evidence"), actor, g.now),
            "Đã ghi nhận chuyển khoản; chờ ngân hàng xác nhận.",
        ),
        "cancel": (lambda: cancel_payment(key, actor, g.now), "Đã hủy yêu cầu thu."),
        "take_back": (lambda: take_back_credit(whole("credit"), actor, g.now), "Đã gỡ khoản ghi nhầm."),
        "refund": (lambda: ask_refund(_refund(key), actor, g.now), "Đã lập đề nghị hoàn."),
        "slip": (lambda: _print(key), "Đã gửi phiếu đến máy in."),
    }
    if move not in acts:
        raise DomainError("unknown_move", thing="payment", move=move[:40], allowed=sorted(acts))
    act, done = acts[move]
    return attempt(
        act,
        lambda **more: _show(reference, **more),
        f"/payments/{key.replace(' ', '')}",
        done,
    )


def _print(reference: str) -> None:
    row = find_payment(g.actor.office_id, reference)
    if print_slip(row, g.actor, g.now, language()) is None:
        raise DomainError("no_printer")


def _refund(reference: str) -> RefundWish:
    return RefundWish(
        reason=text("reason"),
        reference=reference,
        amount=whole_or_none("amount"),
        method=text("method"),
        holder=text("holder"),
        account=text("account"),
        bank=text("bank"),
    )


def _show(reference: str, **more: Any) -> str:
    card = shown.payment_page(g.actor.office_id, written(reference), language())
    return show("money/payment.html", "payments", payment=card, **more)
