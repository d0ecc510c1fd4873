"""How a ticket number reads: the line's prefix and a daily series that begins at 1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

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


OFFLINE_BANDS = (range(901, 1000), range(9001, 10_000))
"""Numbers of a line's day that only a kiosk without a server gives; the online series has no gap but these."""


def is_offline_number(number: int) -> bool:
    """Tell whether a number belongs to what kiosks give while the server is away."""
    return any(number in band for band in OFFLINE_BANDS)


def offline_numbers() -> Iterator[int]:
    """The numbers a line has for kiosks without a server, in the order in which they are leased."""
    return chain(*OFFLINE_BANDS)


def number_after(number: int) -> int:
    """Return the number of the online series that follows: 900 is followed by 1000."""
    following = number + 1
    for band in OFFLINE_BANDS:
        if following in band:
            following = band.stop
    return following
