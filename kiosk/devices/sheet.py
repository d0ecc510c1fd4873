"""Paper of endless length: things are placed from the top down, the picture is made at the end."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from kiosk.devices.barcodes import code128
from kiosk.devices.qr import PlacedCode, draw_qr
from kiosk.devices.typography import LINE_HEIGHT, Ink, draw_line, wrap

PAPER_80MM = 576  # dots
PAPER_58MM = 384


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture (mode "1", black on white) and the codes that stand alone on their rows in it."""

    picture: Image.Image
    codes: tuple[PlacedCode, ...] = ()


class Sheet:
    """A sheet `width` dots wide; `y` is where the next thing goes, `scale` makes all of it smaller."""

    def __init__(self, width: int, scale: float = 1.0) -> None:
        self.width = width
        self.y = 0
        # Narrow paper keeps letters legible by giving up margin and air before size.
        narrow = width / PAPER_80MM
        self._scale = (0.5 + 0.5 * narrow) * scale
        self.margin = round(20 * narrow)
        self.room = width - 2 * self.margin
        self._placed: list[tuple[Image.Image | None, tuple[int, int, int, int]]] = []
        self._codes: list[PlacedCode] = []

    def size(self, dots: int) -> int:
        """Scale a size made for 80 mm paper."""
        return round(dots * self._scale)

    def gap(self, dots: int) -> None:
        """Leave white, scaled to the paper."""
        self.y += self.size(dots)

    def place(self, dots: Image.Image, x: int, y: int) -> None:
        """Put a drawn thing down; does not move on."""
        self._placed.append((dots, (x, y, x + dots.width, y + dots.height)))

    def fill(self, x: int, y: int, right: int, bottom: int) -> None:
        """Blacken a box; does not move on."""
        self._placed.append((None, (x, y, right, bottom)))

    def frame(self, x: int, y: int, right: int, bottom: int, thick: int) -> None:
        """Blacken the edge of a box; does not move on."""
        self.fill(x, y, right, y + thick)
        self.fill(x, bottom - thick, right, bottom)
        self.fill(x, y, x + thick, bottom)
        self.fill(right - thick, y, right, bottom)

    def rule(self) -> None:
        """Draw a line across."""
        self.fill(self.margin, self.y, self.width - self.margin, self.y + 3)
        self.y += 3

    def write(self, ink: Ink, x: int, size: int) -> None:
        """Put one line at x with its line box starting here; does not move on."""
        self.place(ink.dots, x + ink.left, self.y + round(size * 1.05) + ink.top)

    def next_line(self, size: int) -> None:
        """Move on by a line of this size."""
        self.y += round(size * LINE_HEIGHT)

    def centred(self, text: str, weight: str, size: int, lines: int) -> None:
        """Write a paragraph in the middle, broken into at most so many lines."""
        for line in wrap(text, weight, size, self.room, lines) if text else ():
            ink = draw_line(line, weight, size)
            self.write(ink, (self.width - ink.advance) // 2, size)
            self.next_line(size)

    def code_alone(self, payload: str, module: int, side: int) -> None:
        """Put a code in the middle on rows of its own, and move below its quiet zone."""
        # At an even place blocks of 2 x 2 dots are seen as such and travel at a quarter of their size.
        code = PlacedCode(payload, module, (self.width - side) // 2 & ~1, self.y, side)
        self.place(draw_qr(payload, module), code.x, code.y)
        self._codes.append(code)
        self.y += side

    def bars(self, text: str, module: int, height: int) -> None:
        """Put a Code 128 barcode in the middle, its quiet zones (ISO/IEC 15417: ten modules) left white, and move below."""
        pattern = code128(text)
        left = (self.width - len(pattern) * module) // 2
        for place, dark in enumerate(pattern):
            if dark == "1":
                x = left + place * module
                self.fill(x, self.y, x + module, self.y + height)
        self.y += height

    def finish(self) -> Drawing:
        """Return all that was placed."""
        canvas = Image.new("1", (self.width, self.y), 1)
        for dots, box in self._placed:
            if dots is None:
                canvas.paste(0, box)
            else:
                canvas.paste(0, box, dots)
        return Drawing(canvas, tuple(self._codes))
