"""Percentages by value, as the circulars print them. To be confirmed: none of these tables has been checked yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

TY = 1_000_000_000
"""Đồng in a tỷ đồng, the unit of the tables."""


@dataclass(frozen=True)
class RateTable:
    """A rate at each of some values (đồng), rising; below the first and above the last the rate stays as it is there."""

    points: tuple[tuple[int, Fraction], ...]

    @classmethod
    def of(cls, values: Sequence[int], per_cents: str) -> RateTable:
        """Values in tỷ đồng and as many percentages, written with a point as decimal sign."""
        rates = [Fraction(each) / 100 for each in per_cents.split()]
        return cls(tuple((value * TY, rate) for value, rate in zip(values, rates, strict=True)))

    def rate(self, value: int) -> Fraction:
        """Nt = Nb − (Nb − Na) / (Ga − Gb) × (Gt − Gb), b being the point below the value and a the one above."""
        first, last = self.points[0], self.points[-1]
        if value <= first[0]:
            return first[1]
        for (below, rate_below), (above, rate_above) in pairwise(self.points):
            if value <= above:
                return rate_below - (rate_below - rate_above) / (above - below) * (value - below)
        return last[1]


_COST = (15, 50, 100, 200, 500, 1_000, 2_000, 5_000, 8_000)

DESIGN: dict[str, RateTable] = {
    "civil": RateTable.of(_COST, "0.165 0.110 0.085 0.065 0.050 0.041 0.029 0.022 0.019"),
    "industrial": RateTable.of(_COST, "0.190 0.126 0.097 0.075 0.058 0.044 0.035 0.026 0.022"),
    "transport": RateTable.of(_COST, "0.109 0.072 0.055 0.043 0.034 0.025 0.019 0.016 0.014"),
    "rural": RateTable.of(_COST, "0.121 0.080 0.061 0.048 0.037 0.028 0.022 0.016 0.014"),
    "infrastructure": RateTable.of(_COST, "0.126 0.085 0.065 0.050 0.039 0.030 0.026 0.019 0.017"),
}
"""Appraisal of a design, by kind of works and construction cost (TT 27/2023/TT-BTC; before it TT 210/2016/TT-BTC)."""

PROJECT = RateTable.of(
    (15, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
    "0.0190 0.0170 0.0150 0.0125 0.0100 0.0075 0.0047 0.0025 0.0020 0.0010",
)
"""Appraisal of a feasibility study, by total investment (TT 28/2023/TT-BTC; before it TT 209/2016/TT-BTC)."""
