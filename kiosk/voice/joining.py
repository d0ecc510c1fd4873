"""Pieces joined to a sentence, with small pauses and two soft tones before it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import cache

from kiosk.domain.speech import PLEASE, TO_COUNTER
from kiosk.voice.wav import FULL, RATE, to_wav

PAUSES = {PLEASE: 0.14, TO_COUNTER: 0.10}
"""Seconds after a piece."""
BEFORE_COUNTER = 0.20
AFTER_LETTER, AFTER_WORD = 0.09, 0.05
AFTER_CHIME, AT_THE_END = 0.20, 0.15
TONES = ((659.25, 0.0, 0.55), (523.25, 0.32, 0.95))
"""Hertz, begin and length in seconds: e″ and c″, the falling third of every waiting hall."""
CHIME_LOUDNESS = 0.32


def joined(pieces: Sequence[tuple[str, bytes]], with_chime: bool) -> bytes:
    """A WAV of the pieces (name, samples) one after the other; with nothing to say, of the chime alone."""
    parts = [chime(), _silence(AFTER_CHIME)] if with_chime else []
    names = [name for name, _ in pieces]
    for (name, samples), following in zip(pieces, [*names[1:], None], strict=False):
        parts += [samples, _silence(_pause(name, following))]
    return to_wav(b"".join(parts))


def _pause(name: str, following: str | None) -> float:
    if following is None:
        return AT_THE_END
    if following == TO_COUNTER:
        return BEFORE_COUNTER
    if name.startswith("letter-"):
        return AFTER_LETTER
    return PAUSES.get(name, AFTER_WORD)


@cache
def _silence(seconds: float) -> bytes:
    return bytes(2 * int(seconds * RATE))


@cache
def chime() -> bytes:
    """Two tones that fade, as samples."""
    out = array("d", bytes(8 * int(max(begin + length for _, begin, length in TONES) * RATE)))
    for hertz, begin, length in TONES:
        for n in range(int(length * RATE)):
            at = n / RATE
            swell = min(1.0, at / 0.008) * math.exp(-4.5 * at / length) * (1 - at / length)
            wave = math.sin(2 * math.pi * hertz * at) + 0.25 * math.sin(4 * math.pi * hertz * at)
            out[int(begin * RATE) + n] += wave * swell
    peak = max(map(abs, out))
    return array("h", (round(CHIME_LOUDNESS * FULL * sample / peak) for sample in out)).tobytes()
