"""Recordings made alike: silence cut off at both ends, the same loudness, no click where one begins."""

from __future__ import annotations

import math
from array import array

from kiosk.domain.errors import DomainError
from kiosk.voice.wav import FULL, RATE

WINDOW = RATE // 100
"""Samples of a hundredth of a second: what is measured as one."""
LOUDNESS = 0.14 * FULL
"""Root mean square of the spoken part."""
LOUDEST = 0.89 * FULL
"""No sample goes beyond, so that no loudspeaker is driven into clipping."""
NOISE = 0.008 * FULL
"""Softer than this is the room, not the voice."""
SILENT_SHARE = 0.06
"""Of the loudest window: softer at the ends is silence too, in a room with a fan."""
BEFORE, AFTER = 2, 5
"""Windows kept before the first and after the last that is heard: consonants begin and end softly."""
SHORTEST = 5 * WINDOW
FADE = RATE // 250


def levelled(samples: array[int]) -> array[int]:
    """A recording without its silent ends, at the loudness of all others. Raises DomainError("voice_clip_silent")."""
    powers = [_power(samples[at : at + WINDOW]) for at in range(0, len(samples), WINDOW)]
    floor = max(NOISE, SILENT_SHARE * max(powers, default=0.0))
    heard = [n for n, power in enumerate(powers) if power >= floor]
    if not heard or len(heard) * WINDOW < SHORTEST:
        raise DomainError("voice_clip_silent")
    spoken = samples[max(0, heard[0] - BEFORE) * WINDOW : (heard[-1] + 1 + AFTER) * WINDOW]
    loudness = math.sqrt(sum(powers[n] ** 2 for n in heard) / len(heard))
    gain = min(LOUDNESS / loudness, LOUDEST / max(map(abs, spoken)))
    return _faded(array("h", (round(sample * gain) for sample in spoken)))


def _power(window: array[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in window) / len(window))


def _faded(samples: array[int]) -> array[int]:
    length = min(FADE, len(samples) // 2)
    for n in range(length):
        samples[n] = samples[n] * n // length
        samples[-1 - n] = samples[-1 - n] * n // length
    return samples
