"""What every department must be able to do; each failing promise is one sentence naming procedure and field.

`department_problems` holds the facts and the rules to their promises for every answer a counter can give;
`purity_problems` asks the rules twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Unavailable
from kiosk.domain.procedure import Department, Procedure
from kiosk.plugin.contract_facts import faults_of_facts, twins
from kiosk.plugin.contract_rules import answers_to_try, default_answers, fault_of_rules, fee_of, refusals_of
from kiosk.plugin.selection import Selection

__all__ = ["answers_to_try", "default_answers", "department_problems", "purity_problems"]


def department_problems(offered: Selection, department: Department, received: datetime) -> list[str]:
    """What is wrong with a department for dossiers received at an aware moment; [] when it keeps its promises."""
    if not department.procedures and department.front_desk:
        return [f"{department.key}: procedures: there are none"]
    problems = list(twins(department.procedures))
    for procedure in department.procedures:
        found = chain(faults_of_facts(procedure), fault_of_rules(offered, procedure, received))
        problems += [f"{procedure.key}: {problem}" for problem in found]
    return problems


def purity_problems(offered: Selection, department: Department, received: datetime) -> list[str]:
    """Which rules answer the same question differently the second time, or change what they are given."""
    first, second = (
        {(key, hook): answer for key, hook, answer in _transcript(offered, department, received)}
        for _ in range(2)
    )
    problems = [
        f"{key}: {hook}: the second answer differs from the first"
        for (key, hook), answer in first.items()
        if second[key, hook] != answer
    ]
    for procedure in department.procedures:
        for answers in answers_to_try(offered.intake_fields(procedure)):
            given = dict(answers)
            _ask_all(offered, procedure, given, received)
            if given != answers:
                problems.append(f"{procedure.key}: answers: a rule changes the answers it is given")
                break
    return problems


def _transcript(
    offered: Selection, department: Department, received: datetime
) -> Iterator[tuple[str, str, Any]]:
    """(procedure, hook, all its answers) for every procedure."""
    for procedure in department.procedures:
        fields = offered.intake_fields(procedure)
        yield procedure.key, "intake_fields", list(fields)
        said = [_ask_all(offered, procedure, answers, received) for answers in answers_to_try(fields)]
        for hook in ("check_intake", "compute_fee", "term_for"):
            yield procedure.key, hook, [each[hook] for each in said]


def _ask_all(
    offered: Selection, procedure: Procedure, answers: dict[str, Any], received: datetime
) -> dict[str, Any]:
    refusals = refusals_of(offered, procedure, answers)
    said: dict[str, Any] = {"check_intake": refusals, "compute_fee": [], "term_for": None}
    if refusals:  # nobody asks for the fee of an application that is not received
        return said
    for channel in Channel:
        try:
            lines = fee_of(offered, procedure, answers, channel, received.date())
        except Unavailable as error:
            lines = error.code
        said["compute_fee"].append(lines)
    try:
        said["term_for"] = offered.term_for(procedure, answers)
    except Unavailable as error:
        said["term_for"] = error.code
    return said
