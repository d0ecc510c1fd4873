"""A line of characters in a printer's memory: in which letters, how large, how bold, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from PIL import Image

from kiosk.devices.charsets import decode_letters
from kiosk.devices.models import PrinterModel
from kiosk.devices.typography import draw_line

CELL = (12, 24)  # dots; a character of font A
_PAGES = {0: "cp437", 30: "tcvn3-lower", 31: "tcvn3-upper", 52: "cp1258"}  # as Epson numbers them
_GLYPH = 20  # dots; the font size that fills a cell
_BASELINE = 19


@dataclass(frozen=True, slots=True)
class _Style:
    letters: str = "cp437"
    across: int = 1
    down: int = 1
    bold: bool = False


class TextBuffer:
    """Characters waiting for the end of their line, on paper `width` dots wide."""

    def __init__(self, width: int, model: PrinterModel | None = None) -> None:
        self._width = width
        self._pages = {page.page: page.letters for page in model.code_pages} if model else _PAGES
        self._style = _Style()
        self._cells: list[tuple[int, _Style]] = []
        self._wide = 0

    @property
    def empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._cells

    def clear(self) -> None:
        """Forget what waits."""
        self._cells.clear()
        self._wide = 0

    def reset(self) -> None:
        """Forget what waits, and all settings (ESC @)."""
        self.clear()
        self._style = _Style()

    def select_page(self, page: int) -> None:
        """Take up a table of letters (ESC t); a table the printer has not got shows code page 437."""
        self._style = replace(self._style, letters=self._pages.get(page, "cp437"))

    def set_bold(self, mode: int) -> None:
        """ESC E."""
        self._style = replace(self._style, bold=bool(mode & 1))

    def set_size(self, mode: int) -> None:
        """GS !: the high half byte across, the low one down."""
        self._style = replace(self._style, across=(mode >> 4 & 7) + 1, down=(mode & 7) + 1)

    def set_mode(self, mode: int) -> None:
        """ESC !: bold, twice as tall, twice as wide."""
        across, down = 1 + bool(mode & 0x20), 1 + bool(mode & 0x10)
        self._style = replace(self._style, bold=bool(mode & 8), across=across, down=down)

    def add(self, byte: int) -> bool:
        """Take one character; False when the line has no room for it."""
        wide = CELL[0] * self._style.across
        if self._cells and self._wide + wide > self._width:
            return False
        self._wide += wide
        self._cells.append((byte, self._style))
        return True

    def take(self) -> tuple[str, Image.Image | None, int]:
        """Return the line's text, its picture (white on black is paper on ink; None: blank) and its height."""
        runs = [
            (decode_letters((byte for byte, _ in group), style.letters), style)
            for style, group in groupby(self._cells, key=lambda cell: cell[1])
        ]
        self.clear()
        text = "".join(run for run, _ in runs)
        tall = CELL[1] * max((style.down for _, style in runs), default=1)
        return text, _draw(runs, tall) if text.strip() else None, tall


def _draw(runs: list[tuple[str, _Style]], tall: int) -> Image.Image:
    wide = sum(len(run) * CELL[0] * style.across for run, style in runs)
    # Marks over capitals and below letters reach out of a cell that is drawn to its full height.
    line = Image.new("1", (wide, tall), 0)
    x = 0
    for run, style in runs:
        cell = CELL[0] * style.across
        for char in run:
            _draw_char(line, char, x, cell, style, tall)
            x += cell
    return line


def _draw_char(line: Image.Image, char: str, x: int, cell: int, style: _Style, tall: int) -> None:
    ink = draw_line(char, "Bold" if style.bold else "Regular", _GLYPH * style.down)
    wide = min(cell, max(1, round(ink.dots.width * style.across / style.down)))
    dots = ink.dots.resize((wide, ink.dots.height), Image.Resampling.NEAREST)
    top = tall - CELL[1] * style.down + _BASELINE * style.down + ink.top
    line.paste(1, (x + (cell - wide) // 2, max(0, min(top, tall - dots.height))), dots)
