"""What a procedure costs where its department has no rule of its own: the case answered, else the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, cast

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import FeeCase, IntakeField, Procedure
from kiosk.plugin import Answers, hookimpl

ANSWER = "fee_case"


@hookimpl
def intake_fields(procedure: Procedure) -> list[IntakeField] | None:
    """Ask for the case where there is more than one."""
    titles = {case.key: case.title for case in procedure.fees if not (case.extra or case.by_rule)}
    if len(titles) < 2:
        return None
    return [
        IntakeField(
            key=ANSWER,
            title="Đối tượng nộp phí, lệ phí",
            title_en="Fee case",
            kind="choice",
            choices=tuple(titles.items()),
            default=next(iter(titles)),
        )
    ]


@hookimpl
def compute_fee(
    procedure: Procedure, answers: Answers, channel: Channel, on: date
) -> Sequence[FeeLine] | None:
    """One line of the fee table, at the online amount for an online application; no answer when no case is in force."""
    cases = [case for case in procedure.fees_on(on) if not (case.extra or case.by_rule)]
    if not cases:
        return None
    case = next((case for case in cases if case.key == answers.get(ANSWER)), cases[0])
    return [fee_line(case, channel, on)]


def fee_line(case: FeeCase, channel: Channel, on: date) -> FeeLine:
    """The line of one case on that day by that channel."""
    amount = case.amount(channel is Channel.ONLINE, on)
    if case.unknown:
        return FeeLine(
            cast(Literal["phi", "le_phi"], case.kind),
            f"{case.title} (mức thu cần xác nhận)",
            0,
            legal_basis=case.basis,
        )
    title = case.title if amount == case.direct else f"{case.title} (nộp trực tuyến)"
    return FeeLine(cast(Literal["phi", "le_phi"], case.kind), title, amount, legal_basis=case.basis)
