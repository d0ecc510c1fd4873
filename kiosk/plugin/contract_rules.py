"""What the rules of every procedure promise, tried with every answer a counter can give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations, product
from math import prod
from typing import Any

from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.deadlines import TimeUnit, due_on
from kiosk.domain.dossier import Channel
from kiosk.domain.errors import DomainError, Unavailable
from kiosk.domain.money import total
from kiosk.domain.procedure import IntakeField, Procedure
from kiosk.plugin.results import fits
from kiosk.plugin.selection import Selection

WEEKDAYS_ONLY = WorkingCalendar(frozenset())
MOST_TOGETHER = 256
"""Up to so many combinations of answers are all tried; of more, each pair of fields."""


def default_answers(fields: Sequence[IntakeField]) -> dict[str, Any]:
    """The answers of a counter that changes nothing."""
    return {each.key: each.default for each in fields}


def answers_to_try(fields: Sequence[IntakeField]) -> Iterator[dict[str, Any]]:
    """The defaults, then every choice with the least and the most of every count.

    Of more than MOST_TOGETHER combinations: each answer with the others' defaults, and each pair of fields.
    """
    usual = default_answers(fields)
    yield dict(usual)
    values = {each.key: _values(each) for each in fields}
    if prod(len(some) for some in values.values()) <= MOST_TOGETHER:
        groups: Iterable[tuple[str, ...]] = [tuple(values)]
    else:
        groups = combinations(values, 2)
    for keys in groups:
        for some in product(*(values[key] for key in keys)):
            answers = usual | dict(zip(keys, some, strict=True))
            if answers != usual:
                yield answers


def _values(field: IntakeField) -> list[Any]:
    match field.kind:
        case "choice":
            return [key for key, _ in field.choices]
        case "yes_no":
            return [False, True]
    return list(dict.fromkeys((field.minimum, field.default, field.maximum)))


def fault_of_rules(offered: Selection, procedure: Procedure, received: datetime) -> Iterator[str]:
    """The first fault of the rules; the others would mostly repeat it with other answers."""
    fields = offered.intake_fields(procedure)
    for each in fields:
        if not fits(each, each.default):
            yield f"intake_fields: the question {each.key!r} has no default that answers it"
            return
    failed_before = _failures(offered, procedure)
    for place, answers in enumerate(answers_to_try(fields)):
        refusals = refusals_of(offered, procedure, answers)
        if refusals and place == 0:
            yield f"check_intake: refuses its own default answers: {refusals[0]}"
        fault = None if refusals else _fault(offered, procedure, answers, received)
        if fault is None and _failures(offered, procedure) > failed_before:
            fault = "a hook fails"
        if fault is not None:
            yield f"{fault}, answers {answers}"
            return


def _fault(
    offered: Selection, procedure: Procedure, answers: Mapping[str, Any], received: datetime
) -> str | None:
    for day in _days_that_matter(procedure, received.date()):
        for channel in Channel:
            try:
                lines = fee_of(offered, procedure, answers, channel, day)
                total(lines or ())
            except (Unavailable, DomainError) as error:
                return f"compute_fee: {error.code} by channel {channel} on {day}"
            if not lines:
                return f"compute_fee: no fee line by channel {channel} on {day}"
    try:
        term = offered.term_for(procedure, answers)
    except Unavailable as error:
        return f"term_for: {error.code}"
    due = due_on(term, received, WEEKDAYS_ONLY)
    if due is None and not (term.unit is TimeUnit.NONE and procedure.notes):
        return "term_for: no due date, and no note that says why"
    if due is not None and due < received.date():
        return f"term_for: due on {due}, before it was received"
    return None


def _days_that_matter(procedure: Procedure, first: date) -> list[date]:
    """The day of receipt, and each later day on which a fee changes while the procedure is in force."""
    changes = {first}
    for case in procedure.fees:
        changes |= {day for day in (case.valid_from, case.online_from) if day}
        changes |= {day + timedelta(days=1) for day in (case.valid_to, case.online_to) if day}
    return sorted(day for day in changes if day >= first and procedure.in_force(day)) or [first]


def _owner(offered: Selection, procedure: Procedure) -> str | None:
    return offered.house.owners.get(procedure.department)


def _failures(offered: Selection, procedure: Procedure) -> int:
    owner = _owner(offered, procedure)
    return sum(times for (plugin, _), times in offered.house.failures.items() if plugin == owner)


def refusals_of(offered: Selection, procedure: Procedure, answers: Mapping[str, Any]) -> list[str]:
    """Why an application with these answers may not be received."""
    owner = _owner(offered, procedure)
    return [
        reason for _, reason in offered.ask("check_intake", owner=owner, procedure=procedure, answers=answers)
    ]


def fee_of(
    offered: Selection, procedure: Procedure, answers: Mapping[str, Any], channel: Channel, on: date
) -> Any:
    """The fee lines, or None. Raises Unavailable("plugin_failed")."""
    return offered.first(
        "compute_fee",
        owner=_owner(offered, procedure),
        strict=True,
        procedure=procedure,
        answers=answers,
        channel=channel,
        on=on,
    )
