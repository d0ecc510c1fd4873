"""Money for those who balance it: transfers, refunds, statements, days, remittances."""

from __future__ import annotations

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.states import TransferState
from kiosk.services.look import money as shown
from kiosk.services.payment.close_money import close_money, count_cash
from kiosk.services.payment.reconcile_payments import statement_of
from kiosk.services.payment.refund import RefundWish, ask_refund, decide_refund
from kiosk.services.payment.remit import lines_of, make_remittance
from kiosk.services.payment.settle_transfer import (
    credit_transfer,
    find_transfer,
    set_aside,
    settle_contradiction,
    take_back_aside,
)
from kiosk.views.admin_catalogue import large
from kiosk.views.api.answers import answer
from kiosk.views.api.payment_shapes import (
    CashBody,
    NoteBody,
    RefundBody,
    RefundMoveBody,
    RemittanceBody,
    SealBody,
    TransferMoveBody,
)
from kiosk.views.api.payments import written
from kiosk.views.api.shapes import IdPath, Query
from kiosk.views.door import idempotent, language, right
from kiosk.views.statements import taken

api = APIBlueprint("api_money", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="money")])


class TransferQuery(Query):
    """Which transfers."""

    state: str = Field("", max_length=12)
    page: int = Field(1, ge=1, le=100_000)


@api.get("/money", summary="What has to be decided")
@right("money.manage")
def to_do() -> Response:
    """Unmatched transfers, unfinished and overpaid requests, refunds, contradictions, refused notices."""
    return answer(shown.to_do(g.actor.office_id, language()))


@api.get("/transfers", summary="Movements on the account")
@right("money.manage")
def transfers(query: TransferQuery) -> Response:
    """Newest first."""
    if query.state and query.state not in set(TransferState):
        raise DomainError("unknown_state", state=query.state, allowed=[str(s) for s in TransferState])
    return answer(shown.transfers(g.actor.office_id, language(), state=query.state, page=query.page))


@api.get("/transfers/<int:id>", summary="One movement")
@right("money.manage")
def transfer(path: IdPath) -> Response:
    """What became of it, and requests it may be for."""
    row = find_transfer(g.actor.office_id, path.id)
    return answer(shown.transfer_page(g.actor.office_id, row, language()))


@api.post("/transfers/<int:id>/moves", summary="Decide about money")
@right("money.manage")
@idempotent
def settle(path: IdPath, body: TransferMoveBody) -> Response:
    """Credit it to requests, set it aside, or take that back."""
    if body.move == "credit":
        shares = [(written(each.reference), each.amount) for each in body.payments]
        row = credit_transfer(path.id, shares, g.actor, g.now)
    elif body.move == "set_aside":
        row = set_aside(path.id, body.note, g.actor, g.now)
    elif body.move == "take_back_aside":
        row = take_back_aside(path.id, g.actor, g.now)
    else:
        allowed = ["credit", "set_aside", "take_back_aside"]
        raise DomainError("unknown_move", thing="transfer", move=body.move, allowed=allowed)
    return answer({"id": row.id, "state": str(row.state), "credited": row.credited, "aside": row.aside})


@api.post("/contradictions/<int:id>/settle", summary="A contradiction was looked into")
@right("money.manage")
@idempotent
def contradiction(path: IdPath, body: NoteBody) -> Response:
    """What was found out."""
    row = settle_contradiction(path.id, body.note, g.actor, g.now)
    return answer({"id": row.id, "open": bool(row.open)})


@api.post("/refunds", summary="Ask for a refund")
@right("payment.take")
@idempotent
def refund(body: RefundBody) -> Response:
    """Above the office's limit a second person has to approve it."""
    facts = body.model_dump()
    reference = facts.pop("reference")
    wish = RefundWish(reference=written(reference) if reference else "", **facts)
    return answer(shown.refund_card(ask_refund(wish, g.actor, g.now), language()), 201)


@api.post("/refunds/<int:id>/moves", summary="Move a refund along")
@right("payment.take")
@idempotent
def move_refund(path: IdPath, body: RefundMoveBody) -> Response:
    """Approving needs the right to it, and another person than who asked."""
    row = decide_refund(path.id, body.move, g.actor, g.now, body.evidence)
    return answer(shown.refund_card(row, language()))


@api.post("/statements", summary="Upload a bank's statement")
@large
@right("money.manage")
def upload() -> Response:
    """The file is the body; it is read at once and worked off in the background (`GET /statements/{id}`)."""
    return answer(shown.statement_card(taken(request.get_data())), 201)


@api.get("/statements", summary="Statements")
@right("money.manage")
def statements() -> Response:
    """The newest first."""
    return answer({"items": shown.statements(g.actor.office_id)})


@api.get("/statements/<int:id>", summary="How far a statement is")
@right("money.manage")
def statement(path: IdPath) -> Response:
    """`done` of `lines`, and what was new, known or contradictory."""
    return answer(shown.statement_card(statement_of(g.actor.office_id, path.id)))


@api.post("/cash-counts", summary="Count a counter's cash")
@right("payment.take")
@idempotent
def count(body: CashBody) -> Response:
    """Counted again, the later figure holds."""
    row = count_cash(body.counter, body.amount, g.actor, g.now, day=body.day, note=body.note)
    return answer({"counter": row.counter_id, "day": row.day.isoformat(), "amount": row.amount}, 201)


@api.post("/money-closes", summary="Seal a money day")
@right("money.manage")
@idempotent
def seal(body: SealBody) -> Response:
    """The figures as sealed, and their digest."""
    row = close_money(body.day, g.actor, g.now, note=body.note)
    return answer({"day": row.day.isoformat(), "digest": row.digest, "figures": row.figures}, 201)


@api.post("/remittances", summary="List a department's receipts to be remitted")
@right("money.manage")
@idempotent
def remit(body: RemittanceBody) -> Response:
    """The list with its number."""
    row = make_remittance(body.department, body.last_day, g.actor, g.now)
    return answer(
        {
            "id": row.id,
            "number": row.number,
            "department": row.department,
            "first": row.first_day.isoformat(),
            "last": row.last_day.isoformat(),
            "due_on": row.due_on.isoformat(),
            "phi": row.phi,
            "le_phi": row.le_phi,
            "lines": lines_of(row),
        },
        201,
    )
