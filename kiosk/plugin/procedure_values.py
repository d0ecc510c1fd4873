"""A procedure as plain values, named as in `procedures.toml`: kept with an edition, written to a spreadsheet, read back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import Component, FeeCase, OnlineLevel, Procedure, SupplementClock
from kiosk.plugin.catalogue import EXCLUDED, EXTENDABLE, CatalogueError, read_procedure
from kiosk.plugin.tables import Table

DAYS = ("valid_from", "valid_to", "online_from", "online_to")


def procedure_of(values: Mapping[str, Any], department: str, file: str = "edition") -> Procedure:
    """The procedure that these values describe, read as strictly as `procedures.toml`; days are "2026-11-23".

    Raises CatalogueError.
    """
    return read_procedure(Table(_with_days(values, file), file, "", CatalogueError), department, 1)


def _with_days(values: Mapping[str, Any], file: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            found[key] = _with_days(value, file)
        elif isinstance(value, list):
            found[key] = [_with_days(each, file) if isinstance(each, Mapping) else each for each in value]
        elif key in DAYS and isinstance(value, str):
            try:
                found[key] = date.fromisoformat(value)
            except ValueError:
                raise CatalogueError(file, "", key, f"{value[:40]!r} is no date") from None
        else:
            found[key] = value
    return found


def values_of(procedure: Procedure) -> dict[str, Any]:
    """The values that `procedure_of` reads as this procedure; what has its usual value is left out."""
    return _given(
        key=procedure.key,
        code=procedure.code,
        name=procedure.name,
        field=procedure.field_name,
        term=term_values(procedure.term),
        term_cases=[
            {"key": case.key, "title": case.title, **term_values(case.term)} for case in procedure.term_cases
        ],
        levels=[_level(level) for level in procedure.levels],
        clock_start=str(procedure.clock_start),
        supplement_clock=_unless(str(procedure.supplement_clock), SupplementClock.RESTART),
        on_the_spot=procedure.on_the_spot,
        collect_back=list(procedure.collect_back),
        linked_to=procedure.linked_to,
        valid_from=_iso(procedure.valid_from),
        valid_to=_iso(procedure.valid_to),
        components=[_component(part) for part in procedure.components],
        fee=[_fee(case) for case in procedure.fees],
        confidence=procedure.confidence,
        code_confidence=procedure.code_confidence,
        source=procedure.source,
        notes=procedure.notes,
        keywords=list(procedure.keywords),
    ) | {"post": _given(receive=procedure.post_receive, **{"return": procedure.post_return})}


def term_values(term: Term | None) -> dict[str, Any]:
    """A term as written: value and unit, and what is unusual about it."""
    if term is None:
        return {"unit": str(TimeUnit.NONE)}
    return _given(
        value=term.value,
        unit=str(term.unit),
        **{EXTENDABLE: term.extendable_to_working_days, EXCLUDED: term.excluded_calendar_days},
    )


def _component(part: Component) -> dict[str, Any]:
    counts = {"name": part.name, "originals": part.originals, "copies": part.copies}
    return counts | _given(condition=part.condition, max_age_months=part.max_age_months)


def _level(level: OnlineLevel) -> dict[str, Any]:
    return _given(level=level.level, valid_from=_iso(level.valid_from), valid_to=_iso(level.valid_to))


def _fee(case: FeeCase) -> dict[str, Any]:
    head = {"key": case.key, "title": case.title, "unit": case.unit, "kind": case.kind}
    amounts = {} if case.by_rule or case.unknown else {"direct": case.direct, "online": case.online}
    return (
        head
        | amounts
        | _given(
            basis=case.basis,
            valid_from=_iso(case.valid_from),
            valid_to=_iso(case.valid_to),
            online_from=_iso(case.online_from),
            online_to=_iso(case.online_to),
            extra=case.extra,
            by_rule=case.by_rule,
            unknown=case.unknown,
            note=case.note,
        )
    )


def _given(**values: Any) -> dict[str, Any]:
    """Without what is empty, off or nothing, which is what the reader takes for granted."""
    return {key: value for key, value in values.items() if value not in (None, "", False, 0, [], {})}


def _unless(value: str, usual: str) -> str | None:
    return None if value == usual else value


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
