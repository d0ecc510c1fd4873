"""What the postman brings: counted twice, listed, and received at the moment both sign (QĐ 45/2016 Đ.6, Đ.7.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction, to_micros
from kiosk.domain.chain import canonical
from kiosk.domain.dossier import Channel, Delivery
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import HandoverSigned
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_name, clean_note
from kiosk.domain.people import check_applicant
from kiosk.domain.permissions import Actor
from kiosk.domain.post.address import check_recipient, read_address
from kiosk.domain.post.s10 import read_own_number
from kiosk.domain.post.terms import due_after, zone_of_address
from kiosk.models import Person, PostIntake, PostIntakeItem, PostWords
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.decline_application import OUTCOMES, decline_application
from kiosk.services.papers_given import given_papers
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.payment.providers import CASH
from kiosk.services.payment.request_payment import Wish, request_payment
from kiosk.services.payment.take_money import take_cash
from kiosk.services.post.carriers import honoured_carrier, offered_carrier
from kiosk.services.receive_dossier import receive_dossier, store_person
from kiosk.services.reckon_dossier import Application, reckon

OPEN, SIGNED, CANCELLED = "open", "signed", "cancelled"
RECEIVE = "receive"
DECISIONS = (RECEIVE, *OUTCOMES)
MOST_ITEMS = 60
"""Each becomes a dossier in the transaction of the signing."""
LONGEST_REASON, LONGEST_NOTE = 2_000, 400


@dataclass(frozen=True)
class Envelope:
    """What the desk finds in one consignment; `papers` are {name, told_originals, told_copies, originals, copies}.

    "told" is the count on the consignment note (Phiếu gửi), the other the desk's own. `sent_on` is the day on that note. `fee_collected` is what the postman
    took, in đồng; `decision` is receive, supplement or refuse.
    """

    number: str
    procedure: str
    applicant: Mapping[str, Any]
    department: str | None = None
    papers: Sequence[Mapping[str, Any]] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    delivery: str = Delivery.POST
    postmark_on: date | None = None
    sent_on: date | None = None
    fee_collected: int = 0
    decision: str = RECEIVE
    reason: str = ""


def open_intake(actor: Actor, now: datetime, *, carrier: str = "", note: str = "") -> PostIntake:
    """Begin a handover record. Raises Conflict("no_postal_carrier"), NotFound("unknown_carrier")."""
    office_id = office_of(actor)
    key = offered_carrier(office_id, carrier).post.key
    words = clean_note(note, LONGEST_NOTE) if note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        row = PostIntake.create(
            office=office_id,
            carrier=key,
            year=transaction.day.year,
            note=words,
            opened_at=transaction.now,
            day=transaction.day,
            officer=actor.user.id if actor.user else None,
        )
        transaction.touched = True
    return row


def add_envelope(intake_id: int, envelope: Envelope, actor: Actor, now: datetime) -> PostIntakeItem:
    """List one envelope. Nothing is received before the record is signed.

    Raises NotFound("unknown_intake"), Conflict("intake_signed", "number_taken", "intake_full", "not_by_post"),
    DomainError("unknown_decision", "reason_needed") and whatever the application itself is refused for.
    """
    number = read_own_number(envelope.number)
    if envelope.decision not in DECISIONS:
        raise DomainError("unknown_decision", field="decision", allowed=list(DECISIONS))
    reason = clean_note(envelope.reason, LONGEST_REASON, "reason").strip() if envelope.reason else ""
    if envelope.decision == "refuse" and not reason:
        raise DomainError("reason_needed", field="reason")
    collected = check_amount(envelope.fee_collected)
    reckoning, _ = reckon(office_of(actor), _application(envelope), actor, now)
    papers = _counted(reckoning.procedure.components, envelope.papers)
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        intake = _open_one(transaction.office_id, intake_id)
        applicant = check_applicant(envelope.applicant, transaction.day)
        office = transaction.office_id
        if (
            PostIntakeItem.select()
            .where((PostIntakeItem.office == office) & (PostIntakeItem.number == number))
            .exists()
        ):
            raise Conflict("number_taken", number=number)
        items = PostIntakeItem.select().where(PostIntakeItem.intake == intake.id)
        if items.count() >= MOST_ITEMS:
            raise Conflict("intake_full", most=MOST_ITEMS)
        row = PostIntakeItem.create(
            intake=intake.id,
            office=office,
            number=number,
            department=reckoning.procedure.department,
            procedure=reckoning.procedure.key,
            procedure_name=reckoning.procedure.name,
            person=store_person(transaction, applicant),
            answers=reckoning.answers,
            papers=papers,
            delivery=reckoning.delivery,
            postmark_on=envelope.postmark_on,
            sent_on=envelope.sent_on,
            slip_due_on=_slip_due_on(transaction, intake, envelope),
            fee_total=reckoning.fee_total,
            fee_collected=collected,
            decision=envelope.decision,
            reason=reason,
            created_at=transaction.now,
        )
        transaction.touched = True
    return row


def remove_envelope(intake_id: int, item_id: int, actor: Actor, now: datetime) -> None:
    """Take an envelope off a record that is not signed; what was typed of its owner is forgotten.

    Raises NotFound("unknown_intake", "unknown_envelope"), Conflict("intake_signed").
    """
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        intake = _open_one(transaction.office_id, intake_id)
        item = PostIntakeItem.get_or_none(
            (PostIntakeItem.id == item_id) & (PostIntakeItem.intake == intake.id)
        )
        if item is None:
            raise NotFound("unknown_envelope", envelope=item_id)
        _forget(item)
        item.delete_instance()
        transaction.touched = True


def cancel_intake(intake_id: int, actor: Actor, now: datetime) -> None:
    """Give a record up that is not signed. Raises NotFound("unknown_intake"), Conflict("intake_signed")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        intake = _open_one(transaction.office_id, intake_id)
        for item in _items(intake):
            _forget(item)
            item.delete_instance()
        intake.state = CANCELLED
        intake.save()
        transaction.touched = True


