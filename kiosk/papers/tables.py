"""A document of tables as PDF."""

from __future__ import annotations

import json

import typst

from kiosk.domain.money import format_dong
from kiosk.domain.papers.table_document import CellValue, ColumnKind, TableDocument
from kiosk.domain.papers.wording import on_paper
from kiosk.papers.codes import barcode_svg
from kiosk.papers.render import fonts
from kiosk.paths import web_templates

WIDE_FROM = 8
"""Tables with so many columns are printed across the longer side."""
DENSE_FROM = 11
"""Tables with so many columns are printed in smaller letters."""


def render_tables(document: TableDocument) -> bytes:
    """The document as PDF; the same facts give the same bytes."""
    folder = web_templates() / "print"
    facts = {
        "agency": on_paper(document.agency),
        "centre": on_paper(document.centre),
        "title": on_paper(document.title),
        "subtitle": on_paper(document.subtitle),
        "dated": on_paper(document.dated),
        "wide": any(len(table.columns) >= WIDE_FROM for table in document.tables),
        "dense": any(len(table.columns) >= DENSE_FROM for table in document.tables),
        "code": document.code,
        "barcode": barcode_svg(document.code) if document.code else "",
        "facts": [[on_paper(name), on_paper(value)] for name, value in document.facts],
        "notes": [on_paper(note) for note in document.notes],
        "signatures": [on_paper(who) for who in document.signatures],
        "tables": [
            {
                "title": on_paper(table.title),
                "columns": [
                    {"title": on_paper(c.title), "kind": str(c.kind), "width": c.width} for c in table.columns
                ],
                "rows": [
                    [cell_text(value, c.kind) for value, c in zip(row, table.columns, strict=True)]
                    for row in table.rows
                ],
                "total": [
                    cell_text(value, c.kind) for value, c in zip(table.total, table.columns, strict=False)
                ],
            }
            for table in document.tables
        ],
    }
    return typst.compile(
        str(folder / "tables.typ"),
        root=str(folder),
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        font_paths=fonts(),
    )


def cell_text(value: CellValue, kind: ColumnKind) -> str:
    """A cell as it is printed; amounts with a sign where they are taken off."""
    if value is None or value == "":
        return ""
    if kind is ColumnKind.TEXT or isinstance(value, str):
        return on_paper(str(value))
    sign = "−" if value < 0 else ""
    return sign + format_dong(abs(value)).removesuffix(" đồng")
