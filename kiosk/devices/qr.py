"""QR codes (ISO/IEC 18004, model 2, level M): drawn by us, or described for the printer to draw."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import segno
from PIL import Image

LEAST_MODULE = 4  # dots; the least a phone reads from worn thermal paper
QUIET = 4  # modules of white around the code
_LARGEST_MODULE = 16  # dots; n of GS ( k, function 167
_COMMAND = b"\x1d(k"


@dataclass(frozen=True, slots=True)
class PlacedCode:
    """Where a code stands in a picture, alone on its rows, and what it says; dots."""

    payload: str
    module: int
    x: int
    y: int
    side: int


@lru_cache(maxsize=64)
def _matrix(payload: str) -> tuple[bytes, int]:
    """Return the modules row by row, 255 for dark ones, and how many are in a row."""
    # A fixed mask is as readable to a phone and saves the eight trial drawings (5 ms of a 12 ms ticket).
    code = segno.make(payload, error="m", micro=False, boost_error=False, mask=3)
    return bytes(255 if dark else 0 for row in code.matrix for dark in row), len(code.matrix)


def modules(payload: str) -> int | None:
    """Return how many modules a side has, without the quiet zone; None when no code holds so much."""
    try:
        return _matrix(payload)[1]
    except segno.DataOverflowError:
        return None


@lru_cache(maxsize=32)
def draw_qr(payload: str, module: int) -> Image.Image:
    """Draw the code with modules of so many dots, without its quiet zone; white on black is paper on ink."""
    rows, side = _matrix(payload)
    small = Image.frombytes("L", (side, side), rows)
    return small.resize((side * module, side * module), Image.Resampling.NEAREST).convert(
        "1", dither=Image.Dither.NONE
    )


def command_qr(payload: str, module: int) -> bytes:
    """Return the commands (GS ( k) that make the printer draw the code, at its own choice of mask."""
    if not 1 <= module <= _LARGEST_MODULE:
        raise ValueError(f"modules of {module} dots are none a printer draws")
    data = payload.encode()
    return b"".join(
        (
            _COMMAND + b"\x04\x00\x31\x41\x32\x00",  # model 2
            _COMMAND + b"\x03\x00\x31\x43" + bytes((module,)),
            _COMMAND + b"\x03\x00\x31\x45\x31",  # level M
            _COMMAND + (len(data) + 3).to_bytes(2, "little") + b"\x31\x50\x30" + data,
            _COMMAND + b"\x03\x00\x31\x51\x30",  # print what was stored
        )
    )
