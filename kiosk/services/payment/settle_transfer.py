"""A person decides about money that belongs to nothing: credited to requests, or set aside with a note."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ContradictionSettled
from kiosk.domain.names import clean_note
from kiosk.domain.payment.states import TAKES_MONEY
from kiosk.domain.payment.transfer import whole_amount
from kiosk.domain.permissions import Actor
from kiosk.models import Contradiction, Credit, Payment, SetAside, Transfer
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import credit, find_payment, office_of, reverse_credit
from kiosk.services.payment.money_rules import money_day
from kiosk.services.payment.providers import BY_HAND
from kiosk.services.payment.refund import spoken_for
from kiosk.services.payment.transfers import credit_gone, keep_state, rest_of, tell_settled

LONGEST_NOTE = 400
MOST_SHARES = 50


def credit_transfer(
    transfer_id: int, shares: Sequence[tuple[str, int | None]], actor: Actor, now: datetime
) -> Transfer:
    """Credit a transfer to requests, each (reference, amount); one without amount gets all that is left.

    Where the same money had been noted by hand for a request, that note gives way, and nothing is credited twice.
    Raises NotFound("unknown_transfer", "unknown_payment"), Conflict("nothing_left", "payment_takes_no_money"),
    DomainError("shares_malformed", "amount_malformed").
    """
    if not 0 < len(shares) <= MOST_SHARES:
        raise DomainError("shares_malformed", field="payments", most=MOST_SHARES)
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        transfer = find_transfer(office_id, transfer_id)
        for reference, amount in shares:
            _credit_share(transaction, transfer, find_payment(office_id, reference), amount, actor)
        keep_state(transfer)
        tell_settled(transaction, transfer, "credit")
    return transfer


def _credit_share(
    transaction: OfficeTransaction, transfer: Transfer, payment: Payment, amount: int | None, actor: Actor
) -> None:
    free = _free(transfer)
    part = free if amount is None else whole_amount(amount)
    if part <= 0 or part > free:
        raise Conflict("nothing_left", left=max(0, free))
    if payment.state not in TAKES_MONEY:
        raise Conflict("payment_takes_no_money", reference=payment.reference, state=str(payment.state))
    method = payment.method if payment.slip else BY_HAND
    noted = _noted_by_hand(payment, part)
    credit(transaction, payment, part, method, actor, transfer=transfer)
    transfer.credited += part
    if noted is not None and transfer.confirmed:
        # The bank's word replaces the officer's: receipts stay, since the request is never without its money.
        reverse_credit(transaction, noted, actor)
        by_hand = Transfer.get_by_id(noted.transfer_id)
        credit_gone(transaction, by_hand, noted.amount)
        _aside(transaction, by_hand, actor, f"→ {transfer.id}", never_came=True)


def _noted_by_hand(payment: Payment, amount: int) -> Credit | None:
    """A credit of that amount from a transfer only a person has told of."""
    reversed_ones = Credit.select(Credit.reverses).where(Credit.reverses.is_null(False))
    return (
        Credit.select()
        .join(Transfer)
        .where(
            (Credit.payment == payment.id)
            & (Credit.amount == amount)
            & (Transfer.confirmed == False)  # noqa: E712  (a column)
            & Credit.id.not_in(reversed_ones)
        )
        .first()
    )


def set_aside(transfer_id: int, note: str, actor: Actor, now: datetime) -> Transfer:
    """What is left of a transfer is not for fees of this centre; or, if only a person told of it, never came.

    Raises NotFound("unknown_transfer"), DomainError("reason_needed"), Conflict("nothing_left").
    """
    words = clean_note(note, LONGEST_NOTE, "note") if note.strip() else ""
    if not words:
        raise DomainError("reason_needed", field="note")
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        transfer = find_transfer(office_id, transfer_id)
        if _free(transfer) <= 0:
            raise Conflict("nothing_left", left=0)
        _aside(transaction, transfer, actor, words, never_came=not transfer.confirmed)
    return transfer


def take_back_aside(transfer_id: int, actor: Actor, now: datetime) -> Transfer:
    """What was set aside is to be decided about again. Raises NotFound("unknown_transfer"), Conflict("nothing_aside")."""
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        transfer = find_transfer(office_id, transfer_id)
        if not transfer.aside:
            raise Conflict("nothing_aside")
        _book_aside(transaction, transfer, actor, "", -transfer.aside, never_came=not transfer.confirmed)
        transfer.aside = 0
        keep_state(transfer, "taken_back")
        tell_settled(transaction, transfer, "take_back_aside")
    return transfer


def settle_contradiction(contradiction_id: int, note: str, actor: Actor, now: datetime) -> Contradiction:
    """Somebody looked into it. Raises NotFound("unknown_contradiction"), DomainError("reason_needed")."""
    words = clean_note(note, LONGEST_NOTE, "note") if note.strip() else ""
    if not words:
        raise DomainError("reason_needed", field="note")
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        row = Contradiction.get_or_none(
            (Contradiction.id == contradiction_id) & (Contradiction.office == office_id)
        )
        if row is None:
            raise NotFound("unknown_contradiction", contradiction=contradiction_id)
        if row.open:
            row.open, row.note = False, words
            row.save()
            announce(transaction, ContradictionSettled(contradiction=row.id, transfer=row.transfer_id))
    return row


def find_transfer(office_id: int, transfer_id: int) -> Transfer:
    """Raises NotFound("unknown_transfer")."""
    row = Transfer.get_or_none((Transfer.id == transfer_id) & (Transfer.office == office_id))
    if row is None:
        raise NotFound("unknown_transfer", transfer=transfer_id)
    return row


def _free(transfer: Transfer) -> int:
    return rest_of(transfer) - spoken_for(transfer)


def _aside(
    transaction: OfficeTransaction, transfer: Transfer, actor: Actor, note: str, *, never_came: bool
) -> None:
    part = _free(transfer)
    _book_aside(transaction, transfer, actor, note, part, never_came=never_came)
    transfer.aside += part
    transfer.note = note
    keep_state(transfer)
    tell_settled(transaction, transfer, "set_aside")


def _book_aside(
    transaction: OfficeTransaction,
    transfer: Transfer,
    actor: Actor,
    note: str,
    amount: int,
    *,
    never_came: bool,
) -> None:
    SetAside.create(
        office=transaction.office_id,
        transfer=transfer.id,
        amount=amount,
        never_came=never_came,
        note=note,
        officer=actor.user.id if actor.user else None,
        at=transaction.now,
        day=money_day(transaction),
    )
