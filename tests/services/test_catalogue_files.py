"""A reviewed list comes back as a file: shown before it is taken, taken whole or not at all, suspicious files refused."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.models import CatalogueEdition, Journal, Office
from kiosk.plugin import gate
from kiosk.plugin.spreadsheet import KEYS
from kiosk.services.catalogue import table_files, uploads
from kiosk.services.catalogue.override_procedure import Wish, override, revoke_edition
from kiosk.services.catalogue.reasons import reason_text
from kiosk.services.catalogue.table_files import TableRefused, read_table
from kiosk.services.catalogue.take_catalogue import export, review, take
from kiosk.services.catalogue.told import problem_lines, review_lines
from tests.services.test_stories import LICENCE, Story

DAY = date(2026, 11, 23)
ADMIN = "user:1"
RECORD = "2.000488"
Rows = list[list[Any]]
Edit = Callable[[list[dict[str, Any]]], None]


def edited(story: Story, edit: Edit = lambda rows: None, department: str = "justice") -> bytes:
    """The office's own list as CSV, with something done to its rows."""
    lines = list(
        csv.reader(io.StringIO(export(story.office, "csv", DAY, department).decode("utf-8-sig"), newline=""))
    )
    rows = [dict(zip(lines[1], line, strict=True)) for line in lines[2:]]
    edit(rows)
    return written([list(row.values()) for row in rows])


