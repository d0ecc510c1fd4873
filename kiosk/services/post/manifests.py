"""Lists of parcels given to the post: built by scanning, closed and signed once, and never changed afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction, to_micros
from kiosk.domain.chain import canonical
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ManifestClosed, ParcelMoved
from kiosk.domain.names import clean_name, clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.s10 import looks_like_number
from kiosk.domain.post.states import PARCEL_MOVES, ParcelState
from kiosk.domain.post.terms import due_after
from kiosk.models import Dossier, Manifest, ManifestLine, Parcel, PostWords
from kiosk.models.prepared import update_all
from kiosk.services.advance_dossier import find_dossier
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import honoured_carrier, offered_carrier
from kiosk.services.post.register_parcel import DESK, find_parcel, parcel_facts

OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
OUT, TAKEN_BACK = "out", "taken_back"
MOST_PARCELS = 2_000
LONGEST_NOTE = 400


def open_manifest(
    actor: Actor, now: datetime, *, carrier: str = "", corrects: int | None = None, note: str = ""
) -> Manifest:
    """Begin a list; with `corrects` one that puts a closed list right.

    Raises Conflict("no_postal_carrier", "manifest_not_closed"), NotFound("unknown_carrier", "unknown_manifest").
    """
    office_id = office_of(actor)
    words = clean_note(note, LONGEST_NOTE) if note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        wrong = find_manifest(office_id, corrects) if corrects is not None else None
        if wrong is not None and wrong.state != CLOSED:
            raise Conflict("manifest_not_closed", manifest=wrong.id)
        # What is wrong on a signed list can be put right also while the plugin is off.
        of_carrier = (
            honoured_carrier(office_id, wrong.carrier) if wrong else offered_carrier(office_id, carrier)
        )
        row = Manifest.create(
            office=office_id,
            carrier=of_carrier.post.key,
            year=transaction.day.year,
            corrects=wrong,
            note=words,
            opened_at=transaction.now,
            day=transaction.day,
            officer=actor.user.id if actor.user else None,
        )
        transaction.touched = True
    return row


def add_to_manifest(manifest_id: int, scanned: str, actor: Actor, now: datetime) -> ManifestLine:
    """Put a parcel on an open list, by its number or its dossier's code.

    On a list that corrects another, a parcel of that one is taken back instead. Raises NotFound("unknown_manifest",
    "unknown_parcel", "unknown_dossier"), Conflict("manifest_closed", "parcel_listed", "parcel_on_manifest",
    "dossier_without_parcel", "dossier_not_finished", "parcel_not_here", "parcel_gone_on", "manifest_full"),
    DomainError of a number that cannot be.
    """
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        manifest = _open_one(transaction.office_id, manifest_id)
        parcel = scanned_parcel(transaction.office_id, scanned)
        kind = _kind_of(manifest, parcel)
        lines = ManifestLine.select().where(ManifestLine.manifest == manifest.id)
        if lines.where(ManifestLine.parcel == parcel.id).exists():
            raise Conflict("parcel_listed", number=parcel.number)
        if lines.count() >= MOST_PARCELS:
            raise Conflict("manifest_full", most=MOST_PARCELS)
        last = lines.select(fn.MAX(ManifestLine.place)).scalar() or 0
        line = ManifestLine.create(manifest=manifest.id, place=last + 1, parcel=parcel.id, kind=kind)
        if kind == OUT:
            parcel.manifest = manifest.id
            parcel.save(only=[Parcel.manifest])
        transaction.touched = True
    return line


def remove_from_manifest(manifest_id: int, number: str, actor: Actor, now: datetime) -> None:
    """Take a parcel off an open list. Raises NotFound, Conflict("manifest_closed", "parcel_not_listed")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        manifest = _open_one(transaction.office_id, manifest_id)
        parcel = find_parcel(transaction.office_id, number)
        line = ManifestLine.get_or_none(
            (ManifestLine.manifest == manifest.id) & (ManifestLine.parcel == parcel.id)
        )
        if line is None:
            raise Conflict("parcel_not_listed", number=parcel.number)
        line.delete_instance()
        if line.kind == OUT:
            parcel.manifest = None
            parcel.save(only=[Parcel.manifest])
        transaction.touched = True


