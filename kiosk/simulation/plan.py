"""Who comes on a simulated day, when and for what, and how long each visit takes: all of it from one seed."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ARRIVALS = (
    (time(7, 15), 0.5),
    (time(8, 0), 1.4),
    (time(9, 0), 1.6),
    (time(10, 0), 1.2),
    (time(11, 0), 0.5),
    (time(11, 30), 0.08),
    (time(13, 0), 0.5),
    (time(13, 30), 1.2),
    (time(14, 30), 1.1),
    (time(15, 30), 0.6),
    (time(16, 20), 0.0),
)
"""How many come at an hour of the day, relative to each other: a morning rush, lunch, a smaller afternoon."""
PRIORITY = 0.12
PICKUP = 0.15
CARRIER = 0.02
NO_SHOW = 0.03
COMES_BACK = 0.4
PARKED = 0.03
SENT_ON = 0.01
TWO_SERVICES = 0.02
FOLLOWS = 0.2
"""Shares of visitors."""


class Visitor(NamedTuple):
    """Somebody who comes; `service` and `way` in seconds."""

    comes: datetime
    line: int
    priority: str | None
    purpose: str
    dossiers: int
    then: int | None
    service: float
    way: float
    absent: bool
    comes_back: bool
    parked: bool
    sent_on: bool
    follows: bool


@dataclass(frozen=True)
class LinePlan:
    """A line: its share of the visitors, how long a visit takes there (mean, seconds), its counters."""

    share: float
    mean: float
    counters: int


def line_plans(lines: int, counters: int, dice: random.Random) -> list[LinePlan]:
    """Uneven lines, as in life: a few take most visitors; counters follow the work, at least one each."""
    shares = sorted((1 / (rank + 2) for rank in range(lines)), reverse=True)
    means = [dice.uniform(360, 900) for _ in range(lines)]
    total = sum(shares)
    work = [share / total * mean for share, mean in zip(shares, means, strict=True)]
    staff = [1] * lines
    for _ in range(counters - lines):
        busiest = max(range(lines), key=lambda n: work[n] / staff[n])
        staff[busiest] += 1
    return [LinePlan(share / total, mean, n) for share, mean, n in zip(shares, means, staff, strict=True)]


def visitors(day: date, count: int, plans: list[LinePlan], dice: random.Random) -> list[Visitor]:
    """The visitors of a day in the order in which they come."""
    came = sorted(_arrival(day, dice) for _ in range(count))
    return [_visitor(at, plans, dice) for at in came]


def _arrival(day: date, dice: random.Random) -> datetime:
    spans = [(begin, end, weight) for (begin, weight), (end, _) in pairwise(ARRIVALS)]
    lengths = [(_at(day, end) - _at(day, begin)).total_seconds() for begin, end, _ in spans]
    weights = [length * weight for length, (_, _, weight) in zip(lengths, spans, strict=True)]
    n = dice.choices(range(len(spans)), weights)[0]
    return _at(day, spans[n][0]) + timedelta(seconds=dice.uniform(0, lengths[n]))


def _at(day: date, local: time) -> datetime:
    return datetime.combine(day, local, ZONE)


def _visitor(comes: datetime, plans: list[LinePlan], dice: random.Random) -> Visitor:
    line = dice.choices(range(len(plans)), [plan.share for plan in plans])[0]
    purpose = dice.choices(("apply", "pickup", "supplement"), (1 - PICKUP - 0.03, PICKUP, 0.03))[0]
    dossiers = dice.randint(8, 25) if purpose == "apply" and dice.random() < CARRIER else 1
    mean = plans[line].mean * (0.5 if purpose != "apply" else 1) * (1 + dossiers / 10 if dossiers > 1 else 1)
    other = dice.randrange(len(plans)) if dice.random() < TWO_SERVICES else None
    return Visitor(
        comes=comes,
        line=line,
        priority=dice.choice(("elderly", "disability", "pregnancy", "merit"))
        if dice.random() < PRIORITY
        else None,
        purpose=purpose,
        dossiers=dossiers,
        then=other if other != line else None,
        service=_duration(mean, dice),
        way=dice.uniform(10, 45),
        absent=dice.random() < NO_SHOW,
        comes_back=dice.random() < COMES_BACK,
        parked=dice.random() < PARKED,
        sent_on=dice.random() < SENT_ON,
        follows=dice.random() < FOLLOWS,
    )


def some_visits(plan: LinePlan, count: int, dice: random.Random) -> list[float]:
    """How long so many visits of a line take up a counter, in seconds."""
    day = date(2020, 1, 1)
    met = [_visitor(_at(day, time(9)), [plan], dice) for _ in range(count)]
    return [90.0 if who.absent else who.way + who.service for who in met]


def _duration(mean: float, dice: random.Random, spread: float = 0.55) -> float:
    """A visit's length: many short, few long (log-normal)."""
    return max(30.0, dice.lognormvariate(math.log(mean) - spread**2 / 2, spread))
