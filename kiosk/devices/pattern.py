"""The test print: what to look at, on paper, before a printer is trusted with tickets."""

from __future__ import annotations

from PIL import Image

from kiosk.devices import qr
from kiosk.devices.charsets import LOWER_LETTERS, TCVN_LOWER, TCVN_UPPER, UPPER_LETTERS
from kiosk.devices.models import MM_PER_INCH, PrinterModel
from kiosk.devices.sheet import Drawing, Sheet
from kiosk.devices.textmode import TextLine
from kiosk.devices.typography import draw_line, shrink_to_fit, wrap
from kiosk.domain.document import PatternText

CODE_MODULE = 6  # dots
_TICKS = ((10, 26), (5, 18), (1, 10))  # millimetres, rows
_FINE = 24  # rows of the finest lines
_IN_A_LINE = 16  # letters, with a space between them, on the narrowest paper


def ruler_mm(model: PrinterModel) -> int:
    """Return the whole millimetres a row of this printer's dots is long."""
    return int(model.dots * MM_PER_INCH / model.dpi)


def lay_out_pattern(
    text: PatternText, link: str, model: PrinterModel, *, end: bool = True, feed: int = 0
) -> Drawing:
    """Return the picture of the test print; `end` writes its last line, `feed` is rows of white below."""
    sheet = Sheet(model.dots)
    _draw_head(sheet, text)
    _draw_letters(sheet, text)
    _caption(sheet, text.ruler)
    _draw_ruler(sheet, model)
    _caption(sheet, text.edges)
    _draw_edges(sheet)
    side = (qr.modules(link) or 0) * CODE_MODULE if link else 0
    if 0 < side <= sheet.room:
        sheet.gap(20)
        sheet.code_alone(link, CODE_MODULE, side)
        sheet.y += qr.QUIET * qr.LEAST_MODULE
        sheet.centred(text.code, "Regular", sheet.size(23), 2)
    if end:
        sheet.gap(6)
        sheet.centred(text.end, "Bold", sheet.size(23), 2)
    sheet.gap(8)
    sheet.y += feed
    return sheet.finish()


def page_lines(text: PatternText, model: PrinterModel, *, alone: bool = False) -> list[TextLine]:
    """Return the letters as the printer's own tables show them, where its file names any.

    `alone`: there are none of ours above them to compare with.
    """
    lines: list[TextLine] = []
    for letters, name, table in (
        (LOWER_LETTERS, "tcvn3-lower", TCVN_LOWER),
        (UPPER_LETTERS, "tcvn3-upper", TCVN_UPPER),
    ):
        page = model.page(name)
        if page is not None:
            raw = [bytes((table[letter],)) for letter in letters]
            lines.append(TextLine(f"ESC t {page}"))
            lines += [
                TextLine(page=page, raw=b" ".join(raw[at : at + _IN_A_LINE]))
                for at in range(0, len(raw), _IN_A_LINE)
            ]
    heading = TextLine(text.letters if alone else text.pages)
    return [heading, *lines, TextLine(text.end, bold=True)] if lines else []


def _draw_head(sheet: Sheet, text: PatternText) -> None:
    sheet.gap(12)
    sheet.centred(text.title, "Bold", sheet.size(38), 1)
    for number, fact in enumerate(text.facts):
        size = shrink_to_fit(fact, "Regular", sheet.size(23), sheet.room, sheet.size(18))
        sheet.centred(fact, "Regular" if number else "Bold", size, 3)
    sheet.gap(8)
    sheet.rule()


def _caption(sheet: Sheet, text: str) -> None:
    sheet.gap(10)
    size = shrink_to_fit(text, "Medium", sheet.size(22), sheet.room, sheet.size(18))
    sheet.centred(text, "Medium", size, 2)
    sheet.gap(4)


def _draw_letters(sheet: Sheet, text: PatternText) -> None:
    _caption(sheet, text.letters)
    for letters in (LOWER_LETTERS, UPPER_LETTERS):
        size = sheet.size(27)
        for line in wrap(" ".join(letters), "Regular", size, sheet.room, 9):
            sheet.centred(line, "Regular", size, 1)
            sheet.gap(5)  # marks over capitals must not touch the dots below the line above


def _draw_ruler(sheet: Sheet, model: PrinterModel) -> None:
    """Ticks from the very first dot, a millimetre apart, the tens with their number."""
    length = ruler_mm(model)
    for mm in range(length + 1):
        x = min(round(mm * model.dpi / MM_PER_INCH), sheet.width - 2)
        rows = next(rows for step, rows in _TICKS if mm % step == 0)
        sheet.fill(x, sheet.y, x + 2, sheet.y + rows)
    sheet.fill(0, sheet.y, sheet.width, sheet.y + 2)
    sheet.y += _TICKS[0][1]
    size = 20
    for mm in range(0, length + 1, 10):
        ink = draw_line(str(mm), "Regular", size)
        x = round(mm * model.dpi / MM_PER_INCH) - ink.advance // 2
        sheet.write(ink, max(0, min(x, sheet.width - ink.advance)), size)
    sheet.next_line(size)


def _draw_edges(sheet: Sheet) -> None:
    """A frame on the outermost dots; in it lines of one dot, upright and level, and squares of one."""
    top, bottom = sheet.y, sheet.y + 3 * _FINE + 20
    sheet.frame(0, top, sheet.width, bottom, 1)
    wide = sheet.width - 8
    upright = Image.frombytes("1", (sheet.width, 1), b"\xaa" * (sheet.width // 8)).crop((0, 0, wide, 1))
    shifted = Image.frombytes("1", (sheet.width, 1), b"\x55" * (sheet.width // 8)).crop((0, 0, wide, 1))
    solid = Image.new("1", (wide, 1), 1)
    for row in range(_FINE):
        for block, line in enumerate((upright, solid if row % 2 else None, shifted if row % 2 else upright)):
            if line is not None:
                sheet.place(line, 4, top + 5 + block * (_FINE + 5) + row)
    sheet.y = bottom
