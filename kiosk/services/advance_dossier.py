"""Move a dossier along: supplement, complete, forward, apologise, finish, hand over, return, withdraw."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain import deadlines
from kiosk.domain.calendar import STANDARD_HOURS
from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import CLOSING_MOVES, DOSSIER_MOVES, DossierState
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DossierMoved
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.models import Dossier, DossierHistory, DossierNote
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_in
from kiosk.services.receive_dossier import dossier_facts, record_history
from kiosk.services.serve_ticket import check_objections

SUPPLEMENTS_AT_MOST = 1
"""A supplement is asked for once and completely (NĐ 61/2018 Đ.15.3)."""


def advance_dossier(
    code: str, move: str, actor: Actor, now: datetime, *, on: date | None = None, note: str | None = None
) -> Dossier:
    """Make a named legal move of a dossier and return it as it stands then.

    `on` is the day the move took effect (today if not given; never before the dossier's last move), and for
    "apologise" the newly promised day. Raises NotFound("unknown_dossier"), DomainError("unknown_move",
    "date_needed", "date_in_future", "date_too_early", "date_before_last_move"), Conflict("illegal_move",
    "apology_too_late", "already_reappointed", "supplement_asked_before", "supplement_after_due", "objection").
    """
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_dossier", dossier=code[:64])
    with office_transaction(office_id, now, actor.name) as transaction:
        dossier = find_dossier(office_id, code)
        state = DOSSIER_MOVES.apply(DossierState(dossier.state), move)
        words = clean_note(note) if note and note.strip() else None
        check_objections(office_id, dossier, move)
        effective = _effective_day(transaction, dossier, move, on)
        _set_clock(transaction, dossier, move, effective, on)
        _set_state(dossier, move, state, effective)
        dossier.save()
        note_row = _keep_note(transaction, dossier, move, words, actor)
        seq = announce(
            transaction, DossierMoved(**dossier_facts(dossier, effective), move=move, note=note_row)
        )
        record_history(transaction, dossier, seq, move, effective)
    return dossier


def find_dossier(office_id: int, code: str) -> Dossier:
    """Raises NotFound("unknown_dossier")."""
    dossier = Dossier.get_or_none((Dossier.office == office_id) & (Dossier.code == code.strip().upper()))
    if dossier is None:
        raise NotFound("unknown_dossier", dossier=code[:64])
    return dossier


def _effective_day(transaction: OfficeTransaction, dossier: Dossier, move: str, on: date | None) -> date:
    if move == "apologise" or on is None:
        return transaction.day
    if on > transaction.day:
        raise DomainError("date_in_future", field="on", latest=transaction.day.isoformat())
    last = DossierHistory.select(DossierHistory.on).where(DossierHistory.dossier == dossier.id)
    earliest = max(row.on for row in last)
    if on < earliest:
        raise DomainError("date_before_last_move", field="on", earliest=earliest.isoformat())
    # What happened yesterday may be entered today; dating further back would improve the figures.
    earliest = calendar_in(transaction).previous_working_day(transaction.day)
    if on < earliest:
        raise DomainError("date_too_early", field="on", earliest=earliest.isoformat())
    return on


def _set_clock(
    transaction: OfficeTransaction, dossier: Dossier, move: str, effective: date, promised: date | None
) -> None:
    if move == "supplement":
        _check_supplement(transaction, dossier)
    elif move == "complete":
        # The term runs anew from the day all papers are there, it is not merely paused (NĐ 61/2018 Đ.19.4).
        term = term_from_json(dossier.term)
        dossier.clock_on = effective
        moment = transaction.local()
        if effective < transaction.day:
            moment = datetime.combine(effective, STANDARD_HOURS.opens, moment.tzinfo)
        dossier.due_on = deadlines.restart(term, moment, calendar_in(transaction))
    elif move == "apologise":
        _reappoint(transaction, dossier, promised)


def _check_supplement(transaction: OfficeTransaction, dossier: Dossier) -> None:
    if _times(dossier, "supplement") >= SUPPLEMENTS_AT_MOST:
        raise Conflict("supplement_asked_before", dossier=dossier.code)
    if dossier.due_on is not None and transaction.day > dossier.due_on:
        # It would give an overdue dossier a whole new term.
        raise Conflict("supplement_after_due", dossier=dossier.code, due_on=dossier.due_on.isoformat())


def _reappoint(transaction: OfficeTransaction, dossier: Dossier, promised: date | None) -> None:
    if promised is None:
        raise DomainError("date_needed", field="on")
    due = dossier.due_on
    if _times(dossier, "apologise") > 0:
        raise Conflict("already_reappointed", dossier=dossier.code)
    if due is None or not deadlines.apology_allowed(transaction.day, due, already_reappointed=False):
        raise Conflict("apology_too_late", dossier=dossier.code, due_on=due.isoformat() if due else None)
    if promised <= due:
        raise DomainError("date_not_later", field="on", earliest=due.isoformat())
    if not calendar_in(transaction).is_working_day(promised):
        raise DomainError("not_a_working_day", field="on", day=promised.isoformat())
    dossier.due_on = promised


def _times(dossier: Dossier, move: str) -> int:
    made = (DossierHistory.dossier == dossier.id) & (DossierHistory.move == move)
    return DossierHistory.select().where(made).count()


def _set_state(dossier: Dossier, move: str, state: DossierState, effective: date) -> None:
    dossier.state = state
    if move in CLOSING_MOVES:
        dossier.closed_on = effective
    elif move == "hand_over":
        dossier.handed_over_on = effective
    elif move == "forward":
        dossier.linked = True


def _keep_note(
    transaction: OfficeTransaction, dossier: Dossier, move: str, words: str | None, actor: Actor
) -> int | None:
    if words is None:
        return None
    row = DossierNote.create(
        dossier=dossier.id,
        move=move,
        text=words,
        user=actor.user.id if actor.user else None,
        created_at=transaction.now,
    )
    return int(row.id)


def term_from_json(values: dict[str, Any] | None) -> Term | None:
    """The term a dossier was received under."""
    if values is None:
        return None
    return Term(values["value"], TimeUnit(values["unit"]), time.fromisoformat(values["same_day_cutoff"]))
