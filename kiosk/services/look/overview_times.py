"""How long people waited, were on their way, and were served on a day: three times that are never added up."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from kiosk.domain.forecast import LONGEST_CREDIBLE_VISIT_SECONDS
from kiosk.models import Turn
from kiosk.models.prepared import Prepared, Slot

TURNS = Prepared(
    lambda: (
        Turn.select(
            Turn.ticket,
            Turn.line,
            Turn.counter,
            Turn.user,
            Turn.waiting_from,
            Turn.called_at,
            Turn.started_at,
            Turn.ended_at,
            Turn.outcome,
            Turn.parked_seconds,
        )
        .where((Turn.office == Slot("office")) & (Turn.day == Slot("day")) & (Turn.outcome != "undone"))
        .order_by(Turn.id)
        .tuples()
    )
)
SERVED = frozenset({"finished", "transferred"})
"""The service a visitor came for, or one of several, is done."""


class Spell(NamedTuple):
    """One turn as these figures need it; `parked_seconds` above 0 says that it goes on with an earlier one."""

    ticket: int
    line: int
    counter: int
    user: int | None
    waiting_from: datetime
    called_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str
    parked_seconds: int

    @property
    def resumed(self) -> bool:
        """Whether nobody was called for it: a parked visit went on."""
        return self.parked_seconds > 0

    @property
    def served_seconds(self) -> float:
        """From sitting down (or the call, where nobody said) to the end; 0 while it lasts."""
        begun = self.started_at or self.called_at
        return (self.ended_at - begun).total_seconds() if self.ended_at else 0.0


def spells_of(office_id: int, day: date) -> list[Spell]:
    """Every turn of a day that was not taken back, in the order of the calls."""
    return [Spell(*row) for row in TURNS.all(office=office_id, day=day)]


@dataclass(frozen=True)
class Spread:
    """So many durations in whole seconds: the middle one, the one that nine of ten stay under, and the mean."""

    n: int = 0
    median: int | None = None
    p90: int | None = None
    mean: int | None = None

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Spread:
        """The spread of durations; what is negative (a clock set back) counts as 0."""
        ordered = sorted(max(0.0, each) for each in seconds)
        if not ordered:
            return cls()
        mean = round(sum(ordered) / len(ordered))
        return cls(len(ordered), round(_rank(ordered, 0.5)), round(_rank(ordered, 0.9)), mean)


def _rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all do not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


@dataclass
class Times:
    """The durations of one line, one counter or the whole hall.

    `left_out` counts visits of which nobody knows when they ended: forgotten, or longer than any visit can be.
    """

    waits: list[float] = field(default_factory=list)
    ways: list[float] = field(default_factory=list)
    services: list[float] = field(default_factory=list)
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """The three spreads, apart."""
        return {
            "wait": vars(Spread.of(self.waits)),
            "way": vars(Spread.of(self.ways)),
            "service": vars(Spread.of(self.services)),
            "left_out": self.left_out,
        }


@dataclass
class DayTimes:
    """The times of a day: of the hall, by line, by counter."""

    hall: Times = field(default_factory=Times)
    lines: dict[int, Times] = field(default_factory=lambda: defaultdict(Times))
    counters: dict[int, Times] = field(default_factory=lambda: defaultdict(Times))


def day_times(spells: Iterable[Spell]) -> DayTimes:
    """Sort a day's turns into waits, ways and services.

    A visit that was parked is one service: the time at counters, without the time away.
    """
    times = DayTimes()
    begun: dict[tuple[int, int], float] = defaultdict(float)
    for spell in spells:
        places = (times.hall, times.lines[spell.line], times.counters[spell.counter])
        if not spell.resumed:
            for place in places:
                place.waits.append((spell.called_at - spell.waiting_from).total_seconds())
                if spell.started_at is not None:
                    place.ways.append((spell.started_at - spell.called_at).total_seconds())
        visit = (spell.ticket, spell.line)
        if spell.outcome == "parked":
            begun[visit] += spell.served_seconds
        elif spell.outcome in SERVED or spell.outcome == "forgotten":
            _add_service(places, spell, begun.pop(visit, 0.0))
    return times


def _add_service(places: Iterable[Times], spell: Spell, before: float) -> None:
    seconds = before + spell.served_seconds
    known = spell.outcome in SERVED and seconds <= LONGEST_CREDIBLE_VISIT_SECONDS
    for place in places:
        if known:
            place.services.append(seconds)
        else:
            place.left_out += 1
