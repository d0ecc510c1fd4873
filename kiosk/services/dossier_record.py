"""How a dossier's facts are kept: its term, the journal's entry in the shape that a report reads, its present state."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from kiosk.database import OfficeTransaction
from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.dossier import DossierFact, delivery_after, effective, standing
from kiosk.models import Dossier, DossierHistory
from kiosk.services.tally import begin_tally, move_tally


def term_to_json(term: Term | None) -> dict[str, Any] | None:
    """A term as kept with its dossier, so that a restart uses the term it was received under."""
    if term is None:
        return None
    return {
        "value": term.value,
        "unit": str(term.unit),
        "same_day_cutoff": term.same_day_cutoff.isoformat("minutes"),
        "extendable_to_working_days": term.extendable_to_working_days,
        "excluded_calendar_days": term.excluded_calendar_days,
    }


def term_from_json(values: dict[str, Any] | None) -> Term | None:
    """The term a dossier was received under."""
    if values is None:
        return None
    return Term(
        values["value"],
        TimeUnit(values["unit"]),
        time.fromisoformat(values["same_day_cutoff"]),
        values.get("extendable_to_working_days"),
        values.get("excluded_calendar_days", 0),
    )


def dossier_facts(dossier: Dossier, on: date) -> dict[str, Any]:
    """What every fact about a dossier carries."""
    return {
        "dossier": dossier.id,
        "code": dossier.code,
        "department": dossier.department,
        "procedure": dossier.procedure,
        "state": str(dossier.state),
        "on": on.isoformat(),
        "due_on": dossier.due_on.isoformat() if dossier.due_on else None,
    }


def record(
    transaction: OfficeTransaction, dossier: Dossier, seq: int, move: str, on: date, **more: Any
) -> None:
    """Keep the journal's entry `seq`; `more` are further columns of DossierHistory."""
    values = {"due_on": dossier.due_on, "clock_on": dossier.clock_on, **more}
    DossierHistory.create(dossier=dossier.id, seq=seq, at=transaction.now, on=on, move=move, **values)
    corrects = values.get("corrects")
    fact = DossierFact(seq, transaction.now, on, move, values["due_on"], corrects, bool(values.get("voids")))
    if move == "receive":
        begin_tally(transaction, dossier, fact)
    else:
        move_tally(transaction, dossier, fact)


def facts_of(dossier: Dossier) -> list[DossierFact]:
    """Every entry about a dossier, in order."""
    rows = DossierHistory.select().where(DossierHistory.dossier == dossier.id).order_by(DossierHistory.seq)
    return [
        DossierFact(row.seq, row.at, row.on, row.move, row.due_on, row.corrects, bool(row.voids))
        for row in rows
    ]


def restate(dossier: Dossier, entries: list[DossierFact], now: datetime) -> None:
    """Set the dossier's row to what its entries, corrections applied, say it is now."""
    known = effective(entries, now)
    stood = standing(entries, max(fact.on for fact in known), now)
    if stood is None:
        raise RuntimeError(f"dossier {dossier.id} was never received")
    dossier.state = stood.state
    first = dossier.first_delivery or dossier.delivery
    dossier.delivery = delivery_after(first, (fact.move for fact in known))
    dossier.first_due_on, dossier.due_on = stood.first_due_on, stood.due_on
    dossier.closed_on, dossier.handed_over_on = stood.closed_on, stood.handed_over_on
    dossier.transferred_on = stood.transferred_on
    dossier.clock_on = _clock_on(dossier, known)
    dossier.suspended_on = _last(known, "suspend", undone_by="resume")
    dossier.linked = stood.forwarded_on is not None
    dossier.linked_to = _where_now(dossier, known)


def _clock_on(dossier: Dossier, known: list[DossierFact]) -> date:
    """The day from which the term is counted after the last entry that holds."""
    row = DossierHistory.get((DossierHistory.dossier == dossier.id) & (DossierHistory.seq == known[-1].seq))
    completed = [fact.on for fact in known if fact.move == "complete"]
    # Entries made before 0002_plugin_house do not say; then only a supplement could have set the clock anew.
    return row.clock_on or (completed[-1] if completed else dossier.received_on)


def _last(known: list[DossierFact], move: str, undone_by: str) -> date | None:
    """The day of the last such move that nothing undid since."""
    for fact in reversed(known):
        if fact.move == undone_by:
            return None
        if fact.move == move:
            return fact.on
    return None


def _where_now(dossier: Dossier, known: list[DossierFact]) -> str:
    if _last(known, "forward", undone_by="receive_back") is None:
        return ""
    last = max(fact.seq for fact in known if fact.move == "forward")
    row = DossierHistory.get((DossierHistory.dossier == dossier.id) & (DossierHistory.seq == last))
    return row.agency or ""
