"""WAV files in and out. Inside the house sound is 16-bit mono at 22,050 Hz, as plain samples."""

from __future__ import annotations

import io
import math
import sys
import wave
from array import array
from functools import cache
from operator import mul

from kiosk.domain.errors import DomainError

RATE = 22_050
"""Samples a second: what the synthetic voice gives, and more than a hall's loudspeaker can show."""
LONGEST_SECONDS = 6
FULL = 32_767
RATES = range(8_000, 96_001)
HEADER = 44
"""Bytes before the samples in the files of `to_wav`."""
PHASES = 64
HALF_WIDTH = 16
"""Samples of the input on each side that one of the output is made of."""


def to_wav(samples: bytes) -> bytes:
    """Samples (16-bit little-endian, mono, 22,050 Hz) as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples)
    return out.getvalue()


def samples_of(data: bytes) -> bytes:
    """The samples of a file that `to_wav` wrote."""
    return data[HEADER:]


def read_wav(data: bytes) -> array[int]:
    """The samples of any 16-bit PCM WAV of one or two channels, made mono and 22,050 Hz.

    Raises DomainError("voice_clip_malformed", "voice_clip_too_long").
    """
    try:
        with wave.open(io.BytesIO(data), "rb") as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            if channels not in (1, 2) or width != 2 or rate not in RATES:
                raise DomainError("voice_clip_malformed", problem="format")
            # Never what the header promises: a recorder that did not know the length writes the largest.
            frames = file.readframes(rate * LONGEST_SECONDS + 1)
    except (wave.Error, EOFError, RuntimeError, ValueError):  # RuntimeError: the chunks lie about their sizes
        raise DomainError("voice_clip_malformed", problem="no_wav") from None
    samples = array("h", frames[: len(frames) // (2 * channels) * 2 * channels])
    if sys.byteorder == "big":
        samples.byteswap()
    if len(samples) > rate * LONGEST_SECONDS * channels:
        raise DomainError("voice_clip_too_long", most=LONGEST_SECONDS)
    if channels == 2:
        samples = array(
            "h", ((left + right) // 2 for left, right in zip(samples[::2], samples[1::2], strict=True))
        )
    return samples if rate == RATE else _resampled(samples, rate)


def _resampled(samples: array[int], rate: int) -> array[int]:
    """At 22,050 Hz, by a windowed sinc: plain interpolation would fold what is above 11 kHz into the voice."""
    step, width = rate / RATE, _width(rate)
    padded = array("h", bytes(2 * width)) + samples + array("h", bytes(2 * width + 2))
    out = array("h")
    for n in range(int(len(samples) / step)):
        whole, part = divmod(n * step, 1)
        weights = _weights(rate, int(part * PHASES))
        begin = int(whole) + 1
        value = sum(map(mul, weights, padded[begin : begin + 2 * width]))
        out.append(max(-FULL, min(FULL, round(value))))
    return out


def _width(rate: int) -> int:
    return math.ceil(HALF_WIDTH * max(1.0, rate / RATE))


@cache
def _weights(rate: int, phase: int) -> tuple[float, ...]:
    width, cut = _width(rate), min(1.0, RATE / rate)
    taps = [_tap(n + 1 - width - phase / PHASES, cut, width) for n in range(2 * width)]
    total = sum(taps)
    return tuple(tap / total for tap in taps)


def _tap(at: float, cut: float, width: int) -> float:
    x = math.pi * at * cut
    sinc = 1.0 if abs(x) < 1e-9 else math.sin(x) / x
    return sinc * (0.5 + 0.5 * math.cos(math.pi * at / (width + 1)))
