"""What the post collected on delivery, paid over: each fee is booked, each parcel settled once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from peewee import fn

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.events import PostMoneyRemitted
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.states import ParcelState
from kiosk.models import Parcel, PostRemittance
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.payment.money_rules import money_day
from kiosk.services.payment.providers import ON_DELIVERY
from kiosk.services.payment.request_payment import Wish, request_payment
from kiosk.services.payment.take_money import take_on_delivery
from kiosk.services.post.carriers import honoured_carrier
from kiosk.services.post.register_parcel import find_parcel

LONGEST_EVIDENCE = 80
MOST_PARCELS = 2_000


def parcels_owing(office_id: int) -> list[Parcel]:
    """Delivered parcels of which the post has not paid over what it collected, the oldest first."""
    wanted = (
        (Parcel.office == office_id)
        & (Parcel.state == ParcelState.DELIVERED)
        & (Parcel.collected > 0)
        & Parcel.remittance.is_null()
    )
    return list(Parcel.select().where(wanted).order_by(Parcel.ended_on, Parcel.id))


def remit_collected(
    numbers: Sequence[str], amount: int, evidence: str, actor: Actor, now: datetime
) -> PostRemittance:
    """The post paid `amount` đồng over for these parcels; `evidence` is its number for the payment.

    Raises DomainError("amount_differs", "evidence_needed", "parcels_needed"), NotFound("unknown_parcel"),
    Conflict("nothing_collected", "remitted_before", "parcel_of_other_carrier").
    """
    words = clean_note(evidence, LONGEST_EVIDENCE, "evidence").strip() if evidence.strip() else ""
    if not words:
        raise DomainError("evidence_needed", field="evidence")
    wanted = list(dict.fromkeys(numbers))
    if not 1 <= len(wanted) <= MOST_PARCELS:
        raise DomainError("parcels_needed", field="numbers", most=MOST_PARCELS)
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        office = transaction.office_id
        parcels = [find_parcel(office, number) for number in wanted]
        for parcel in parcels:
            if parcel.remittance_id is not None:
                raise Conflict("remitted_before", number=parcel.number)
            if not parcel.collected:
                raise Conflict("nothing_collected", number=parcel.number)
            if parcel.carrier != parcels[0].carrier:
                raise Conflict("parcel_of_other_carrier", number=parcel.number)
        total = sum(parcel.collected for parcel in parcels)
        if check_amount(amount) != total:
            raise DomainError("amount_differs", field="amount", expected=total)
        carrier = honoured_carrier(office, parcels[0].carrier).post.key
        last = PostRemittance.select(fn.MAX(PostRemittance.number)).where(PostRemittance.office == office)
        row = PostRemittance.create(
            office=office,
            carrier=carrier,
            number=(last.scalar() or 0) + 1,
            amount=total,
            parcels=len(parcels),
            evidence=words,
            officer=actor.user.id if actor.user else None,
            at=transaction.now,
            day=money_day(transaction),
        )
        for parcel in parcels:
            parcel.remittance = row.id
            parcel.save(only=[Parcel.remittance])
            _book(parcel, words, actor, now)
        announce(
            transaction,
            PostMoneyRemitted(
                remittance=row.id,
                carrier=carrier,
                number=row.number,
                parcels=len(parcels),
                amount=total,
                money_day=row.day.isoformat(),
            ),
        )
    return row


def _book(parcel: Parcel, evidence: str, actor: Actor, now: datetime) -> None:
    """Credit what came to the dossier's fee, as far as it owes one; postage that was collected is no fee."""
    try:
        payment = request_payment(Wish(ON_DELIVERY, (parcel.dossier.code,)), actor, now)
    except Conflict as error:
        if error.code in ("nothing_to_pay", "already_paid", "payment_begun"):
            return
        raise
    take_on_delivery(
        payment.reference, min(parcel.collected, payment.amount), f"{evidence} {parcel.number}", actor, now
    )
