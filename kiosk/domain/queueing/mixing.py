"""Mixing several queues fairly: whose turn it is, why, and where the round stands afterwards.

The same rules mix the lanes of a line and the lines of a counter. A decision depends only on what is handed in, so
that it can be explained, repeated and tried on another day's arrivals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from kiosk.domain.errors import DomainError

LARGEST_SHARE = 20
LONGEST_MINUTES = 480
DEFAULT_LATEST = 60
"""Minutes within which a queue is to be called in mode DEADLINE when its rule names none."""

Made = Mapping[str, int]
"""Calls already made in the present round of a ratio, by queue."""


class Mode(StrEnum):
    """How queues are mixed."""

    ARRIVAL = "arrival"
    """Whoever came first; at a counter, those with priority before others."""
    STRICT = "strict"
    """The first queue that has anybody; the next only when it is empty."""
    RATIO = "ratio"
    """Rounds of so many calls each, in order: 2:1 is A A B A A B."""
    WEIGHTED = "weighted"
    """Minutes waited times the share; the largest first."""
    DEADLINE = "deadline"
    """Whoever has to be called soonest: when they came plus the queue's minutes."""


class Part(NamedTuple):
    """One queue of a mix; `share` is its calls a round or its weight."""

    key: str
    share: int = 1


class Head(NamedTuple):
    """Who is first in a queue. `place` 0 goes before everybody else in it; `rank` 0 has priority."""

    key: str
    ticket: int
    place: int
    arrival: int
    issued_at: datetime
    waiting_since: datetime
    rank: int = 1

    @property
    def order(self) -> tuple[int, int, datetime]:
        """What decides within one queue; kiosks without a server may give numbers of one arrival."""
        return self.place, self.arrival, self.issued_at

    def waited(self, now: datetime) -> timedelta:
        """How long by now."""
        return now - self.waiting_since


class Why(NamedTuple):
    """The reason of a decision: a code, the queue it speaks of, and its facts."""

    code: str
    key: str
    facts: Mapping[str, Any] = {}


class Choice(NamedTuple):
    """Who is next, why, and how the round stands after that call."""

    head: Head
    why: Why
    made: Made


