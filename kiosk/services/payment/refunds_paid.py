"""A refund leaves the house: its money is taken off the request or transfer it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kiosk.database import OfficeTransaction
from kiosk.domain.events import RefundMoved
from kiosk.domain.payment.identity import memo_mark
from kiosk.domain.payment.reference import find_references
from kiosk.domain.payment.states import REFUND_MOVES, RefundState
from kiosk.domain.permissions import Actor
from kiosk.models import Payment, Refund, Transfer
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import give_back
from kiosk.services.payment.money_rules import money_day
from kiosk.services.payment.transfers import keep_state, tell_settled

MARK = "HOANPHI"
_CODE = re.compile(MARK + r"(\d{1,9})")


def refund_memo(refund: int) -> str:
    """What the accountant writes into the transfer, so that the statement tells by itself that it went out."""
    return f"{MARK} {refund}"


def move_refund(transaction: OfficeTransaction, refund: Refund, move: str) -> None:
    """Make a legal move of a refund and tell it. Raises Conflict("illegal_move"), DomainError("unknown_move")."""
    refund.state = REFUND_MOVES.apply(RefundState(refund.state), move)
    refund.save()
    announce(
        transaction,
        RefundMoved(
            refund=refund.id,
            move=move,
            state=str(refund.state),
            amount=refund.amount,
            payment=refund.payment_id,
            transfer=refund.transfer_id,
            method=refund.method,
        ),
    )


def pay_out(transaction: OfficeTransaction, refund: Refund, actor: Actor | None, evidence: str) -> None:
    """The money is gone: count it as refunded. Raises Conflict("illegal_move")."""
    refund.paid_by = actor.user.id if actor and actor.user else None
    refund.paid_at, refund.day, refund.evidence = transaction.now, money_day(transaction), evidence
    move_refund(transaction, refund, "pay_out")
    if refund.payment_id:
        give_back(transaction, Payment.get_by_id(refund.payment_id), refund.amount, refund.id)
    else:
        transfer = Transfer.get_by_id(refund.transfer_id)
        transfer.returned += refund.amount
        keep_state(transfer)
        tell_settled(transaction, transfer, "return")


def recognise_payout(
    transaction: OfficeTransaction, outgoing: Transfer, memo: str, prefixes: Sequence[str]
) -> None:
    """Money that went out: the refund it carries out, if its memo or its request's reference says so."""
    codes = [int(each) for each in _CODE.findall(memo_mark(memo, ()))]
    references = [each for prefix in prefixes for each in find_references(memo, prefix).references]
    if not codes and not references:
        return
    about = Refund.id << codes
    if references:
        about |= Refund.payment << Payment.select(Payment.id).where(
            (Payment.office == transaction.office_id) & (Payment.reference << references)
        )
    rows = Refund.select().where(
        (Refund.office == transaction.office_id)
        & (Refund.amount == outgoing.amount)
        & (Refund.method == "transfer")
        & Refund.outgoing.is_null()
        & (Refund.state << [RefundState.APPROVED, RefundState.PAID_OUT])
        & about
    )
    refund = rows.order_by(Refund.id).first()
    if refund is None:
        return
    refund.outgoing = outgoing.id
    if refund.state == RefundState.APPROVED:
        pay_out(transaction, refund, None, "")
    else:
        refund.save(only=[Refund.outgoing])