def cancel_manifest(manifest_id: int, actor: Actor, now: datetime) -> None:
    """Give an open list up; its parcels are free again. Raises NotFound, Conflict("manifest_closed")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        manifest = _open_one(transaction.office_id, manifest_id)
        Parcel.update(manifest=None).where(
            (Parcel.manifest == manifest.id) & (Parcel.state == ParcelState.REGISTERED)
        ).execute()
        ManifestLine.delete().where(ManifestLine.manifest == manifest.id).execute()
        manifest.state = CANCELLED
        manifest.save()
        transaction.touched = True


def close_manifest(manifest_id: int, postman: str, actor: Actor, now: datetime) -> Manifest:
    """Sign a list: it gets its number, its parcels are with the post from this moment, and nothing of it changes again.

    `postman` is who signs for the post. Raises NotFound("unknown_manifest"), Conflict("manifest_closed",
    "manifest_empty", "parcel_gone_on"), DomainError("text_empty").
    """
    name = clean_name(postman, field="postman")
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        manifest = _open_one(transaction.office_id, manifest_id)
        lines = _lines(manifest)
        if not lines:
            raise Conflict("manifest_empty")
        calendar = calendar_in(transaction)
        due: dict[int, Any] = {}

        def due_on(days: int) -> Any:
            if days not in due:
                due[days] = due_after(transaction.day, days, calendar)
            return due[days]

        # A parcel on it may have gone its way since it was listed; one contradiction stops the signing.
        frozen = []
        for line in lines:
            parcel = line.parcel
            move = "hand_over" if line.kind == OUT else "take_back"
            if line.kind == TAKEN_BACK and ParcelState(parcel.state) is not ParcelState.HANDED_OVER:
                raise Conflict("parcel_gone_on", number=parcel.number)
            parcel.state = PARCEL_MOVES.apply(ParcelState(parcel.state), move)
            out = line.kind == OUT
            parcel.handed_over_at = transaction.now if out else None
            parcel.handed_over_on = transaction.day if out else None
            parcel.due_on = due_on(parcel.days) if out else None
            parcel.manifest = manifest.id if out else None
            line.facts = line_facts(line, parcel)
            frozen.append(line)
        _number(transaction, manifest, frozen, name, actor)
        _write(transaction, manifest, frozen)
    return manifest


def find_manifest(office_id: int, manifest_id: int) -> Manifest:
    """Raises NotFound("unknown_manifest")."""
    row = Manifest.get_or_none((Manifest.id == manifest_id) & (Manifest.office == office_id))
    if row is None:
        raise NotFound("unknown_manifest", manifest=manifest_id)
    return row


def manifest_holds(manifest: Manifest) -> bool:
    """Whether a closed list is still what was signed."""
    lines = ManifestLine.select().where(ManifestLine.manifest == manifest.id).order_by(ManifestLine.place)
    return bool(manifest.digest == _digest(manifest, list(lines)))


def scanned_parcel(office_id: int, scanned: str) -> Parcel:
    """The parcel a scanner read, by its own number or its dossier's code.

    Raises NotFound("unknown_parcel", "unknown_dossier"), Conflict("dossier_without_parcel", "dossier_not_finished").
    """
    if looks_like_number(scanned):
        return find_parcel(office_id, scanned)
    dossier = find_dossier(office_id, scanned)
    parcel = Parcel.get_or_none((Parcel.dossier == dossier.id) & (Parcel.active == 1))
    if parcel is not None:
        return parcel
    if dossier.state in ("finished", "handed_over"):
        raise Conflict("dossier_without_parcel", dossier=dossier.code)
    raise Conflict("dossier_not_finished", dossier=dossier.code, state=str(dossier.state))


def line_facts(line: ManifestLine, parcel: Parcel) -> dict[str, Any]:
    """What a signed line says, without whom it is for; `addressee` is the row that knows."""
    dossier = parcel.dossier
    return {
        "number": parcel.number,
        "code": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure_name,
        "papers": parcel.papers,
        "take_back_papers": parcel.take_back_papers,
        "collect": parcel.collect,
        "postage": parcel.postage,
        "note": parcel.note,
        "addressee": parcel.addressee_id,
        "due_on": parcel.due_on.isoformat() if parcel.due_on else None,
    }


def _open_one(office_id: int, manifest_id: int) -> Manifest:
    manifest = find_manifest(office_id, manifest_id)
    if manifest.state != OPEN:
        raise Conflict("manifest_closed", manifest=manifest.id)
    return manifest


def _kind_of(manifest: Manifest, parcel: Parcel) -> str:
    state = ParcelState(parcel.state)
    if state is ParcelState.REGISTERED:
        if parcel.carrier != manifest.carrier:
            raise Conflict("parcel_of_other_carrier", number=parcel.number)
        if parcel.manifest_id is not None and parcel.manifest_id != manifest.id:
            raise Conflict("parcel_on_manifest", number=parcel.number, manifest=parcel.manifest_id)
        return OUT
    if manifest.corrects_id is not None and parcel.manifest_id == manifest.corrects_id:
        if state is not ParcelState.HANDED_OVER:
            raise Conflict("parcel_gone_on", number=parcel.number)
        return TAKEN_BACK
    if parcel.manifest_id is not None and state is ParcelState.HANDED_OVER:
        raise Conflict("parcel_on_manifest", number=parcel.number, manifest=parcel.manifest_id)
    raise Conflict("parcel_not_here", number=parcel.number, state=str(state))


def _lines(manifest: Manifest) -> list[ManifestLine]:
    rows = (
        ManifestLine.select(ManifestLine, Parcel, Dossier)
        .join(Parcel)
        .join(Dossier)
        .where(ManifestLine.manifest == manifest.id)
        .order_by(ManifestLine.place)
    )
    return list(rows)


def _number(
    transaction: OfficeTransaction, manifest: Manifest, lines: list[ManifestLine], postman: str, actor: Actor
) -> None:
    last = Manifest.select(fn.MAX(Manifest.number)).where(
        (Manifest.office == transaction.office_id) & (Manifest.year == transaction.day.year)
    )
    out = [line for line in lines if line.kind == OUT]
    manifest.year, manifest.number = transaction.day.year, (last.scalar() or 0) + 1
    manifest.state, manifest.closed_at, manifest.day = CLOSED, transaction.now, transaction.day
    manifest.postman = PostWords.create(office=transaction.office_id, name=postman)
    manifest.officer = actor.user.id if actor.user else None
    manifest.parcels, manifest.taken_back = len(out), len(lines) - len(out)
    manifest.collect = sum(line.facts["collect"] for line in out)
    manifest.postage = sum(line.facts["postage"] for line in out)
    manifest.digest = _digest(manifest, lines)
    manifest.save()


def _write(transaction: OfficeTransaction, manifest: Manifest, lines: list[ManifestLine]) -> None:
    announce(
        transaction,
        ManifestClosed(
            manifest=manifest.id,
            carrier=manifest.carrier,
            year=manifest.year,
            number=manifest.number,
            parcels=manifest.parcels,
            taken_back=manifest.taken_back,
            collect=manifest.collect,
            postage=manifest.postage,
            digest=manifest.digest,
            corrects=manifest.corrects_id,
        ),
    )
    for line in lines:
        announce(
            transaction,
            ParcelMoved(
                **parcel_facts(line.parcel, line.parcel.dossier),
                move="hand_over" if line.kind == OUT else "take_back",
                happened_at=transaction.now.isoformat(),
                told_by=DESK,
                manifest=manifest.id,
            ),
        )
    changed = ("state", "handed_over_at", "handed_over_on", "due_on", "manifest")
    value: dict[str, Callable[[Parcel], Any]] = {"manifest": lambda parcel: parcel.manifest_id}
    update_all(
        Parcel,
        changed,
        [
            (
                *(
                    value[name](line.parcel) if name in value else getattr(line.parcel, name)
                    for name in changed
                ),
                line.parcel.id,
            )
            for line in lines
        ],
    )
    update_all(ManifestLine, ("facts",), [(line.facts, line.id) for line in lines])


def _digest(manifest: Manifest, lines: list[ManifestLine]) -> str:
    facts = {
        "year": manifest.year,
        "number": manifest.number,
        "closed_at": to_micros(manifest.closed_at),
        "carrier": manifest.carrier,
        "corrects": manifest.corrects_id,
        "lines": [[line.place, line.kind, line.facts] for line in lines],
    }
    return hashlib.sha256(canonical(facts).encode()).hexdigest()


def check_open(manifest: Manifest) -> None:
    """Raises DomainError("manifest_open") for a list that has no number yet."""
    if manifest.state != CLOSED:
        raise DomainError("manifest_open")
