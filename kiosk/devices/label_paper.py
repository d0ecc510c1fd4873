"""A parcel's label on ticket paper: bars a scanner reads, and an address a postman reads at arm's length."""

from __future__ import annotations

from kiosk.devices.barcodes import widest_module
from kiosk.devices.sheet import Drawing, Sheet
from kiosk.devices.textmode import TextLine
from kiosk.devices.typography import draw_line, wrap
from kiosk.domain.label import ParcelLabel, label_text

LARGEST_MODULE = 4  # dots
BAR_HEIGHT = 110  # dots


def lay_out_label(label: ParcelLabel, width: int, *, feed: int = 0) -> Drawing:
    """Return the picture of the label; `feed` is rows of white below."""
    text = label_text(label)
    sheet = Sheet(width)
    sheet.gap(12)
    if text.repeat_mark:
        sheet.centred(text.repeat_mark, "ExtraBold", sheet.size(34), 1)
    sheet.centred(text.service, "Bold", sheet.size(22), 2)
    sheet.gap(10)
    # The quiet zones may reach into the margin: it is white.
    module = widest_module(label.number, width, LARGEST_MODULE)
    if module:
        sheet.bars(label.number, module, sheet.size(BAR_HEIGHT))
        sheet.gap(6)
    sheet.centred(text.number, "ExtraBold", sheet.size(34), 1)
    sheet.centred(text.dossier, "Medium", sheet.size(22), 2)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(8)
    _left(sheet, "Người nhận", "Regular", 21)
    _left(sheet, text.to, "ExtraBold", 36)
    _left(sheet, text.address, "Bold", 28)
    _left(sheet, text.phone, "Bold", 32)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(8)
    for duty in text.duties:
        _left(sheet, duty, "Medium", 24)
    sheet.gap(8)
    sheet.rule()
    sheet.gap(6)
    _left(sheet, "Người gửi", "Regular", 20)
    _left(sheet, text.sender, "Regular", 22)
    sheet.gap(12)
    sheet.y += feed
    return sheet.finish()


def _left(sheet: Sheet, text: str, weight: str, dots: int) -> None:
    size = sheet.size(dots)
    for line in wrap(text, weight, size, sheet.room, 5) if text else ():
        sheet.write(draw_line(line, weight, size), sheet.margin, size)
        sheet.next_line(size)


def label_lines(label: ParcelLabel, columns: int) -> list[TextLine]:
    """Return the label's paragraphs for a slow line."""
    text = label_text(label)
    rule = TextLine("-" * columns)
    lines = [
        TextLine(text.repeat_mark, 2, bold=True),
        TextLine(text.service, bold=True),
        TextLine(text.number, 2, bold=True),
        TextLine(text.dossier),
        rule,
        TextLine(text.to, 2, bold=True),
        TextLine(text.address, bold=True),
        TextLine(text.phone, bold=True),
        rule,
        *(TextLine(duty) for duty in text.duties),
        rule,
        TextLine(text.sender),
    ]
    return [line for line in lines if line.text]
