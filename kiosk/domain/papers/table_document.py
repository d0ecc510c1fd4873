"""A document made of tables, the same whether it becomes a spreadsheet or a page: titles, facts, tables, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

CellValue = str | int | None


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    MONEY = "money"
    """Whole đồng."""
    COUNT = "count"


@dataclass(frozen=True)
class DocumentColumn:
    """A column's heading, what it holds, and how wide it is compared with the others."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 2


@dataclass(frozen=True)
class DocumentTable:
    """A table; `total` is its last row, set apart, or empty."""

    title: str
    columns: tuple[DocumentColumn, ...]
    rows: Sequence[Sequence[CellValue]]
    total: Sequence[CellValue] = ()


@dataclass(frozen=True)
class TableDocument:
    """The whole document; `facts` are (name, value) pairs under the title, `signatures` who signs below."""

    agency: str
    centre: str
    title: str
    subtitle: str
    dated: str
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[DocumentTable, ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = field(default=())
    code: str = ""
    """Printed as a barcode at the top, so that a scanner finds the document again; ASCII, "" for none."""
