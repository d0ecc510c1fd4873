"""The whole catalogue as an admin sees it: every department, also those switched off, with doubts and changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.database import connection
from kiosk.domain.procedure import Department, Procedure
from kiosk.models import CatalogueEdition, ProcedureOverride
from kiosk.plugin import gate
from kiosk.services.catalogue.changes import REVOKED, known_procedure

ROWS_A_PAGE = 50
EDITION = "edition"
"""What an entry of the history changes, beside "term" and "fee"."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words, and filters that are off when empty."""

    query: str = ""
    department: str = ""
    doubtful: bool = False
    changed: bool = False
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """One procedure in the list; `changes` counts what the office changed in it and did not revoke."""

    procedure: Procedure
    department: Department
    offered: bool
    in_force: bool
    changes: int


@dataclass(frozen=True)
class Listing:
    """A page of what was found, and the figures of the whole catalogue."""

    rows: tuple[Listed, ...]
    found: int
    page: int
    pages: int
    procedures: int
    doubtful: int
    changed: int
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class Entry:
    """One change of a procedure, made or revoked; `what` is term, fee or edition. Actors are as the journal has them."""

    id: int
    what: str
    case: str
    values: dict[str, Any]
    valid_from: date
    valid_to: date | None
    reason: str
    actor: str
    created_at: Any
    revoked_at: Any
    revoked_by: str
    revoked_because: str

    def state(self, day: date) -> str:
        """ "revoked", "planned", "over" or "in_force"."""
        if self.revoked_at is not None:
            return "revoked"
        if day < self.valid_from:
            return "planned"
        return "over" if self.valid_to is not None and self.valid_to < day else "in_force"


@dataclass(frozen=True)
class Price:
    """What the fee cases of a day span, in đồng; None where no case has an amount of its own."""

    low: int | None
    high: int | None
    by_rule: bool
    unknown: bool


def price_on(procedure: Procedure, day: date) -> Price:
    """The fees of a procedure at a glance."""
    cases = procedure.fees_on(day)
    sums = [case.direct for case in cases if not (case.by_rule or case.unknown or case.extra)]
    return Price(
        min(sums, default=None),
        max(sums, default=None),
        any(case.by_rule for case in cases),
        any(case.unknown for case in cases),
    )


def listing(office_id: int, wanted: Wanted, on: date) -> Listing:
    """The procedures that fit, as they are on a day, a page at a time; by department and as their plugin lists them."""
    shelf = gate.catalogue(office_id).on(on)
    offered = gate.departments(office_id, on)
    changes = _changes(office_id)
    among = {wanted.department} if wanted.department else set(shelf.departments)
    found = [
        procedure
        for procedure in shelf.index.search(wanted.query, among)
        if not (wanted.doubtful and not procedure.doubts)
        and not (wanted.changed and not changes[procedure.department, procedure.key])
    ]
    pages = max(1, -(-len(found) // ROWS_A_PAGE))
    page = min(max(1, wanted.page), pages)
    rows = tuple(
        Listed(
            procedure=procedure,
            department=shelf.departments[procedure.department],
            offered=procedure.department in offered,
            in_force=procedure.in_force(on),
            changes=changes[procedure.department, procedure.key],
        )
        for procedure in found[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
    )
    everything = shelf.procedures
    return Listing(
        rows=rows,
        found=len(found),
        page=page,
        pages=pages,
        procedures=len(everything),
        doubtful=sum(bool(procedure.doubts) for procedure in everything.values()),
        changed=sum(key in changes for key in everything),
        departments=tuple(shelf.departments.values()),
    )


def _changes(office_id: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for model in (CatalogueEdition, ProcedureOverride):
        table: Any = model
        rows = (
            table.select(table.department, table.procedure)
            .where((table.office == office_id) & table.revoked_at.is_null())
            .tuples()
        )
        found.update((department, procedure) for department, procedure in rows)
    return found


def one(office_id: int, department: str, key: str, on: date) -> Listed:
    """One procedure as it is on a day; one that comes later as it will be. Raises NotFound("unknown_procedure")."""
    catalogue = gate.catalogue(office_id)
    procedure = catalogue.on(on).procedures.get((department, key)) or known_procedure(
        office_id, department, key, date.max
    )
    return Listed(
        procedure=procedure,
        department=catalogue.base.departments[department],
        offered=department in gate.departments(office_id, on),
        in_force=procedure.in_force(on),
        changes=_changes(office_id)[department, key],
    )


def history(office_id: int, department: str, key: str) -> list[Entry]:
    """Every edition and override of a procedure, revoked ones too, the latest made first."""
    with connection():
        entries = [
            _entry(row, what)
            for model, what in ((CatalogueEdition, EDITION), (ProcedureOverride, ""))
            for row in model.select().where(
                (model.office == office_id) & (model.department == department) & (model.procedure == key)
            )
        ]
    return sorted(entries, key=lambda entry: (entry.created_at, entry.id), reverse=True)


def _entry(row: Any, what: str) -> Entry:
    revoked = row.values.get(REVOKED, {})
    return Entry(
        id=row.id,
        what=what or row.kind,
        case="" if what else row.case,
        values={key: value for key, value in row.values.items() if key != REVOKED},
        valid_from=row.valid_from,
        valid_to=None if what else row.valid_to,
        reason=row.reason,
        actor=row.actor,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        revoked_by=revoked.get("actor", ""),
        revoked_because=revoked.get("reason", ""),
    )
