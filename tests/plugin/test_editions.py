"""An office's own catalogue: editions and overrides by day, read through the gate and found again from a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.database import bookkeeping
from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.errors import NotFound
from kiosk.domain.procedure import Component, Department, FeeCase, OnlineLevel, Procedure, TermCase
from kiosk.models import CatalogueEdition, Office, OfficePlugin
from kiosk.plugin import gate
from kiosk.plugin.cells import CellError, Kind, guarded, read, written
from kiosk.plugin.editions import Catalogue, Edition, Override, Shelf
from kiosk.plugin.procedure_values import procedure_of, values_of
from kiosk.plugin.spreadsheet import KEYS, drafts_of, rows_of
from tests.factories import OPENING, make_office

DAY = date(2026, 11, 23)
BEFORE, AFTER = DAY - timedelta(1), DAY + timedelta(1)
PLAIN = Procedure(
    department="sample",
    key="cap-giay",
    name="Cấp giấy",
    field_name="Giấy",
    term=Term(5, TimeUnit.WORKING_DAYS),
    components=(Component("Đơn", 1, 0), Component("Ảnh", 0, 2, "Lần đầu", 6)),
    fees=(
        FeeCase("usual", "Thường", 30_000, 20_000, online_to=date(2030, 1, 1)),
        FeeCase("rush", "Nhanh", 0, 0, unknown=True),
        FeeCase("area", "Theo diện tích", 0, 0, by_rule=True, note="1 % giá đất"),
    ),
    code="1.000001",
    term_cases=(TermCase("far", "Ở xa", None),),
    levels=(OnlineLevel(3, None, date(2024, 1, 1)), OnlineLevel(4, date(2024, 1, 2))),
    post_receive=True,
    on_the_spot=True,
    collect_back=("Giấy cũ", "Biển số"),
    notes="Ghi chú",
    source="tests",
    keywords=("xin giấy",),
)


def base(*procedures: Procedure) -> Shelf:
    department = Department("sample", "Sở Mẫu", "Examples", "M", "99", procedures or (PLAIN,))
    return Shelf({"sample": department})


def only(shelf: Shelf) -> Procedure:
    return shelf.procedures["sample", "cap-giay"]


def fee(case: str, first: date, last: date | None = None, **values: object) -> Override:
    given = {"direct": 50_000, "online": 45_000, **values}
    return Override("sample", "cap-giay", "fee", case, given, first, last)


def test_an_edition_replaces_the_plugins_facts_from_its_day_on():
    new = replace(PLAIN, name="Cấp giấy mới")
    catalogue = Catalogue(base(), [Edition("sample", "cap-giay", DAY, values_of(new))])
    assert only(catalogue.on(BEFORE)) is PLAIN
    assert only(catalogue.on(DAY)) == new == only(catalogue.on(None))


def test_the_latest_edition_holds_and_of_two_of_one_day_the_later_made():
    editions = [
        Edition("sample", "cap-giay", day, values_of(replace(PLAIN, name=name)))
        for day, name in ((AFTER, "morgen"), (DAY, "sáng"), (DAY, "chiều"))
    ]
    catalogue = Catalogue(base(), editions)
    assert [only(catalogue.on(day)).name for day in (BEFORE, DAY, AFTER)] == ["Cấp giấy", "chiều", "morgen"]


def test_an_edition_may_bring_a_procedure_and_one_of_an_unknown_department_lies_idle():
    new = replace(PLAIN, key="khac", code="1.000002")
    editions = [
        Edition("sample", "khac", DAY, values_of(new)),
        Edition("gone", "khac", DAY, values_of(new)),
    ]
    catalogue = Catalogue(base(), editions)
    assert [p.key for p in catalogue.on(DAY).departments["sample"].procedures] == ["cap-giay", "khac"]
    assert catalogue.on(DAY).index.find("1.000002") == [new]
    assert catalogue.on(BEFORE).index.find("1.000002") == []


def test_an_edition_that_is_no_longer_understood_does_not_close_the_office(caplog):
    catalogue = Catalogue(base(), [Edition("sample", "cap-giay", DAY, {"key": "cap-giay"})])
    assert only(catalogue.on(DAY)) == PLAIN
    assert "left out" in caplog.text


def test_an_override_of_a_fee_holds_between_its_days_by_either_channel():
    catalogue = Catalogue(base(), [], [fee("usual", DAY, AFTER, basis="NQ 1")])
    amounts = [
        [only(catalogue.on(day)).fees[0].amount(online, day) for online in (False, True)]
        for day in (BEFORE, DAY, AFTER, AFTER + timedelta(1))
    ]
    assert amounts == [[30_000, 20_000], [50_000, 45_000], [50_000, 45_000], [30_000, 20_000]]
    assert only(catalogue.on(DAY)).fees[0].basis == "NQ 1"
    assert only(catalogue.on(DAY, overridden=False)) == PLAIN


def test_an_override_makes_an_unknown_amount_known():
    assert PLAIN.doubts == ("fee",)
    known = only(Catalogue(base(), [], [fee("rush", DAY)]).on(DAY))
    assert (known.doubts, known.fees[1].direct) == ((), 50_000)


@pytest.mark.parametrize(
    ("case", "values", "terms"),
    [
        ("", {"unit": "months", "value": 2}, [Term(2, TimeUnit.MONTHS), None]),
        ("", {"unit": "none"}, [None, None]),
        (
            "far",
            {"unit": "hours", "value": 24},
            [Term(5, TimeUnit.WORKING_DAYS), Term(24, TimeUnit.HOURS)],
        ),
    ],
)
def test_an_override_of_a_term_is_of_the_usual_one_or_of_a_case(case, values, terms):
    override = Override("sample", "cap-giay", "term", case, values, DAY)
    changed = only(Catalogue(base(), [], [override]).on(DAY))
    assert [changed.term, changed.term_cases[0].term] == terms


def test_an_override_of_what_is_not_there_any_more_changes_nothing():
    gone = [fee("gone", DAY), replace(fee("usual", DAY), procedure="gone")]
    assert only(Catalogue(base(), [], gone).on(DAY)) == PLAIN


def test_without_changes_the_plugins_shelf_itself_is_used():
    shelf = base()
    assert Catalogue(shelf).on(DAY) is shelf is Catalogue(shelf).on(None)


@pytest.fixture
def office(sqlite_database, use_plugins):
    use_plugins()
    office = make_office()
    with bookkeeping():
        OfficePlugin.create(office=office, name="justice", enabled=True, changed_at=OPENING)
    return office.id


def add_edition(office, key, **changes):
    """Another process takes an edition: a row, and the number of the catalogue."""
    procedure = replace(gate.known_procedure("justice", "2.000488"), key=key, **changes)
    with bookkeeping():
        CatalogueEdition.create(
            office=office, department="justice", procedure=key, valid_from=DAY, values=values_of(procedure),
            reason="tests", actor="user:1", created_at=OPENING,
        )  # fmt: skip
        Office.update(catalogue_version=Office.catalogue_version + 1).execute()


def test_a_change_in_another_process_counts_from_the_next_breath_on(office):
    with gate.breath():
        old = gate.find_procedure(office, "2.000488", on=DAY)
        add_edition(office, "2.000488", name="Tên mới")
        assert gate.find_procedure(office, "2.000488", on=DAY) is old
    with gate.breath():
        assert gate.find_procedure(office, "2.000488", on=DAY).name == "Tên mới"
        assert gate.find_procedure(office, "2.000488", on=BEFORE) == old
        assert gate.search(office, "ten moi", on=DAY)[0].key == "2.000488"
        assert gate.search(office, "ten moi", on=BEFORE) == []


def test_what_only_an_edition_brings_is_found_like_any_other(office):
    add_edition(office, "thu-tuc-moi", code="1.999999", name="Việc mới", keywords=("chuyện lạ",))
    assert gate.find_procedure(office, "1.999999", on=DAY).name == "Việc mới"
    assert [p.key for p in gate.search(office, "la chuyen", on=DAY)] == ["thu-tuc-moi"]
    assert "thu-tuc-moi" in {p.key for p in gate.procedures(office, "justice", DAY)}
    assert gate.known_procedure("justice", "thu-tuc-moi", office).name == "Việc mới"
    assert gate.known_procedure("justice", "thu-tuc-moi") is None
    with pytest.raises(NotFound, match="unknown_procedure"):
        gate.find_procedure(office, "1.999999", on=BEFORE)


def test_one_offices_catalogue_is_not_anothers(office):
    other = make_office("other").id
    add_edition(office, "2.000488", name="Tên mới")
    assert gate.catalogue(office).on(DAY) is not gate.catalogue(other).on(DAY)
    assert gate.catalogue(other).on(DAY).procedures["justice", "2.000488"].name.startswith("Cấp Phiếu")


def test_a_catalogue_is_made_once_for_each_number(office, monkeypatch):
    made = []
    monkeypatch.setattr(
        gate, "_make_catalogue", lambda number, make=gate._make_catalogue: made.append(number) or make(number)
    )
    gate.procedures(office)
    assert made == [], "an office without changes has nothing to make"
    add_edition(office, "2.000488", name="Tên mới")
    for _ in range(3):
        gate.procedures(office, on=DAY)
    assert made == [office]


@pytest.mark.parametrize("query", ["000488", "0488", "2.000488", "án tiền", "tu ly phap lich"])
def test_search_by_a_piece_of_the_code_and_words_in_any_order(office, query):
    assert next(p.key for p in gate.search(office, query)) == "2.000488"


@pytest.mark.parametrize("query", ["đang ký", "dang ky", "ĐĂNG KÝ", "ddang ky", "ky dang"])
def test_d_and_stroked_d_are_one_letter_when_searching(office, query):
    assert gate.search(office, query) == gate.search(office, "đăng ký") != []


def every_shipped_procedure(house):
    return [p for d in house.departments.values() for p in d.procedures]


def test_values_and_rows_tell_every_shipped_procedure_again(use_plugins):
    shipped = every_shipped_procedure(use_plugins())
    assert len(shipped) > 10
    assert [procedure_of(values_of(p), p.department) for p in shipped] == shipped
    rows = [row for p in shipped for row in rows_of(p.department, values_of(p))]
    drafts = drafts_of(KEYS, enumerate(rows, 3))
    assert [draft.read() for draft in drafts] == shipped


def test_rows_tell_the_unusual_again():
    odd = replace(PLAIN, notes="=1+1\n'- hai dòng", source="@x", name="'tên", keywords=("-a", "+b"))
    rows = list(rows_of("sample", values_of(odd)))
    assert {str(cell)[:1] for row in rows for cell in row if isinstance(cell, str)}.isdisjoint("=+-@")
    assert [draft.read() for draft in drafts_of(KEYS, enumerate(rows, 3))] == [odd]


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("50.000", Kind.WHOLE, 50_000),
        ("1.234.567 đ", Kind.WHOLE, 1_234_567),
        (50_000.0, Kind.WHOLE, 50_000),
        ("0", Kind.WHOLE, 0),
        ("23/11/2026", Kind.DAY, "2026-11-23"),
        (DAY, Kind.DAY, "2026-11-23"),
        (OPENING.replace(hour=0, minute=0, tzinfo=None), Kind.DAY, "2026-11-23"),
        ("Có", Kind.FLAG, True),
        ("x", Kind.FLAG, True),
        (False, Kind.FLAG, False),
        ("  ", Kind.TEXT, None),
        ("a\nb\n", Kind.LIST, ["a", "b"]),
    ],
)
def test_cells_are_read_where_their_meaning_is_certain(cell, kind, value):
    assert read(cell, kind) == value


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("50.000,5", Kind.WHOLE),
        ("50,000", Kind.WHOLE),
        ("5.00", Kind.WHOLE),
        ("0.5", Kind.WHOLE),
        (0.5, Kind.WHOLE),
        ("-1", Kind.WHOLE),
        (True, Kind.WHOLE),
        ("năm mươi", Kind.WHOLE),
        ("1e9", Kind.WHOLE),
        ("31/02/2026", Kind.DAY),
        (OPENING.replace(tzinfo=None), Kind.DAY),
        (46_000, Kind.DAY),
        ("có lẽ", Kind.FLAG),
        (2.000488, Kind.TEXT),
    ],
)
def test_cells_that_may_mean_two_things_are_refused(cell, kind):
    with pytest.raises(CellError):
        read(cell, kind)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "＝1", " =1", "'x", "''", "|a", "%a"])
def test_no_text_is_a_formula_and_each_comes_back(text):
    assert guarded(text) == f"'{text}"
    assert read(written(text.strip(), Kind.TEXT), Kind.TEXT) == text.strip()
