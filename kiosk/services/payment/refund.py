"""Give money back: asked for with a reason, approved by a second person above the office's limit, then paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, Forbidden, NotFound
from kiosk.domain.events import RefundMoved
from kiosk.domain.names import clean_note
from kiosk.domain.payment.states import OPEN_REFUNDS, RefundState
from kiosk.domain.payment.transfer import whole_amount
from kiosk.domain.permissions import Actor
from kiosk.models import BankWords, Payment, Refund, Transfer
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import check_refundable, find_payment, office_of
from kiosk.services.payment.money_rules import rules_in
from kiosk.services.payment.refunds_paid import move_refund, pay_out
from kiosk.services.payment.take_money import check_counter
from kiosk.services.payment.transfers import rest_of

CASH, TRANSFER = "cash", "transfer"
METHODS = (CASH, TRANSFER)
LONGEST_REASON, LONGEST_NAME, LONGEST_ACCOUNT, LONGEST_EVIDENCE = 400, 200, 40, 120


@dataclass(frozen=True)
class RefundWish:
    """What to give back, of a request (`reference`) or of an unmatched transfer, and where to.

    `amount` None is all that may go back. For a transfer `holder`, `account` and `bank` say whose account it goes to.
    """

    reason: str
    reference: str = ""
    transfer: int | None = None
    amount: int | None = None
    method: str = TRANSFER
    holder: str = ""
    account: str = ""
    bank: str = ""
    counter: int | None = None


def ask_refund(wish: RefundWish, actor: Actor, now: datetime) -> Refund:
    """Ask for a refund; up to the office's limit it is approved at once.

    Raises DomainError("reason_needed", "refund_of_what", "refund_method_unknown", "refund_account_needed",
    "amount_malformed"), NotFound("unknown_payment", "unknown_transfer", "unknown_counter"),
    Conflict("refund_not_whole", "refund_open", "nothing_to_refund").
    """
    office_id = office_of(actor)
    reason = _words(wish.reason, LONGEST_REASON, "reason")
    if not reason:
        raise DomainError("reason_needed", field="reason")
    if wish.method not in METHODS:
        raise DomainError("refund_method_unknown", field="method", allowed=list(METHODS))
    if bool(wish.reference) == (wish.transfer is not None):
        raise DomainError("refund_of_what", field="reference")
    if wish.amount is not None:
        whole_amount(wish.amount)
    with office_transaction(office_id, now, actor.name) as transaction:
        check_counter(office_id, wish.counter, actor)
        payment, transfer, amount = _source(office_id, wish)
        refund = Refund.create(
            office=office_id,
            payment=payment.id if payment else None,
            transfer=transfer.id if transfer else None,
            amount=amount,
            method=wish.method,
            state=RefundState.ASKED,
            reason=reason,
            words=_where_to(office_id, wish),
            counter=wish.counter,
            asked_by=actor.user.id if actor.user else None,
            asked_at=transaction.now,
        )
        _tell_asked(transaction, refund)
        if amount <= rules_in(transaction).two_person_above:
            refund.decided_by, refund.decided_at = refund.asked_by_id, transaction.now
            move_refund(transaction, refund, "approve")
    return refund


def decide_refund(refund_id: int, move: str, actor: Actor, now: datetime, evidence: str = "") -> Refund:
    """approve, reject, withdraw, pay_out or fail a refund.

    Whoever asked may not approve; paying out by transfer needs the bank's number for it. Raises
    NotFound("unknown_refund"), Forbidden("second_person_needed", "not_allowed"), Conflict("illegal_move"),
    DomainError("unknown_move", "evidence_needed").
    """
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        refund = Refund.get_or_none((Refund.id == refund_id) & (Refund.office == office_id))
        if refund is None:
            raise NotFound("unknown_refund", refund=refund_id)
        if move in {"approve", "reject"}:
            _require_second(refund, actor)
            refund.decided_by, refund.decided_at = actor.user.id if actor.user else None, transaction.now
        if move == "pay_out":
            proof = _words(evidence, LONGEST_EVIDENCE, "evidence")
            if refund.method == TRANSFER and not proof:
                raise DomainError("evidence_needed", field="evidence")
            pay_out(transaction, refund, actor, proof)
        else:
            move_refund(transaction, refund, move)
    return refund


def _require_second(refund: Refund, actor: Actor) -> None:
    if not actor.may("money.approve"):
        raise Forbidden("not_allowed", permission="money.approve")
    if actor.user is None or actor.user.id == refund.asked_by_id:
        raise Forbidden("second_person_needed")


def _source(office_id: int, wish: RefundWish) -> tuple[Payment | None, Transfer | None, int]:
    if wish.reference:
        payment = find_payment(office_id, wish.reference)
        open_ones = Refund.select().where((Refund.payment == payment.id) & (Refund.state << OPEN_REFUNDS))
        if open_ones.exists():
            raise Conflict("refund_open", reference=payment.reference)
        held = payment.received - payment.refunded
        surplus = held - payment.amount
        amount = wish.amount or (surplus if surplus > 0 else held)
        if held <= 0:
            raise Conflict("nothing_to_refund")
        check_refundable(payment, amount)
        return payment, None, amount
    transfer = Transfer.get_or_none((Transfer.id == wish.transfer) & (Transfer.office == office_id))
    if transfer is None:
        raise NotFound("unknown_transfer", transfer=wish.transfer)
    free = rest_of(transfer) - spoken_for(transfer)
    amount = wish.amount or free
    if free <= 0 or amount > free:
        raise Conflict("nothing_to_refund", free=max(0, free))
    return None, transfer, amount


def spoken_for(transfer: Transfer) -> int:
    """What of a transfer open refunds will take, in đồng."""
    total = (
        Refund.select(fn.SUM(Refund.amount))
        .where((Refund.transfer == transfer.id) & (Refund.state << OPEN_REFUNDS))
        .scalar()
    )
    return int(total or 0)


def _where_to(office_id: int, wish: RefundWish) -> int | None:
    """The payer's account, apart from everything that is counted."""
    holder = _words(wish.holder, LONGEST_NAME, "holder")
    account = _words(wish.account, LONGEST_ACCOUNT, "account")
    bank = _words(wish.bank, LONGEST_EVIDENCE, "bank")
    if wish.method == TRANSFER and not (holder and account and bank):
        missing = "holder" if not holder else "account" if not account else "bank"
        raise DomainError("refund_account_needed", field=missing)
    if not (holder or account or bank):
        return None
    return int(BankWords.create(office=office_id, holder=holder, account=account, bank=bank).id)


def _words(text: str, most: int, field: str) -> str:
    return clean_note(text, most, field) if text.strip() else ""


def _tell_asked(transaction: OfficeTransaction, refund: Refund) -> None:
    announce(
        transaction,
        RefundMoved(
            refund=refund.id,
            move="ask",
            state=str(refund.state),
            amount=refund.amount,
            payment=refund.payment_id,
            transfer=refund.transfer_id,
            method=refund.method,
        ),
    )
