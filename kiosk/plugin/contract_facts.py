"""What the facts of every procedure promise: each fault is one sentence naming the field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from kiosk.domain.procedure import Procedure
from kiosk.plugin.catalogue import CODE_CONFIDENCES, CONFIDENCES, Dated, overlap


def twins(procedures: Sequence[Procedure]) -> Iterator[str]:
    """Procedures of one department that cannot be told apart."""
    for one, other in combinations(procedures, 2):
        if one.key == other.key:
            yield f"{one.key}: key: is used twice"
        elif one.code and one.code == other.code and overlap(one, other):
            yield f"{other.key}: valid_from: overlaps {one.key!r}, which has the same code"


def faults_of_facts(procedure: Procedure) -> Iterator[str]:
    """What is missing or wrong in the table."""
    if not procedure.name.strip():
        yield "name: is empty"
    if procedure.term is None and not procedure.notes:
        yield "notes: must say why there is no term"
    if not procedure.components:
        yield "components: there are none"
    for part in procedure.components:
        if not (_whole(part.originals) and _whole(part.copies)):
            yield f"components: {part.name!r} has no counts"
    if procedure.confidence not in CONFIDENCES:
        yield f"confidence: {procedure.confidence!r} is not one of {', '.join(CONFIDENCES)}"
    if procedure.code_confidence not in CODE_CONFIDENCES:
        yield f"code_confidence: {procedure.code_confidence!r} is not one of {', '.join(CODE_CONFIDENCES)}"
    if procedure.confidence != "high" and not procedure.source.strip():
        yield "source: must say where facts come from that are not sure"
    yield from _fee_table(procedure)
    if _overlapping(procedure.levels):
        yield "levels: two hold on the same day"
    if len({case.key for case in procedure.term_cases}) < len(procedure.term_cases):
        yield "term_cases: the same key twice"


def _fee_table(procedure: Procedure) -> Iterator[str]:
    for case in procedure.fees:
        if not (_whole(case.direct) and _whole(case.online)):
            yield f"fee {case.key!r}: direct, online: not whole đồng from 0 up"
        elif case.online > case.direct and not case.note:
            yield f"fee {case.key!r}: online: dearer than direct, and no note says why"
        if not case.title.strip():
            yield f"fee {case.key!r}: title: is empty"
    for key in dict.fromkeys(case.key for case in procedure.fees):
        if _overlapping([case for case in procedure.fees if case.key == key]):
            yield f"fee {key!r}: valid_from: two hold on the same day"


def _overlapping(items: Sequence[Dated]) -> bool:
    return any(overlap(one, other) for one, other in combinations(items, 2))


def _whole(number: Any) -> bool:
    return type(number) is int and number >= 0