def written(rows: Sequence[Sequence[Any]], heading: Sequence[str] = KEYS, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([heading, *rows])
    return out.getvalue().encode()


def pick(rows: list[dict[str, Any]], kind: str = "procedure", key: str = RECORD) -> dict[str, Any]:
    """The first row of that kind of a procedure."""
    return next(row for row in rows if (row["row"], row["procedure"]) == (kind, key))


def change(kind: str, /, **cells: Any) -> Edit:
    """Other words in the first such row."""
    return lambda rows: pick(rows, kind).update(cells)


def look(story: Story, data: bytes, **how: Any) -> Any:
    with gate.breath():
        return review(story.office, data, None, story.clock.moment, ADMIN, **how)


def bring(story: Story, data: bytes, starts: date | None = None, **how: Any) -> Any:
    with gate.breath():
        return take(story.office, data, starts, "CV 2422", story.clock.moment, ADMIN, **how)


def problems(story: Story, data: bytes) -> list[tuple[int | None, str, str]]:
    """What is wrong with a file; nothing of it was taken."""
    with pytest.raises(TableRefused) as caught:
        bring(story, data)
    assert (CatalogueEdition.select().count(), Office.get_by_id(story.office).catalogue_version) == (0, 0)
    return [(each.row, each.column, each.reason) for each in caught.value.problems]


def as_xlsx(rows: Sequence[Sequence[Any]], write: Callable[[Any], None] = lambda sheet: None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, book.add_format({"num_format": "dd/mm/yyyy"}))
                else:
                    sheet.write(number, place, cell)
        write(sheet)
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_and_not_edited_changes_nothing(story: Story, form: str) -> None:
    found = look(story, export(story.office, form, DAY))
    assert found.comparison.changes == found.comparison.missing == ()
    assert found.comparison.unchanged == sum(len(d.procedures) for d in gate.departments().values())
    bring(story, export(story.office, form, DAY))
    assert "catalogue.taken" not in story.kinds()
    assert next(review_lines(found)).startswith("không có thay đổi")


def test_no_cell_of_an_export_is_a_formula(story: Story) -> None:
    bring(story, edited(story, change("procedure", notes="=HYPERLINK(1)", source="@SUM(A1)", name="+84 cấp")))
    book = openpyxl.load_workbook(io.BytesIO(export(story.office, "xlsx", DAY)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells}.isdisjoint({"f", "e"})
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    texts += [
        cell for row in csv.reader(io.StringIO(export(story.office, "csv", DAY).decode())) for cell in row
    ]
    assert [text for text in texts if text.startswith(("=", "+", "-", "@"))] == []
    assert look(story, export(story.office, "csv", DAY)).comparison.changes == ()
    with gate.breath():
        assert gate.find_procedure(story.office, RECORD, on=DAY).notes == "=HYPERLINK(1)"


def test_changes_are_shown_field_by_field_and_hold_from_their_day_on(story: Story) -> None:
    data = edited(story, change("fee", direct="250.000", online="240.000"))
    (found,) = look(story, data).comparison.changes
    assert (found.what, found.key) == ("changed", RECORD)
    assert [(c.kind, c.key, c.field, c.old, c.new) for c in found.fields] == [
        ("fee", "ordinary", "direct", 200_000, 250_000),
        ("fee", "ordinary", "online", 200_000, 240_000),
    ]
    assert "    fee ordinary.direct: 200000 → 250000" in list(review_lines(look(story, data)))
    tomorrow = DAY + timedelta(1)
    bring(story, data, tomorrow)
    with gate.breath():
        amounts = [
            gate.find_procedure(story.office, RECORD, on=day).fees[0].direct for day in (DAY, tomorrow)
        ]
    assert amounts == [200_000, 250_000]
    entry = Journal.select().where(Journal.kind == "catalogue.taken").get()
    assert json.loads(entry.facts) == {
        "valid_from": "2026-11-24", "added": 0, "changed": 1, "withdrawn": 0,
    }  # fmt: skip


def test_a_new_procedure_is_offered_at_once_and_one_left_out_stays(story: Story) -> None:
    def add_and_leave_out(rows: list[dict[str, Any]]) -> None:
        new = [{**row, "procedure": "1.999999"} for row in rows if row["procedure"] == RECORD]
        new[0] |= {"code": "1.999999", "name": "Việc mới"}
        rows[:] = [row for row in rows if row["procedure"] != RECORD] + new

    found = bring(story, edited(story, add_and_leave_out))
    assert [(c.what, c.key) for c in found.comparison.changes] == [("added", "1.999999")]
    assert [p.key for p in found.comparison.missing] == [RECORD]
    dossier = story.receive("1.999999", answers={})
    assert dossier.procedure == "1.999999"
    story.receive(RECORD)


def test_what_is_left_out_ends_the_day_before_where_that_is_asked_for(story: Story) -> None:
    def leave_out(rows: list[dict[str, Any]]) -> None:
        rows[:] = [row for row in rows if row["procedure"] != RECORD]

    found = bring(story, edited(story, leave_out), withdraw_missing=True)
    assert [(c.what, c.key) for c in found.comparison.changes] == [("withdrawn", RECORD)]
    with pytest.raises(Conflict, match="procedure_not_in_force"):
        story.receive(RECORD)
    assert story.receive(LICENCE), "a department that is not in the file misses nothing"
    assert look(story, edited(story, leave_out), withdraw_missing=True).comparison.changes == ()


def test_an_edition_can_be_taken_back(story: Story) -> None:
    bring(story, edited(story, change("procedure", name="Tên mới")))
    edition = CatalogueEdition.get()
    with gate.breath():
        assert gate.find_procedure(story.office, RECORD, on=DAY).name == "Tên mới"
        revoke_edition(story.office, edition.id, "Sai tên", story.clock.moment, ADMIN)
        assert gate.find_procedure(story.office, RECORD, on=DAY).name.startswith("Cấp Phiếu")


def test_an_override_is_no_part_of_the_list_and_stays_over_an_edition(story: Story) -> None:
    wish = Wish("justice", RECORD, "fee", "ordinary", {"direct": 1, "online": 1}, DAY, None, "NQ 1")
    override(story.office, wish, story.clock.moment, ADMIN)
    assert look(story, export(story.office, "csv", DAY)).comparison.changes == ()
    found = bring(story, edited(story, change("procedure", name="Tên mới")))
    assert [c.key for c in found.overridden] == [RECORD]
    with gate.breath():
        now = gate.find_procedure(story.office, RECORD, on=DAY)
    assert (now.name, now.fees[0].direct) == ("Tên mới", 1)


def test_a_file_shown_against_an_older_catalogue_is_not_taken(story: Story) -> None:
    data = edited(story, change("procedure", name="Tên mới"))
    version = look(story, data).version
    bring(story, edited(story, change("procedure", name="Tên khác")))
    with pytest.raises(Conflict, match="catalogue_changed"):
        bring(story, data, version=version)


@pytest.mark.parametrize(("starts", "reason"), [(DAY - timedelta(1), "CV"), (DAY, " ")])
def test_no_file_is_taken_for_the_past_or_without_a_reason(story: Story, starts: date, reason: str) -> None:
    data = edited(story, change("procedure", name="Tên mới"))
    with pytest.raises(DomainError, match=r"start_in_past|reason_missing"):
        take(story.office, data, starts, reason, story.clock.moment, ADMIN)
    assert CatalogueEdition.select().count() == 0


WRONG_CELLS = [
    (change("fee", direct="50.000,5"), "direct", "must be a whole number"),
    (change("fee", direct="-1"), "direct", "must not be negative"),
    (change("fee", direct="1e9"), "direct", "must be a whole number"),
    (change("fee", direct="0,5"), "direct", "must be a whole number"),
    (change("fee", direct=""), "direct", "is missing"),
    (change("fee", direct="99999999999999"), "direct", "is not between"),
    (change("fee", kind="thuế"), "kind", "unknown 'thuế'"),
    (change("fee", name=""), "name", "is missing"),
    (change("fee", valid_from="2026-02-30"), "valid_from", "must be a day"),
    (change("fee", valid_from="2026-02-03", valid_to="2026-02-01"), "valid_to", "lies before"),
    (change("fee", originals="1"), "originals", "has nothing to say here"),
    (change("term", unit="tuần"), "unit", "unknown 'tuần'"),
    (change("term", value="0"), "value", "is no term"),
    (change("component", originals=""), "originals", "is missing"),
    (change("component", copies="2,5"), "copies", "must be a whole number"),
    (change("level", level="5"), "level", "is not between"),
    (change("procedure", code="1.12"), "code", "is not like 2.000488"),
    (change("procedure", code="2.000815"), "code", "which has the same code"),
    (change("procedure", clock_start="khi nào"), "clock_start", "unknown"),
    (change("procedure", on_the_spot="có lẽ"), "on_the_spot", "or empty"),
    (change("procedure", source=""), "source", "is missing"),
    (change("procedure", department="health_x"), "department", "there is no department"),
    (change("procedure", row="thủ tục"), "row", "unknown 'thủ tục'"),
    (change("procedure", name=""), "name", "is missing"),
]


@pytest.mark.parametrize(("edit", "column", "reason"), WRONG_CELLS)
def test_a_wrong_cell_is_named_by_row_and_column(story: Story, edit: Edit, column: str, reason: str) -> None:
    rows_seen: list[dict[str, Any]] = []

    def spy(rows: list[dict[str, Any]]) -> None:
        edit(rows)
        rows_seen.extend(rows)

    before = [dict(row) for row in _rows(story)]
    found = problems(story, edited(story, spy))
    touched = {
        number for number, (old, new) in enumerate(zip(before, rows_seen, strict=True), 2) if old != new
    }
    assert any(c == column and reason in why and row in touched for row, c, why in found), found
    assert all(reason_text(why, "vi") != why for _, _, why in found), "every reason has its Vietnamese"


def _rows(story: Story) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []
    edited(story, lambda rows: seen.extend(dict(row) for row in rows))
    return seen


def test_every_mistake_is_listed_at_once_as_an_editor_would_jump_to_it(story: Story) -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            if row["row"] == "fee":
                row["direct"] = "x"

    with pytest.raises(TableRefused) as caught:
        look(story, edited(story, spoil))
    lines = list(problem_lines(caught.value, "danh-muc.csv"))
    assert len(lines) > 5
    assert re.match(r"danh-muc\.csv:\d+:direct: must be a whole number", lines[0])


def test_a_procedure_told_twice_and_validities_that_overlap_are_refused(story: Story) -> None:
    def twice(rows: list[dict[str, Any]]) -> None:
        rows.append(dict(pick(rows)))

    def overlapping(rows: list[dict[str, Any]]) -> None:
        first = pick(rows, "fee")
        rows.append({**first, "valid_from": "2026-01-01"})

    assert "this procedure is there twice" in problems(story, edited(story, twice))[0][2]
    assert "same days as an earlier row" in problems(story, edited(story, overlapping))[0][2]


def test_a_fee_the_departments_own_rule_needs_may_not_go(story: Story) -> None:
    def drop(rows: list[dict[str, Any]]) -> None:
        rows.remove(pick(rows, "fee", "2.000815"))

    found = problems(story, edited(story, drop))
    assert found[0][2].startswith("compute_fee: plugin_failed")
    assert reason_text(found[0][2], "vi").startswith("cách tính phí của ngành không tính được")


def test_semicolons_tabs_utf16_and_one_heading_are_read_as_well(story: Story) -> None:
    rows = [list(row.values()) for row in _rows(story)]
    for delimiter in ";\t":
        assert look(story, written(rows, delimiter=delimiter)).comparison.changes == ()
    wide = written(rows, delimiter="\t").decode().encode("utf-16")
    assert look(story, wide).comparison.changes == ()


def test_dates_of_excel_and_dates_as_text_are_one(story: Story) -> None:
    texts, dates = [], []
    for row in _rows(story):
        if row["row"] == "level":
            row["valid_from"] = "24/11/2026"
        texts.append(list(row.values()))
        dates.append([date(2026, 11, 24) if cell == "24/11/2026" else cell for cell in row.values()])
    one, other = look(story, written(texts)), look(story, as_xlsx([KEYS, *dates]))
    assert one.comparison.changes == other.comparison.changes != ()


NO_TABLES = [
    (b"", "the file is empty"),
    (b" \n ", "the file is empty"),
    (b"\xef\xbb\xbf", "the file is empty"),
    (b"%PDF-1.7\x00\xff", "neither an .xlsx file nor a CSV"),
    (b"\xd0\xcf\x11\xe0" + b"0" * 99, "old or protected Excel"),
    (b"PK\x03\x04broken", "cannot be read"),
    ("tên,giá\nA,1\n".encode(), "no heading"),
    (written([]), "no rows"),
    (written([], [*KEYS, "màu"]), "unknown column"),
    (written([], [*KEYS, "name"]), "there twice"),
    (written([["fee", "justice", RECORD, *[""] * len(KEYS), "thừa"]]), "more cells than the heading"),
    (b'row,department,procedure\nprocedure,justice,"2.000488\n', "not CSV"),
    (b"row,department,procedure\n" + b"," * 500 + b"\n", "cells"),
]


@pytest.mark.parametrize(("data", "reason"), NO_TABLES)
def test_what_is_no_table_is_refused_with_its_reason(story: Story, data: bytes, reason: str) -> None:
    found = problems(story, data)
    assert any(reason in why for _, _, why in found), found
    assert all(reason_text(why, "vi") != why for _, _, why in found)


def test_a_formula_is_refused_by_the_name_of_its_cell() -> None:
    data = as_xlsx([KEYS, ["procedure", "justice", RECORD]], lambda sheet: sheet.write_formula("M2", "=1+1"))
    _, rows = read_table(data)
    with pytest.raises(TableRefused) as caught:
        list(rows)
    assert [(p.row, p.column, p.reason[:12]) for p in caught.value.problems] == [(2, "M2", "is a formula")]


def test_a_hundred_thousand_rows_are_not_read_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "MOST_ROWS", 1_000)
    _, rows = read_table(written([["fee", "justice", RECORD]] * 100_000))
    read = 1 + sum(1 for _ in zip(range(999), rows, strict=False))
    assert read == 1_000
    with pytest.raises(TableRefused) as caught:
        next(rows)
    assert caught.value.problems[0].reason == "more than 1000 rows"


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"xl__workbook.xml": b"0" * (65 * 1024 * 1024)}, "unpacks to more than 64 MB"),
        ({"xl__workbook.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "cannot be read"),
        ({"word__document.xml": b"<x/>"}, "neither an .xlsx file nor a CSV"),
        ({"xl__workbook.xml": b"<x/>"}, "cannot be read"),
    ],
)
def test_a_zip_that_is_no_workbook_or_a_bomb_is_refused(parts: dict[str, bytes], reason: str) -> None:
    with pytest.raises(TableRefused) as caught:
        list(read_table(zipped(**parts))[1])
    assert reason in caught.value.problems[0].reason


