"""Move a dossier along, from its transfer to the deciding agency to the hand-over of the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.dossier import (
    CLOSING_MOVES,
    DELIVERY_MOVES,
    DOSSIER_MOVES,
    Delivery,
    DossierState,
    effective,
)
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DossierMoved
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.models import Dossier, DossierNote, Parcel
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.dossier_clock import set_clock
from kiosk.services.dossier_record import dossier_facts, facts_of, record
from kiosk.services.paper_numbers import APOLOGY, REFUSAL, STOP, SUPPLEMENT, next_number
from kiosk.services.serve_ticket import check_objections

PAPERS = {"supplement": SUPPLEMENT, "return": REFUSAL, "apologise": APOLOGY, "stop": STOP}
"""Moves of which a numbered paper is given to the applicant."""
NEED_A_REASON = frozenset({"stop", "extend"})


@dataclass(frozen=True)
class MoveDetails:
    """What a move says besides its name.

    `on` is the day it took effect (today if not given; never before the dossier's last entry), and for "apologise" the
    newly promised day. `to` is the department a linked dossier goes to, `answer_by` the day it should answer.
    """

    on: date | None = None
    note: str | None = None
    to: str | None = None
    answer_by: date | None = None


NO_DETAILS = MoveDetails()


def advance_dossier(
    code: str, move: str, actor: Actor, now: datetime, details: MoveDetails = NO_DETAILS
) -> Dossier:
    """Make a named legal move of a dossier and return it as it stands then.

    Raises NotFound("unknown_dossier"), DomainError("unknown_move", "date_in_future", "date_too_early",
    "date_before_last_move", "reason_needed", "unknown_department"), Conflict("illegal_move", "objection",
    "already_there", "not_forwarded", "parcel_on_its_way", "delivered_so_already", "no_result_by_post"), and what `dossier_clock.set_clock` refuses.
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_dossier", dossier=code[:64])
    with office_transaction(office_id, now, actor.name) as transaction:
        dossier = find_dossier(office_id, code)
        make_move(transaction, dossier, move, actor, details)
    return dossier


def make_move(
    transaction: OfficeTransaction,
    dossier: Dossier,
    move: str,
    actor: Actor,
    details: MoveDetails = NO_DETAILS,
) -> None:
    """Make the move inside a transaction; raises as `advance_dossier`."""
    state = DOSSIER_MOVES.apply(DossierState(dossier.state), move)
    words = clean_note(details.note) if details.note and details.note.strip() else None
    if words is None and move in NEED_A_REASON:
        raise DomainError("reason_needed", field="note")
    if move == "hand_over" or move in DELIVERY_MOVES:
        _check_way(dossier, move)
    check_objections(transaction.office_id, dossier, move)
    effective_day = _effective_day(transaction, dossier, move, details.on)
    agency = _agency(dossier, move, details.to)
    set_clock(transaction, dossier, move, effective_day, details.on)
    _set_state(dossier, move, state, effective_day, agency)
    dossier.save()
    answer_by = _answer_by(move, details, effective_day)
    note = keep_note(transaction, dossier, move, words, actor) if words else None
    event = DossierMoved(
        **dossier_facts(dossier, effective_day),
        move=move,
        note=note,
        agency=agency,
        agency_due_on=answer_by.isoformat() if answer_by else None,
    )
    seq = announce(transaction, event)
    more = {"agency": agency, "agency_due_on": answer_by, "paper_number": _number(transaction, move)}
    record(transaction, dossier, seq, move, effective_day, note=note, **more)


def _check_way(dossier: Dossier, move: str) -> None:
    """What is with the post is not given out here. Raises Conflict("parcel_on_its_way", "delivered_so_already",
    "no_result_by_post")."""
    if move in DELIVERY_MOVES and dossier.delivery == DELIVERY_MOVES[move]:
        raise Conflict("delivered_so_already", dossier=dossier.code)
    if move == "deliver_by_post":
        procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
        if procedure is not None and not procedure.post_return:
            raise Conflict("no_result_by_post", procedure=procedure.key)
    elif dossier.delivery == Delivery.POST:
        parcel = Parcel.get_or_none((Parcel.dossier == dossier.id) & (Parcel.active == 1))
        if parcel is not None:
            raise Conflict("parcel_on_its_way", dossier=dossier.code, number=parcel.number)


def _answer_by(move: str, details: MoveDetails, on: date) -> date | None:
    """The day a linked authority should answer by. Raises DomainError("date_too_early")."""
    if move != "forward" or details.answer_by is None:
        return None
    if details.answer_by < on:
        raise DomainError("date_too_early", field="answer_by", earliest=on.isoformat())
    return details.answer_by


def _number(transaction: OfficeTransaction, move: str) -> int | None:
    return next_number(transaction, PAPERS[move]) if move in PAPERS else None


def find_dossier(office_id: int, code: str) -> Dossier:
    """Raises NotFound("unknown_dossier")."""
    dossier = Dossier.get_or_none((Dossier.office == office_id) & (Dossier.code == code.strip().upper()))
    if dossier is None:
        raise NotFound("unknown_dossier", dossier=code[:64])
    return dossier


def keep_note(transaction: OfficeTransaction, dossier: Dossier, move: str, words: str, actor: Actor) -> int:
    """Keep an officer's words apart from the journal; returns the row's number."""
    row = DossierNote.create(
        dossier=dossier.id,
        move=move,
        text=words,
        user=actor.user.id if actor.user else None,
        created_at=transaction.now,
    )
    return int(row.id)


def _effective_day(transaction: OfficeTransaction, dossier: Dossier, move: str, on: date | None) -> date:
    if move == "apologise" or on is None:
        return transaction.day
    if on > transaction.day:
        raise DomainError("date_in_future", field="on", latest=transaction.day.isoformat())
    earliest = max(fact.on for fact in effective(facts_of(dossier), transaction.now))
    if on < earliest:
        raise DomainError("date_before_last_move", field="on", earliest=earliest.isoformat())
    # What happened yesterday may be entered today; dating further back would improve the figures.
    earliest = calendar_in(transaction).previous_working_day(transaction.day)
    if on < earliest:
        raise DomainError("date_too_early", field="on", earliest=earliest.isoformat())
    return on


def _agency(dossier: Dossier, move: str, to: str | None) -> str | None:
    """Where a linked dossier goes to, or comes back from."""
    if move == "receive_back":
        if not dossier.linked_to:
            raise Conflict("not_forwarded", dossier=dossier.code)
        return str(dossier.linked_to)
    if move != "forward":
        return None
    target = to or _usual_authority(dossier)
    if target is None:
        if dossier.linked_to:
            # Nobody could say any more who has it, and it could not be taken back.
            raise Conflict("already_there", dossier=dossier.code, department=dossier.linked_to)
        return None
    if target not in gate.departments():
        raise DomainError("unknown_department", field="to", department=target[:40])
    if target in (dossier.department, dossier.linked_to):
        raise Conflict("already_there", dossier=dossier.code, department=target)
    return target


def _usual_authority(dossier: Dossier) -> str | None:
    procedure = gate.known_procedure(dossier.department, dossier.procedure, dossier.office_id)
    return procedure.linked_to if procedure else None


def _set_state(dossier: Dossier, move: str, state: DossierState, on: date, agency: str | None) -> None:
    dossier.state = state
    if move in CLOSING_MOVES:
        dossier.closed_on = on
    elif move in DELIVERY_MOVES:
        dossier.delivery = DELIVERY_MOVES[move]
    elif move == "hand_over":
        dossier.handed_over_on = on
    elif move == "forward":
        dossier.linked = True
        dossier.linked_to = agency or ""
    elif move == "receive_back":
        dossier.linked_to = ""
