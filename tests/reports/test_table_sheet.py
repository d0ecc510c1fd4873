"""One document of tables as a spreadsheet and as a page: numbers are numbers, texts are never formulas."""

from __future__ import annotations

import io

import openpyxl
import pypdfium2

from kiosk.domain.papers.table_document import ColumnKind, DocumentColumn, DocumentTable, TableDocument
from kiosk.papers.tables import cell_text, render_tables
from kiosk.reports.table_sheet import write_tables

DOCUMENT = TableDocument(
    agency="Tỉnh Bắc Giang",
    centre="Trung tâm Phục vụ hành chính công",
    title="Chốt sổ thu phí, lệ phí",
    subtitle="Thứ Ba, 24/11/2026",
    dated="Bắc Giang, ngày 24 tháng 11 năm 2026",
    facts=(("Tổng thu", "94.320 đ"),),
    tables=(
        DocumentTable(
            "Theo quầy: [đồng]",
            (
                DocumentColumn("Quầy"),
                DocumentColumn("Thu", ColumnKind.MONEY),
                DocumentColumn("Lệch", ColumnKind.MONEY),
            ),
            [("=1+1", 47_160, -160), ("Quầy 2", 47_160, None)],
            ("Tổng cộng", 94_320, -160),
        ),
        DocumentTable("Biên lai", (DocumentColumn("Số"), DocumentColumn("Tờ", ColumnKind.COUNT)), []),
    ),
    notes=("Ghi chú: thiếu tiền lẻ",),
    signatures=("Người lập biểu", "Lãnh đạo trung tâm"),
)


def test_a_spreadsheet_can_be_reckoned_with() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_tables(DOCUMENT)))
    first, second = book.worksheets
    cells = {cell.value: cell for row in first.iter_rows() for cell in row if cell.value is not None}
    assert cells["=1+1"].data_type == "s"
    assert cells[94_320].data_type == "n"
    assert -160 in cells
    assert "[" not in first.title
    assert second.title.startswith("2 Biên lai")


def test_a_page_says_the_same_with_every_letter() -> None:
    once, again = render_tables(DOCUMENT), render_tables(DOCUMENT)
    assert once == again
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(once))
    words = " ".join(text.split())
    for said in (
        "CHỐT SỔ THU PHÍ, LỆ PHÍ",
        "94.320",
        "−160",
        "=1+1",
        "Không có.",
        "thiếu tiền lẻ",
        "NGƯỜI LẬP BIỂU",
    ):
        assert said in words, said


def test_cells() -> None:
    assert cell_text(None, ColumnKind.MONEY) == ""
    assert cell_text(0, ColumnKind.MONEY) == "0"
    assert cell_text(-31_160, ColumnKind.MONEY) == "−31.160"
