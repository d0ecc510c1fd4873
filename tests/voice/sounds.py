"""Sounds for tests: tones, and recordings as devices write them."""

from __future__ import annotations

import io
import math
import wave
from array import array

from kiosk.voice.wav import FULL, RATE


def tone(seconds: float, hertz: float, rate: int = RATE, loudness: float = 0.5) -> array[int]:
    """A plain tone, mono."""
    return array(
        "h",
        (
            round(loudness * FULL * math.sin(2 * math.pi * hertz * n / rate))
            for n in range(round(seconds * rate))
        ),
    )


def recording(samples: array[int], rate: int = RATE, channels: int = 1, width: int = 2) -> bytes:
    """A WAV with the same sound on every channel; other widths hold noise, since nobody listens to them."""
    frames = array("h", (sample for sample in samples for _ in range(channels))).tobytes()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames[: len(frames) // (width * channels) * width * channels])
    return out.getvalue()
