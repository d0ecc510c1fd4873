"""The catalogue's table as a file: CSV and XLSX, written for people and read with suspicion."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.plugin.cells import Kind
from kiosk.plugin.sheets import Limits, NumberedRows, SheetRefused, read_rows
from kiosk.plugin.spreadsheet import COLUMNS, Problem, columns_of

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 50_000
"""Two thousand procedures with every part take about 15,000 rows."""
FORMATS = ("csv", "xlsx")
HEADINGS = 2
SHEET = "Danh mục"


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
    rows = _counted(data, progress)
    for _, (_, cells) in zip(range(HEADINGS), rows, strict=False):
        columns = columns_of(cells)
        if isinstance(columns, Problem):
            raise TableRefused([columns])
        if columns:
            return columns, rows
    raise refuse("there is no heading with the columns row, department and procedure")


def _counted(data: bytes, progress: Progress) -> NumberedRows:
    try:
        # In an XLSX no cell is looked at beyond the one after the last column.
        for number, cells in read_rows(data, Limits(MOST_BYTES, MOST_ROWS, len(COLUMNS) + 1)):
            if number % 1_000 == 0:
                progress(number, MOST_ROWS)
            yield number, cells
    except SheetRefused as refusal:
        raise refuse(refusal.reason, refusal.row, refusal.column) from None
