"""A ticket as a picture of black and white dots, the same on every printer whatever its code pages."""

from __future__ import annotations

from functools import lru_cache

import segno
from PIL import Image

from kiosk.devices.typography import LINE_HEIGHT, Ink, draw_line, font, shrink_to_fit, text_width, wrap
from kiosk.domain.document import TicketSlip, TicketText, ticket_text

PAPER_80MM = 576  # dots
PAPER_58MM = 384

QR_MODULE = 5  # dots; 4 is the least a phone reads from worn thermal paper
QR_LEAST_MODULE = 4
QR_QUIET = 4  # modules of white around the code (ISO/IEC 18004)


def draw_ticket(slip: TicketSlip, width: int = PAPER_80MM) -> Image.Image:
    """Return the ticket as a mode "1" picture `width` dots wide, as tall as its texts need."""
    text = ticket_text(slip)
    sheet = _Sheet(width)
    _draw_heading(sheet, text)
    _draw_number(sheet, text)
    _draw_waiting(sheet, text)
    _draw_follow(sheet, text, slip.follow_url)
    _draw_footer(sheet, text)
    return sheet.picture()


class _Sheet:
    """Paper of endless length: things are placed from the top down, the picture is made at the end."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.y = 0
        # Narrow paper keeps letters legible by giving up margin and air before size.
        narrow = width / PAPER_80MM
        self._scale = 0.5 + 0.5 * narrow
        self.margin = round(20 * narrow)
        self.room = width - 2 * self.margin
        self._placed: list[tuple[Image.Image | None, tuple[int, int, int, int]]] = []

    def size(self, dots: int) -> int:
        return round(dots * self._scale)

    def gap(self, dots: int) -> None:
        self.y += self.size(dots)

    def place(self, dots: Image.Image, x: int, y: int) -> None:
        self._placed.append((dots, (x, y, x + dots.width, y + dots.height)))

    def fill(self, x: int, y: int, right: int, bottom: int) -> None:
        self._placed.append((None, (x, y, right, bottom)))

    def rule(self) -> None:
        self.fill(self.margin, self.y, self.width - self.margin, self.y + 3)
        self.y += 3

    def write(self, ink: Ink, x: int, size: int) -> None:
        """Put one line at x with its line box starting here; does not move on."""
        self.place(ink.dots, x + ink.left, self.y + _baseline(size) + ink.top)

    def next_line(self, size: int) -> None:
        self.y += round(size * LINE_HEIGHT)

    def centred(self, text: str, weight: str, size: int, lines: int) -> None:
        """Write a paragraph in the middle, broken into at most so many lines."""
        for line in wrap(text, weight, size, self.room, lines) if text else ():
            ink = draw_line(line, weight, size)
            self.write(ink, (self.width - ink.advance) // 2, size)
            self.next_line(size)

    def picture(self) -> Image.Image:
        canvas = Image.new("1", (self.width, self.y), 1)
        for dots, box in self._placed:
            if dots is None:
                canvas.paste(0, box)
            else:
                canvas.paste(0, box, dots)
        return canvas


def _baseline(size: int) -> int:
    return round(size * 1.05)


def _draw_heading(sheet: _Sheet, text: TicketText) -> None:
    sheet.gap(16)
    if text.repeat_mark:
        _draw_repeat_mark(sheet, text.repeat_mark)
    size = shrink_to_fit(text.title, "Bold", sheet.size(26), sheet.room, sheet.size(22))
    sheet.centred(text.title, "Bold", size, 2)
    sheet.centred(text.subtitle, "Regular", sheet.size(23), 2)
    sheet.gap(12)
    sheet.rule()


def _draw_repeat_mark(sheet: _Sheet, mark: str) -> None:
    """White on black and above everything, so that a second paper is never taken for the first."""
    size = sheet.size(30)
    ink = draw_line(mark, "Bold", size)
    pad = sheet.size(8)
    box = Image.new("1", (ink.dots.width + 4 * pad, ink.dots.height + 2 * pad), 1)
    box.paste(0, (2 * pad, pad), ink.dots)
    sheet.place(box, (sheet.width - box.width) // 2, sheet.y)
    sheet.y += box.height
    sheet.gap(12)


def _draw_number(sheet: _Sheet, text: TicketText) -> None:
    sheet.gap(14)
    sheet.centred(text.caption, "Regular", sheet.size(26), 1)
    sheet.gap(14)
    if text.label:
        number = _draw_label(text.label, sheet.room, sheet.size(210))
        sheet.place(number, (sheet.width - number.width) // 2 & ~1, sheet.y)
        sheet.y += number.height
    sheet.gap(20)
    sheet.centred(text.department, "SemiBold", sheet.size(30), 3)
    sheet.centred(text.procedure, "Medium", sheet.size(27), 3)


@lru_cache(maxsize=64)
def _draw_label(label: str, room: int, largest: int) -> Image.Image:
    """Draw the number as large as the paper allows, in blocks of 2 x 2 dots.

    At this size the eye sees no steps of a quarter millimetre, and the number travels at a quarter of the
    bytes (see `escpos.encode_ticket`); it would be a third of the whole ticket otherwise.
    """
    ink = font("ExtraBold", 100).getbbox(label)
    size = min(largest // 2, int(50 * room / max(1, ink[2] - ink[0])))
    while size > 8 and draw_line(label, "ExtraBold", size).dots.width * 2 > room:
        size -= 1
    drawn = draw_line(label, "ExtraBold", size).dots
    return drawn.resize((drawn.width * 2, drawn.height * 2), Image.Resampling.NEAREST)


def _draw_waiting(sheet: _Sheet, text: TicketText) -> None:
    sheet.gap(14)
    pairs = [text.ahead] if text.wait is None else [text.ahead, text.wait]
    share = sheet.room // len(pairs)
    small = sheet.size(23)
    large = min(
        shrink_to_fit(value, "Bold", sheet.size(36), share - sheet.size(10), small) for _, value in pairs
    )
    for row, (weight, size) in enumerate((("Regular", small), ("Bold", large))):
        for column, pair in enumerate(pairs):
            ink = draw_line(pair[row], weight, size)
            sheet.write(ink, sheet.margin + column * share + (share - ink.advance) // 2, size)
        sheet.next_line(size)
    sheet.gap(14)


def _draw_follow(sheet: _Sheet, text: TicketText, url: str) -> None:
    """Put the code on the left and what to know beside it, or below it where the paper is narrow."""
    size = sheet.size(23)
    code = _draw_qr(url, sheet.width) if url else None
    notes = [(text.scan if code else "", "Regular"), (text.priority, "Bold"), (text.hold, "Regular")]
    if code is None:
        for note, weight in notes:
            sheet.centred(note, weight, size, 3)
        sheet.gap(10)
        return
    beside = sheet.room - code.width - sheet.size(20)
    if beside < 240:
        sheet.place(code, (sheet.width - code.width) // 2, sheet.y)
        sheet.y += code.height + QR_QUIET * QR_LEAST_MODULE
        for note, weight in notes:
            sheet.centred(note, weight, size, 3)
        sheet.gap(10)
        return
    lines = [(line, weight) for note, weight in notes if note for line in wrap(note, weight, size, beside, 3)]
    tall = len(lines) * round(size * LINE_HEIGHT)
    top = sheet.y
    sheet.place(code, sheet.margin, top + max(0, tall - code.height) // 2)
    sheet.y += max(0, code.height - tall) // 2
    for line, weight in lines:
        sheet.write(draw_line(line, weight, size), sheet.width - sheet.margin - beside, size)
        sheet.next_line(size)
    sheet.y = top + max(tall, code.height)
    sheet.gap(16)


@lru_cache(maxsize=16)
def _draw_qr(url: str, width: int) -> Image.Image | None:
    """Draw the code at error level M without its quiet zone, or None when it cannot be wide enough to read."""
    try:
        # A fixed mask is as readable to a phone and saves the eight trial drawings (5 ms of a 12 ms ticket).
        code = segno.make(url, error="m", micro=False, boost_error=False, mask=3)
    except segno.DataOverflowError:
        return None
    modules = len(code.matrix)
    share = 0.4 if width >= PAPER_80MM else 0.6  # of the paper; on narrow paper the code stands alone
    module = QR_MODULE if (modules + 2 * QR_QUIET) * QR_MODULE <= share * width else QR_LEAST_MODULE
    if (modules + 2 * QR_QUIET) * module > width:
        return None
    rows = bytes(255 if dark else 0 for row in code.matrix for dark in row)
    small = Image.frombytes("L", (modules, modules), rows)
    return small.resize((modules * module, modules * module), Image.Resampling.NEAREST).convert(
        "1", dither=Image.Dither.NONE
    )


def _draw_footer(sheet: _Sheet, text: TicketText) -> None:
    sheet.rule()
    sheet.gap(10)
    size = shrink_to_fit(" · ".join(text.footer), "Regular", sheet.size(21), sheet.room, sheet.size(19))
    line = ""
    for part in text.footer:
        longer = f"{line} · {part}" if line else part
        if line and text_width(longer, "Regular", size) > sheet.room:
            sheet.centred(line, "Regular", size, 1)
            longer = part
        line = longer
    sheet.centred(line, "Regular", size, 2)
    sheet.gap(8)
