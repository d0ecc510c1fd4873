"""How Vietnamese official papers write numbers and days: dot for thousands, comma for decimals, day first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

NOTHING = "–"
"""Stands where there is no figure: a share of nothing is not 0 %."""


def number(value: int) -> str:
    """A count: 164440 → "164.440"."""
    return f"{value:,}".replace(",", ".")


def decimal(value: Decimal | None) -> str:
    """A number with its decimals: 1234.5 → "1.234,5"; None → "–"."""
    if value is None:
        return NOTHING
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))


def percent(value: Decimal | None) -> str:
    """A percentage: 88.8 → "88,8%"; None → "–"."""
    return NOTHING if value is None else f"{decimal(value)}%"


def day(value: date) -> str:
    """A day: 2022-06-14 → "14/06/2022"."""
    return f"{value:%d/%m/%Y}"
