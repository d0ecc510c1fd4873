"""From a result to a parcel: a number, an address, the papers in it, and what the postman collects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.dossier import Channel, Delivery, DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ParcelMoved, ParcelRegistered
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.address import Recipient, check_recipient
from kiosk.domain.post.s10 import read_own_number
from kiosk.domain.post.states import PARCEL_MOVES, ParcelState
from kiosk.domain.post.terms import Service
from kiosk.models import Addressee, Dossier, Manifest, ManifestLine, Parcel
from kiosk.plugin import gate
from kiosk.services.advance_dossier import find_dossier, make_move
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import Carrier, offered_carrier
from kiosk.services.post.numbers import draw
from kiosk.services.post.orders import promise_cancelling, promise_order, try_again

MOST_PAPERS = 20
MOST_SHEETS = 999
LONGEST_PAPER = 200
LONGEST_NOTE = 400
DESK = "desk"


@dataclass(frozen=True)
class ParcelWish:
    """What the officer enters. `number` "" draws one from a pool; `collect` is in đồng; `told_by` names a channel.

    `papers` are {name, originals, copies}, () for the result alone.
    """

    dossier: str
    recipient: Mapping[str, Any]
    number: str = ""
    papers: Sequence[Mapping[str, Any]] = ()
    collect: int = 0
    note: str = ""
    told_by: str = ""
    language: str = "vi"
    carrier: str = ""


def register_parcel(wish: ParcelWish, actor: Actor, now: datetime) -> Parcel:
    """Register the parcel of a finished dossier; one that was to be fetched at the counter goes by post from now on.

    Raises NotFound("unknown_dossier", "unknown_carrier"), Conflict("no_postal_carrier", "dossier_not_finished",
    "parcel_exists", "number_taken", "no_numbers_left", "no_result_by_post"), DomainError for an address, number, paper
    or amount that cannot be.
    """
    office_id = office_of(actor)
    carrier = offered_carrier(office_id, wish.carrier)
    recipient = check_recipient(wish.recipient)
    typed = read_own_number(wish.number) if wish.number.strip() else ""
    papers = check_papers(wish.papers)
    collect = check_amount(wish.collect) if wish.collect else 0
    note = clean_note(wish.note, LONGEST_NOTE) if wish.note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        dossier = find_dossier(office_id, wish.dossier)
        _check_dossier(dossier)
        if dossier.delivery != Delivery.POST:
            make_move(transaction, dossier, "deliver_by_post", actor)
        if typed and Parcel.select().where(Parcel.number == typed).exists():
            raise Conflict("number_taken", number=typed)
        number, pool = (typed, None) if typed else draw(transaction, carrier.post.key)
        parcel = _store(transaction, dossier, carrier, recipient, number, actor)
        parcel.papers = papers or [
            {"name": dossier.procedure_name[:LONGEST_PAPER], "originals": 1, "copies": 0}
        ]
        parcel.collect, parcel.note = collect, note
        parcel.told_by, parcel.language = wish.told_by[:40], wish.language
        parcel.save(force_insert=True)
        announce(
            transaction,
            ParcelRegistered(
                **parcel_facts(parcel, dossier),
                carrier=parcel.carrier,
                service=parcel.service,
                zone=parcel.zone,
                collect=collect,
                postage=parcel.postage,
                pool=pool,
            ),
        )
        if carrier.post.takes_orders:
            promise_order(transaction, parcel, carrier.plugin)
    return parcel


def cancel_parcel(number: str, actor: Actor, now: datetime) -> Parcel:
    """Take a parcel back that still lies here; its number is never used again.

    Raises NotFound("unknown_parcel"), Conflict("illegal_move").
    """
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        parcel = find_parcel(transaction.office_id, number)
        parcel.state = PARCEL_MOVES.apply(ParcelState(parcel.state), "cancel")
        ManifestLine.delete().where(
            (ManifestLine.parcel == parcel.id)
            & ManifestLine.manifest.in_(Manifest.select(Manifest.id).where(Manifest.state == "open"))
        ).execute()
        parcel.active = parcel.manifest = None
        parcel.ended_on = transaction.day
        parcel.save()
        announce(
            transaction,
            ParcelMoved(
                **parcel_facts(parcel, parcel.dossier),
                move="cancel",
                happened_at=transaction.now.isoformat(),
                told_by=DESK,
            ),
        )
        promise_cancelling(transaction, parcel)
    return parcel


def send_order_again(number: str, actor: Actor, now: datetime) -> Parcel:
    """Put an order the post refused back in line. Raises NotFound("unknown_parcel")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        parcel = find_parcel(transaction.office_id, number)
        try_again(transaction, parcel)
    return parcel


