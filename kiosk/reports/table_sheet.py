"""A document of tables as a spreadsheet: real numbers, frozen headings, nothing that could run as a formula."""

from __future__ import annotations

import io
from typing import Any

from kiosk.domain.papers.table_document import ColumnKind, TableDocument

SHEET_NAME = 31
"""Characters that a sheet's name may have."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def write_tables(document: TableDocument) -> bytes:
    """The document as XLSX, one sheet a table."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        styles = _styles(book)
        for number, table in enumerate(document.tables, 1):
            name = (table.title or document.title).translate(FORBIDDEN)[: SHEET_NAME - 4]
            sheet = book.add_worksheet(f"{number} {name}".strip())
            sheet.write_string(0, 0, document.centre, styles["soft"])
            sheet.write_string(1, 0, document.title, styles["title"])
            sheet.write_string(2, 0, document.subtitle, styles["soft"])
            top = 4
            if number == 1:
                for place, (fact, value) in enumerate(document.facts):
                    sheet.write_string(top + place, 0, fact, styles["soft"])
                    sheet.write_string(top + place, 1, value, styles["text"])
                top += len(document.facts) + 1
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, 6 + 8 * column.width)
                sheet.write_string(top, place, column.title, styles["head"])
            for below, row in enumerate(table.rows, 1):
                _write_row(sheet, top + below, row, table.columns, styles, "")
            _write_row(sheet, top + len(table.rows) + 1, table.total, table.columns, styles, "_total")
            sheet.freeze_panes(top + 1, 1)
            sheet.fit_to_pages(1, 0)
            sheet.set_paper(9)  # A4
            sheet.set_landscape()
    return out.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    line = {"border": 1, "border_color": "#B8B2A5", "valign": "top"}
    bold = {**line, "bold": True, "bg_color": "#F0EDE6"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "soft": book.add_format({"font_color": "#4D5862"}),
        "head": book.add_format({**bold, "bg_color": "#E3F0F5", "text_wrap": True, "align": "center"}),
        "text": book.add_format({**line, "text_wrap": True}),
        "money": book.add_format({**line, "num_format": "#,##0"}),
        "count": book.add_format({**line, "num_format": "#,##0"}),
        "text_total": book.add_format(bold),
        "money_total": book.add_format({**bold, "num_format": "#,##0"}),
        "count_total": book.add_format({**bold, "num_format": "#,##0"}),
    }


def _write_row(sheet: Any, at: int, row: Any, columns: Any, styles: dict[str, Any], suffix: str) -> None:
    for place, (value, column) in enumerate(zip(row, columns, strict=False)):
        style = styles[f"{column.kind}{suffix}"]
        if value is None or value == "":
            sheet.write_blank(at, place, None, style)
        elif isinstance(value, int) and column.kind is not ColumnKind.TEXT:
            sheet.write_number(at, place, value, style)
        else:
            sheet.write_string(at, place, str(value), style)
