"""Somebody tells of a transfer: it is new, known or contradictory; new money is credited, or a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kiosk.database import OfficeTransaction, to_micros
from kiosk.domain.events import TransferConfirmed, TransferContradicted, TransferTold
from kiosk.domain.payment.identity import (
    ALIKE,
    SAME_REFERENCE,
    Book,
    KnownTransfer,
    Source,
    Told,
    bare_reference,
    identify,
    memo_mark,
    names_us,
)
from kiosk.domain.payment.matching import Reason, read_memo
from kiosk.domain.payment.rules import MoneyRules
from kiosk.domain.payment.states import TAKES_MONEY, TransferState
from kiosk.domain.payment.transfer import Transfer as Movement
from kiosk.domain.permissions import Actor
from kiosk.models import BankWords, Contradiction, Telling, Transfer
from kiosk.models.prepared import Prepared, Slot, insert, update
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import PAYMENT, credit
from kiosk.services.payment.money_rules import money_day, money_rules, rules_in
from kiosk.services.payment.providers import BY_HAND
from kiosk.services.payment.refunds_paid import recognise_payout
from kiosk.services.payment.transfers import keep_state

Outcome = Literal["new", "known", "contradictory"]
LONGEST_MARK = 120

BY_TELLER = Prepared(
    lambda: (
        Telling.select(Telling.transfer)
        .where(
            (Telling.office == Slot("office"))
            & (Telling.session == Slot("session"))
            & (Telling.teller_id == Slot("teller_id"))
        )
        .limit(1)
        .tuples()
    )
)
BY_REFERENCE = Prepared(
    lambda: (
        Telling.select(Telling.transfer)
        .where((Telling.office == Slot("office")) & (Telling.bank_reference == Slot("reference")))
        .tuples()
    )
)
ALIKE_ROWS = Prepared(
    lambda: (
        Transfer.select(Transfer.id)
        .where(
            (Transfer.office == Slot("office"))
            & (Transfer.account == Slot("account"))
            & (Transfer.amount == Slot("amount"))
            & (Transfer.mark == Slot("mark"))
            & (Transfer.at >= Slot("after"))
            & (Transfer.at <= Slot("before"))
        )
        .tuples()
    )
)
ONE = Prepared(lambda: Transfer.select().where(Transfer.id == Slot("transfer")).limit(1))
MEMO = Prepared(
    lambda: BankWords.select(BankWords.memo).where(BankWords.id == Slot("words")).tuples().limit(1)
)
TOLD = Prepared(
    lambda: (
        Telling.select(Telling.source, Telling.session, Telling.bank_reference)
        .where(Telling.transfer == Slot("transfer"))
        .tuples()
    )
)


class DatabaseBook:
    """The office's transfers, looked up one by one: for a notice."""

    def __init__(self, office_id: int) -> None:
        self._office = office_id
        self._rules: MoneyRules | None = None

    def by_teller(self, session: str, teller_id: str) -> KnownTransfer | None:
        """See `Book`."""
        found = BY_TELLER.scalar(office=self._office, session=session, teller_id=teller_id)
        return None if found is None else self._known(found)

    def by_reference(self, reference: str, at: datetime) -> Iterable[KnownTransfer]:
        """See `Book`."""
        found = {row[0] for row in BY_REFERENCE.all(office=self._office, reference=reference)}
        known = [self._known(each) for each in sorted(found)]
        return [each for each in known if abs(each.at - at) <= SAME_REFERENCE]

    def alike(self, transfer: Movement, mark: str) -> Iterable[KnownTransfer]:
        """See `Book`."""
        found = ALIKE_ROWS.all(
            office=self._office,
            account=transfer.account,
            amount=transfer.amount,
            mark=kept_mark(mark),
            after=transfer.at - ALIKE,
            before=transfer.at + ALIKE,
        )
        known = [self._known(row[0]) for row in found]
        return [each for each in known if each.incoming == transfer.incoming]

    def remember(self, known: KnownTransfer) -> None:
        """See `Book`; the database has it."""

    def tell(self, known: KnownTransfer, telling: dict[str, Any]) -> None:
        """See `Book`."""
        insert(Telling, telling)

    def _known(self, key: int) -> KnownTransfer:
        row = ONE.first(transfer=key)
        mark = row.mark or self._mark(row.words_id)
        told = [tuple(each) for each in TOLD.all(transfer=key)]
        return KnownTransfer(row.id, row.account, row.amount, bool(row.incoming), row.at, mark, told)

    def _mark(self, words: int | None) -> str:
        if words is None:
            return ""
        if self._rules is None:
            self._rules = money_rules(self._office)
        return memo_mark(MEMO.scalar(words=words) or "", self._rules.prefixes)


@dataclass(frozen=True)
class Taken:
    """What became of a telling: the transfer it means, and whether anything was learnt."""

    outcome: Outcome
    transfer: Transfer


