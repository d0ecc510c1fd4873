"""Letters as dots: Be Vietnam Pro drawn without grey, measured and broken into lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

LINE_HEIGHT = 1.3  # of the font size; below 1.25 stacked diacritics (ễ, ậ) touch the line above

# Thermal dots bleed a little less than ink: a grey of 47 % already prints, so thin strokes survive.
_DARK_ENOUGH = tuple(1 if level >= 120 else 0 for level in range(256))
_FONTS = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"


@dataclass(frozen=True, slots=True)
class Ink:
    """One drawn line: its dots, where they start relative to the pen on the baseline, and its advance."""

    dots: Image.Image
    left: int
    top: int
    advance: int


@lru_cache(maxsize=128)
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Return Be Vietnam Pro in this weight ("Regular", "Bold", …) at this size in dots."""
    return ImageFont.truetype(str(_FONTS / f"BeVietnamPro-{weight}.ttf"), size)


@lru_cache(maxsize=4096)
def text_width(text: str, weight: str, size: int) -> float:
    """Return how far the pen moves for this text, in dots."""
    return font(weight, size).getlength(text)


@lru_cache(maxsize=512)
def draw_line(text: str, weight: str, size: int) -> Ink:
    """Draw one line of text; most lines of a ticket repeat all day, so they are kept."""
    face = font(weight, size)
    left, top, right, bottom = (int(edge) for edge in face.getbbox(text, anchor="ls"))
    grey = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(grey).text((-left, -top), text, fill=255, font=face, anchor="ls")
    advance = round(text_width(text, weight, size))
    return Ink(grey.point([level * 255 for level in _DARK_ENOUGH], "1"), left, top, advance)


def shrink_to_fit(text: str, weight: str, size: int, room: float, smallest: int) -> int:
    """Return the largest size from `size` down to `smallest` at which the text fits the room, in dots."""
    while size > smallest and text_width(text, weight, size) > room:
        size -= 1
    return size


@lru_cache(maxsize=512)
def wrap(text: str, weight: str, size: int, room: float, lines: int) -> tuple[str, ...]:
    """Break text at spaces into at most so many lines of the room's width; what is left over ends in "…".

    Two or three lines are balanced, so that no single syllable is left alone on the last one.
    """
    broken = _break(text, weight, size, room)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], _cut(" ".join(broken[lines - 1 :]), weight, size, room)]
        return tuple(broken)
    if len(broken) > 1:
        narrow = room
        while narrow > room / 2:
            narrow -= 8
            tighter = _break(text, weight, size, narrow)
            if len(tighter) > len(broken) or any(text_width(line, weight, size) > room for line in tighter):
                break
            broken = tighter
    return tuple(broken)


def _break(text: str, weight: str, size: int, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, weight, size) <= room:
            lines[-1] = longer
        else:
            lines.extend(_break_word(word, weight, size, room))
    return lines


def _break_word(word: str, weight: str, size: int, room: float) -> list[str]:
    """Cut a word that is wider than a line anywhere; most are not, and stay whole."""
    pieces = []
    rest = word
    while text_width(rest, weight, size) > room and len(rest) > 1:
        taken = len(rest) - 1
        while taken > 1 and text_width(rest[:taken], weight, size) > room:
            taken -= 1
        pieces.append(rest[:taken])
        rest = rest[taken:]
    return [*pieces, rest]


def _cut(text: str, weight: str, size: int, room: float) -> str:
    while text and text_width(text + "…", weight, size) > room:
        text = text.rsplit(" ", 1)[0] if " " in text else text[:-1]
    return text + "…"
