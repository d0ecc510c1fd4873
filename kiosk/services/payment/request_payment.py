"""Ask for the fees of a dossier, or of all dossiers of a visit: by QR, in cash, by card, or not at all by law."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import PaymentRequested
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.payment.reference import new_reference
from kiosk.domain.payment.states import SETTLED, UNPAID, PaymentState
from kiosk.domain.permissions import Actor
from kiosk.models import Counter, Dossier, Payment, PaymentItem, Ticket
from kiosk.models.prepared import insert
from kiosk.plugin.providers import PaymentRequest
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import (
    find_payment,
    items_of,
    move_payment,
    office_of,
    payment_facts,
    shown_until,
)
from kiosk.services.payment.money_rules import money_day, money_rules
from kiosk.services.payment.providers import EXEMPT, HOUSE_METHODS, ON_DELIVERY, offered_provider

LONGEST_REASON = 400


@dataclass(frozen=True)
class Wish:
    """For which dossiers (or which visit's) to ask, how it is to be paid, and at which counter.

    `reason` is the text in law that frees the payer, for method "exempt".
    """

    method: str
    dossiers: tuple[str, ...] = ()
    ticket: int | None = None
    counter: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Owed:
    """What one dossier still owes, in đồng."""

    dossier: Dossier
    phi: int
    le_phi: int


def request_payment(wish: Wish, actor: Actor, now: datetime) -> Payment:
    """Ask for what is still owed; a request that already says exactly this is given again.

    An earlier request of the same dossiers that nobody paid is withdrawn. Raises Forbidden("not_your_counter"),
    NotFound("unknown_dossier",
    "unknown_ticket", "unknown_counter", "unknown_payment_method"), Conflict("nothing_to_pay", "already_paid",
    "payment_begun"), DomainError("dossier_or_ticket", "reason_needed").
    """
    office_id = office_of(actor)
    if bool(wish.dossiers) == (wish.ticket is not None):
        raise DomainError("dossier_or_ticket", field="dossier")
    reason = clean_note(wish.reason, LONGEST_REASON, "reason") if wish.reason.strip() else ""
    if wish.method == EXEMPT and not reason:
        raise DomainError("reason_needed", field="reason")
    own = wish.method in (*HOUSE_METHODS, ON_DELIVERY)
    provider = None if own else offered_provider(office_id, wish.method)
    with office_transaction(office_id, now, actor.name) as transaction:
        dossiers = _dossiers(office_id, wish)
        counter = _counter(office_id, wish, dossiers, actor)
        owed, earlier = _owed(dossiers, whole_visit=wish.ticket is not None)
        method = provider.key if provider else wish.method
        for payment in earlier:
            if len(earlier) == 1 and _same(payment, owed, method, transaction):
                return payment
        for payment in earlier:
            move_payment(transaction, payment, "cancel")
        payment = _store(transaction, wish, method, owed, actor, counter)
        if provider:
            slip = provider.create(PaymentRequest(payment.reference, payment.amount, owed[0].dossier.code))
            payment.slip, payment.expires_at = asdict(slip), shown_until(transaction.now, provider.minutes)
        payment.reason = reason
        payment.id = insert(
            Payment, {name: value for name, value in payment.__data__.items() if name != "id"}
        )
        for each in owed:
            insert(PaymentItem, {"payment": payment.id, **_item(each)})
        _tell(transaction, payment, earlier)
        if method == EXEMPT:
            move_payment(transaction, payment, "exempt")
        return payment


def fee_owed(dossier: Dossier) -> int:
    """What a dossier's fees come to in đồng, less what was asked for and settled, or begun to be paid."""
    taken = (
        PaymentItem.select()
        .join(Payment)
        .where((PaymentItem.dossier == dossier.id) & (Payment.state << [*SETTLED, PaymentState.PARTLY_PAID]))
    )
    return 0 if taken.exists() else int(dossier.fee_total)


def cancel_payment(reference: str, actor: Actor, now: datetime) -> Payment:
    """Withdraw a request that nobody paid. Raises NotFound("unknown_payment"), Conflict("illegal_move")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        payment = find_payment(transaction.office_id, reference)
        move_payment(transaction, payment, "cancel")
    return payment


def _dossiers(office_id: int, wish: Wish) -> list[Dossier]:
    wanted = Dossier.office == office_id
    if wish.ticket is not None:
        if not Ticket.select().where((Ticket.id == wish.ticket) & (Ticket.office == office_id)).exists():
            raise NotFound("unknown_ticket", ticket=wish.ticket)
        wanted &= Dossier.ticket == wish.ticket
    else:
        wanted &= Dossier.code << [code.strip().upper() for code in wish.dossiers]
    rows = list(Dossier.select().where(wanted).order_by(Dossier.id))
    if wish.dossiers and len(rows) != len(set(wish.dossiers)):
        known = {row.code for row in rows}
        missing = next(code for code in wish.dossiers if code.strip().upper() not in known)
        raise NotFound("unknown_dossier", dossier=missing[:64])
    return rows


def _counter(office_id: int, wish: Wish, dossiers: Sequence[Dossier], actor: Actor) -> int | None:
    if wish.counter is None:
        return next((d.counter_id for d in dossiers if d.counter_id), None)
    if not Counter.select().where((Counter.id == wish.counter) & (Counter.office == office_id)).exists():
        raise NotFound("unknown_counter", counter=wish.counter)
    if not actor.may("money.manage"):
        actor.require_counter(wish.counter)
    return wish.counter


def _owed(dossiers: Sequence[Dossier], *, whole_visit: bool) -> tuple[list[_Owed], list[Payment]]:
    """What is owed, and the unpaid requests that asked for it before."""
    rows = (
        PaymentItem.select(PaymentItem, Payment)
        .join(Payment)
        .where(PaymentItem.dossier << [dossier.id for dossier in dossiers])
    )
    by_dossier: dict[int, list[Payment]] = {}
    for row in rows:
        by_dossier.setdefault(row.dossier_id, []).append(row.payment)
    owed: list[_Owed] = []
    earlier: dict[int, Payment] = {}
    half_paid: list[Payment] = []
    for dossier in dossiers:
        payments = by_dossier.get(dossier.id, [])
        settled = next((p for p in payments if p.state in SETTLED), None)
        if settled is not None:
            if not whole_visit:
                raise Conflict("already_paid", reference=settled.reference, dossier=dossier.code)
            continue
        begun = next((p for p in payments if p.state == PaymentState.PARTLY_PAID), None)
        if begun is not None:
            if not whole_visit:
                raise _begun(begun)
            half_paid.append(begun)
            continue
        due = _Owed(dossier, _sum(dossier, "phi"), _sum(dossier, "le_phi"))
        if due.phi + due.le_phi:
            owed.append(due)
        earlier |= {p.id: p for p in payments if p.state in UNPAID}
    if not owed:
        raise _begun(half_paid[0]) if half_paid else Conflict("nothing_to_pay")
    return owed, list(earlier.values())


def _begun(payment: Payment) -> Conflict:
    """The rest of a request is collected on that very request."""
    return Conflict("payment_begun", reference=payment.reference, rest=payment.amount - payment.received)


def _sum(dossier: Dossier, kind: str) -> int:
    return sum(line["amount"] * line["quantity"] for line in dossier.fees if line["kind"] == kind)


def _same(payment: Payment, owed: Sequence[_Owed], method: str, transaction: OfficeTransaction) -> bool:
    """Whether a request already asks for exactly this, and is still shown."""
    running = payment.state == PaymentState.WAITING and (
        payment.expires_at is None or payment.expires_at > transaction.now
    )
    asked = {(item.dossier_id, item.phi, item.le_phi) for item in items_of(payment)}
    return running and payment.method == method and asked == {(d.dossier.id, d.phi, d.le_phi) for d in owed}


def _store(
    transaction: OfficeTransaction,
    wish: Wish,
    method: str,
    owed: Sequence[_Owed],
    actor: Actor,
    counter: int | None,
) -> Payment:
    phi, le_phi = sum(each.phi for each in owed), sum(each.le_phi for each in owed)
    tickets = {each.dossier.ticket_id for each in owed}
    return Payment(
        office=transaction.office_id,
        reference=_free_reference(transaction.office_id),
        state=PaymentState.WAITING,
        method=method,
        amount=check_amount(phi + le_phi),
        phi=phi,
        le_phi=le_phi,
        ticket=wish.ticket or (tickets.pop() if len(tickets) == 1 else None),
        counter=counter,
        officer=actor.user.id if actor.user else None,
        created_at=transaction.now,
        day=money_day(transaction),
    )


def _free_reference(office_id: int) -> str:
    prefix = money_rules(office_id).prefix
    while True:
        reference = new_reference(prefix, secrets.choice)
        if not Payment.select().where(Payment.reference == reference).exists():
            return reference


def _item(each: _Owed) -> dict[str, Any]:
    dossier = each.dossier
    return {"dossier": dossier.id, "department": dossier.department, "phi": each.phi, "le_phi": each.le_phi}


def _tell(transaction: OfficeTransaction, payment: Payment, earlier: Sequence[Payment]) -> None:
    announce(
        transaction,
        PaymentRequested(
            **payment_facts(payment, items_of(payment)),
            phi=payment.phi,
            le_phi=payment.le_phi,
            expires_at=payment.expires_at.isoformat() if payment.expires_at else None,
            replaces=earlier[0].reference if earlier else None,
        ),
    )
