"""Put a wrong entry about a dossier right: by a new entry that names the old one, never by changing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.dossier import CORRECTION, DossierFact, effective
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DossierCorrected
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.models import Dossier
from kiosk.services.advance_dossier import find_dossier, keep_note
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.dossier_record import dossier_facts, facts_of, record, restate


@dataclass(frozen=True)
class Correction:
    """What is wrong with the entry `seq`: its day, the due date it left, or (`void`) that it was made at all."""

    seq: int
    on: date | None = None
    due_on: date | None = None
    void: bool = False
    note: str = ""


def correct_dossier(code: str, correction: Correction, actor: Actor, now: datetime) -> Dossier:
    """Enter a correction and return the dossier as it stands then (NĐ 61/2018 Đ.5.1.c: nothing is altered or deleted).

    A day moves only between the days of its neighbours; only the last entry can be declared void; a new due date also
    holds for the later entries that merely carried the old one. Reports that name an earlier as-of moment do not
    change. Raises NotFound("unknown_dossier", "unknown_entry"), DomainError("reason_needed", "nothing_to_correct",
    "date_in_future", "date_before_last_move", "date_after_next_move", "not_a_working_day", "due_before_received"),
    Conflict("entry_not_correctable", "not_the_last_entry").
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_dossier", dossier=code[:64])
    words = clean_note(correction.note).strip() if correction.note else ""
    if not words:
        raise DomainError("reason_needed", field="note")
    if not (correction.on or correction.due_on or correction.void):
        raise DomainError("nothing_to_correct", field="seq")
    with office_transaction(office_id, now, actor.name) as transaction:
        dossier = find_dossier(office_id, code)
        entries = facts_of(dossier)
        known = effective(entries, transaction.now)
        corrections = _put_right(transaction, known, _place(known, correction.seq), correction)
        restate(dossier, [*entries, *corrections], transaction.now)
        dossier.save()
        note = keep_note(transaction, dossier, CORRECTION, words, actor)
        for fact, wrong in ((fact, _by_seq(known, fact.corrects)) for fact in corrections):
            _enter(transaction, dossier, fact, wrong, note)
    return dossier


def _by_seq(known: list[DossierFact], seq: int | None) -> DossierFact:
    return next(fact for fact in known if fact.seq == seq)


def _place(known: list[DossierFact], seq: int) -> int:
    for place, fact in enumerate(known):
        if fact.seq == seq:
            return place
    raise NotFound("unknown_entry", entry=seq)


def _put_right(
    transaction: OfficeTransaction, known: list[DossierFact], place: int, correction: Correction
) -> list[DossierFact]:
    """The corrections to enter, with the numbers the journal is going to give them."""
    numbers = count(transaction.last_seq + 1)

    def corrected(fact: DossierFact, on: date, due: date | None, *, voids: bool = False) -> DossierFact:
        return DossierFact(next(numbers), transaction.now, on, CORRECTION, due, fact.seq, voids)

    wrong = known[place]
    if correction.void:
        if place == 0:
            raise Conflict("entry_not_correctable", entry=wrong.seq, move=wrong.move)
        if place < len(known) - 1:
            raise Conflict("not_the_last_entry", entry=wrong.seq, last=known[-1].seq)
        return [corrected(wrong, wrong.on, known[place - 1].due_on, voids=True)]
    on = wrong.on if correction.on is None else _checked_day(transaction, known, place, correction.on)
    if correction.due_on is None:
        return [corrected(wrong, on, wrong.due_on)]
    due = _checked_due(transaction, known[0], correction.due_on)
    carried = [fact for fact in _carrying(known[place:], wrong.due_on) if fact is not wrong]
    return [corrected(wrong, on, due), *(corrected(fact, fact.on, due) for fact in carried)]


def _carrying(facts: list[DossierFact], due: date | None) -> list[DossierFact]:
    """The first facts that all carry the same due date."""
    carried = []
    for fact in facts:
        if fact.due_on != due:
            break
        carried.append(fact)
    return carried


def _checked_day(transaction: OfficeTransaction, known: list[DossierFact], place: int, on: date) -> date:
    if place == 0:
        # The day of receipt is the submission time in law; the receipt slip bears it.
        raise Conflict("entry_not_correctable", entry=known[0].seq, move=known[0].move)
    if on > transaction.day:
        raise DomainError("date_in_future", field="on", latest=transaction.day.isoformat())
    if on < known[place - 1].on:
        raise DomainError("date_before_last_move", field="on", earliest=known[place - 1].on.isoformat())
    if place + 1 < len(known) and on > known[place + 1].on:
        raise DomainError("date_after_next_move", field="on", latest=known[place + 1].on.isoformat())
    return on


def _checked_due(transaction: OfficeTransaction, received: DossierFact, due: date) -> date:
    if due < received.on:
        raise DomainError("due_before_received", field="due_on", earliest=received.on.isoformat())
    if not calendar_in(transaction).is_working_day(due):
        raise DomainError("not_a_working_day", field="due_on", day=due.isoformat())
    return due


def _enter(
    transaction: OfficeTransaction, dossier: Dossier, fact: DossierFact, wrong: DossierFact, note: int
) -> None:
    facts = dossier_facts(dossier, fact.on)
    event = DossierCorrected(**facts, corrects=wrong.seq, what=wrong.move, voids=fact.voids, note=note)
    seq = announce(transaction, event)
    if seq != fact.seq:
        raise RuntimeError(f"a correction was to be entry {fact.seq} of the journal and became {seq}")
    more = {"due_on": fact.due_on, "corrects": wrong.seq, "voids": fact.voids}
    record(transaction, dossier, seq, CORRECTION, fact.on, **more)
