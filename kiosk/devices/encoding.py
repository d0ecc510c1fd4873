"""From a slip to the bytes of its paper, as this model of printer wants them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PIL import Image

from kiosk.devices.escpos import begin_job, cut_paper, encode_picture, set_margin
from kiosk.devices.label_paper import label_lines, lay_out_label
from kiosk.devices.models import PrinterModel
from kiosk.devices.money_paper import lay_out_money, money_lines
from kiosk.devices.pattern import lay_out_pattern, page_lines, ruler_mm
from kiosk.devices.qr import PlacedCode, command_qr
from kiosk.devices.raster import lay_out_ticket
from kiosk.devices.sheet import Drawing
from kiosk.devices.textmode import COLUMN, TEXT_PITCH, encode_lines, pattern_lines, slip_lines
from kiosk.domain.document import TestFacts, TicketSlip, pattern_text
from kiosk.domain.label import ParcelLabel
from kiosk.domain.money_slip import MoneySlip


@dataclass(frozen=True, slots=True)
class EncodedJob:
    """The bytes of one paper, the rows of dots it is long, and the picture meant (None: sent as text)."""

    data: bytes
    rows: int
    picture: Image.Image | None

    def millimetres(self, model: PrinterModel) -> int:
        """Return how much paper the job uses, the feed before the cut included."""
        # What a printer without a cutter is fed to tear at is white in the picture already.
        feed = 0.0 if model.cutter == "none" else model.feed_before_cut_mm
        return math.ceil(model.millimetres(self.rows) + feed)


def encode_slip(
    slip: TicketSlip, model: PrinterModel, *, slow_line: bool = False, dots: int | None = None
) -> EncodedJob:
    """Return the ticket's paper: a picture, or on a slow line (serial) what the model's file says of text.

    `dots` is the width of this printer's paper where it is not the model's.
    """
    width = dots or model.dots
    if slow_line and model.text != "raster":
        lines = slip_lines(slip, width // COLUMN, code=model.qr == "native")
        return _text_job(encode_lines(lines, model, width), model)
    native = model.qr == "native"
    return encode_drawing(lay_out_ticket(slip, width, code_alone=native, feed=_feed_rows(model)), model)


def encode_money(
    slip: MoneySlip, model: PrinterModel, *, slow_line: bool = False, dots: int | None = None
) -> EncodedJob:
    """Return the paper about money, as `encode_slip` does a ticket's."""
    width = dots or model.dots
    if slow_line and model.text != "raster":
        lines = money_lines(slip, width // COLUMN, code=model.qr == "native")
        return _text_job(encode_lines(lines, model, width), model)
    return encode_drawing(lay_out_money(slip, width, feed=_feed_rows(model)), model)


def encode_label(
    label: ParcelLabel, model: PrinterModel, *, slow_line: bool = False, dots: int | None = None
) -> EncodedJob:
    """Return a parcel's label, as `encode_slip` does a ticket's paper; written as text it has no barcode."""
    width = dots or model.dots
    if slow_line and model.text != "raster":
        return _text_job(encode_lines(label_lines(label, width // COLUMN), model, width), model)
    return encode_drawing(lay_out_label(label, width, feed=_feed_rows(model)), model)


def encode_test_pattern(
    model: PrinterModel, facts: TestFacts, *, slow_line: bool = False, dots: int | None = None
) -> EncodedJob:
    """Return the test print: letters, ruler, edges and code as a picture, then the printer's own letters.

    On a slow line everything but the letters and the code is left out, if the model's file knows text.
    """
    model = model.model_copy(update={"dots": dots or model.dots})
    text = pattern_text(facts, ruler_mm(model))
    as_text = slow_line and model.text != "raster"
    own = encode_lines(page_lines(text, model, alone=as_text), model, model.dots)
    if as_text:
        lines = encode_lines(pattern_lines(text, facts.link, model), model, model.dots)
        return _text_job((lines[0] + own[0], lines[1] + own[1]), model)
    feed = 0 if own[0] else _feed_rows(model)
    return encode_drawing(lay_out_pattern(text, facts.link, model, end=not own[0], feed=feed), model, own)


def _feed_rows(model: PrinterModel) -> int:
    """Return the rows of white that bring the last line past the edge of a printer without a cutter."""
    return math.ceil(model.feed_before_cut_mm * model.dpi / 25.4) if model.cutter == "none" else 0


def encode_drawing(drawing: Drawing, model: PrinterModel, own: tuple[bytes, int] = (b"", 0)) -> EncodedJob:
    """Return the paper of a drawing; `own` are bytes that follow it in text mode, and their rows."""
    parts = [begin_job(model.dpi)]
    margin = top = 0
    codes = drawing.codes if model.qr == "native" else ()
    for code in codes:
        data, margin = _band(drawing.picture, top, code.y, model, margin)
        parts += [data, _native(code)]
        margin, top = code.x, code.y + code.side
    data, margin = _band(drawing.picture, top, drawing.picture.height, model, margin)
    parts.append(data)
    if own[0]:
        parts += [set_margin(0) if margin else b"", *own[:1]]
    return _finish(parts, drawing.picture.height + own[1], drawing.picture, model, bool(own[0]))


def _text_job(text: tuple[bytes, int], model: PrinterModel) -> EncodedJob:
    return _finish([begin_job(model.dpi), text[0]], text[1], None, model, fed=True)


def _finish(
    parts: list[bytes], rows: int, picture: Image.Image | None, model: PrinterModel, fed: bool
) -> EncodedJob:
    """Cut; a printer without a cutter is fed first, unless the picture ends in that white already (`fed`)."""
    if fed and (feed := _feed_rows(model)):
        lines = math.ceil(feed / TEXT_PITCH)
        parts.append(b"\x1bd" + bytes((lines,)))
        rows += lines * TEXT_PITCH
    return EncodedJob(b"".join([*parts, cut_paper(model.cutter)]), rows, picture)


def _band(picture: Image.Image, top: int, bottom: int, model: PrinterModel, margin: int) -> tuple[bytes, int]:
    return encode_picture(
        picture.crop((0, top, picture.width, bottom)),
        doubling=model.doubling,
        left_margin=model.left_margin,
        max_band=model.max_band,
        margin=margin,
    )


def _native(code: PlacedCode) -> bytes:
    return set_margin(code.x) + command_qr(code.payload, code.module)
