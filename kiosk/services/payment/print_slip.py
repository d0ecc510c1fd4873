"""Promise a paper about money: the slip with the code, or the receipts once it is paid."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.money_slip import MoneySlip, money_slip_to_json
from kiosk.domain.payment.states import PaymentState
from kiosk.domain.permissions import Actor
from kiosk.models import Counter, Office, Payment, Printer, PrintJob, Receipt, Ticket
from kiosk.services.look.money import method_title
from kiosk.services.payment.confirm_payment import items_of, office_of
from kiosk.services.payment.receipts import receipt_number

KIND = "money"


def print_slip(payment: Payment, actor: Actor, now: datetime, language: str) -> int | None:
    """Queue the paper on the office's first printer, in the citizen's language where it is known; None without a printer."""
    office_id = office_of(actor)
    printer = Printer.select(Printer.id).where(Printer.office == office_id).order_by(Printer.id).first()
    if printer is None:
        return None
    if payment.ticket_id:
        language = Ticket.get_by_id(payment.ticket_id).language
    with office_transaction(office_id, now, actor.name) as transaction:
        facts = money_slip_to_json(slip_of(payment, transaction.local(), language))
        # No fact of the office: like every paper it may be printed again.
        job = PrintJob.create(
            office=office_id,
            printer=printer.id,
            kind=KIND,
            slip=facts,
            next_try_at=transaction.now,
            created_at=transaction.now,
        )
        transaction.touched = True
    return int(job.id)


def slip_of(payment: Payment, at: datetime, language: str) -> MoneySlip:
    """The facts of the paper; `at` is in the office's zone."""
    office = Office.get_by_id(payment.office_id)
    paid = payment.state in (PaymentState.PAID, PaymentState.OVERPAID)
    shown = {} if paid else (payment.slip or {})
    held = Receipt.select().where((Receipt.payment == payment.id) & Receipt.voided_at.is_null())
    receipts = tuple((receipt_number(row), row.kind, row.amount) for row in held.order_by(Receipt.id))
    counter = Counter.get_or_none(Counter.id == payment.counter_id) if payment.counter_id else None
    return MoneySlip(
        office_title=office.title,
        office_subtitle=office.subtitle,
        reference=payment.reference,
        dossiers=tuple(item.dossier.code for item in items_of(payment)),
        phi=payment.phi,
        le_phi=payment.le_phi,
        amount=payment.amount,
        method=method_title(payment.office_id, payment.method, language),
        at=at,
        payload=shown.get("payload", ""),
        account=shown.get("account", ""),
        holder=shown.get("holder", ""),
        bank=shown.get("bank", ""),
        until=payment.expires_at.astimezone(at.tzinfo) if payment.expires_at and not paid else None,
        receipts=receipts if paid else (),
        counter=counter.number if counter else None,
        language=language,
    )
