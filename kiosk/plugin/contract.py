"""What every department must be able to do; each failing promise is one sentence naming the procedure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.deadlines import TimeUnit, due_on
from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine, total
from kiosk.domain.procedure import Department, IntakeField, Procedure
from kiosk.plugin.selection import Selection

FIELD_KINDS = ("choice", "count", "yes_no")
WEEKDAYS_ONLY = WorkingCalendar(frozenset())


def department_problems(offered: Selection, department: Department, received: datetime) -> list[str]:
    """What is wrong with a department for dossiers received at an aware moment; [] when it keeps its promises."""
    if not department.procedures:
        return [f"{department.key}: no procedures"]
    return [
        f"{procedure.key}: {problem}"
        for procedure in department.procedures
        for problem in _problems(offered, procedure, received)
    ]


def default_answers(fields: Sequence[IntakeField]) -> dict[str, Any]:
    """The answers of a counter that changes nothing."""
    return {each.key: each.default for each in fields}


def _problems(offered: Selection, procedure: Procedure, received: datetime) -> Iterator[str]:
    yield from _facts(procedure)
    fields = offered.intake_fields(procedure)
    for each in fields:
        if not fits(each, each.default):
            yield f"the question {each.key!r} has no default that answers it"
            return
    answers = default_answers(fields)
    owner = offered.house.owners.get(procedure.department)
    refusals = offered.ask("check_intake", owner=owner, procedure=procedure, answers=answers)
    if refusals:
        yield f"refuses its own default answers: {refusals[0][1]}"
    for channel in Channel:
        yield from _fee(offered, procedure, answers, channel, received.date())
    yield from _deadline(offered, procedure, answers, received)


def _facts(procedure: Procedure) -> Iterator[str]:
    if not procedure.name.strip():
        yield "no name"
    if procedure.term is None and not procedure.notes:
        yield "neither a term nor the reason why there is none"
    if not procedure.components:
        yield "no components"
    for part in procedure.components:
        if (
            type(part.originals) is not int
            or type(part.copies) is not int
            or min(part.originals, part.copies) < 0
        ):
            yield f"the component {part.name!r} has no counts"
    for case in procedure.fees:
        if type(case.direct) is not int or type(case.online) is not int or min(case.direct, case.online) < 0:
            yield f"the fee {case.key!r} is not whole đồng"


def _fee(
    offered: Selection, procedure: Procedure, answers: dict[str, Any], channel: Channel, on: date
) -> Iterator[str]:
    owner = offered.house.owners.get(procedure.department)
    lines = offered.first(
        "compute_fee", owner=owner, strict=True, procedure=procedure, answers=answers, channel=channel, on=on
    )
    if not lines or not all(isinstance(line, FeeLine) and line.case for line in lines):
        yield f"no fee line with a case for channel {channel}"
    else:
        total(lines)


def _deadline(
    offered: Selection, procedure: Procedure, answers: dict[str, Any], received: datetime
) -> Iterator[str]:
    term = offered.term_for(procedure, answers)
    due = due_on(term, received, WEEKDAYS_ONLY)
    if due is None and not (term.unit is TimeUnit.NONE and procedure.notes):
        yield "no due date, and no note that says why"
    if due is not None and due < received.date():
        yield f"due on {due}, before it was received"


def fits(field: IntakeField, value: Any) -> bool:
    """Whether a value answers the question."""
    match field.kind:
        case "choice":
            return value in dict(field.choices)
        case "count":
            return type(value) is int and field.minimum <= value <= field.maximum
        case "yes_no":
            return type(value) is bool
    return False
