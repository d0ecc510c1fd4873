"""A ticket as a picture of black and white dots, the same on every printer whatever its code pages."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from kiosk.devices import qr
from kiosk.devices.sheet import PAPER_58MM, PAPER_80MM, Drawing, Sheet
from kiosk.devices.typography import LINE_HEIGHT, draw_line, font, shrink_to_fit, text_width, wrap
from kiosk.domain.document import TicketSlip, TicketText, ticket_text

__all__ = ["PAPER_58MM", "PAPER_80MM", "draw_ticket", "lay_out_ticket"]

WIDE = 504  # dots; the narrowest head for 80 mm paper (180 dots an inch) has a few more
QR_MODULE = 5  # dots
QR_ALONE_MODULE = 6  # an even one: blocks of 2 x 2 dots travel at a quarter of their size
# Lines of names. A ticket is to travel in 20 KB: the code of a full one stands alone, as it costs a quarter
# there, and a crowded one is set smaller as a whole.
FULL_LINES = 4
CROWDED_LINES = 6
CROWDED_SCALE = 0.86


def draw_ticket(slip: TicketSlip, width: int = PAPER_80MM) -> Image.Image:
    """Return the ticket as a mode "1" picture `width` dots wide, as tall as its texts need."""
    return lay_out_ticket(slip, width).picture


def lay_out_ticket(
    slip: TicketSlip, width: int = PAPER_80MM, *, code_alone: bool = False, feed: int = 0
) -> Drawing:
    """Return the ticket's picture, and where its code stands alone in it.

    `code_alone` keeps everything else off the rows of the code; `feed` is rows of white below it all.
    """
    text = ticket_text(slip)
    sheet = Sheet(width)
    lines = _name_lines(sheet, text)
    if lines > CROWDED_LINES and width >= WIDE:
        sheet = Sheet(width, CROWDED_SCALE)
    _draw_heading(sheet, text)
    _draw_number(sheet, text)
    _draw_waiting(sheet, text)
    _draw_follow(sheet, text, slip.follow_url, code_alone or lines > FULL_LINES)
    _draw_footer(sheet, text)
    sheet.y += feed
    return sheet.finish()


def _draw_heading(sheet: Sheet, text: TicketText) -> None:
    sheet.gap(16)
    if text.repeat_mark:
        _draw_repeat_mark(sheet, text.repeat_mark)
    for paragraph in _heading(sheet, text):
        sheet.centred(*paragraph)
    sheet.gap(12)
    sheet.rule()
    if text.offline_mark:
        _draw_mark(sheet, text.offline_mark)
    if text.day_mark:
        _draw_mark(sheet, text.day_mark)


def _heading(sheet: Sheet, text: TicketText) -> list[tuple[str, str, int, int]]:
    """Return the paragraphs above the rule: text, weight, size, most lines."""
    size = shrink_to_fit(text.title, "Bold", sheet.size(26), sheet.room, sheet.size(22))
    return [(text.title, "Bold", size, 3), (text.subtitle, "Regular", sheet.size(23), 2)]


def _names(sheet: Sheet, text: TicketText) -> list[tuple[str, str, int, int]]:
    """Return the paragraphs below the number; a name of three lines is set a step smaller."""
    names = []
    most = 3 if sheet.width >= WIDE else 4
    for name, weight, size in ((text.department, "SemiBold", 30), (text.procedure, "Medium", 27)):
        fits = len(wrap(name, weight, sheet.size(size), sheet.room, 3)) < 3
        names.append((name, weight, sheet.size(size if fits else size - 4), most))
    return names


def _name_lines(sheet: Sheet, text: TicketText) -> int:
    return sum(
        len(wrap(name, weight, size, sheet.room, lines))
        for name, weight, size, lines in (*_heading(sheet, text), *_names(sheet, text))
    )


def _draw_repeat_mark(sheet: Sheet, mark: str) -> None:
    """White on black and above everything, so that a second paper is never taken for the first."""
    size = shrink_to_fit(mark, "Bold", sheet.size(30), sheet.room - sheet.size(32), 8)
    ink = draw_line(mark, "Bold", size)
    pad = sheet.size(8)
    box = Image.new("1", (ink.dots.width + 4 * pad, ink.dots.height + 2 * pad), 1)
    box.paste(0, (2 * pad, pad), ink.dots)
    sheet.place(box, (sheet.width - box.width) // 2, sheet.y)
    sheet.y += box.height
    sheet.gap(12)


def _draw_mark(sheet: Sheet, mark: str) -> None:
    """In a frame of its own below the heading: another thing than the white on black of a second paper."""
    size = shrink_to_fit(mark, "Bold", sheet.size(24), sheet.room - sheet.size(32), 8)
    ink = draw_line(mark, "Bold", size)
    sheet.gap(14)
    tall = round(size * LINE_HEIGHT) + sheet.size(8)
    wide = ink.advance + sheet.size(32)
    left = (sheet.width - wide) // 2
    sheet.frame(left, sheet.y, left + wide, sheet.y + tall, 2)
    sheet.y += sheet.size(4)
    sheet.write(ink, (sheet.width - ink.advance) // 2, size)
    sheet.y += tall - sheet.size(4)


def _draw_number(sheet: Sheet, text: TicketText) -> None:
    sheet.gap(14)
    sheet.centred(text.caption, "Regular", sheet.size(26), 1)
    sheet.gap(14)
    if text.label:
        number = _draw_label(text.label, sheet.room, sheet.size(210))
        sheet.place(number, (sheet.width - number.width) // 2 & ~1, sheet.y)
        sheet.y += number.height
    sheet.gap(20)
    for paragraph in _names(sheet, text):
        sheet.centred(*paragraph)


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


def _draw_waiting(sheet: Sheet, text: TicketText) -> None:
    sheet.gap(14)
    pairs = [pair for pair in (text.ahead, text.wait) if pair is not None]
    if not pairs:
        return
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


def _draw_follow(sheet: Sheet, text: TicketText, url: str, alone: bool) -> None:
    """Put the code on the left and what to know beside it, or below it where it has to stand alone."""
    size = sheet.size(23)
    modules = qr.modules(url) if url else None
    module = _module(modules, sheet.width, alone) if modules else None
    notes = [
        (text.then, "SemiBold"),
        (text.scan if module else "", "Regular"),
        (text.priority, "Bold"),
        (text.hold, "Regular"),
        (text.offline_note, "Regular"),
    ]
    side = modules * module if modules and module else 0
    beside = sheet.room - side - sheet.size(20)
    if side and not alone and beside >= 240:
        _draw_beside(sheet, notes, qr.draw_qr(url, module or 0), beside)
        return
    if side:
        sheet.gap(6)
        sheet.code_alone(url, module or 0, side)
        sheet.y += qr.QUIET * qr.LEAST_MODULE
    for note, weight in notes:
        sheet.centred(note, weight, size, 3)
    sheet.gap(10)


def _draw_beside(sheet: Sheet, notes: list[tuple[str, str]], code: Image.Image, beside: int) -> None:
    size = sheet.size(23)
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


def _module(modules: int, width: int, alone: bool) -> int | None:
    """Return the dots a module gets, or None when the code cannot be wide enough to read."""
    largest = QR_ALONE_MODULE if alone and width >= WIDE else QR_MODULE
    share = 0.4 if width >= WIDE and not alone else 0.6  # of the paper; on narrow paper the code stands alone
    if (modules + 2 * qr.QUIET) * largest <= share * width:
        return largest
    return qr.LEAST_MODULE if (modules + 2 * qr.QUIET) * qr.LEAST_MODULE <= width else None


def _draw_footer(sheet: Sheet, text: TicketText) -> None:
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