def sign_intake(intake_id: int, postman: str, actor: Actor, now: datetime) -> PostIntake:
    """Sign the record: every dossier on it is received at this moment, with its slip; or none is.

    Fees the postman collected are booked as cash. Raises NotFound("unknown_intake"), Conflict("intake_signed",
    "intake_empty", "fee_collected_differs") and whatever one of the applications is refused for, naming its number.
    """
    name = clean_name(postman, field="postman")
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        intake = _open_one(transaction.office_id, intake_id)
        items = _items(intake)
        if not items:
            raise Conflict("intake_empty")
        for item in items:
            try:
                _receive(item, actor, transaction.now)
            except DomainError as error:
                raise type(error)(error.code, **{**error.fields, "number": item.number}) from None
        _number(transaction, intake, items, name, actor)
    return intake


def find_intake(office_id: int, intake_id: int) -> PostIntake:
    """Raises NotFound("unknown_intake")."""
    row = PostIntake.get_or_none((PostIntake.id == intake_id) & (PostIntake.office == office_id))
    if row is None:
        raise NotFound("unknown_intake", intake=intake_id)
    return row


def intake_holds(intake: PostIntake) -> bool:
    """Whether a signed record is still what was signed."""
    return bool(intake.digest == _digest(intake, _items(intake)))


