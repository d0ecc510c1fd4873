"""The checklist of an application: what the procedure asks for, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.procedure import Component

MOST_SHEETS = 999


def given_papers(asked: Sequence[Component], given: Sequence[Any]) -> list[dict[str, Any]]:
    """The checklist as handed in, one row a component of the procedure.

    `given` holds names, or objects {name, originals, certified, copies}; a bare name means all that is asked for.
    Raises DomainError("unknown_component", "sheets_out_of_range", "wrong_type").
    """
    by_name = {component.name: component for component in asked}
    handed: dict[str, tuple[int, int, int]] = {}
    for item in given:
        name = item.get("name") if isinstance(item, Mapping) else item
        component = by_name.get(name) if isinstance(name, str) else None
        if component is None:
            raise DomainError("unknown_component", component=str(name)[:80])
        entry = item if isinstance(item, Mapping) else {}
        handed[component.name] = (
            _sheets(entry.get("originals", component.originals)),
            _sheets(entry.get("certified", 0)),
            _sheets(entry.get("copies", 0 if "certified" in entry else component.copies)),
        )
    return [_row(component, *handed.get(component.name, (0, 0, 0))) for component in asked]


def missing_papers(components: Sequence[Mapping[str, Any]]) -> list[str]:
    """Names of papers asked for without a condition, of which fewer were handed in.

    A certified copy stands for a copy, and so does an original beyond those asked for.
    """
    return [row["name"] for row in components if not row["condition"] and not _enough(row)]


def _enough(row: Mapping[str, Any]) -> bool:
    spare = row["originals_given"] - row["originals"]
    copies = row["copies_given"] + row.get("certified_given", 0) + max(spare, 0)
    return bool(spare >= 0 and copies >= row["copies"])


def _row(component: Component, originals: int, certified: int, copies: int) -> dict[str, Any]:
    return {
        "name": component.name,
        "originals": component.originals,
        "copies": component.copies,
        "condition": component.condition,
        "max_age_months": component.max_age_months,
        "originals_given": originals,
        "certified_given": certified,
        "copies_given": copies,
    }


def _sheets(value: Any) -> int:
    if type(value) is not int:
        raise DomainError("wrong_type", field="components", expected="whole number")
    if not 0 <= value <= MOST_SHEETS:
        raise DomainError("sheets_out_of_range", least=0, most=MOST_SHEETS)
    return value
