"""Whoever asks for numbers that do not exist has to wait: counted by address, in this process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from kiosk.domain.errors import TooMany

PATIENCE = 20
WINDOW_SECONDS = 60
MOST_ADDRESSES = 10_000

_lock = threading.Lock()
_wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()


def refuse_guesser(address: str) -> None:
    """Raises TooMany("too_many_tries") while an address has guessed too often; a token has 128 bits all the same."""
    began, wrong = _wrong.get(address, (0.0, 0))
    left = began + WINDOW_SECONDS - time.monotonic()
    if wrong >= PATIENCE and left > 0:
        raise TooMany("too_many_tries", retry_after=int(left) + 1)


def count_guess(address: str) -> None:
    """Count a wrong one."""
    with _lock:
        now = time.monotonic()
        began, wrong = _wrong.pop(address, (now, 0))
        _wrong[address] = (now, 1) if now - began > WINDOW_SECONDS else (began, wrong + 1)
        while len(_wrong) > MOST_ADDRESSES:
            _wrong.popitem(last=False)


def forget_guesses() -> None:
    """Begin anew; for tests."""
    with _lock:
        _wrong.clear()
