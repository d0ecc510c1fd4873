"""The fee that goes by devices of one kind."""

from __future__ import annotations

from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers

X_RAY = "2.002380"


def x_ray(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By kind and number of devices, in đồng."""
    cases = {case.key: case for case in procedure.fees_on(on)}
    case = cases[answers.get("fee_case", "dental")]
    amount = case.amount(channel is Channel.ONLINE, on)
    return [FeeLine("phi", case.title, amount, answers["devices"], case.basis)]
