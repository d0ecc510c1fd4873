"""The synthetic voice, when no recording can say it: eSpeak NG, always in another process.

The program `espeak-ng` of the system is asked first, else the library of the package espeakng-loader by a script of our
own. Neither is needed: without them there is text on the boards and no voice.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

from kiosk.domain.errors import DomainError, Unavailable
from kiosk.voice.levelling import levelled
from kiosk.voice.wav import read_wav

PROGRAM = "espeak-ng"
LIBRARY = "espeakng_loader"
SCRIPT = Path(__file__).with_name("espeak_process.py")
VOICES = {"vi": "vi", "en": "en"}
WORDS_A_MINUTE = {"vi": 140, "en": 150}
PATIENCE_SECONDS = 30.0
ONE_TEXT_SECONDS = 5.0


def is_available() -> bool:
    """Whether this machine has a synthetic voice at all."""
    return shutil.which(PROGRAM) is not None or importlib.util.find_spec(LIBRARY) is not None


def speak(texts: Sequence[str], language: str) -> list[bytes]:
    """Samples of each text, levelled.

    Raises Unavailable("voice_unavailable") when there is no voice, it crashed, hung, or gave no sound.
    """
    try:
        if (program := shutil.which(PROGRAM)) is not None:
            spoken = [read_wav(_run_program(program, text, language)) for text in texts]
        elif importlib.util.find_spec(LIBRARY) is not None:
            spoken = [array("h", samples) for samples in _run_script(texts, language)]
        else:
            raise Unavailable("voice_unavailable")
        return [levelled(samples).tobytes() for samples in spoken]
    except (OSError, subprocess.SubprocessError, ValueError, DomainError):
        raise Unavailable("voice_unavailable") from None


def _run_program(program: str, text: str, language: str) -> bytes:
    command = [program, "-v", VOICES[language], "-s", str(WORDS_A_MINUTE[language]), "--stdin", "--stdout"]
    done = subprocess.run(  # noqa: S603  (the system's own program; the text goes in by its input)
        command, input=text.encode(), capture_output=True, timeout=ONE_TEXT_SECONDS, check=True
    )
    return done.stdout


def _run_script(texts: Sequence[str], language: str) -> list[bytes]:
    wanted = {"voice": VOICES[language], "words_a_minute": WORDS_A_MINUTE[language], "texts": list(texts)}
    done = subprocess.run(  # noqa: S603  (our own script in our own Python)
        [sys.executable, "-I", str(SCRIPT)],
        input=json.dumps(wanted).encode(),
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    return _frames(done.stdout, len(texts))


def _frames(data: bytes, count: int) -> list[bytes]:
    """The answer of the script, cut up. Raises ValueError when it is not what was asked for."""
    found = []
    at = 0
    for _ in range(count):
        length = int.from_bytes(data[at : at + 4], "little")
        samples = data[at + 4 : at + 4 + length]
        if len(samples) != length or length % 2:
            raise ValueError("cut off")
        found.append(samples)
        at += 4 + length
    return found
