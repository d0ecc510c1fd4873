"""The catalogue as one flat table: a row for each procedure, term, fee, component and level; written and read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kiosk.domain.procedure import Procedure
from kiosk.plugin.catalogue import EXCLUDED, EXTENDABLE, CatalogueError
from kiosk.plugin.cells import Cell, CellError, Kind, guarded, read, written
from kiosk.plugin.procedure_values import procedure_of

LONGEST_SHOWN = 60


class Column(NamedTuple):
    """A column: its stable key, its heading, what it holds, and how wide it is shown (in characters)."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 14


COLUMNS = (
    Column("row", "Dòng"),
    Column("department", "Sở, ngành", width=16),
    Column("procedure", "Khóa thủ tục", width=18),
    Column("code", "Mã TTHC", width=12),
    Column("case", "Trường hợp", width=16),
    Column("name", "Tên", width=60),
    Column("field", "Lĩnh vực", width=24),
    Column("value", "Thời hạn", Kind.WHOLE, 10),
    Column("unit", "Đơn vị tính", width=16),
    Column(EXTENDABLE, "Gia hạn đến (ngày làm việc)", Kind.WHOLE),
    Column(EXCLUDED, "Không tính (ngày)", Kind.WHOLE),
    Column("kind", "Phí hay lệ phí", width=12),
    Column("direct", "Nộp trực tiếp (đồng)", Kind.WHOLE),
    Column("online", "Nộp trực tuyến (đồng)", Kind.WHOLE),
    Column("basis", "Căn cứ pháp lý", width=36),
    Column("originals", "Bản chính", Kind.WHOLE, 10),
    Column("copies", "Bản sao", Kind.WHOLE, 10),
    Column("condition", "Khi nào cần", width=36),
    Column("max_age_months", "Không cũ quá (tháng)", Kind.WHOLE),
    Column("level", "Mức độ trực tuyến", Kind.WHOLE),
    Column("valid_from", "Hiệu lực từ", Kind.DAY),
    Column("valid_to", "Hiệu lực đến", Kind.DAY),
    Column("online_from", "Mức trực tuyến từ", Kind.DAY),
    Column("online_to", "Mức trực tuyến đến", Kind.DAY),
    Column("extra", "Thu thêm", Kind.FLAG, 10),
    Column("by_rule", "Tính theo công thức", Kind.FLAG, 10),
    Column("unknown", "Chưa rõ mức thu", Kind.FLAG, 10),
    Column("post_receive", "Nhận qua bưu chính", Kind.FLAG, 10),
    Column("post_return", "Trả qua bưu chính", Kind.FLAG, 10),
    Column("clock_start", "Tính thời hạn từ", width=18),
    Column("supplement_clock", "Bổ sung thì", width=12),
    Column("on_the_spot", "Trả ngay", Kind.FLAG, 10),
    Column("linked_to", "Liên thông đến", width=18),
    Column("collect_back", "Giấy tờ thu lại", Kind.LIST, 36),
    Column("keywords", "Từ khóa", Kind.LIST, 30),
    Column("confidence", "Độ tin cậy nội dung"),
    Column("code_confidence", "Độ tin cậy của mã", width=16),
    Column("source", "Nguồn", width=40),
    Column("notes", "Ghi chú", width=40),
)
KINDS = {column.key: column.kind for column in COLUMNS}
KEYS = tuple(KINDS)
NAMING = ("row", "department", "procedure")

SHAPES: dict[str, dict[str, str]] = {
    "procedure": {
        **{key: key for key in ("code", "name", "field", "clock_start", "supplement_clock", "on_the_spot")},
        **{key: key for key in ("linked_to", "collect_back", "keywords", "valid_from", "valid_to", "notes")},
        **{key: key for key in ("confidence", "code_confidence", "source")},
        "post_receive": "post.receive",
        "post_return": "post.return",
    },
    "term": {"case": "key", "name": "title", **{k: k for k in ("value", "unit", EXTENDABLE, EXCLUDED)}},
    "fee": {
        **{key: key for key in ("kind", "direct", "online", "unit", "basis", "valid_from", "valid_to")},
        **{key: key for key in ("online_from", "online_to", "extra", "by_rule", "unknown")},
        "case": "key",
        "name": "title",
        "notes": "note",
    },
    "component": {k: k for k in ("name", "originals", "copies", "condition", "max_age_months")},
    "level": {key: key for key in ("level", "valid_from", "valid_to")},
}
"""Which columns a row of each kind fills, and what `procedures.toml` calls them."""
LISTS = {"term": "term_cases", "fee": "fee", "component": "components", "level": "levels"}
_PLACE = re.compile(r"(term_cases|fee|components|levels)\[(\d+)\]\.?(\w*)")


@dataclass(frozen=True)
class Problem:
    """What is wrong in a file: the row as a spreadsheet counts it (None: the file), the column, and why."""

    row: int | None
    column: str
    reason: str


