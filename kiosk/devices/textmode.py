"""Tickets as characters of the printer's own, for lines too slow for pictures (9,600 baud: 61 s a picture)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.devices import qr
from kiosk.devices.charsets import encode_tcvn, fold_to_ascii, fold_to_tcvn
from kiosk.devices.escpos import set_bold, set_page, set_size
from kiosk.devices.models import PrinterModel
from kiosk.domain.document import PatternText, TicketSlip, TicketText, ticket_text

COLUMN = 12  # dots; a character of font A is 12 x 24
CELL_HEIGHT = 24
TEXT_PITCH = 30  # dots from line to line after ESC @
CODE_MODULE = 5  # dots
_LARGEST = 6  # times; the number of a ticket
_CENTRED = b"\x1ba\x01"
_FLUSH_LEFT = b"\x1ba\x00"


@dataclass(frozen=True, slots=True)
class TextLine:
    """One paragraph: its text, how many times its letters are enlarged, and whether they are bold.

    `page` prints the bytes of `raw` in this character table as they are; `code` is a QR code instead of text.
    """

    text: str = ""
    size: int = 1
    bold: bool = False
    page: int | None = None
    raw: bytes = b""
    code: str = ""


def slip_lines(slip: TicketSlip, columns: int, *, code: bool) -> list[TextLine]:
    """Return the ticket's paragraphs for paper so many characters wide; `code`: the printer can draw one."""
    text = ticket_text(slip)
    code = code and bool(slip.follow_url) and qr.modules(slip.follow_url) is not None
    label = TextLine(text.label, max(1, min(_LARGEST, columns // max(1, len(text.label)))), bold=True)
    lines = [
        TextLine(text.repeat_mark, 2, bold=True),
        TextLine(text.title, bold=True),
        TextLine(text.subtitle),
        TextLine("-" * columns),
        TextLine(text.offline_mark, bold=True),
        TextLine(text.day_mark, bold=True),
        TextLine(text.caption),
        label,
        TextLine(text.department, bold=True),
        TextLine(text.procedure),
        *_figures(text),
        TextLine(text.then, bold=True),
        TextLine(code=slip.follow_url if code else ""),
        TextLine(text.scan if code else ""),
        TextLine(text.priority, bold=True),
        TextLine(text.hold),
        TextLine(text.offline_note),
        TextLine("-" * columns),
        *map(TextLine, _joined(text.footer, columns)),
    ]
    return [line for line in lines if line.text or line.code]


def _figures(text: TicketText) -> Iterable[TextLine]:
    return (TextLine(f"{name}: {value}", bold=True) for name, value in filter(None, (text.ahead, text.wait)))


def _joined(parts: Iterable[str], columns: int) -> list[str]:
    """Return the parts with dashes between them, as many in a line as fit."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 3 <= columns:
            lines[-1] += f" - {part}"
        else:
            lines.append(part)
    return lines


def pattern_lines(text: PatternText, link: str, model: PrinterModel) -> list[TextLine]:
    """Return the test print's paragraphs for a slow line; the letters follow as the printer's own tables."""
    code = link if model.qr == "native" and qr.modules(link) else ""
    lines = [TextLine(text.title, 2, bold=True), *map(TextLine, text.facts)]
    return [*lines, TextLine(code=code), TextLine(text.code)] if code else lines


def printed_lines(line: TextLine, model: PrinterModel, width: int) -> list[str]:
    """Return the paragraph as this printer will show it: letters it has, broken at spaces to its width."""
    text = fold_to_tcvn(line.text) if model.text == "tcvn3" else fold_to_ascii(line.text)
    columns = max(1, width // (COLUMN * line.size))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines += [word[at : at + columns] for at in range(0, len(word), columns)]
    return lines


def encode_lines(lines: Iterable[TextLine], model: PrinterModel, width: int) -> tuple[bytes, int]:
    """Return the bytes of the paragraphs, and the rows of dots they take; nothing for no lines."""
    parts: list[bytes] = []
    rows = 0
    bold, size, page = False, 1, None
    for line in lines:
        if line.code:
            quiet = b"\x1bJ" + bytes((qr.QUIET * CODE_MODULE,))
            parts += [quiet, qr.command_qr(line.code, CODE_MODULE), quiet]
            rows += ((qr.modules(line.code) or 0) + 2 * qr.QUIET) * CODE_MODULE
            continue
        if line.bold != bold:
            bold = line.bold
            parts.append(set_bold(bold))
        if line.size != size:
            size = line.size
            parts.append(set_size(size))
        if line.page is not None:
            parts += [set_page(line.page), line.raw, b"\n"]
            page = line.page
            rows += TEXT_PITCH
            continue
        for text in printed_lines(line, model, width):
            data, page = _letters(text, model, page)
            parts += [data, b"\n"]
            rows += max(TEXT_PITCH, CELL_HEIGHT * size)
    if not parts:
        return b"", 0
    return b"".join([_CENTRED, *parts, set_bold(False), set_size(1), _FLUSH_LEFT]), rows


def _letters(text: str, model: PrinterModel, page: int | None) -> tuple[bytes, int | None]:
    lower, upper = model.page("tcvn3-lower"), model.page("tcvn3-upper")
    if model.text == "tcvn3" and lower is not None and upper is not None:
        return encode_tcvn(text, lower, upper, page)
    return text.encode("ascii"), page