def take_transfer(
    transaction: OfficeTransaction,
    told: Told,
    book: Book,
    actor: Actor | None = None,
    *,
    words: int | None = None,
    credit_as: str = "",
) -> Taken:
    """Keep what somebody tells of, once, and credit it when its memo names one request that takes money.

    `words` is the row that already holds the memo, `credit_as` the method of the credit where it is not told's own.
    """
    rules = rules_in(transaction)
    mark = memo_mark(told.transfer.memo, rules.prefixes)
    found = identify(told, mark, book)
    if found.known is not None:
        row = ONE.first(transfer=found.known.id)
        if found.contradicts:
            _contradict(transaction, told, row)
            return Taken("contradictory", row)
        _confirm(transaction, told, row, found.known, book)
        return Taken("known", row)
    reading = read_memo(told.transfer.memo, rules.prefixes)
    row = _keep(transaction, told, mark, words, reading.reason if told.transfer.incoming else None)
    known = KnownTransfer(row.id, row.account, row.amount, bool(row.incoming), row.at, mark, [_who(told)])
    book.remember(known)
    book.tell(known, _telling(transaction, told, row))
    if told.transfer.incoming:
        if reading.reference is not None:
            method = credit_as or told.session.partition(":")[0]
            _match(transaction, row, reading.reference, method, actor, told.source)
    else:
        recognise_payout(transaction, row, told.transfer.memo, rules.prefixes)
    _announce(transaction, told, row)
    return Taken("new", row)


def kept_mark(mark: str) -> str:
    """What of a mark stands in the row of the transfer: nothing a payer wrote."""
    return mark if names_us(mark) and len(mark) <= LONGEST_MARK else ""


def _who(told: Told) -> tuple[str, str, str]:
    return str(told.source), told.session, bare_reference(told.transfer.bank_reference)


def _keep(
    transaction: OfficeTransaction, told: Told, mark: str, words: int | None, reason: Reason | None
) -> Transfer:
    movement = told.transfer
    if words is None and movement.memo:
        words = insert(
            BankWords,
            {"office": transaction.office_id, "memo": movement.memo, "holder": "", "account": "", "bank": ""},
        )
    values: dict[str, Any] = {
        "office": transaction.office_id,
        "account": movement.account,
        "amount": movement.amount,
        "incoming": movement.incoming,
        "at": movement.at,
        "mark": kept_mark(mark),
        "state": TransferState.UNMATCHED if movement.incoming else TransferState.OUTGOING,
        "reason": str(reason or ""),
        "credited": 0,
        "returned": 0,
        "aside": 0,
        "confirmed": told.source is not Source.HAND,
        "on_statement": told.source is Source.STATEMENT,
        "note": "",
        "words": words,
        "created_at": transaction.now,
        "day": money_day(transaction),
    }
    return Transfer(id=insert(Transfer, values), **values)


def _telling(transaction: OfficeTransaction, told: Told, row: Transfer) -> dict[str, Any]:
    source, session, reference = _who(told)
    teller_id = told.transfer.teller_id or f"{reference}@{to_micros(told.transfer.at)}"
    return {
        "office": transaction.office_id,
        "transfer": row.id,
        "source": source,
        "session": session,
        "teller_id": teller_id,
        "bank_reference": reference,
        "at": transaction.now,
    }


def _confirm(
    transaction: OfficeTransaction, told: Told, row: Transfer, known: KnownTransfer, book: Book
) -> None:
    """Keep that somebody else told of it too; the same teller again changes nothing."""
    if told.transfer.teller_id and book.by_teller(told.session, told.transfer.teller_id):
        return
    known.told.append(_who(told))
    book.tell(known, _telling(transaction, told, row))
    was = bool(row.confirmed), bool(row.on_statement)
    row.confirmed = row.confirmed or told.source is not Source.HAND
    row.on_statement = row.on_statement or told.source is Source.STATEMENT
    if (bool(row.confirmed), bool(row.on_statement)) != was:
        update(row, "confirmed", "on_statement")
    if bool(row.confirmed) != was[0]:
        announce(transaction, TransferConfirmed(transfer=row.id, source=str(told.source)))


def _contradict(transaction: OfficeTransaction, told: Told, row: Transfer) -> None:
    movement = told.transfer
    key = movement.teller_id or f"{bare_reference(movement.bank_reference)}@{to_micros(movement.at)}"
    known = Contradiction.select().where(
        (Contradiction.office == transaction.office_id)
        & (Contradiction.session == told.session)
        & (Contradiction.teller_id == key)
    )
    if known.exists():
        return
    contradiction = insert(
        Contradiction,
        {
            "office": transaction.office_id,
            "transfer": row.id,
            "source": str(told.source),
            "session": told.session,
            "teller_id": key,
            "account": movement.account,
            "amount": movement.amount,
            "incoming": movement.incoming,
            "at": movement.at,
            "open": True,
            "note": "",
            "created_at": transaction.now,
        },
    )
    announce(
        transaction,
        TransferContradicted(transfer=row.id, contradiction=int(contradiction or 0), source=str(told.source)),
    )


def _match(
    transaction: OfficeTransaction,
    row: Transfer,
    reference: str,
    method: str,
    actor: Actor | None,
    source: Source,
) -> None:
    payment = PAYMENT.first(office=transaction.office_id, reference=reference)
    if payment is None or payment.state not in TAKES_MONEY:
        keep_state(row, Reason.REFERENCE_UNKNOWN if payment is None else Reason.REQUEST_CLOSED)
        return
    if source is Source.STATEMENT:
        method = payment.method if payment.slip else BY_HAND
    credit(transaction, payment, row.amount, method, actor, transfer=row)
    row.credited = row.amount
    keep_state(row)


def _announce(transaction: OfficeTransaction, told: Told, row: Transfer) -> None:
    announce(
        transaction,
        TransferTold(
            transfer=row.id,
            source=str(told.source),
            amount=row.amount,
            incoming=bool(row.incoming),
            state=str(row.state),
            reason=str(row.reason),
            booked_at=row.at.isoformat(),
            money_day=row.day.isoformat(),
        ),
    )
