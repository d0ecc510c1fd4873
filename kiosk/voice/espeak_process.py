"""Speaks with the eSpeak NG library in a process of its own: the library is GPL and never loaded by the product.

Run as a script. Reads {"voice": …, "words_a_minute": …, "texts": […]} from standard input; writes for each text the
number of bytes (4, little-endian) and that many bytes of samples (16-bit, mono, 22,050 Hz).
"""

from __future__ import annotations

import ctypes
import json
import sys
from importlib import import_module
from typing import Any

AUDIO_OUTPUT_SYNCHRONOUS = 2
DONT_EXIT = 0x8000
PARAMETER_RATE = 1
UTF8 = 1
RATE = 22_050

HEAR = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main() -> int:
    """Speak what is asked for; 3 when the library cannot."""
    wanted = json.load(sys.stdin)
    espeakng_loader = import_module(
        "espeakng_loader"
    )  # only here: importing this file must not load the library
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    if library.espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, data, DONT_EXIT) != RATE:
        return 3
    said = bytearray()

    def hear(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            said.extend(ctypes.string_at(samples, 2 * count))
        return 0

    kept = HEAR(hear)  # the library holds no reference of its own
    library.espeak_SetSynthCallback(kept)
    if library.espeak_SetVoiceByName(wanted["voice"].encode()) != 0:
        return 3
    library.espeak_SetParameter(PARAMETER_RATE, int(wanted["words_a_minute"]), 0)
    for text in wanted["texts"]:
        said.clear()
        spoken = text.encode()
        library.espeak_Synth(spoken, len(spoken) + 1, 0, 1, 0, UTF8, None, None)
        library.espeak_Synchronize()
        sys.stdout.buffer.write(len(said).to_bytes(4, "little") + said)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
