"""Money an officer sees with own eyes: cash on the desk, a card slip, a transfer shown and noted by hand."""

from __future__ import annotations

import secrets
from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.names import clean_note
from kiosk.domain.payment.identity import Source, Told
from kiosk.domain.payment.transfer import Transfer as Movement
from kiosk.domain.payment.transfer import whole_amount
from kiosk.domain.permissions import Actor
from kiosk.models import Counter, Credit, Payment, Transfer
from kiosk.services.payment.confirm_payment import (
    credit,
    find_payment,
    office_of,
    reverse_credit,
)
from kiosk.services.payment.providers import BY_HAND, CARD, CASH, ON_DELIVERY, known_providers
from kiosk.services.payment.take_transfer import DatabaseBook, take_transfer
from kiosk.services.payment.transfers import credit_gone, name_account

LONGEST_EVIDENCE = 120
HAND_SESSION = "hand"


def take_cash(
    reference: str, amount: int | None, actor: Actor, now: datetime, counter: int | None = None
) -> Payment:
    """Cash for a request, the rest of it unless told otherwise; never more than is owed: change is given back at once.

    Raises NotFound("unknown_payment"), Conflict("illegal_move", "nothing_to_pay"), DomainError("amount_malformed",
    "amount_above_rest").
    """
    return _take(reference, CASH, amount, "", actor, now, counter)


def take_card(
    reference: str, amount: int | None, evidence: str, actor: Actor, now: datetime, counter: int | None = None
) -> Payment:
    """A card payment; `evidence` is the number on the terminal's slip. Raises as `take_cash`, and "evidence_needed"."""
    return _take(reference, CARD, amount, _evidence(evidence), actor, now, counter)


def take_on_delivery(reference: str, amount: int, evidence: str, actor: Actor, now: datetime) -> Payment:
    """What the post collected and paid over; `evidence` is the number of its remittance. Raises as `take_card`."""
    return _take(reference, ON_DELIVERY, amount, _evidence(evidence), actor, now, None)


def _take(
    reference: str,
    method: str,
    amount: int | None,
    evidence: str,
    actor: Actor,
    now: datetime,
    counter: int | None,
) -> Payment:
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        payment = find_payment(transaction.office_id, reference)
        check_counter(transaction.office_id, counter, actor)
        credit(
            transaction,
            payment,
            _part(payment, amount),
            method,
            actor,
            evidence=evidence,
            counter=counter,
        )
    return payment


def note_transfer(
    reference: str,
    amount: int | None,
    evidence: str,
    actor: Actor,
    now: datetime,
) -> Payment:
    """A transfer of which the bank has not told yet, noted by hand; `evidence` is the bank's own number for it.

    When the bank tells of it later, it is the same transfer and is not credited again. Raises as `take_card`, and
    Conflict("transfer_known") when the bank has told of it already.
    """
    office_id = office_of(actor)
    evidence = _evidence(evidence)
    accounts = sorted(account for provider in known_providers(office_id) for account in provider.accounts)
    with office_transaction(office_id, now, actor.name) as transaction:
        payment = find_payment(office_id, reference)
        part = _part(payment, amount)
        movement = Movement(
            teller_id=secrets.token_hex(8),
            bank_reference=evidence,
            account=accounts[0] if accounts else name_account("hand"),
            amount=part,
            incoming=True,
            at=transaction.now,
            memo=payment.reference,
        )
        told = Told(Source.HAND, f"{HAND_SESSION}:{movement.teller_id}", movement)
        taken = take_transfer(transaction, told, DatabaseBook(office_id), actor, credit_as=BY_HAND)
        if taken.outcome != "new":
            raise Conflict("transfer_known", transfer=taken.transfer.id)
        if taken.transfer.credited != part:
            raise Conflict("illegal_move", thing="payment", move="credit", state=payment.state, allowed=[])
        return find_payment(office_id, reference)


def take_back_credit(credit_id: int, actor: Actor, now: datetime) -> Payment:
    """Undo a credit that was a mistake. Raises NotFound("unknown_credit") and as `reverse_credit`."""
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        row = Credit.get_or_none((Credit.id == credit_id) & (Credit.office == office_id))
        if row is None:
            raise NotFound("unknown_credit", credit=credit_id)
        reverse_credit(transaction, row, actor)
        if row.transfer_id:
            credit_gone(transaction, Transfer.get_by_id(row.transfer_id), row.amount)
        return Payment.get_by_id(row.payment_id)


def check_counter(office_id: int, counter: int | None, actor: Actor) -> None:
    """Money of a counter is handled by those who serve there, and by whoever balances it.

    Raises NotFound("unknown_counter"), Forbidden("not_your_counter").
    """
    if counter is None:
        return
    if not Counter.select().where((Counter.id == counter) & (Counter.office == office_id)).exists():
        raise NotFound("unknown_counter", counter=counter)
    if not actor.may("money.manage"):
        actor.require_counter(counter)


def _part(payment: Payment, amount: int | None) -> int:
    rest = payment.amount - (payment.received - payment.refunded)
    if rest <= 0:
        raise Conflict("nothing_to_pay")
    if amount is None:
        return rest
    if whole_amount(amount) > rest:
        raise DomainError("amount_above_rest", field="amount", rest=rest)
    return amount


def _evidence(evidence: str) -> str:
    words = clean_note(evidence, LONGEST_EVIDENCE, "evidence") if evidence.strip() else ""
    if not words:
        raise DomainError("evidence_needed", field="evidence")
    return words
