"""Papers about money, drawn or, for a slow line, written with the printer's own letters."""

from __future__ import annotations

from kiosk.devices import qr
from kiosk.devices.sheet import Drawing, Sheet
from kiosk.devices.textmode import TextLine
from kiosk.devices.typography import draw_line, shrink_to_fit, wrap
from kiosk.domain.money_slip import MoneySlip, money_text

LARGEST_MODULE = 8  # dots
LEAST_MODULE = 4


def lay_out_money(slip: MoneySlip, width: int, *, feed: int = 0) -> Drawing:
    """Return the picture of the paper; `feed` is rows of white below."""
    text = money_text(slip)
    sheet = Sheet(width)
    sheet.gap(12)
    if text.repeat_mark:
        sheet.centred(text.repeat_mark, "ExtraBold", sheet.size(34), 1)
    sheet.centred(text.title, "Bold", sheet.size(26), 3)
    sheet.centred(text.subtitle, "Regular", sheet.size(21), 2)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(10)
    sheet.centred(text.heading, "Medium", sheet.size(26), 2)
    size = shrink_to_fit(text.amount, "ExtraBold", sheet.size(64), sheet.room, sheet.size(30))
    sheet.centred(text.amount, "ExtraBold", size, 1)
    sheet.centred(text.in_words, "Regular", sheet.size(22), 3)
    sheet.gap(6)
    if slip.payload and not slip.receipts:
        _draw_code(sheet, slip.payload)
        sheet.centred(text.scan, "Medium", sheet.size(23), 4)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(8)
    for name, value in text.rows:
        _draw_row(sheet, name, value)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(6)
    sheet.centred(text.footer, "Regular", sheet.size(21), 2)
    sheet.gap(12)
    sheet.y += feed
    return sheet.finish()


def _draw_code(sheet: Sheet, payload: str) -> None:
    modules = qr.modules(payload)
    if modules is None:
        return
    module = min(LARGEST_MODULE, sheet.room // modules)
    if module >= LEAST_MODULE:
        sheet.gap(8)
        sheet.code_alone(payload, module, modules * module)
        sheet.y += qr.QUIET * qr.LEAST_MODULE


def _draw_row(sheet: Sheet, name: str, value: str) -> None:
    """Name at the left and value at the right; a long one goes below."""
    size = sheet.size(23)
    left, right = draw_line(name, "Regular", size), draw_line(value, "Bold", size)
    if left.advance + right.advance + sheet.size(16) <= sheet.room:
        sheet.write(left, sheet.margin, size)
        sheet.write(right, sheet.width - sheet.margin - right.advance, size)
        sheet.next_line(size)
        return
    for text, weight in ((name, "Regular"), (value, "Bold")):
        for line in wrap(text, weight, size, sheet.room, 4):
            sheet.write(draw_line(line, weight, size), sheet.margin, size)
            sheet.next_line(size)


def money_lines(slip: MoneySlip, columns: int, *, code: bool) -> list[TextLine]:
    """Return the paper's paragraphs; `code`: the printer can draw one."""
    text = money_text(slip)
    payload = slip.payload if code and not slip.receipts and qr.modules(slip.payload) is not None else ""
    lines = [
        TextLine(text.repeat_mark, 2, bold=True),
        TextLine(text.title, bold=True),
        TextLine(text.subtitle),
        TextLine("-" * columns),
        TextLine(text.heading),
        TextLine(text.amount, 2, bold=True),
        TextLine(text.in_words),
        TextLine(code=payload),
        TextLine(text.scan if payload else ""),
        TextLine("-" * columns),
        *(TextLine(f"{name}: {value}") for name, value in text.rows),
        TextLine("-" * columns),
        TextLine(text.footer),
    ]
    return [line for line in lines if line.text or line.code]
