"""The fee of a petrol station: a base for cities and towns, half of it elsewhere, for each point of sale."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Procedure
from kiosk.plugin import Answers

PETROL_STATION = "2.000648"
CITY = "city"
AREA_FACTORS = {CITY: Fraction(1), "other": Fraction(1, 2)}
"""What each area pays of the fee for cities and towns (TT 168/2016/TT-BTC Đ.4)."""


def petrol_station(procedure: Procedure, answers: Answers, on: date) -> list[FeeLine]:
    """One line by points of sale, the same by every channel; the title is that of the answered area and subject."""
    cases = {case.key: case for case in procedure.fees_on(on)}
    area, subject = answers["area"], answers["subject"]
    base, named = cases[f"{CITY}_{subject}"], cases[f"{area}_{subject}"]
    amount = int(base.direct * AREA_FACTORS[area])
    return [FeeLine("phi", named.title, amount, answers["points"], base.basis)]
