"""The passport, cheaper online between two days under a rule of its own, and temporary residence by person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import FeeCase, Procedure
from kiosk.plugin import Answers

PASSPORT = "1.001456"
TEMPORARY_RESIDENCE = "1.004194"
DISCOUNT_BASIS = "TT 25/2021/TT-BTC Đ.4.3, bổ sung bởi TT 63/2023/TT-BTC Đ.5"
BY_LIST = "by_list"

Rule = Callable[[Procedure, Answers, Channel, date], Sequence[FeeLine]]


def passport(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """One line; where the online discount holds it says so and names the rule that grants it."""
    case = _answered(procedure, answers, on)
    amount = case.amount(channel is Channel.ONLINE, on)
    if amount == case.direct:
        return [FeeLine("le_phi", case.title, amount, legal_basis=case.basis)]
    return [FeeLine("le_phi", f"{case.title} (nộp trực tuyến)", amount, legal_basis=DISCOUNT_BASIS)]


def temporary_residence(procedure: Procedure, answers: Answers, channel: Channel, on: date) -> list[FeeLine]:
    """By registration, or for a list by the people on it."""
    case = _answered(procedure, answers, on)
    amount = case.amount(channel is Channel.ONLINE, on)
    title = case.title if amount == case.direct else f"{case.title} (nộp trực tuyến)"
    people = answers["people"] if case.key == BY_LIST else 1
    return [FeeLine("le_phi", title, amount, people, case.basis)]


RULES: dict[str, Rule] = {PASSPORT: passport, TEMPORARY_RESIDENCE: temporary_residence}


def _answered(procedure: Procedure, answers: Answers, on: date) -> FeeCase:
    return next(case for case in procedure.fees_on(on) if case.key == answers["fee_case"])
