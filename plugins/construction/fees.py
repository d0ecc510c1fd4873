"""Appraisals: value × an interpolated percentage, never under a floor nor over a ceiling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from math import floor

from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers

from .rates import DESIGN, PROJECT, RateTable

DESIGN_APPRAISAL = "1.009973"
PROJECT_APPRAISAL = "1.009972"
LEAST, MOST = 500_000, 150_000_000
"""In đồng (TT 27/2023/TT-BTC; for projects to be confirmed)."""

HALF = Fraction(1, 2)

Rule = Callable[[Procedure, Answers, date], Sequence[FeeLine]]


def appraisal(value: int, table: RateTable) -> int:
    """The fee in đồng for works or a project of that value, half a đồng rounded up."""
    return min(max(floor(value * table.rate(value) + HALF), LEAST), MOST)


def design(procedure: Procedure, answers: Answers, on: date) -> list[FeeLine]:
    """By kind of works and construction cost."""
    return _line(procedure, appraisal(answers["construction_cost"], DESIGN[answers["works"]]), on)


def project(procedure: Procedure, answers: Answers, on: date) -> list[FeeLine]:
    """By total investment."""
    return _line(procedure, appraisal(answers["total_investment"], PROJECT), on)


RULES: dict[str, Rule] = {DESIGN_APPRAISAL: design, PROJECT_APPRAISAL: project}


def _line(procedure: Procedure, amount: int, on: date) -> list[FeeLine]:
    (case,) = procedure.fees_on(on)
    return [FeeLine("phi", case.title, amount, legal_basis=case.basis)]
