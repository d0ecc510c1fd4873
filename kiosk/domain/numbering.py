"""How a ticket number reads: the line's prefix and a daily series that begins at 1."""

from __future__ import annotations

import re

from kiosk.domain.errors import DomainError

PREFIX_SHAPE = re.compile(r"[A-Z]{1,2}")
NARROW_WIDTH = 3
"""Digits shown at least; a line that passes 999 in a day grows to four rather than starting again."""


def ticket_label(prefix: str, number: int) -> str:
    """The number as printed, spoken and shown: prefix "T", number 7 → "T007".

    Raises DomainError("prefix_malformed") unless the prefix is one or two letters A–Z.
    """
    return f"{check_prefix(prefix)}{number:0{NARROW_WIDTH}d}"


def check_prefix(prefix: str) -> str:
    """Return the prefix if it is one or two capital letters; they are read aloud letter by letter."""
    if not PREFIX_SHAPE.fullmatch(prefix):
        raise DomainError("prefix_malformed", prefix=prefix[:8])
    return prefix