def differences(papers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Papers of which the desk counted another number than the consignment note says."""
    return [
        dict(each)
        for each in papers
        if (each["originals"], each["copies"]) != (each["told_originals"], each["told_copies"])
    ]


def _slip_due_on(transaction: OfficeTransaction, intake: PostIntake, envelope: Envelope) -> date | None:
    """By when the post brings the appointment slip back (TT 17/2017 Đ.7); None without a day or a place to reckon from.

    Raises DomainError("date_in_future").
    """
    if envelope.sent_on is None:
        return None
    if envelope.sent_on > transaction.day:
        raise DomainError("date_in_future", field="sent_on", latest=transaction.day.isoformat())
    post = honoured_carrier(transaction.office_id, intake.carrier).post
    address = read_address(str(envelope.applicant.get("address") or ""))
    try:
        to = check_recipient({"name": envelope.applicant.get("name"), **address})
    except DomainError:
        return None  # the address is good enough for the slip, and not for a table of distances
    days = post.terms.days_with_slip[zone_of_address(post.home, to)]
    return due_after(envelope.sent_on, days, calendar_in(transaction))


def _application(envelope: Envelope) -> Application:
    return Application(
        procedure=envelope.procedure,
        department=envelope.department,
        applicant=envelope.applicant,
        answers=envelope.answers,
        channel=Channel.POST,
        delivery=envelope.delivery,
        postmark_on=envelope.postmark_on,
    )


def _counted(asked: Sequence[Any], papers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Both counts of every paper; what the desk did not count is taken as the note says."""
    desk = [
        {
            "name": each.get("name"),
            "originals": each.get("originals", each.get("told_originals", 0)),
            "copies": each.get("copies", each.get("told_copies", 0)),
        }
        for each in papers
    ]
    told = [
        {
            "name": each.get("name"),
            "originals": each.get("told_originals", each.get("originals", 0)),
            "copies": each.get("told_copies", each.get("copies", 0)),
        }
        for each in papers
    ]
    ours, theirs = given_papers(asked, desk), given_papers(asked, told)
    return [
        {
            "name": mine["name"],
            "originals": mine["originals_given"],
            "copies": mine["copies_given"],
            "told_originals": its["originals_given"],
            "told_copies": its["copies_given"],
        }
        for mine, its in zip(ours, theirs, strict=True)
        if any((mine["originals_given"], mine["copies_given"], its["originals_given"], its["copies_given"]))
    ]


def _receive(item: PostIntakeItem, actor: Actor, now: datetime) -> None:
    person = item.person
    application = Application(
        procedure=item.procedure,
        department=item.department,
        applicant=_applicant(person),
        components=[
            {"name": each["name"], "originals": each["originals"], "copies": each["copies"]}
            for each in item.papers
        ],
        answers=item.answers,
        channel=Channel.POST,
        delivery=item.delivery,
        postmark_on=item.postmark_on,
    )
    expected = 0
    if item.decision == RECEIVE:
        dossier = receive_dossier(application, actor, now)
        item.dossier, expected = dossier, dossier.fee_total
    else:
        item.declined = decline_application(application, item.decision, item.reason, actor, now)
    if item.fee_collected not in (0, expected):
        raise Conflict(
            "fee_collected_differs", expected=expected, collected=item.fee_collected, number=item.number
        )
    if item.fee_collected:
        payment = request_payment(Wish(CASH, (item.dossier.code,)), actor, now)
        take_cash(payment.reference, item.fee_collected, actor, now)
    _forget(item)
    item.save()


def _applicant(person: Person) -> dict[str, Any]:
    names = (
        "name",
        "kind",
        "id_number",
        "tax_code",
        "phone",
        "email",
        "address",
        "deliver_to",
        "born",
    )
    return {name: getattr(person, name) or None for name in names}


def _forget(item: PostIntakeItem) -> None:
    """The dossier has the applicant's data now, or nobody needs them."""
    key, item.person = item.person_id, None
    item.save()
    if key:
        Person.delete().where(Person.id == key).execute()


def _open_one(office_id: int, intake_id: int) -> PostIntake:
    intake = find_intake(office_id, intake_id)
    if intake.state != OPEN:
        raise Conflict("intake_signed", intake=intake.id)
    return intake


def _items(intake: PostIntake) -> list[PostIntakeItem]:
    return list(PostIntakeItem.select().where(PostIntakeItem.intake == intake.id).order_by(PostIntakeItem.id))


def _number(
    transaction: OfficeTransaction,
    intake: PostIntake,
    items: list[PostIntakeItem],
    postman: str,
    actor: Actor,
) -> None:
    last = PostIntake.select(fn.MAX(PostIntake.number)).where(
        (PostIntake.office == transaction.office_id) & (PostIntake.year == transaction.day.year)
    )
    intake.year, intake.number = transaction.day.year, (last.scalar() or 0) + 1
    intake.state, intake.signed_at, intake.day = SIGNED, transaction.now, transaction.day
    intake.postman = PostWords.create(office=transaction.office_id, name=postman)
    intake.officer = actor.user.id if actor.user else None
    intake.accepted = sum(item.decision == RECEIVE for item in items)
    intake.declined = len(items) - intake.accepted
    intake.fees = sum(item.fee_collected for item in items)
    intake.digest = _digest(intake, items)
    intake.save()
    announce(
        transaction,
        HandoverSigned(
            intake=intake.id,
            carrier=intake.carrier,
            year=intake.year,
            number=intake.number,
            accepted=intake.accepted,
            declined=intake.declined,
            fees=intake.fees,
            digest=intake.digest,
        ),
    )


def _digest(intake: PostIntake, items: list[PostIntakeItem]) -> str:
    facts = {
        "year": intake.year,
        "number": intake.number,
        "signed_at": to_micros(intake.signed_at),
        "carrier": intake.carrier,
        "items": [
            [
                item.number,
                item.decision,
                item.dossier_id,
                item.declined_id,
                item.procedure,
                item.papers,
                item.fee_collected,
            ]
            for item in items
        ],
    }
    return hashlib.sha256(canonical(facts).encode()).hexdigest()