@dataclass
class Draft:
    """A procedure as the rows of a file tell it; `rows` remembers where each part stood."""

    department: str
    key: str
    first_row: int
    values: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    told: bool = False
    """Whether its row "procedure" was there; the others only say what belongs to it."""

    def read(self) -> Procedure | None:
        """The procedure, or None when something is wrong; then `problems` says what."""
        if not self.told and not self.problems:
            self.problems.append(Problem(self.first_row, "row", 'has no row "procedure"'))
        if self.problems:
            return None
        try:
            return procedure_of({"post": {}, "key": self.key, **self.values}, self.department)
        except CatalogueError as error:
            self.problems.append(self._placed(error))
            return None

    def _placed(self, error: CatalogueError) -> Problem:
        found = _PLACE.match(error.field)
        if found:
            kind = next(kind for kind, name in LISTS.items() if name == found[1])
            row, inner = self.rows[found[1]][int(found[2]) - 1], found[3]
        else:
            kind = "term" if error.field.startswith("term.") else "procedure"
            row = self.rows.get("term", [self.first_row])[0] if kind == "term" else self.first_row
            inner = error.field.removeprefix("term.")
        columns = {inside: outside for outside, inside in SHAPES[kind].items()}
        return Problem(row, columns.get(inner, "procedure" if inner == "key" else inner), error.reason)


def rows_of(department: str, values: Mapping[str, Any]) -> Iterator[list[Any]]:
    """The rows of one procedure, given as `values_of` does: itself, its terms, fees, components and levels."""
    whole = dict(values)
    post = whole.get("post", {})
    whole |= {"post.receive": post.get("receive"), "post.return": post.get("return")}
    yield _row("procedure", department, values["key"], whole)
    for case in ({"key": "", **values["term"]}, *values.get("term_cases", ())):
        yield _row("term", department, values["key"], case)
    for kind in ("fee", "component", "level"):
        for part in values.get(LISTS[kind], ()):
            yield _row(kind, department, values["key"], part)


def _row(kind: str, department: str, procedure: str, values: Mapping[str, Any]) -> list[Any]:
    cells: dict[str, Any] = dict.fromkeys(KEYS, "")
    for column, name in SHAPES[kind].items():
        cells[column] = written(values.get(name), KINDS[column])
    cells |= {"row": kind, "department": department, "procedure": guarded(procedure)}
    return list(cells.values())


def columns_of(heading: Sequence[Cell]) -> list[str] | Problem | None:
    """The column keys a heading names; None when it is not the row of keys, a Problem when it names a wrong one."""
    names = ["" if cell is None else str(cell).strip() for cell in heading]
    if not set(NAMING) <= set(names):
        return None
    while names and not names[-1]:
        names.pop()
    for name in names:
        if name not in KINDS:
            return Problem(None, name[:LONGEST_SHOWN], "unknown column")
        if names.count(name) > 1:
            return Problem(None, name, "this column is there twice")
    return names


def drafts_of(columns: Sequence[str], rows: Iterable[tuple[int, Sequence[Cell]]]) -> list[Draft]:
    """The procedures that numbered rows tell, in their order; empty rows are passed over."""
    drafts: dict[tuple[str, str], Draft] = {}
    for number, cells in rows:
        if all(cell is None or cell == "" for cell in cells):
            continue
        given = dict(zip(columns, cells, strict=False))
        names, problems = {}, []
        for column in NAMING:
            try:
                names[column] = read(given.pop(column, None), Kind.TEXT) or ""
            except CellError as error:
                names[column] = ""
                problems.append(Problem(number, column, str(error)))
        known = drafts.setdefault(
            (names["department"], names["procedure"]), Draft(names["department"], names["procedure"], number)
        )
        known.problems += problems
        if len(cells) > len(columns) and any(cell not in (None, "") for cell in cells[len(columns) :]):
            known.problems.append(Problem(number, "", "has more cells than the heading"))
        _take(known, names["row"], number, given)
    return list(drafts.values())


def _take(draft: Draft, kind: str, number: int, cells: Mapping[str, Cell]) -> None:
    """Put one row into its procedure."""
    if kind not in SHAPES:
        allowed = ", ".join(SHAPES)
        draft.problems.append(Problem(number, "row", f"unknown {kind[:40]!r}; allowed: {allowed}"))
        return
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        try:
            value = read(cell, KINDS[column])
        except CellError as error:
            draft.problems.append(Problem(number, column, str(error)))
            continue
        if value is None or value is False:
            continue
        if column not in SHAPES[kind]:
            draft.problems.append(Problem(number, column, f'a row "{kind}" has nothing to say here'))
            continue
        values[SHAPES[kind][column]] = value
    if kind == "procedure":
        if draft.told:
            draft.problems.append(Problem(number, "procedure", "this procedure is there twice"))
        post = {inner: True for inner in ("receive", "return") if values.pop(f"post.{inner}", False)}
        draft.values |= {**values, "post": post}
        draft.first_row, draft.told = number, True
    elif kind == "term" and "key" not in values:
        if "term" in draft.values:
            draft.problems.append(Problem(number, "case", "the usual term is there twice"))
        values.pop("title", None)
        draft.values["term"] = values
        draft.rows["term"] = [number]
    else:
        draft.values.setdefault(LISTS[kind], []).append(values)
        draft.rows.setdefault(LISTS[kind], []).append(number)
