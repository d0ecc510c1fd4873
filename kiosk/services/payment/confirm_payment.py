"""The one place where a request for money changes: credited, reversed, refunded, run out, withdrawn, exempted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import PaymentCredited, PaymentMoved, PaymentRefunded
from kiosk.domain.payment.states import (
    PAYMENT_MOVES,
    PaymentState,
    move_of_credit,
    move_of_refund,
    move_of_taking_back,
)
from kiosk.domain.permissions import SYSTEM, Actor
from kiosk.models import Credit, Dossier, Payment, PaymentItem, Transfer
from kiosk.models.prepared import Prepared, Slot, insert, update
from kiosk.services.announce import announce
from kiosk.services.payment.money_rules import money_day
from kiosk.services.payment.providers import CASH
from kiosk.services.payment.receipts import issue_receipts, void_receipts

PAYMENT = Prepared(
    lambda: (
        Payment.select()
        .where((Payment.office == Slot("office")) & (Payment.reference == Slot("reference")))
        .limit(1)
    )
)
ITEMS = Prepared(
    lambda: (
        PaymentItem.select(PaymentItem, Dossier.id, Dossier.code)
        .join(Dossier)
        .where(PaymentItem.payment == Slot("payment"))
        .order_by(PaymentItem.id)
    )
)
CASH_HELD = Prepared(
    lambda: (
        Credit.select(fn.SUM(Credit.amount))
        .where((Credit.payment == Slot("payment")) & (Credit.method == CASH))
        .tuples()
    )
)
EXPIRED_AT_ONCE = 200


def find_payment(office_id: int, reference: str) -> Payment:
    """The request with that reference, in its written form. Raises NotFound("unknown_payment")."""
    row = PAYMENT.first(office=office_id, reference=reference)
    if row is None:
        raise NotFound("unknown_payment", reference=reference[:40])
    return row


def items_of(payment: Payment) -> list[PaymentItem]:
    """The dossiers it is for."""
    return ITEMS.all(payment=payment.id)


def payment_facts(payment: Payment, items: list[PaymentItem]) -> dict[str, Any]:
    """What every fact about a request carries."""
    return {
        "payment": payment.id,
        "reference": payment.reference,
        "state": str(payment.state),
        "method": payment.method,
        "amount": payment.amount,
        "received": payment.received,
        "refunded": payment.refunded,
        "dossiers": [item.dossier.code for item in items],
        "ticket": payment.ticket_id,
        "counter": payment.counter_id,
    }


def credit(
    transaction: OfficeTransaction,
    payment: Payment,
    amount: int,
    method: str,
    actor: Actor | None,
    *,
    transfer: Transfer | None = None,
    evidence: str = "",
    counter: int | None = None,
) -> Credit:
    """Credit money to a request; receipts are issued when it is paid. Raises Conflict("illegal_move")."""
    _to(payment, move_of_credit(payment.amount, payment.received - payment.refunded + amount))
    payment.received += amount
    paid = payment.state in (PaymentState.PAID, PaymentState.OVERPAID)
    if paid and payment.paid_at is None:
        payment.paid_at = transaction.now
    update(payment, "state", "received", "paid_at")
    row = _book(transaction, payment, amount, method, actor, transfer, evidence, counter)
    if paid:
        issue_receipts(transaction, payment, items_of(payment), _how(payment, method), actor, row.counter_id)
    return row


def _how(payment: Payment, last: str) -> str:
    """The method a receipt names: cash as soon as some of it was cash, else how the last of it came."""
    cash = CASH_HELD.scalar(payment=payment.id)
    return CASH if cash else last


def reverse_credit(transaction: OfficeTransaction, row: Credit, actor: Actor | None) -> Credit:
    """Take a mistaken credit back by an opposite one; receipts that no longer hold are voided.

    Raises Conflict("already_reversed", "money_gone"): what was given back meanwhile cannot be taken back too.
    """
    if row.reverses_id is not None or Credit.select().where(Credit.reverses == row.id).exists():
        raise Conflict("already_reversed", credit=row.id)
    payment = Payment.get_by_id(row.payment_id)
    held = payment.received - payment.refunded - row.amount
    if held < 0:
        raise Conflict("money_gone", reference=payment.reference)
    _to(payment, move_of_taking_back(payment.amount, held))
    payment.received -= row.amount
    if payment.state in (PaymentState.WAITING, PaymentState.PARTLY_PAID):
        payment.paid_at = None
        void_receipts(transaction, payment, "taken_back")
    update(payment, "state", "received", "paid_at")
    transfer = Transfer.get_by_id(row.transfer_id) if row.transfer_id else None
    return _book(
        transaction, payment, -row.amount, row.method, actor, transfer, row.evidence, row.counter_id, row
    )


def _book(
    transaction: OfficeTransaction,
    payment: Payment,
    amount: int,
    method: str,
    actor: Actor | None,
    transfer: Transfer | None,
    evidence: str,
    counter: int | None,
    reverses: Credit | None = None,
) -> Credit:
    day = money_day(transaction)
    values = {
        "office": transaction.office_id,
        "payment": payment.id,
        "transfer": transfer.id if transfer else None,
        "method": method,
        "amount": amount,
        "evidence": evidence,
        "reverses": reverses.id if reverses else None,
        "counter": counter or payment.counter_id,
        "officer": actor.user.id if actor and actor.user else None,
        "at": transaction.now,
        "day": day,
    }
    row = Credit(id=insert(Credit, values), **values)
    announce(
        transaction,
        PaymentCredited(
            **payment_facts(payment, items_of(payment)),
            credit=row.id,
            credited=amount,
            by=method,
            transfer=row.transfer_id,
            reverses=row.reverses_id,
            money_day=day.isoformat(),
        ),
    )
    return row


def give_back(transaction: OfficeTransaction, payment: Payment, amount: int, refund: int) -> None:
    """Money of a request went back to its payer. Raises Conflict("illegal_move", "refund_not_whole")."""
    check_refundable(payment, amount)
    _to(payment, move_of_refund(payment.amount, payment.received - payment.refunded - amount))
    payment.refunded += amount
    update(payment, "state", "refunded")
    if payment.state == PaymentState.REFUNDED:
        void_receipts(transaction, payment, "refunded")
    announce(
        transaction,
        PaymentRefunded(
            **payment_facts(payment, items_of(payment)),
            refund=refund,
            given_back=amount,
            money_day=money_day(transaction).isoformat(),
        ),
    )


def check_refundable(payment: Payment, amount: int) -> None:
    """A fee goes back as a whole, since its receipts do; what was paid too much, in any part.

    Raises Conflict("refund_not_whole").
    """
    held = payment.received - payment.refunded
    surplus = held - payment.amount
    if amount != held and not 0 < amount <= surplus:
        raise Conflict("refund_not_whole", held=held, surplus=max(0, surplus))


def move_payment(transaction: OfficeTransaction, payment: Payment, move: str) -> None:
    """`expire`, `cancel` or `exempt` a request. Raises Conflict("illegal_move")."""
    if move not in {"expire", "cancel", "exempt"}:
        raise DomainError("unknown_move", thing="payment", move=move[:40], allowed=["cancel", "exempt"])
    _to(payment, move)
    update(payment, "state", "reason")
    announce(transaction, PaymentMoved(**payment_facts(payment, items_of(payment)), move=move))


def _to(payment: Payment, move: str) -> None:
    payment.state = PAYMENT_MOVES.apply(PaymentState(payment.state), move)


def expire_payments(now: datetime) -> int:
    """Let requests run out that nobody paid in time; returns how many. For the worker."""
    overdue = (Payment.state == PaymentState.WAITING) & (Payment.expires_at < now)
    count = 0
    for (office_id,) in Payment.select(Payment.office).where(overdue).distinct().tuples():
        with office_transaction(office_id, now, SYSTEM) as transaction:
            mine = Payment.select().where(overdue & (Payment.office == office_id)).limit(EXPIRED_AT_ONCE)
            for payment in list(mine):
                move_payment(transaction, payment, "expire")
                count += 1
    return count


def shown_until(now: datetime, minutes: int) -> datetime:
    """When a request made now runs out."""
    return now + timedelta(minutes=minutes)


def office_of(actor: Actor) -> int:
    """The actor's office. Raises NotFound("unknown_office")."""
    if actor.office_id is None:
        raise NotFound("unknown_office", office=None)
    return actor.office_id
