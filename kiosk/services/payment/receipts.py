"""Receipts: phí and lệ phí apart, each with the next number of its series, voided and never given again."""

from __future__ import annotations

from typing import Any

from kiosk.database import OfficeTransaction
from kiosk.domain.events import ReceiptIssued, ReceiptVoided
from kiosk.domain.permissions import Actor
from kiosk.models import Payment, PaymentItem, Receipt
from kiosk.models.prepared import insert, update
from kiosk.services.announce import announce
from kiosk.services.paper_numbers import next_number
from kiosk.services.payment.money_rules import money_day, rules_in

KINDS = ("phi", "le_phi")


def receipt_number(receipt: Receipt) -> str:
    """As printed: "BLP 0000123/2026"."""
    return f"{receipt.series} {receipt.number:07}/{receipt.year}"


def issue_receipts(
    transaction: OfficeTransaction,
    payment: Payment,
    items: list[PaymentItem],
    method: str,
    actor: Actor | None,
    counter: int | None,
) -> None:
    """A receipt for each dossier and kind of fee of a paid request that has none that holds."""
    if Receipt.select().where((Receipt.payment == payment.id) & Receipt.voided_at.is_null()).exists():
        return
    rules, day = rules_in(transaction), money_day(transaction)
    for item in items:
        for kind in KINDS:
            amount = getattr(item, kind)
            if not amount:
                continue
            series = rules.series_of(kind)
            values: dict[str, Any] = {
                "office": transaction.office_id,
                "kind": kind,
                "series": series,
                "year": transaction.day.year,
                "number": next_number(transaction, f"no:{series}"),
                "payment": payment.id,
                "dossier": item.dossier_id,
                "department": item.department,
                "amount": amount,
                "method": method,
                "counter": counter,
                "officer": actor.user.id if actor and actor.user else None,
                "at": transaction.now,
                "day": day,
                "void_reason": "",
            }
            receipt = Receipt(id=insert(Receipt, values), **values)
            announce(
                transaction,
                ReceiptIssued(
                    receipt=receipt.id,
                    kind_of_fee=kind,
                    number=receipt_number(receipt),
                    payment=payment.id,
                    dossier=item.dossier.code,
                    department=item.department,
                    amount=amount,
                    method=method,
                    money_day=day.isoformat(),
                ),
            )


def void_receipts(transaction: OfficeTransaction, payment: Payment, reason: str) -> None:
    """No receipt of this request holds any longer."""
    day = money_day(transaction)
    rows = Receipt.select().where((Receipt.payment == payment.id) & Receipt.voided_at.is_null())
    for receipt in rows.order_by(Receipt.id):
        receipt.voided_at, receipt.voided_day, receipt.void_reason = transaction.now, day, reason
        update(receipt, "voided_at", "voided_day", "void_reason")
        announce(
            transaction,
            ReceiptVoided(
                receipt=receipt.id,
                number=receipt_number(receipt),
                reason=reason,
                money_day=day.isoformat(),
            ),
        )
