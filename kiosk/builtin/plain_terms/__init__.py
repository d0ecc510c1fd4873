"""Which legal term applies where the law has several for one procedure: the case answered, else the usual one."""

from __future__ import annotations

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import IntakeField, Procedure
from kiosk.plugin import Answers, hookimpl

ANSWER = "term_case"
USUAL = "usual"


@hookimpl
def intake_fields(procedure: Procedure) -> list[IntakeField] | None:
    """Ask for the case where there is one besides the usual."""
    if not procedure.term_cases:
        return None
    cases = tuple((case.key, case.title) for case in procedure.term_cases)
    return [
        IntakeField(
            key=ANSWER,
            title="Trường hợp tính thời hạn",
            title_en="Term case",
            kind="choice",
            choices=((USUAL, "Thông thường"), *cases),
            default=USUAL,
        )
    ]


@hookimpl
def term_for(procedure: Procedure, answers: Answers) -> Term | None:
    """The answered case's term; a case without one has no deadline. None leaves it to the usual term."""
    for case in procedure.term_cases:
        if case.key == answers.get(ANSWER):
            return case.term or Term(0, TimeUnit.NONE)
    return None
