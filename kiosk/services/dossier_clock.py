"""What each move does to a dossier's legal clock (NĐ 61/2018 Đ.18–19; NĐ 99/2022 Đ.16)."""

from __future__ import annotations

from datetime import date, datetime

from kiosk.database import OfficeTransaction
from kiosk.domain import clock, deadlines
from kiosk.domain.dossier import DossierFact, effective
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.procedure import ClockStart, SupplementClock
from kiosk.models import Dossier
from kiosk.services.calendar_of import calendar_in, hours_in
from kiosk.services.dossier_record import facts_of, term_from_json

SUPPLEMENTS_AT_MOST = 1
"""A supplement is asked for once and completely (NĐ 61/2018 Đ.15.3)."""
EXTENSIONS_AT_MOST = 1
REAPPOINTMENTS_AT_MOST = 1
"""NĐ 61/2018 Đ.19.9."""


def set_clock(
    transaction: OfficeTransaction, dossier: Dossier, move: str, on: date, promised: date | None
) -> None:
    """Set due date and clock for a move that takes effect on a day; `promised` is the new day of an apology.

    Raises Conflict("supplement_asked_before", "supplement_after_due", "supplement_too_late", "already_extended",
    "extension_too_late", "already_reappointed", "apology_too_late"), DomainError("term_not_extendable",
    "date_needed", "date_not_later", "not_a_working_day").
    """
    match move:
        case "supplement":
            _check_supplement(transaction, dossier, on)
        case "complete":
            _complete(transaction, dossier, on)
        case "transfer":
            _transfer(transaction, dossier, on)
        case "extend":
            _extend(transaction, dossier)
        case "suspend":
            dossier.suspended_on = on
        case "resume":
            _resume(transaction, dossier, on)
        case "apologise":
            _reappoint(transaction, dossier, promised)


def times(transaction: OfficeTransaction, dossier: Dossier, move: str) -> int:
    """How often the move was made, voided entries left out."""
    return len(_made(transaction, dossier, move))


def _made(transaction: OfficeTransaction, dossier: Dossier, move: str) -> list[DossierFact]:
    return [fact for fact in effective(facts_of(dossier), transaction.now) if fact.move == move]


def _check_supplement(transaction: OfficeTransaction, dossier: Dossier, on: date) -> None:
    if times(transaction, dossier, "supplement") >= SUPPLEMENTS_AT_MOST:
        raise Conflict("supplement_asked_before", dossier=dossier.code)
    if dossier.due_on is not None and transaction.day > dossier.due_on:
        # It would give an overdue dossier a whole new term.
        raise Conflict("supplement_after_due", dossier=dossier.code, due_on=dossier.due_on.isoformat())
    got_it = dossier.transferred_on or dossier.received_on
    latest = deadlines.supplement_notice_by(_moment(transaction, got_it), calendar_in(transaction))
    if on > latest:
        raise Conflict("supplement_too_late", dossier=dossier.code, latest=latest.isoformat())


def _complete(transaction: OfficeTransaction, dossier: Dossier, on: date) -> None:
    term, calendar = term_from_json(dossier.term), calendar_in(transaction)
    if dossier.supplement_clock == SupplementClock.PAUSE and term is not None:
        asked = _made(transaction, dossier, "supplement")[-1].on
        dossier.due_on = deadlines.extend_by_pause(
            term, dossier.due_on, _moment(transaction, asked), _moment(transaction, on), calendar
        )
        return
    # The term runs anew from the day all papers are there, it is not merely paused (NĐ 61/2018 Đ.19.4).
    dossier.clock_on = on
    dossier.due_on = deadlines.restart(term, _moment(transaction, on), calendar, hours_in(transaction))


def _transfer(transaction: OfficeTransaction, dossier: Dossier, on: date) -> None:
    if dossier.transferred_on is not None:
        return
    dossier.transferred_on = on
    if dossier.clock_start != ClockStart.DECIDING_AGENCY or times(transaction, dossier, "complete"):
        return
    dossier.clock_on = on
    # The agency cannot have it before the desk had it, whatever time of that day is not known any more.
    start = max(_moment(transaction, on), transaction.local(dossier.received_at))
    term, calendar = term_from_json(dossier.term), calendar_in(transaction)
    due = deadlines.due_on(term, start, calendar, hours_in(transaction))
    if term is not None and times(transaction, dossier, "extend"):
        due = deadlines.extended_due_on(term, start, calendar)
    if due is not None and dossier.due_on is not None and times(transaction, dossier, "apologise"):
        due = max(due, dossier.due_on)  # what was promised on paper is not taken back
    dossier.due_on = due


def _extend(transaction: OfficeTransaction, dossier: Dossier) -> None:
    term, calendar = term_from_json(dossier.term), calendar_in(transaction)
    if term is None:
        raise DomainError("term_not_extendable", unit="none")
    until = deadlines.extended_due_on(term, _moment(transaction, dossier.clock_on), calendar)
    if times(transaction, dossier, "extend") >= EXTENSIONS_AT_MOST:
        raise Conflict("already_extended", dossier=dossier.code)
    due = dossier.due_on
    if due is None or transaction.day > due:
        raise Conflict("extension_too_late", dossier=dossier.code, due_on=due and due.isoformat())
    if until <= due:
        raise Conflict("nothing_to_extend", dossier=dossier.code, due_on=due.isoformat())
    dossier.due_on = until


def _resume(transaction: OfficeTransaction, dossier: Dossier, on: date) -> None:
    term, since = term_from_json(dossier.term), dossier.suspended_on
    dossier.suspended_on = None
    if term is None or since is None:
        return
    calendar = calendar_in(transaction)
    asked, done = _moment(transaction, since), _moment(transaction, on)
    dossier.due_on = deadlines.extend_by_pause(term, dossier.due_on, asked, done, calendar)
    # The days that did not count move the start as well: an extension is reckoned from it.
    dossier.clock_on = deadlines.extend_by_pause(term, dossier.clock_on, asked, done, calendar)


def _reappoint(transaction: OfficeTransaction, dossier: Dossier, promised: date | None) -> None:
    if promised is None:
        raise DomainError("date_needed", field="on")
    due = dossier.due_on
    if times(transaction, dossier, "apologise") >= REAPPOINTMENTS_AT_MOST:
        raise Conflict("already_reappointed", dossier=dossier.code)
    if due is None or not deadlines.apology_allowed(transaction.day, due, already_reappointed=False):
        raise Conflict("apology_too_late", dossier=dossier.code, due_on=due.isoformat() if due else None)
    if promised <= due:
        raise DomainError("date_not_later", field="on", earliest=due.isoformat())
    if not calendar_in(transaction).is_working_day(promised):
        raise DomainError("not_a_working_day", field="on", day=promised.isoformat())
    dossier.due_on = promised


def _moment(transaction: OfficeTransaction, day: date) -> datetime:
    """Now, for something of today; the opening of the desks for a day that is past."""
    return clock.on_day(day, transaction.local(), hours_in(transaction))
