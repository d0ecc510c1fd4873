"""Complaints about parcels: possible for a time, answered within days, compensated at least by the law's measure."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ParcelComplaintMoved
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.terms import Zone, answer_due, complaint_until, least_compensation
from kiosk.models import Parcel, ParcelComplaint
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import honoured_carrier
from kiosk.services.post.register_parcel import find_parcel, parcel_facts

LONGEST_WORDS = 2_000


def complain(number: str, what: str, actor: Actor, now: datetime) -> ParcelComplaint:
    """Note a complaint and the day by which the post answers it (QĐ 45/2016 Đ.13).

    Raises NotFound("unknown_parcel"), DomainError("text_empty"), Conflict("parcel_not_with_post", "complaint_open",
    "complaint_too_late").
    """
    words = clean_note(what, LONGEST_WORDS, "what").strip() if what.strip() else ""
    if not words:
        raise DomainError("text_empty", field="what")
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        parcel = find_parcel(transaction.office_id, number)
        if parcel.handed_over_on is None:
            raise Conflict("parcel_not_with_post", state=str(parcel.state))
        terms = honoured_carrier(transaction.office_id, parcel.carrier).post.terms
        until = complaint_until(parcel.handed_over_on, terms)
        if transaction.day > until:
            raise Conflict("complaint_too_late", latest=until.isoformat())
        if (
            ParcelComplaint.select()
            .where((ParcelComplaint.parcel == parcel.id) & ParcelComplaint.answered_on.is_null())
            .exists()
        ):
            raise Conflict("complaint_open", number=parcel.number)
        row = ParcelComplaint.create(
            office=transaction.office_id,
            parcel=parcel.id,
            what=words,
            opened_on=transaction.day,
            answer_due_on=answer_due(transaction.day, Zone(parcel.zone), terms, calendar_in(transaction)),
            officer=actor.user.id if actor.user else None,
        )
        _tell(transaction, parcel, row, "opened")
    return row


def answer_complaint(
    complaint_id: int, answer: str, compensation: int, actor: Actor, now: datetime
) -> ParcelComplaint:
    """What the post answered; compensation is nothing, or at least what the law says (NĐ 47/2011 Đ.25).

    Raises NotFound("unknown_complaint"), Conflict("complaint_answered"), DomainError("text_empty",
    "compensation_too_small").
    """
    words = clean_note(answer, LONGEST_WORDS, "answer").strip() if answer.strip() else ""
    if not words:
        raise DomainError("text_empty", field="answer")
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        row = ParcelComplaint.get_or_none(
            (ParcelComplaint.id == complaint_id) & (ParcelComplaint.office == transaction.office_id)
        )
        if row is None:
            raise NotFound("unknown_complaint", complaint=complaint_id)
        if row.answered_on is not None:
            raise Conflict("complaint_answered", complaint=complaint_id)
        parcel = row.parcel
        terms = honoured_carrier(transaction.office_id, parcel.carrier).post.terms
        least = least_compensation(parcel.postage, terms)
        if 0 < check_amount(compensation) < least:
            raise DomainError("compensation_too_small", field="compensation", least=least)
        row.answer, row.answered_on, row.compensation = words, transaction.day, compensation
        row.save()
        _tell(transaction, parcel, row, "answered")
    return row


def _tell(transaction: OfficeTransaction, parcel: Parcel, row: ParcelComplaint, change: str) -> None:
    announce(
        transaction,
        ParcelComplaintMoved(
            **parcel_facts(parcel, parcel.dossier),
            complaint=row.id,
            change=change,
            answer_due_on=row.answer_due_on.isoformat(),
            compensation=row.compensation,
        ),
    )
