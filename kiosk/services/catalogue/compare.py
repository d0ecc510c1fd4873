"""A file against the office's catalogue: what it would add, change and leave out, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from kiosk.domain.procedure import Department, Procedure
from kiosk.plugin.catalogue import overlap
from kiosk.plugin.editions import Shelf
from kiosk.plugin.procedure_values import values_of
from kiosk.plugin.spreadsheet import LISTS, SHAPES, Draft, Problem

MOST_PROBLEMS = 200
"""More are not listed: whoever has so many mended the wrong column."""
IDENTITY = {"term_cases": "key", "fee": "key", "components": "name", "levels": "valid_from"}
"""What makes a part of a list the same part on both sides."""


@dataclass(frozen=True)
class FieldChange:
    """One fact that differs, by its column; `kind` and `key` name the part it belongs to, `title` in words."""

    kind: str
    key: str
    title: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Change:
    """What a file does to one procedure: "added", "changed" or "withdrawn"."""

    what: str
    department: str
    key: str
    name: str
    values: Mapping[str, Any]
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What a file would do. `missing` are procedures in force that it does not mention and that stay as they are."""

    changes: tuple[Change, ...]
    missing: tuple[Procedure, ...]
    unchanged: int

    def count(self, what: str) -> int:
        """How many procedures are added, changed or withdrawn."""
        return sum(change.what == what for change in self.changes)


def procedures_in(
    drafts: Sequence[Draft], departments: Mapping[str, Department]
) -> tuple[list[tuple[Draft, Procedure]], list[Problem]]:
    """The procedures the drafts describe, and everything that is wrong with the others."""
    found, problems = [], []
    for draft in drafts:
        if draft.department not in departments:
            reason = f"there is no department {draft.department[:40]!r}"
            problems.append(Problem(draft.first_row, "department", reason))
            continue
        procedure = draft.read()
        problems += draft.problems
        if procedure is not None:
            found.append((draft, procedure))
        if len(problems) > MOST_PROBLEMS:
            return found, problems[:MOST_PROBLEMS]
    return found, problems


def clashes(found: Sequence[tuple[Draft, Procedure]], shelf: Shelf) -> list[Problem]:
    """Procedures of a file that would share code and days with another of their department."""
    problems = []
    after = dict(shelf.procedures)
    after |= {(p.department, p.key): p for _, p in found}
    by_code: dict[tuple[str, str], list[Procedure]] = {}
    for procedure in after.values():
        if procedure.code:
            by_code.setdefault((procedure.department, procedure.code), []).append(procedure)
    for draft, procedure in found:
        for other in by_code.get((procedure.department, procedure.code or ""), ()):
            if other.key != procedure.key and overlap(procedure, other):
                reason = f"overlaps {other.key!r}, which has the same code"
                problems.append(Problem(draft.first_row, "code", reason))
    return problems


def compare(
    found: Sequence[Procedure],
    shelf: Shelf,
    starts: date,
    *,
    withdraw_missing: bool = False,
) -> Comparison:
    """What these procedures would change from a day on; only departments the file mentions can miss something."""
    changes, unchanged = [], 0
    for procedure in found:
        before = shelf.procedures.get((procedure.department, procedure.key))
        if before == procedure:
            unchanged += 1
        else:
            changes.append(_change(before, procedure))
    mentioned = {p.department for p in found}
    keys = {(p.department, p.key) for p in found}
    missing = [
        procedure
        for key, procedure in shelf.procedures.items()
        if procedure.department in mentioned and key not in keys and _may_come(procedure, starts)
    ]
    if withdraw_missing:
        changes += [_withdrawal(procedure, starts) for procedure in missing]
        missing = []
    return Comparison(tuple(changes), tuple(missing), unchanged)


def _may_come(procedure: Procedure, day: date) -> bool:
    return procedure.valid_to is None or procedure.valid_to >= day


def _change(before: Procedure | None, procedure: Procedure) -> Change:
    values = values_of(procedure)
    fields = () if before is None else tuple(differences(values_of(before), values))
    what = "added" if before is None else "changed"
    return Change(what, procedure.department, procedure.key, procedure.name, values, fields)


def _withdrawal(procedure: Procedure, starts: date) -> Change:
    last = starts - timedelta(1)
    first = procedure.valid_from if procedure.valid_from and procedure.valid_from <= last else None
    ended = replace(procedure, valid_from=first, valid_to=last)
    fields = tuple(differences(values_of(procedure), values_of(ended)))
    return Change("withdrawn", procedure.department, procedure.key, procedure.name, values_of(ended), fields)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    """What two procedures, as `values_of` gives them, say differently, by the column names of the spreadsheet."""
    yield from _fields("procedure", "", _flat(old), _flat(new))
    yield from _fields("term", "", old["term"], new["term"])
    for kind, name in LISTS.items():
        before, after = (_by_identity(name, each.get(name, ())) for each in (old, new))
        for identity in dict.fromkeys((*before, *after)):
            yield from _fields(kind, identity[0], before.get(identity, {}), after.get(identity, {}))
        if set(before) == set(after) and list(before) != list(after):
            order = [[key for key, _ in each] for each in (before, after)]
            yield FieldChange(kind, "", "", "row", *order)


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **{f"post.{key}": value for key, value in values.get("post", {}).items()}}


def _by_identity(name: str, parts: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int], Mapping[str, Any]]:
    found: dict[tuple[str, int], Mapping[str, Any]] = {}
    for part in parts:
        identity, number = str(part.get(IDENTITY[name], "")), 1
        while (identity, number) in found:
            number += 1
        found[identity, number] = part
    return found


def _fields(kind: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    either = {**old, **new}
    title = str(either.get("title") or key)
    for column, name in SHAPES[kind].items():
        if old.get(name) != new.get(name):
            yield FieldChange(kind, key, title, column, old.get(name), new.get(name))