def find_parcel(office_id: int, number: str) -> Parcel:
    """Raises DomainError("parcel_number_malformed", "parcel_number_foreign"), NotFound("unknown_parcel")."""
    wanted = read_own_number(number)
    row = Parcel.get_or_none((Parcel.office == office_id) & (Parcel.number == wanted))
    if row is None:
        raise NotFound("unknown_parcel", number=wanted)
    return row


def parcel_facts(parcel: Parcel, dossier: Dossier) -> dict[str, Any]:
    """What every fact about a parcel carries."""
    return {
        "parcel": parcel.id,
        "number": parcel.number,
        "state": str(parcel.state),
        "dossier": dossier.id,
        "code": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure,
    }


def check_papers(papers: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Papers as listed. Raises DomainError("too_many_papers", "sheets_out_of_range", "wrong_type", "text_empty")."""
    if len(papers) > MOST_PAPERS:
        raise DomainError("too_many_papers", field="papers", most=MOST_PAPERS)
    made = []
    for each in papers:
        name = clean_note(each.get("name") or "", LONGEST_PAPER, "papers")
        if not name:
            raise DomainError("text_empty", field="papers")
        sheets = {kind: _sheets(each.get(kind, 0)) for kind in ("originals", "copies")}
        made.append({"name": " ".join(name.split()), **sheets})
    return made


def _sheets(value: Any) -> int:
    if type(value) is not int:
        raise DomainError("wrong_type", field="papers", expected="whole number")
    if not 0 <= value <= MOST_SHEETS:
        raise DomainError("sheets_out_of_range", least=0, most=MOST_SHEETS)
    return value


def _check_dossier(dossier: Dossier) -> None:
    if dossier.state != DossierState.FINISHED:
        raise Conflict("dossier_not_finished", dossier=dossier.code, state=str(dossier.state))
    there = Parcel.get_or_none((Parcel.dossier == dossier.id) & (Parcel.active == 1))
    if there is not None:
        raise Conflict("parcel_exists", dossier=dossier.code, number=there.number)


def _store(
    transaction: OfficeTransaction,
    dossier: Dossier,
    carrier: Carrier,
    recipient: Recipient,
    number: str,
    actor: Actor,
) -> Parcel:
    service = Service.BOTH if dossier.channel == Channel.POST else Service.RETURN
    quote = carrier.post.quote(recipient, service)
    procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
    return Parcel(
        office=transaction.office_id,
        number=number,
        carrier=carrier.post.key,
        dossier=dossier,
        active=1,
        state=ParcelState.REGISTERED,
        service=service,
        addressee=Addressee.create(
            office=transaction.office_id,
            **{
                name: getattr(recipient, name)
                for name in (
                    "name",
                    "phone",
                    "email",
                    "street",
                    "ward",
                    "district",
                    "province",
                    "province_name",
                )
            },
        ),
        zone=quote.zone,
        days=quote.days,
        postage=quote.postage,
        take_back_papers=list(procedure.collect_back) if procedure else [],
        registered_at=transaction.now,
        registered_on=transaction.day,
        officer=actor.user.id if actor.user else None,
    )
