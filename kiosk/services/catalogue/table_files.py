"""The catalogue's table as a file: CSV and XLSX, written for people and read with suspicion."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from kiosk.domain.errors import DomainError
from kiosk.plugin.cells import Cell, Kind
from kiosk.plugin.spreadsheet import COLUMNS, Problem, columns_of

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
"""Of an XLSX, which is a ZIP: a small one may unpack to anything."""
MOST_ROWS = 50_000
"""Two thousand procedures with every part take about 15,000 rows."""
MOST_CELLS_A_ROW = 200
"""Of a CSV; in an XLSX no cell is looked at beyond the one after the last column."""
FORMATS = ("csv", "xlsx")
HEADINGS = 2
SHEET = "Danh mục"
DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(coding) for coding in ("ascii", "utf-16-le", "utf-16-be"))
PIECE = 1024 * 1024
ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
DELIMITERS = ",;\t"

NumberedRows = Iterator[tuple[int, Sequence[Cell]]]
Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


class TableRefused(DomainError):
    """A file is no table of a catalogue; `problems` name row, column and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("catalogue_refused", count=len(problems))
        self.problems = tuple(problems)


def refuse(reason: str, row: int | None = None, column: str = "") -> TableRefused:
    """The refusal for one reason."""
    return TableRefused([Problem(row, column, reason)])


def write_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark (Excel takes it for another encoding without one), RFC 4180, two headings."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in COLUMNS])
    writer.writerow([column.key for column in COLUMNS])
    writer.writerows([cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with frozen headings, filters and wrapped text; texts are never written as formulas or links."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(SHEET)
        title = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3F0F5"})
        key = book.add_format({"italic": True, "font_color": "#4D5862", "bg_color": "#E3F0F5"})
        usual = {"valign": "top", "text_wrap": True}
        styles = {
            kind: book.add_format(
                {
                    **usual,
                    "num_format": {Kind.WHOLE: "#,##0", Kind.DAY: "dd/mm/yyyy"}.get(kind, "@"),
                }
            )
            for kind in Kind
        }
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width, styles[column.kind])
            sheet.write_string(0, place, column.title, title)
            sheet.write_string(1, place, column.key, key)
        last = HEADINGS - 1
        for last, row in enumerate(rows, HEADINGS):
            for place, (cell, column) in enumerate(zip(row, COLUMNS, strict=True)):
                if isinstance(cell, date):
                    sheet.write_datetime(last, place, cell, styles[Kind.DAY])
                elif isinstance(cell, int):
                    sheet.write_number(last, place, cell, styles[column.kind])
                elif cell:
                    sheet.write_string(last, place, cell, styles[column.kind])
        sheet.freeze_panes(HEADINGS, 3)
        sheet.autofilter(HEADINGS - 1, 0, last, len(COLUMNS) - 1)
    return out.getvalue()


def read_table(data: bytes, progress: Progress = lambda done, of: None) -> tuple[list[str], NumberedRows]:
    """The columns of a file and its numbered rows, CSV or XLSX by what it is and not by its name. Raises TableRefused."""
    if not data.strip():
        raise refuse("the file is empty")
    if len(data) > MOST_BYTES:
        raise refuse(f"the file is larger than {MOST_BYTES // 1024 // 1024} MB")
    if data.startswith(OLE_MAGIC):
        raise refuse("this is an old or protected Excel file; save it as .xlsx without a password")
    rows = _counted(_xlsx_rows(data) if data.startswith(ZIP_MAGIC) else _csv_rows(data), progress)
    for _, (_, cells) in zip(range(HEADINGS), rows, strict=False):
        columns = columns_of(cells)
        if isinstance(columns, Problem):
            raise TableRefused([columns])
        if columns:
            return columns, rows
    raise refuse("there is no heading with the columns row, department and procedure")


def _counted(rows: NumberedRows, progress: Progress) -> NumberedRows:
    for number, cells in rows:
        if number > MOST_ROWS:
            raise refuse(f"more than {MOST_ROWS} rows")
        if number % 1_000 == 0:
            progress(number, MOST_ROWS)
        yield number, cells


def _csv_rows(data: bytes) -> NumberedRows:
    text = _decoded(data)
    first = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if len(cells) > MOST_CELLS_A_ROW:
                raise refuse(f"more than {MOST_CELLS_A_ROW} cells", number)
            yield number, cells
    except csv.Error:
        raise refuse("this row is not CSV; a quotation mark may be missing", number + 1) from None


def _decoded(data: bytes) -> str:
    coding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        raise refuse("this is neither an .xlsx file nor a CSV file in UTF-8") from None
    if "\0" in text:
        raise refuse("this is neither an .xlsx file nor a CSV file in UTF-8")
    if not text.strip():
        raise refuse("the file is empty")
    return text


def _xlsx_rows(data: bytes) -> NumberedRows:
    _refuse_bomb(data)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=len(COLUMNS) + 1)
    except Exception:  # whatever a broken file makes the library raise, it is no table
        raise refuse("this .xlsx file cannot be read") from None
    number = 0
    while True:
        try:
            cells = next(rows, None)
            if cells is None:
                return
            kinds = [(cell, cell.data_type) for cell in cells]
        except Exception:  # as above, further inside the file
            raise refuse("this .xlsx file cannot be read", number + 1) from None
        number += 1
        for cell, kind in kinds:
            if kind == "f":
                raise refuse("is a formula; put its value instead", number, cell.coordinate)
            if kind == "e":
                raise refuse("is an error of the spreadsheet", number, cell.coordinate)
        yield number, [cell.value for cell, _ in kinds]


def _refuse_bomb(data: bytes) -> None:
    """A ZIP says how large its parts are, and is read no further than it says. Any part may turn out to be XML."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED:
                raise refuse(f"unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise refuse("this is neither an .xlsx file nor a CSV file in UTF-8")
            for part in parts:
                with archive.open(part) as inside:
                    if _has_document_type(inside):
                        raise refuse("this .xlsx file cannot be read")
    except TableRefused:
        raise
    except Exception:  # damaged, encrypted, packed in another way: as many errors as there are ways
        raise refuse("this .xlsx file cannot be read") from None


def _has_document_type(part: IO[bytes]) -> bool:
    """Whether a part declares entities, which no spreadsheet does; read to its end, so a damaged one shows here."""
    overlap = max(map(len, DOCUMENT_TYPES))
    last = b""
    while piece := part.read(PIECE):
        if any(mark in last + piece for mark in DOCUMENT_TYPES):
            return True
        last = piece[-overlap:]
    return False
