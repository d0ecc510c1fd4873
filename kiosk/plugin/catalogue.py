"""`procedures.toml` → a Department with its Procedures; whatever is wrong in it is named by place and field."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from kiosk.domain.codes import normalise_procedure_code
from kiosk.domain.deadlines import LONGEST_TERM, Term, TimeUnit
from kiosk.domain.errors import DomainError
from kiosk.domain.money import LARGEST_AMOUNT
from kiosk.domain.numbering import PREFIX_SHAPE
from kiosk.domain.procedure import (
    ClockStart,
    Component,
    Department,
    FeeCase,
    OnlineLevel,
    Procedure,
    SupplementClock,
    TermCase,
)
from kiosk.plugin.tables import FileError, Table, read_table

FILE = "procedures.toml"
DEPARTMENT_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
AGENCY_SHAPE = re.compile(r"[0-9A-Z]{2}")
KEY_SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
CASE_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
UNITS = tuple(unit.value for unit in TimeUnit)
UNITS_WITHOUT_VALUE = (TimeUnit.SAME_DAY, TimeUnit.NONE)
CLOCKS = tuple(clock.value for clock in ClockStart)
SUPPLEMENT_CLOCKS = tuple(clock.value for clock in SupplementClock)
FEE_KINDS = ("phi", "le_phi")
CONFIDENCES = ("high", "medium", "low")
CODE_CONFIDENCES = ("verified", "memory-high", "memory-medium", "memory-low", "unknown")
EXTENDABLE = "extendable_to_working_days"
EXCLUDED = "excluded_calendar_days"
MOST_SHEETS = 999
OLDEST_PAPER_MONTHS = 240
HIGHEST_LEVEL = 4


class CatalogueError(FileError):
    """A catalogue is missing or wrong; the text names file, procedure and field."""


class Dated(Protocol):
    """Anything in force between two days, both included and each open when None."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""

    @property
    def valid_to(self) -> date | None:
        """The last day."""


DatedT = TypeVar("DatedT", bound=Dated)


def load_department(folder: Path) -> Department:
    """The department described by `procedures.toml` in a plugin's folder. Raises CatalogueError."""
    root = read_table(folder / FILE, CatalogueError)
    head = root.table("department")
    key = head.text("key", shape=DEPARTMENT_SHAPE)
    title = head.text("title")
    title_en = head.text("title_en")
    front_desk = head.flag("front_desk", True)
    prefix = head.text("prefix", shape=PREFIX_SHAPE) if front_desk else ""
    agency_number = head.text("agency_number", shape=AGENCY_SHAPE)
    head.close()
    rows = root.rows("procedure")
    root.close()
    if not rows and front_desk:
        raise root.fail("procedure", "a department with a front desk has at least one")
    procedures = [read_procedure(row, key, number) for number, row in enumerate(rows, 1)]
    _refuse_twins(rows, procedures)
    return Department(key, title, title_en, prefix, agency_number, tuple(procedures), front_desk)


def _refuse_twins(rows: Sequence[Table], procedures: Sequence[Procedure]) -> None:
    keys: set[str] = set()
    for row, procedure in zip(rows, procedures, strict=True):
        if procedure.key in keys:
            raise row.fail("key", f"{procedure.key!r} is used twice in this department")
        keys.add(procedure.key)
    coded = [(row, p) for row, p in zip(rows, procedures, strict=True) if p.code]
    for place, (row, procedure) in enumerate(coded):
        for _, earlier in coded[:place]:
            if earlier.code == procedure.code and overlap(earlier, procedure):
                raise row.fail("valid_from", f"overlaps {earlier.key!r}, which has the same code")


def read_procedure(row: Table, department: str, number: int) -> Procedure:
    """One procedure of a department, the `number`-th of its file. Raises CatalogueError."""
    row.call_it(f"procedure {number}")
    code = row.maybe_text("code")
    if code is not None:
        code = _checked_code(row, code)
    key = row.text("key", code, KEY_SHAPE)
    row.call_it(f"procedure {key}")
    name = row.text("name")
    post = row.table("post")
    term = _term(row.table("term"))
    valid_from, valid_to = row.days("valid_from", "valid_to")
    procedure = Procedure(
        department=department,
        key=key,
        name=name,
        field_name=row.text("field"),
        term=term,
        components=tuple(_component(part) for part in row.rows("components")),
        fees=_without_overlap(row.rows("fee"), _fee, lambda case: case.key),
        code=code,
        term_cases=tuple(_term_case(part) for part in row.rows("term_cases")),
        levels=_without_overlap(row.rows("levels"), _level, lambda _: None),
        post_receive=post.flag("receive", False),
        post_return=post.flag("return", False),
        clock_start=ClockStart(row.one_of("clock_start", CLOCKS)),
        supplement_clock=SupplementClock(
            row.one_of("supplement_clock", SUPPLEMENT_CLOCKS, SupplementClock.RESTART)
        ),
        on_the_spot=row.flag("on_the_spot", False),
        collect_back=row.texts("collect_back"),
        linked_to=row.maybe_text("linked_to"),
        valid_from=valid_from,
        valid_to=valid_to,
        confidence=row.one_of("confidence", CONFIDENCES),
        code_confidence=row.one_of("code_confidence", CODE_CONFIDENCES),
        source=row.text("source"),
        notes=row.text("notes", ""),
        keywords=row.texts("keywords"),
    )
    post.close()
    row.close()
    _check_whole(row, procedure)
    return procedure


