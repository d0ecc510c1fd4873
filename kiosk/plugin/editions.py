"""An office's own catalogue: a plugin's procedures, replaced by editions and patched by overrides, day by day."""

from __future__ import annotations

import bisect
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import Department, FeeCase, Procedure, TermCase
from kiosk.plugin.catalogue import CatalogueError
from kiosk.plugin.index import ProcedureIndex
from kiosk.plugin.procedure_values import procedure_of

log = logging.getLogger(__name__)

MOST_SHELVES = 8
"""Stretches of days kept ready; an office looks at today, tomorrow and hardly ever further."""

Key = tuple[str, str]
"""(department, procedure)."""


@dataclass(frozen=True)
class Edition:
    """A procedure's whole facts as an office took them, in force from a day on until a later edition of it."""

    department: str
    procedure: str
    valid_from: date
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Override:
    """An admin's word on one term or fee between two days, both included; `case` "" is the usual term."""

    department: str
    procedure: str
    kind: str
    case: str
    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Shelf:
    """The departments and procedures of an office as they are on one stretch of days."""

    departments: Mapping[str, Department]

    @cached_property
    def index(self) -> ProcedureIndex:
        """The procedures by key, code and words."""
        return ProcedureIndex(self.departments.values())

    @cached_property
    def procedures(self) -> dict[Key, Procedure]:
        """The procedures by department and key."""
        return {(p.department, p.key): p for d in self.departments.values() for p in d.procedures}


@dataclass(frozen=True)
class Catalogue:
    """The catalogue of an office: what the plugins say (`base`) and what the office changed in it.

    Later rows of the same first day win. Editions of departments that are not installed lie idle.
    """

    base: Shelf
    editions: Sequence[Edition] = ()
    overrides: Sequence[Override] = ()
    _shelves: dict[tuple[int, bool], Shelf] = field(default_factory=dict, compare=False)

    @cached_property
    def _turns(self) -> list[date]:
        """First days of the stretches on which nothing changes."""
        days = {each.valid_from for each in self.editions} | {each.valid_from for each in self.overrides}
        days |= {each.valid_to + timedelta(1) for each in self.overrides if each.valid_to}
        return sorted(days)

    @cached_property
    def _facts(self) -> list[tuple[Edition, Procedure]]:
        """Editions with their facts read, in the order in which they take over."""
        found = []
        for each in sorted(self.editions, key=lambda each: each.valid_from):
            if each.department not in self.base.departments:
                continue
            try:
                found.append((each, procedure_of(each.values, each.department)))
            except CatalogueError as error:  # taken by an earlier version that allowed more: the rest goes on
                log.error("an edition of %s/%s is left out: %s", each.department, each.procedure, error)
        return found

    def on(self, day: date | None = None, *, overridden: bool = True) -> Shelf:
        """The catalogue on a day (None: when all that is known has come into force); without overrides if asked."""
        if not self._turns:
            return self.base
        moment = day or date.max
        stretch = (bisect.bisect_right(self._turns, moment), overridden)
        if stretch not in self._shelves:
            if len(self._shelves) >= MOST_SHELVES:
                self._shelves.clear()
            self._shelves[stretch] = self._make(moment, overridden)
        return self._shelves[stretch]

    def _make(self, day: date, overridden: bool) -> Shelf:
        procedures = dict(self.base.procedures)
        for edition, facts in self._facts:
            if edition.valid_from <= day:
                procedures[edition.department, edition.procedure] = facts
        for override in self.overrides if overridden else ():
            key = override.department, override.procedure
            if override.in_force(day) and key in procedures:
                procedures[key] = patched(procedures[key], override)
        return Shelf(_sorted_in(self.base.departments, procedures.values()))


def _sorted_in(
    departments: Mapping[str, Department], procedures: Iterable[Procedure]
) -> dict[str, Department]:
    found: dict[str, list[Procedure]] = {key: [] for key in departments}
    for procedure in procedures:
        found[procedure.department].append(procedure)
    return {key: replace(department, procedures=tuple(found[key])) for key, department in departments.items()}


def patched(procedure: Procedure, override: Override) -> Procedure:
    """The procedure with one override applied; a case it does not have (any more) changes nothing."""
    if override.kind == "fee":
        fees = tuple(_repriced(c, override) if c.key == override.case else c for c in procedure.fees)
        return replace(procedure, fees=fees)
    term = term_of(override.values)
    if not override.case:
        return replace(procedure, term=term)
    cases = tuple(
        TermCase(c.key, c.title, term) if c.key == override.case else c for c in procedure.term_cases
    )
    return replace(procedure, term_cases=cases)


def _repriced(case: FeeCase, override: Override) -> FeeCase:
    """Amounts that hold on every day of the override, by either channel; what was unknown is known now."""
    return replace(
        case,
        direct=override.values["direct"],
        online=override.values["online"],
        online_from=None,
        online_to=None,
        unknown=False,
        basis=override.values.get("basis") or case.basis,
    )


def term_of(values: Mapping[str, Any]) -> Term | None:
    """The term kept in an override; None for unit `none`. Raises DomainError("term_malformed")."""
    if values["unit"] == TimeUnit.NONE:
        return None
    return Term(
        values["value"],
        TimeUnit(values["unit"]),
        extendable_to_working_days=values.get("extendable_to_working_days"),
        excluded_calendar_days=values.get("excluded_calendar_days", 0),
    )
