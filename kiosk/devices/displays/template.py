"""Frames of other makers' LED boards, made from a format that the admin writes down from the board's manual.

`"\\x02{address:02d}{digits:>4}\\x03{xor}"`: text and `\\xNN` as they are, `{name}` or `{name:format}` filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import Formatter

from kiosk.devices.displays.checksums import crc16_modbus, sum8, xor8
from kiosk.devices.displays.contract import DisplayState

CHECKSUMS: dict[str, tuple[Callable[[bytes], int], int]] = {
    "xor": (xor8, 1),
    "sum": (sum8, 1),
    "crc16-modbus": (crc16_modbus, 2),
}
"""Name → function and number of bytes. They count what stands before them, from `checksum_from` on."""

NUMBERS_SHOWN = frozenset({"digits", "label"})
PLACEHOLDERS = NUMBERS_SHOWN | {"address", "blink"} | set(CHECKSUMS)
ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|[rnt0\\])")
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\"}
TEXT_FORMAT = re.compile(r"(?:[ 0_*-]?[<>^])?\d{0,2}")
NUMBER_FORMAT = re.compile(r"b|(?:0?\d{0,2}[dxX]?)")
LONGEST_FRAME = 120
HIGHEST_BYTE = 0xFF


class BadFrame(ValueError):
    """A format that cannot be used; `part` is the piece at fault, `reason` a stable code."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(reason, part)
        self.reason, self.part = reason, part


class FrameTemplate:
    """A format, checked once; raises BadFrame."""

    def __init__(self, frame: str, *, checksum_from: int = 1, steady: str = "0", blinking: str = "1") -> None:
        if not frame or len(frame) > LONGEST_FRAME:
            raise BadFrame("too_long" if frame else "required")
        self._pieces = list(_pieces(unescaped(frame)))
        if not any(name in NUMBERS_SHOWN for _, name, _ in self._pieces):
            raise BadFrame("shows_no_number")
        self._blink = {on: unescaped(word) for on, word in ((False, steady), (True, blinking))}
        self._checksum_from = checksum_from

    def render(self, state: DisplayState, address: int, width: int) -> bytes:
        """The bytes for one state on a board of `width` characters."""
        made = bytearray()
        for literal, name, form in self._pieces:
            made += literal.encode("latin-1")
            if name in CHECKSUMS:
                count, size = CHECKSUMS[name]
                made += _number(count(bytes(made[self._checksum_from :])), form or "b", size)
            elif name == "address":
                made += _number(address, form, 1)
            elif name == "blink":
                made += self._blink[state.blink].encode("latin-1")
            elif name:
                shown = state.text(width, "label" if name == "label" else "digits")
                made += f"{shown:{form}}".encode("ascii", "replace")
        return bytes(made)


def unescaped(text: str) -> str:
    r"""Text with `\xNN`, `\r`, `\n`, `\t`, `\0` and `\\` read as single bytes; raises BadFrame("not_one_byte")."""
    plain = ESCAPE.sub(_escaped, text)
    if any(ord(letter) > HIGHEST_BYTE for letter in plain):
        raise BadFrame("not_one_byte", text)
    return plain


def _pieces(frame: str) -> Iterator[tuple[str, str, str]]:
    try:
        parsed = list(Formatter().parse(frame))
    except ValueError:
        raise BadFrame("braces_unbalanced") from None
    for literal, name, form, conversion in parsed:
        if name is not None and (name not in PLACEHOLDERS or conversion):
            raise BadFrame("unknown_placeholder", name)
        fits = TEXT_FORMAT if name in NUMBERS_SHOWN else NUMBER_FORMAT
        if form and (name == "blink" or not fits.fullmatch(form)):
            raise BadFrame("unknown_format", f"{name}:{form}")
        yield literal, name or "", form or ""


def _escaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(int(code[1:], 16)) if code.startswith("x") else ESCAPES[code]


def _number(value: int, form: str, size: int) -> bytes:
    """`b`: as raw bytes, the low one first; otherwise written out."""
    return value.to_bytes(size, "little") if form == "b" else f"{value:{form}}".encode("ascii")