@dataclass(frozen=True)
class Mix:
    """A rule: the mode, the queues in order with their shares, and within how many minutes each is called at the
    latest (left out: no bound). Whoever is past that bound goes before all others, the longest over it first."""

    mode: Mode = Mode.ARRIVAL
    parts: tuple[Part, ...] = ()
    latest: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Mix:
        """Read what `to_json` wrote. Raises DomainError("rule_malformed") for anything else."""
        try:
            return cls(
                Mode(values["mode"]),
                tuple(Part(str(part["key"]), _whole(part.get("share", 1))) for part in values["parts"]),
                {str(key): _whole(minutes) for key, minutes in values.get("latest", {}).items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            raise DomainError("rule_malformed") from None

    def to_json(self) -> dict[str, Any]:
        """The rule as plain JSON values."""
        parts = [{"key": part.key, "share": part.share} for part in self.parts]
        return {"mode": str(self.mode), "parts": parts, "latest": dict(self.latest)}

    def check(self, keys: Sequence[str]) -> None:
        """Refuse a rule that names unknown queues, unreasonable figures, or lets a queue starve.

        Raises DomainError("rule_key_unknown", "rule_share_out_of_range", "rule_latest_out_of_range", "rule_starves").
        """
        named = [part.key for part in self.parts]
        if unknown := [key for key in (*named, *self.latest) if key not in keys]:
            raise DomainError("rule_key_unknown", key=unknown[0][:40])
        if len(set(named)) < len(named):
            raise DomainError("rule_malformed")
        for part in self.parts:
            if not 1 <= part.share <= LARGEST_SHARE:
                raise DomainError("rule_share_out_of_range", key=part.key, least=1, most=LARGEST_SHARE)
        for key, minutes in self.latest.items():
            if not 1 <= minutes <= LONGEST_MINUTES:
                raise DomainError("rule_latest_out_of_range", key=key, least=1, most=LONGEST_MINUTES)
        if self.mode is Mode.STRICT:
            for key in self._order(keys)[1:]:
                if key not in self.latest:
                    raise DomainError("rule_starves", key=key)

    def share(self, key: str) -> int:
        """Calls a round, or weight; a queue the rule does not name has 1."""
        return next((part.share for part in self.parts if part.key == key), 1)

    def _order(self, keys: Sequence[str]) -> list[str]:
        """The queues in the rule's order, those it does not name after them."""
        named = [part.key for part in self.parts if part.key in keys]
        return named + [key for key in keys if key not in named]


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a whole number")
    return value


def choose(mix: Mix, heads: Sequence[Head], made: Made, now: datetime) -> Choice | None:
    """Decide whose turn it is among the first of each queue; None when nobody waits.

    `heads` has at most one entry a queue. Nobody's bound depends on the others once it is passed: `latest` wins over
    the mode.
    """
    if not heads:
        return None
    by_key = {head.key: head for head in heads}
    late = [(over, head) for head in heads if (over := _over(mix, head, now)) is not None]
    if late:
        over, head = min(late, key=lambda pair: (-pair[0], pair[1].order))
        why = Why("overdue", head.key, {"latest": mix.latest[head.key], "minutes": _minutes(head, now)})
        return Choice(head, why, _count(mix, head.key, made, by_key))
    head, why = _by_mode(mix, by_key, made, now)
    if len(by_key) == 1:
        why = Why("only", head.key)
    return Choice(head, why, _count(mix, head.key, made, by_key))


def _over(mix: Mix, head: Head, now: datetime) -> timedelta | None:
    minutes = mix.latest.get(head.key)
    if minutes is None:
        return None
    over = head.waited(now) - timedelta(minutes=minutes)
    return over if over > timedelta(0) else None


def _minutes(head: Head, now: datetime) -> int:
    return int(head.waited(now).total_seconds() // 60)


def _by_mode(mix: Mix, heads: Mapping[str, Head], made: Made, now: datetime) -> tuple[Head, Why]:
    if mix.mode is Mode.STRICT:
        head = heads[mix._order(list(heads))[0]]
        return head, Why("strict", head.key)
    if mix.mode is Mode.RATIO:
        key = _turn(mix, heads, made)
        n = _in_round(mix, heads, made).get(key, 0) + 1
        return heads[key], Why("turn", key, {"n": n, "of": mix.share(key)})
    if mix.mode is Mode.WEIGHTED:
        head = max(
            heads.values(),
            key=lambda h: (h.waited(now) * mix.share(h.key), -h.arrival, -h.issued_at.timestamp()),
        )
        return head, Why("weight", head.key, {"minutes": _minutes(head, now), "share": mix.share(head.key)})
    if mix.mode is Mode.DEADLINE:
        head = min(heads.values(), key=lambda h: (_deadline(mix, h), h.order))
        within = mix.latest.get(head.key, DEFAULT_LATEST)
        return head, Why("deadline", head.key, {"latest": within, "minutes": _minutes(head, now)})
    head = min(heads.values(), key=lambda h: (h.rank, h.order))
    return head, Why("arrival", head.key, {"priority": head.rank == 0})


def _deadline(mix: Mix, head: Head) -> datetime:
    return head.waiting_since + timedelta(minutes=mix.latest.get(head.key, DEFAULT_LATEST))


def _in_round(mix: Mix, heads: Mapping[str, Head], made: Made) -> Made:
    """The calls of the present round; a new one begins when no queue with anybody in it has a call left."""
    return made if any(made.get(key, 0) < mix.share(key) for key in heads) else {}


def _turn(mix: Mix, heads: Mapping[str, Head], made: Made) -> str:
    made = _in_round(mix, heads, made)
    return next(key for key in mix._order(list(heads)) if made.get(key, 0) < mix.share(key))


def _count(mix: Mix, key: str, made: Made, heads: Mapping[str, Head]) -> Made:
    if mix.mode is not Mode.RATIO:
        return {}
    made = _in_round(mix, heads, made)
    return {**made, key: made.get(key, 0) + 1}


def order(
    mix: Mix, waiting: Mapping[str, Sequence[Head]], made: Made, now: datetime, most: int | None = None
) -> Iterator[Choice]:
    """The order in which everybody would be called if nobody else came and time stood still.

    `waiting` gives each queue in its own order. The first of it is what `choose` decides.
    """
    queues = {key: iter(heads) for key, heads in waiting.items()}
    first = {key: head for key, queue in queues.items() if (head := next(queue, None)) is not None}
    while first and (most is None or most > 0):
        choice = choose(mix, list(first.values()), made, now)
        if choice is None:  # pragma: no cover  (somebody is waiting)
            return
        yield choice
        made = choice.made
        most = None if most is None else most - 1
        following = next(queues[choice.head.key], None)
        if following is None:
            del first[choice.head.key]
        else:
            first[choice.head.key] = following
