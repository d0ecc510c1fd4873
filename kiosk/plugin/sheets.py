"""Rows of a spreadsheet somebody uploaded: XLSX, HTML that calls itself XLS, or CSV, read with suspicion."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from kiosk.plugin.cells import Cell

MOST_UNPACKED = 64 * 1024 * 1024
"""Of an XLSX, which is a ZIP: a small one may unpack to anything."""
MOST_CELLS_A_ROW = 200
DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(coding) for coding in ("ascii", "utf-16-le", "utf-16-be"))
PIECE = 1024 * 1024
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t"
HEAD_LINES = 30
"""Lines by which the delimiter is told: the one that makes the most columns of any of them."""
MACROS = "vbaproject.bin"

NumberedRows = Iterator[tuple[int, Sequence[Cell]]]


class SheetRefused(ValueError):
    """A file is no spreadsheet to be trusted: why, and where (row None: the file)."""

    def __init__(self, reason: str, row: int | None = None, column: str = "") -> None:
        super().__init__(reason)
        self.reason, self.row, self.column = reason, row, column


@dataclass(frozen=True)
class Limits:
    """What is read at most; `columns` of an XLSX, where nothing further right is looked at."""

    bytes: int
    rows: int
    columns: int
    html: bool = False
    sheet: str = ""
    """The sheet whose name begins so is read, else the first."""


def read_rows(data: bytes, limits: Limits) -> NumberedRows:
    """(number, cells) of a file's rows from 1, by what the file is and not by its name. Raises SheetRefused, also late."""
    if not data.strip():
        raise SheetRefused("the file is empty")
    if len(data) > limits.bytes:
        raise SheetRefused(f"the file is larger than {limits.bytes // 1024 // 1024} MB")
    if data.startswith(OLE_MAGIC):
        raise SheetRefused("this is an old or protected Excel file; save it as .xlsx without a password")
    return _bounded(_rows(data, limits), limits.rows)


def _rows(data: bytes, limits: Limits) -> NumberedRows:
    if data.startswith(ZIP_MAGIC):
        return _xlsx_rows(data, limits)
    text = _decoded(data)
    if limits.html and text.lstrip()[:1] == "<":
        return _html_rows(text)
    return _csv_rows(text)


def _bounded(rows: NumberedRows, most: int) -> NumberedRows:
    for number, cells in rows:
        if number > most:
            raise SheetRefused(f"more than {most} rows")
        yield number, cells


def _csv_rows(text: str) -> NumberedRows:
    head = text.splitlines()[:HEAD_LINES]
    delimiter = max(DELIMITERS, key=lambda mark: max(map(len, csv.reader(head, delimiter=mark)), default=0))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > MOST_CELLS_A_ROW:
                raise SheetRefused(f"more than {MOST_CELLS_A_ROW} cells", number)
            yield number, cells
    except csv.Error:
        raise SheetRefused("this row is not CSV; a quotation mark may be missing", number + 1) from None


def _decoded(data: bytes) -> str:
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        raise SheetRefused("this is neither an .xlsx file nor a CSV file in UTF-8") from None
    if "\0" in text:
        raise SheetRefused("this is neither an .xlsx file nor a CSV file in UTF-8")
    if not text.strip():
        raise SheetRefused("the file is empty")
    return text


def _html_rows(text: str) -> NumberedRows:
    # Only a bank's export is such a page.
    from kiosk.plugin.html_table import HtmlTable

    table = HtmlTable()
    table.feed(text)
    table.close()
    for number, cells in enumerate(table.rows, 1):
        if len(cells) > MOST_CELLS_A_ROW:
            raise SheetRefused(f"more than {MOST_CELLS_A_ROW} cells", number)
        yield number, cells


def _xlsx_rows(data: bytes, limits: Limits) -> NumberedRows:
    _refuse_bomb(data)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheets = book.worksheets
        named = [sheet for sheet in sheets if limits.sheet and sheet.title.startswith(limits.sheet)]
        sheet = (named or sheets)[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=limits.columns)
    except Exception:  # whatever a broken file makes the library raise, it is no table
        raise SheetRefused("this .xlsx file cannot be read") from None
    number = 0
    while True:
        try:
            cells = next(rows, None)
            if cells is None:
                return
            kinds = [(cell, cell.data_type) for cell in cells]
        except Exception:  # as above, further inside the file
            raise SheetRefused("this .xlsx file cannot be read", number + 1) from None
        number += 1
        for cell, kind in kinds:
            if kind == "f":
                raise SheetRefused("is a formula; put its value instead", number, cell.coordinate)
            if kind == "e":
                raise SheetRefused("is an error of the spreadsheet", number, cell.coordinate)
        yield number, [cell.value for cell, _ in kinds]


def _refuse_bomb(data: bytes) -> None:
    """A ZIP says how large its parts are, and is read no further than it says. Any part may turn out to be XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED:
                raise SheetRefused(f"unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise SheetRefused("this is neither an .xlsx file nor a CSV file in UTF-8")
            if any(part.filename.lower().endswith(MACROS) for part in parts):
                raise SheetRefused("this file has macros; save it as .xlsx without them")
            for part in parts:
                with archive.open(part) as inside:
                    if _has_document_type(inside):
                        raise SheetRefused("this .xlsx file cannot be read")
    except SheetRefused:
        raise
    except Exception:  # damaged, encrypted, packed in another way: as many errors as there are ways
        raise SheetRefused("this .xlsx file cannot be read") from None


def _has_document_type(part: IO[bytes]) -> bool:
    """Whether a part declares entities, which no spreadsheet does; read to its end, so a damaged one shows here."""
    overlap = max(map(len, DOCUMENT_TYPES))
    last = b""
    while piece := part.read(PIECE):
        if any(mark in last + piece for mark in DOCUMENT_TYPES):
            return True
        last = piece[-overlap:]
    return False