def _checked_code(row: Table, code: str) -> str:
    try:
        short = normalise_procedure_code(code)
    except DomainError:
        raise row.fail("code", f"{code[:40]!r} is not like 2.000488") from None
    if short != code:
        raise row.fail("code", f"write the short form, {short}")
    return code


def _check_whole(row: Table, procedure: Procedure) -> None:
    """What only the whole procedure shows."""
    if not procedure.components:
        raise row.fail("components", "is empty")
    if procedure.term is None and not procedure.notes:
        raise row.fail("notes", "must say why there is no term")
    if not procedure.fees:
        raise row.fail("fee", "is missing; a free procedure has one case of 0")
    if len({case.key for case in procedure.term_cases}) < len(procedure.term_cases):
        raise row.fail("term_cases", "the same key twice")


def _component(row: Table) -> Component:
    component = Component(
        name=row.text("name"),
        originals=row.whole("originals", 0, MOST_SHEETS),
        copies=row.whole("copies", 0, MOST_SHEETS),
        condition=row.maybe_text("condition"),
        max_age_months=row.whole("max_age_months", 1, OLDEST_PAPER_MONTHS)
        if row.has("max_age_months")
        else None,
    )
    row.close()
    return component


def _term(row: Table) -> Term | None:
    """A term, or None for unit `none`."""
    unit = TimeUnit(row.one_of("unit", UNITS))
    value = 0 if unit in UNITS_WITHOUT_VALUE and not row.has("value") else row.whole("value", 0, LONGEST_TERM)
    extendable = row.whole(EXTENDABLE, 1, LONGEST_TERM) if row.has(EXTENDABLE) else None
    excluded = row.whole(EXCLUDED, 1, LONGEST_TERM) if row.has(EXCLUDED) else 0
    if (value == 0) != (unit in UNITS_WITHOUT_VALUE):
        raise row.fail("value", f"{value} {unit} is no term")
    row.close()
    if unit is TimeUnit.NONE:
        return None
    return Term(value, unit, extendable_to_working_days=extendable, excluded_calendar_days=excluded)


def _term_case(row: Table) -> TermCase:
    key, title = row.text("key", shape=CASE_SHAPE), row.text("title")
    return TermCase(key, title, _term(row))


def _level(row: Table) -> OnlineLevel:
    level = row.whole("level", 1, HIGHEST_LEVEL)
    valid_from, valid_to = row.days("valid_from", "valid_to")
    row.close()
    return OnlineLevel(level, valid_from, valid_to)


def _fee(row: Table) -> FeeCase:
    key = row.text("key", shape=CASE_SHAPE)
    valid_from, valid_to = row.days("valid_from", "valid_to")
    online_from, online_to = row.days("online_from", "online_to")
    by_rule, unknown = row.flag("by_rule", False), row.flag("unknown", False)
    amounts = (0, 0) if by_rule or unknown else _amounts(row)
    case = FeeCase(
        key=key,
        title=row.text("title"),
        direct=amounts[0],
        online=amounts[1],
        unit=row.text("unit"),
        kind=row.one_of("kind", FEE_KINDS),
        basis=row.maybe_text("basis"),
        valid_from=valid_from,
        valid_to=valid_to,
        online_from=online_from,
        online_to=online_to,
        extra=row.flag("extra", False),
        by_rule=by_rule,
        unknown=unknown,
        note=row.maybe_text("note"),
    )
    if by_rule and case.note is None:
        raise row.fail("note", "must tell the formula in words")
    row.close()
    return case


def _amounts(row: Table) -> tuple[int, int]:
    """What is paid in person and online, in whole đồng."""
    return row.whole("direct", 0, LARGEST_AMOUNT), row.whole("online", 0, LARGEST_AMOUNT)


def _without_overlap(
    rows: Sequence[Table], read: Callable[[Table], DatedT], same: Callable[[DatedT], Hashable]
) -> tuple[DatedT, ...]:
    """Read the rows; two of them that are the same thing may not be in force on one day."""
    seen: list[DatedT] = []
    for row in rows:
        item = read(row)
        if any(same(item) == same(earlier) and overlap(item, earlier) for earlier in seen):
            raise row.fail("valid_from", "is in force on the same days as an earlier row")
        seen.append(item)
    return tuple(seen)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether there is a day on which both are in force."""
    return _begins_by(one, other.valid_to) and _begins_by(other, one.valid_to)


def _begins_by(item: Dated, last: date | None) -> bool:
    return item.valid_from is None or last is None or item.valid_from <= last
