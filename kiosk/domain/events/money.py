"""Facts about money: what was asked, what came, what went back. Never a holder's name, never a memo."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.events.base import Event


@dataclass(frozen=True, kw_only=True)
class PaymentEvent(Event):
    """What every fact about a request for money carries; all amounts are whole đồng.

    `received` is what was credited so far, `refunded` what went back of it.
    """

    payment: int
    reference: str
    state: str
    method: str
    amount: int
    received: int
    refunded: int
    dossiers: list[str]
    ticket: int | None
    counter: int | None


@dataclass(frozen=True, kw_only=True)
class PaymentRequested(PaymentEvent):
    """Fees of one or more dossiers were asked for; `replaces` is an earlier request that no longer holds."""

    kind = "payment.requested"
    phi: int
    le_phi: int
    expires_at: str | None
    replaces: str | None


@dataclass(frozen=True, kw_only=True)
class PaymentCredited(PaymentEvent):
    """Money for a request is here; negative when a credit, that of the entry `reverses`, was a mistake."""

    kind = "payment.credited"
    credit: int
    credited: int
    by: str
    transfer: int | None
    reverses: int | None
    money_day: str


@dataclass(frozen=True, kw_only=True)
class PaymentMoved(PaymentEvent):
    """A request ran out, was withdrawn, or its payer owes nothing by law."""

    kind = "payment.moved"
    move: str


@dataclass(frozen=True, kw_only=True)
class PaymentRefunded(PaymentEvent):
    """Money of a request went back to its payer."""

    kind = "payment.refunded"
    refund: int
    given_back: int
    money_day: str


@dataclass(frozen=True, kw_only=True)
class TransferTold(Event):
    """A movement on an account was heard of for the first time; `source` is notice, statement or hand."""

    kind = "transfer.told"
    transfer: int
    source: str
    amount: int
    incoming: bool
    state: str
    reason: str
    booked_at: str
    money_day: str


@dataclass(frozen=True, kw_only=True)
class TransferConfirmed(Event):
    """Somebody else told of a movement that was known already."""

    kind = "transfer.confirmed"
    transfer: int
    source: str


@dataclass(frozen=True, kw_only=True)
class TransferContradicted(Event):
    """The same movement was told of with another amount, direction or account; nothing was credited by it."""

    kind = "transfer.contradicted"
    transfer: int
    contradiction: int
    source: str


@dataclass(frozen=True, kw_only=True)
class TransferSettled(Event):
    """A person decided about money on the account; the amounts are those of the transfer after it."""

    kind = "transfer.settled"
    transfer: int
    move: str
    state: str
    credited: int
    returned: int
    aside: int


@dataclass(frozen=True, kw_only=True)
class ContradictionSettled(Event):
    """A person looked into two tellings that contradict each other."""

    kind = "contradiction.settled"
    contradiction: int
    transfer: int


@dataclass(frozen=True, kw_only=True)
class ReceiptIssued(Event):
    """A receipt with a number of its series; `kind_of_fee` is phi or le_phi."""

    kind = "receipt.issued"
    receipt: int
    kind_of_fee: str
    number: str
    payment: int
    dossier: str
    department: str
    amount: int
    method: str
    money_day: str


@dataclass(frozen=True, kw_only=True)
class ReceiptVoided(Event):
    """A receipt no longer holds; its number is not given again."""

    kind = "receipt.voided"
    receipt: int
    number: str
    reason: str
    money_day: str


@dataclass(frozen=True, kw_only=True)
class RefundMoved(Event):
    """A refund was asked for, approved, rejected, withdrawn, paid out or refused by the bank."""

    kind = "refund.moved"
    refund: int
    move: str
    state: str
    amount: int
    payment: int | None
    transfer: int | None
    method: str


@dataclass(frozen=True, kw_only=True)
class StatementRead(Event):
    """A bank's statement was reconciled to its end."""

    kind = "statement.read"
    statement: int
    lines: int
    new: int
    known: int
    contradictory: int


@dataclass(frozen=True, kw_only=True)
class CashCounted(Event):
    """The cash of a counter was counted."""

    kind = "cash.counted"
    counter: int
    counted: int
    expected: int
    money_day: str


@dataclass(frozen=True, kw_only=True)
class MoneyClosed(Event):
    """The cash desk of a day was sealed; `digest` is the SHA-256 of its figures."""

    kind = "money.closed"
    money_day: str
    received: int
    refunded: int
    unmatched: int
    difference: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class RemittanceMade(Event):
    """What a department's receipts brought was listed to be remitted."""

    kind = "remittance.made"
    remittance: int
    department: str
    first: str
    last: str
    due_on: str
    phi: int
    le_phi: int
    receipts: int


@dataclass(frozen=True, kw_only=True)
class MoneyRulesChanged(Event):
    """An admin changed how the office handles money; which of the rules."""

    kind = "money.rules_changed"
    changed: list[str]
