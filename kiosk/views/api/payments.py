"""Money at the counter: asked for, taken, looked at."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.reference import read_reference
from kiosk.services.look import money as shown
from kiosk.services.payment.confirm_payment import find_payment
from kiosk.services.payment.money_rules import money_rules
from kiosk.services.payment.print_slip import print_slip
from kiosk.services.payment.request_payment import Wish, cancel_payment, request_payment
from kiosk.services.payment.take_money import note_transfer, take_back_credit, take_card, take_cash
from kiosk.views.api.answers import answer
from kiosk.views.api.payment_shapes import PaymentBody, PaymentMoveBody, PaymentPath
from kiosk.views.api.shapes import IdPath
from kiosk.views.door import idempotent, language, right

api = APIBlueprint("api_payments", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="payments")])

MOVES = ("cash", "card", "transfer", "cancel", "take_back")
NEED_A_MANAGER = frozenset({"transfer", "take_back"})
_SPACES = re.compile(r"\s+")


@api.get("/payment-methods", summary="Ways to pay")
@right("payment.take")
def methods() -> Response:
    """What a counter may choose among; `qr` says that a code is shown."""
    return answer({"items": shown.methods(g.actor.office_id, language())})


@api.post("/payments", summary="Ask for fees")
@right("payment.take")
@idempotent
def ask(body: PaymentBody) -> Response:
    """Ask for what is owed; `qr` is the content of the code to show."""
    codes = tuple(dict.fromkeys([*([body.dossier] if body.dossier else []), *body.dossiers]))
    wish = Wish(body.method, codes, body.ticket, body.counter, body.reason)
    return answer(shown.payment_card(request_payment(wish, g.actor, g.now), language()), 201)


@api.get("/payments/<string:reference>", summary="One payment")
@right("payment.take")
def one(path: PaymentPath) -> Response:
    """A request, its credits, receipts and refunds."""
    return answer(shown.payment_page(g.actor.office_id, written(path.reference), language()))


@api.post("/payments/<string:reference>/moves", summary="Take cash or card, note a transfer, withdraw")
@right("payment.take")
@idempotent
def move(path: PaymentPath, body: PaymentMoveBody) -> Response:
    """Noting a transfer by hand and taking a credit back need the right to manage money."""
    if body.move not in MOVES:
        raise DomainError("unknown_move", thing="payment", move=body.move, allowed=sorted(MOVES))
    if body.move in NEED_A_MANAGER:
        g.actor.require("money.manage")
    reference = written(path.reference)
    find_payment(g.actor.office_id, reference)
    return answer(shown.payment_card(_made(reference, body), language()))


def _made(reference: str, body: PaymentMoveBody) -> Any:
    match body.move:
        case "cash":
            return take_cash(reference, body.amount, g.actor, g.now, body.counter)
        case "card":
            return take_card(reference, body.amount, body.evidence, g.actor, g.now, body.counter)
        case "transfer":
            return note_transfer(reference, body.amount, body.evidence, g.actor, g.now)
        case "take_back":
            if body.credit is None:
                raise DomainError("missing_field", field="credit")
            return take_back_credit(body.credit, g.actor, g.now)
    return cancel_payment(reference, g.actor, g.now)


@api.post("/payments/<string:reference>/slip", summary="Print the slip with the code, or the receipts")
@right("payment.take")
@idempotent
def slip(path: PaymentPath) -> Response:
    """Queue the paper on the office's printer; `printed` is false where it has none."""
    payment = find_payment(g.actor.office_id, written(path.reference))
    return answer({"printed": print_slip(payment, g.actor, g.now, language()) is not None})


@api.get("/counters/<int:id>/payment", summary="What the customer at a counter sees")
@right("payment.take")
def at_counter(path: IdPath) -> Response:
    """The request that is open there, or was paid a moment ago."""
    g.actor.require_counter(path.id)
    return answer({"payment": shown.payment_at_counter(path.id, language(), g.now)})


def written(reference: str) -> str:
    """A reference as it is stored, however it was typed."""
    for prefix in money_rules(g.actor.office_id).prefixes:
        found = read_reference(reference, prefix)
        if found:
            return found
    return _SPACES.sub(" ", reference).strip().upper()
