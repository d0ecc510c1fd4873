"""A comparison line by line, for a terminal and for a mail to the department."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kiosk.services.catalogue.compare import Change
from kiosk.services.catalogue.table_files import TableRefused
from kiosk.services.catalogue.take_catalogue import Review

MARKS = {"added": "+", "changed": "~", "withdrawn": "-"}


def problem_lines(error: TableRefused, file: str) -> Iterator[str]:
    """Every mistake with file, row and column, as an editor would jump to it."""
    for problem in error.problems:
        place = [file, *(str(each) for each in (problem.row, problem.column) if each)]
        yield f"{':'.join(place)}: {problem.reason}"


def review_lines(review: Review) -> Iterator[str]:
    """What a file changes, field by field, then the figures; one line says that there is nothing."""
    found = review.comparison
    if not found.changes:
        yield "không có thay đổi / nothing changes"
    for change in found.changes:
        yield from _change_lines(change)
    for procedure in found.missing:
        yield f"? {procedure.department}/{procedure.key} {procedure.name}: not in the file, left alone"
    for change in review.overridden:
        yield f"! {change.department}/{change.key}: a term or fee is overridden and stays so"
    yield (
        f"from {review.starts}: {found.count('added')} added, {found.count('changed')} changed, "
        f"{found.count('withdrawn')} withdrawn, {found.unchanged} as before"
    )


def _change_lines(change: Change) -> Iterator[str]:
    yield f"{MARKS[change.what]} {change.department}/{change.key} {change.name}"
    for each in change.fields:
        part = "" if each.kind == "procedure" else f"{each.kind} {each.key}".rstrip() + "."
        yield f"    {part}{each.field}: {_shown(each.old)} → {_shown(each.new)}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value) or "–"
    return "–" if value is None else str(value)