def harmed(mark: bytes, place: int, byte: int, count: int = 1) -> bytes:
    """A workbook with other bytes so far behind the first such mark."""
    data = bytearray(as_xlsx([KEYS]))
    at = data.index(mark) + place
    data[at : at + count] = bytes([byte]) * count
    return bytes(data)


LOCAL, CENTRAL, FIRST = b"PK\x03\x04", b"PK\x01\x02", b"[Content_Types].xml"
DAMAGED = {
    "torn": harmed(FIRST, len(FIRST), 0xFF, 8),
    "changed": harmed(FIRST, len(FIRST) + 60, 0x55, 8),
    "encrypted": harmed(CENTRAL, 8, 1),
    "packed in a way nobody knows": harmed(CENTRAL, 10, 99),
    "packed in another way than it says": harmed(CENTRAL, 10, 12),
    "cut off": as_xlsx([KEYS])[:-200],
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_workbook_is_refused_like_any_file_that_is_no_table(data: bytes) -> None:
    with pytest.raises(TableRefused) as caught:
        list(read_table(data)[1])
    assert caught.value.problems[0].reason == "this .xlsx file cannot be read"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "b">]><x/>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", ("\ufeff" + ENTITIES).encode("utf-16-le")),
        ("xl/worksheets/sheet1.xml", ("\ufeff" + ENTITIES).encode("utf-16-be")),
        ("xl/worksheets/sheet1.xml", b"<!--" + b" " * 70_000 + b"-->" + ENTITIES.encode()),
        ("xl/worksheets/sheet1.xml", b" " * (1024 * 1024 - 4) + ENTITIES.encode()),
        ("xl/_rels/workbook.xml.rels", ENTITIES.encode()),
        ("xl/sheet.bin", ENTITIES.encode()),
    ],
    ids=["utf-16-le", "utf-16-be", "far inside", "over the edge of a piece", "rels", "bin"],
)
def test_no_part_may_declare_entities_however_it_is_named_or_written(part: str, content: bytes) -> None:
    out = io.BytesIO(as_xlsx([KEYS]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"more/{part}", content)
    with pytest.raises(TableRefused) as caught:
        list(read_table(out.getvalue())[1])
    assert caught.value.problems[0].reason == "this .xlsx file cannot be read"


def test_too_large_a_file_is_not_even_looked_at() -> None:
    with pytest.raises(TableRefused) as caught:
        read_table(b"x" * (table_files.MOST_BYTES + 1))
    assert "larger than 8 MB" in caught.value.problems[0].reason


def test_an_old_upload_that_another_process_dropped_first_is_no_accident(
    tmp_path: Path, story: Story
) -> None:
    folder = tmp_path / uploads.FOLDER
    folder.mkdir()
    (folder / ("0" * 64)).symlink_to("gone")
    digest = uploads.keep(tmp_path, b"abc", story.clock.moment)
    assert uploads.fetch(tmp_path, digest) == b"abc"


def test_an_upload_is_kept_for_its_owner_until_it_is_taken_or_old(tmp_path: Path, story: Story) -> None:
    now = story.clock.moment
    digest = uploads.keep(tmp_path, b"abc", now)
    kept = tmp_path / uploads.FOLDER / digest
    assert kept.stat().st_mode & 0o077 == 0
    assert uploads.fetch(tmp_path, digest) == b"abc"
    for wrong in ("0" * 64, "../secret.key", "", digest.upper()):
        with pytest.raises(NotFound, match="upload_gone"):
            uploads.fetch(tmp_path, wrong)
    kept.write_bytes(b"abd")
    with pytest.raises(NotFound, match="upload_gone"):
        uploads.fetch(tmp_path, digest)
    uploads.drop(tmp_path, digest)
    assert not kept.exists()
