"""The figures of a money day: what was asked, what came and how, what went back, and whether it balances."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class CounterFigures:
    """One counter's day in đồng; `number` None is money that belongs to no counter.

    `received` is by method, mistakes taken off; `counted` is None until somebody counted the cash.
    """

    counter: int | None
    number: int | None
    title: str
    asked: int = 0
    exempt: int = 0
    unpaid: int = 0
    received: Mapping[str, int] = field(default_factory=dict)
    refunded: int = 0
    cash_expected: int = 0
    counted: int | None = None
    note: str = ""

    @property
    def difference(self) -> int | None:
        """Cash counted less cash expected; None before it was counted."""
        return None if self.counted is None else self.counted - self.cash_expected

    @property
    def has_cash(self) -> bool:
        """Whether there is a cash box to count."""
        return self.counter is not None and (self.cash_expected != 0 or "cash" in self.received)


@dataclass(frozen=True)
class AccountFigures:
    """The account's day in đồng: `opening` belonged to nothing in the morning, `closing` in the evening.

    `never_came` had been noted by hand and was no money at all.
    """

    opening: int
    came: int
    never_came: int
    credited: int
    returned: int
    aside: int
    closing: int
    went_out: int

    @property
    def balances(self) -> bool:
        """Whether every đồng is accounted for."""
        came = self.opening + self.came - self.never_came
        return came == self.credited + self.returned + self.aside + self.closing


@dataclass(frozen=True)
class DayFigures:
    """A money day as it is sealed."""

    day: str
    counters: tuple[CounterFigures, ...]
    account: AccountFigures
    receipts: Mapping[str, Mapping[str, int]]
    """By kind of fee: how many were issued, voided, and what they amount to."""
    unconfirmed: int
    """Noted by hand, and the bank has not told of it yet."""
    overpaid: int
    contradictions: int

    @property
    def received(self) -> int:
        """All that was credited, in đồng."""
        return sum(sum(counter.received.values()) for counter in self.counters)

    @property
    def refunded(self) -> int:
        """All that went back, of requests and of transfers that belonged to none."""
        return sum(counter.refunded for counter in self.counters) + self.account.returned

    @property
    def difference(self) -> int:
        """Cash too much or too little at all counters together."""
        return sum(counter.difference or 0 for counter in self.counters)

    @property
    def by_method(self) -> dict[str, int]:
        """What was credited, by method."""
        total: dict[str, int] = {}
        for counter in self.counters:
            for method, amount in counter.received.items():
                total[method] = total.get(method, 0) + amount
        return dict(sorted(total.items()))

    @property
    def uncounted(self) -> list[CounterFigures]:
        """Counters whose cash nobody has counted yet."""
        return [counter for counter in self.counters if counter.has_cash and counter.counted is None]

    def as_json(self) -> dict[str, Any]:
        """As stored, sums included."""
        return {
            **asdict(self),
            "counters": [{**asdict(c), "difference": c.difference} for c in self.counters],
            "received": self.received,
            "refunded": self.refunded,
            "difference": self.difference,
            "by_method": self.by_method,
            "balances": self.account.balances,
        }


def digest(figures: Mapping[str, Any]) -> str:
    """SHA-256 over stored figures, whatever the order of their keys."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
