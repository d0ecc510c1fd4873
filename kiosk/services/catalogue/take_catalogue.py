"""A reviewed list becomes the office's catalogue: read, compared, shown, and taken whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from kiosk.database import OfficeTransaction, look_at_office, office_transaction
from kiosk.domain.errors import Conflict
from kiosk.domain.events import CatalogueTaken
from kiosk.domain.procedure import Procedure
from kiosk.models import CatalogueEdition, Office, ProcedureOverride
from kiosk.plugin import gate
from kiosk.plugin.contract import department_problems
from kiosk.plugin.procedure_values import values_of
from kiosk.plugin.spreadsheet import COLUMNS, Draft, Problem, drafts_of, rows_of
from kiosk.services.announce import announce
from kiosk.services.catalogue.changes import check_reason, check_start, turn_over
from kiosk.services.catalogue.compare import Change, Comparison, clashes, compare, procedures_in
from kiosk.services.catalogue.table_files import (
    Progress,
    TableRefused,
    read_table,
    write_csv,
    write_xlsx,
)

ROWS_A_STATEMENT = 200
MORNING = time(9)
COLUMN_TITLES = {column.key: column.title for column in COLUMNS}
"""Headings by key, for whoever shows a comparison."""


@dataclass(frozen=True)
class Review:
    """What a file would do from a day on; `version` is the catalogue it was compared with.

    `overridden` are procedures it changes of which a term or fee is overridden and stays so.
    """

    comparison: Comparison
    starts: date
    version: int
    overridden: tuple[Change, ...] = ()


def export(office_id: int, form: str, on: date, department: str | None = None) -> bytes:
    """The office's catalogue on a day as CSV or XLSX, overrides left aside: they are not part of the list."""
    shelf = gate.catalogue(office_id).on(on, overridden=False)
    rows = (
        row
        for each in shelf.departments.values()
        if department in (None, each.key)
        for procedure in each.procedures
        for row in rows_of(each.key, values_of(procedure))
    )
    return write_xlsx(rows) if form == "xlsx" else write_csv(rows)


def review(
    office_id: int,
    data: bytes,
    starts: date | None,
    now: datetime,
    actor: str,
    *,
    withdraw_missing: bool = False,
    progress: Progress = lambda done, of: None,
) -> Review:
    """What a file would change from a day on (None: today); nothing is kept.

    Raises TableRefused with every problem found, DomainError("start_in_past").
    """
    drafts = _drafts(data, progress)
    here = look_at_office(office_id, now, actor)
    return _reviewed(here, drafts, starts, withdraw_missing)


def take(
    office_id: int,
    data: bytes,
    starts: date | None,
    reason: str,
    now: datetime,
    actor: str,
    *,
    version: int | None = None,
    withdraw_missing: bool = False,
    progress: Progress = lambda done, of: None,
) -> Review:
    """Take a file as editions in force from a day on (None: today), in one transaction.

    `version` is the catalogue the file was shown against. Raises as `review` does, DomainError("reason_missing"),
    Conflict("catalogue_changed").
    """
    why = check_reason(reason)
    drafts = _drafts(data, progress)
    with office_transaction(office_id, now, actor) as transaction:
        gate.forget(office_id)
        reviewed = _reviewed(transaction, drafts, starts, withdraw_missing)
        if version is not None and version != reviewed.version:
            raise Conflict("catalogue_changed")
        if reviewed.comparison.changes:
            _keep(transaction, reviewed, why, actor)
    gate.forget(office_id)
    return reviewed


def _drafts(data: bytes, progress: Progress) -> list[Draft]:
    columns, rows = read_table(data, progress)
    drafts = drafts_of(columns, rows)
    if not drafts:
        raise TableRefused([Problem(None, "", "the file has headings and no rows")])
    return drafts


def _reviewed(
    transaction: OfficeTransaction, drafts: Sequence[Draft], starts: date | None, withdraw_missing: bool
) -> Review:
    office_id, day = transaction.office_id, starts or transaction.day
    check_start(day, transaction)
    shelf = gate.catalogue(office_id).on(day, overridden=False)
    found, problems = procedures_in(drafts, shelf.departments)
    problems += clashes(found, shelf)
    if not problems:
        problems += _not_working(transaction, found, day)
    if problems:
        raise TableRefused(sorted(problems, key=lambda problem: problem.row or 0))
    comparison = compare([p for _, p in found], shelf, day, withdraw_missing=withdraw_missing)
    version = Office.select(Office.catalogue_version).where(Office.id == office_id).scalar()
    return Review(comparison, day, version, _overridden(office_id, comparison))


def _not_working(
    transaction: OfficeTransaction, found: Sequence[tuple[Draft, Procedure]], day: date
) -> Iterator[Problem]:
    """Facts that are in order by themselves, and with which the department's own rules come to no fee or date."""
    known = gate.catalogue(transaction.office_id).on(day, overridden=False)
    for draft, procedure in found:
        first = max(day, procedure.valid_from or day)
        if known.procedures.get((procedure.department, procedure.key)) == procedure or (
            not procedure.in_force(first)
        ):
            continue
        owner = gate.plugin_of_department(procedure.department) or ""
        offered = gate.selection(transaction.office_id).with_plugin(owner)
        alone = replace(known.departments[procedure.department], procedures=(procedure,))
        moment = datetime.combine(first, MORNING, transaction.zone)
        for problem in department_problems(offered, alone, moment):
            yield Problem(draft.first_row, "procedure", problem.removeprefix(f"{procedure.key}: "))


def _overridden(office_id: int, comparison: Comparison) -> tuple[Change, ...]:
    table = ProcedureOverride
    rows = table.select(table.department, table.procedure).where(
        (table.office == office_id) & table.revoked_at.is_null()
    )
    held = {(row.department, row.procedure) for row in rows}
    return tuple(change for change in comparison.changes if (change.department, change.key) in held)


def _keep(transaction: OfficeTransaction, reviewed: Review, reason: str, actor: str) -> None:
    rows = [
        {
            "office": transaction.office_id,
            "department": change.department,
            "procedure": change.key,
            "valid_from": reviewed.starts,
            "values": dict(change.values),
            "reason": reason,
            "actor": actor,
            "created_at": transaction.now,
        }
        for change in reviewed.comparison.changes
    ]
    for first in range(0, len(rows), ROWS_A_STATEMENT):
        CatalogueEdition.insert_many(rows[first : first + ROWS_A_STATEMENT]).execute()
    announce(
        transaction,
        CatalogueTaken(
            valid_from=reviewed.starts.isoformat(),
            added=reviewed.comparison.count("added"),
            changed=reviewed.comparison.count("changed"),
            withdrawn=reviewed.comparison.count("withdrawn"),
        ),
    )
    turn_over(transaction)
