"""How many fees were paid without cash, by department: the share the centre's half-year report is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from kiosk.domain.errors import DomainError
from kiosk.models import Receipt

CASH = "cash"


@dataclass(frozen=True)
class CashlessShare:
    """Receipts that hold, of one department: how many, what they amount to in đồng, and both without cash."""

    department: str
    receipts: int
    cashless: int
    amount: int
    cashless_amount: int

    @property
    def permille(self) -> int | None:
        """Receipts without cash among all, in tenths of a per cent, rounded down; None without receipts."""
        return self.cashless * 1000 // self.receipts if self.receipts else None


def cashless_shares(office_id: int, first: date, last: date) -> list[CashlessShare]:
    """The shares of the departments that collected anything between two money days, both included.

    The numerator is receipts whose request holds no cash at all, the denominator all receipts that hold.
    Raises DomainError("period_reversed").
    """
    if last < first:
        raise DomainError("period_reversed", first=first.isoformat(), last=last.isoformat())
    rows = (
        Receipt.select(Receipt.department, Receipt.method, fn.COUNT(Receipt.id), fn.SUM(Receipt.amount))
        .where((Receipt.office == office_id) & Receipt.day.between(first, last) & Receipt.voided_at.is_null())
        .group_by(Receipt.department, Receipt.method)
        .tuples()
    )
    sums: dict[str, dict[str, int]] = {}
    for department, method, count, amount in rows:
        each = sums.setdefault(department, dict.fromkeys(_NAMES, 0))
        each["receipts"] += count
        each["amount"] += int(amount)
        if method != CASH:
            each["cashless"] += count
            each["cashless_amount"] += int(amount)
    return [CashlessShare(department, **each) for department, each in sorted(sums.items())]


_NAMES = ("receipts", "cashless", "amount", "cashless_amount")


def total_of(shares: list[CashlessShare]) -> CashlessShare:
    """All departments together."""
    sums: dict[str, Any] = {name: sum(getattr(share, name) for share in shares) for name in _NAMES}
    return CashlessShare("", **sums)
