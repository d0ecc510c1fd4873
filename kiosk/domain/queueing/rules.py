"""The rules an office sets: how the lanes of a line are mixed, and how a counter mixes its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.queueing.lanes import LANES, Lane
from kiosk.domain.queueing.mixing import Mix, Mode, Part

DEFAULT_LANES = Mix(
    Mode.RATIO,
    (
        Part(Lane.PRIORITY, 3),
        Part(Lane.APPOINTMENT, 2),
        Part(Lane.RETURNING, 2),
        Part(Lane.NORMAL, 3),
        Part(Lane.BULK, 1),
    ),
    {Lane.PRIORITY: 20, Lane.APPOINTMENT: 15, Lane.RETURNING: 30, Lane.NORMAL: 60, Lane.BULK: 120},
)
"""Priority first (Luật Người cao tuổi Đ.2, Luật Người khuyết tật Đ.4), yet everybody's turn comes in each round."""

DEFAULT_TARGET_MINUTES = 20
LONGEST_TARGET_MINUTES = 240
MOST_DOSSIERS_BEFORE_BULK = 99


@dataclass(frozen=True)
class LineRule:
    """How a line calls: its lanes, from how many dossiers a carrier has a lane apart (0: never), and within how
    many minutes visitors should be called (a target, for the manager's view)."""

    lanes: Mix = DEFAULT_LANES
    bulk_from: int = 0
    target_minutes: int = DEFAULT_TARGET_MINUTES

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> LineRule:
        """Read what `to_json` wrote; what is left out is as by default. Raises DomainError("rule_malformed")."""
        if not isinstance(values, Mapping):
            raise DomainError("rule_malformed")
        figures = {key: values[key] for key in ("bulk_from", "target_minutes") if key in values}
        if any(type(value) is not int for value in figures.values()):
            raise DomainError("rule_malformed")
        lanes = Mix.from_json(values["lanes"]) if "lanes" in values else DEFAULT_LANES
        return cls(lanes, **figures)

    def to_json(self) -> dict[str, Any]:
        """The rule as plain JSON values."""
        return {
            "lanes": self.lanes.to_json(),
            "bulk_from": self.bulk_from,
            "target_minutes": self.target_minutes,
        }

    def check(self) -> None:
        """Raises DomainError as `Mix.check`, and "rule_bulk_out_of_range", "rule_target_out_of_range"."""
        self.lanes.check([str(lane) for lane in LANES])
        if self.bulk_from != 0 and not 2 <= self.bulk_from <= MOST_DOSSIERS_BEFORE_BULK:
            raise DomainError("rule_bulk_out_of_range", least=2, most=MOST_DOSSIERS_BEFORE_BULK)
        if not 1 <= self.target_minutes <= LONGEST_TARGET_MINUTES:
            raise DomainError("rule_target_out_of_range", least=1, most=LONGEST_TARGET_MINUTES)


@dataclass(frozen=True)
class CounterRule:
    """How a counter mixes the lines it serves; the keys of the mix are the lines' ids as text."""

    lines: Mix = field(default_factory=Mix)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CounterRule:
        """Read what `to_json` wrote; empty is first come, first served. Raises DomainError("rule_malformed")."""
        if not isinstance(values, Mapping):
            raise DomainError("rule_malformed")
        return cls(Mix.from_json(values["lines"]) if "lines" in values else Mix())

    def to_json(self) -> dict[str, Any]:
        """The rule as plain JSON values."""
        return {"lines": self.lines.to_json()}

    def check(self, lines: Sequence[int]) -> None:
        """Raises DomainError as `Mix.check`."""
        self.lines.check([str(line) for line in lines])
