"""procedures.toml: what a department says about itself, and every mistake named by file, procedure and field."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.plugin import CatalogueError, load_department

GOOD = """
[department]
key = "sample"
title = "Sở Mẫu"
title_en = "Department of Examples"
prefix = "M"
agency_number = "99"

[[procedure]]
code = "1.000001"
name = "Cấp giấy"
field = "Giấy"
term = { value = 5, unit = "working_days" }
term_cases = [{ key = "far", title = "Ở xa", value = 2, unit = "months" }, { key = "open", title = "Khác", unit = "none" }]
levels = [{ level = 3, valid_to = 2023-12-31 }, { level = 4, valid_from = 2024-01-01 }]
post = { receive = true, return = false }
clock_start = "receipt"
components = [{ name = "Đơn", originals = 1, copies = 0 }]
confidence = "high"
code_confidence = "verified"
source = "tests"

[[procedure.fee]]
key = "usual"
title = "Thông thường"
kind = "phi"
direct = 31_160
online = 7_790
unit = "lần"
online_from = 2023-12-01
online_to = 2025-12-31

[[procedure]]
key = "bao-cao"
name = "Báo cáo"
field = "Khác"
term = { unit = "none" }
post = {}
clock_start = "receipt"
components = [{ name = "Báo cáo", originals = 1, copies = 0 }]
confidence = "low"
code_confidence = "unknown"
source = "tests"
notes = "Theo kế hoạch"

[[procedure.fee]]
key = "free"
title = "Miễn phí"
kind = "phi"
direct = 0
online = 0
unit = "lần"
"""


@pytest.fixture
def department(tmp_path):
    def read(text=GOOD):
        folder = tmp_path / "sample"
        folder.mkdir()
        (folder / "procedures.toml").write_text(text, encoding="utf-8")
        return load_department(folder)

    return read


def test_all_facts_arrive(department):
    read = department()
    first, second = read.procedures
    assert (read.key, read.prefix, read.agency_number) == ("sample", "M", "99")
    assert (first.key, first.code, first.department) == ("1.000001", "1.000001", "sample")
    assert first.term == Term(5, TimeUnit.WORKING_DAYS)
    assert [(c.key, c.term) for c in first.term_cases] == [("far", Term(2, TimeUnit.MONTHS)), ("open", None)]
    assert [first.level_on(date(year, 6, 1)) for year in (2023, 2024)] == [3, 4]
    assert (first.post_receive, first.post_return) == (True, False)
    assert first.fees[0].amount(True, date(2024, 1, 1)) == 7_790
    assert first.fees[0].amount(True, date(2026, 1, 1)) == 31_160
    assert (second.key, second.code, second.term) == ("bao-cao", None, None)


SECOND_EDITION = GOOD[GOOD.index("[[procedure]]") : GOOD.index('[[procedure]]\nkey = "bao-cao"')]


def edition(dates: str, key: str = "giay-2") -> str:
    return GOOD + SECOND_EDITION.replace('code = "1.000001"', f'code = "1.000001"\nkey = "{key}"\n{dates}')


def test_two_editions_of_a_code_may_follow_one_another(department):
    old = GOOD.replace('field = "Giấy"', 'field = "Giấy"\nvalid_to = 2023-12-31', 1)
    text = old + SECOND_EDITION.replace(
        'code = "1.000001"', 'code = "1.000001"\nkey = "giay-2"\nvalid_from = 2024-01-01'
    )
    assert [p.valid_from for p in department(text).procedures if p.code] == [None, date(2024, 1, 1)]


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("direct = 31_160", "direct = -1", "procedure 1.000001: fee[1].direct: -1 is not between 0 and"),
        ("direct = 31_160", "direct = 31160.5", "fee[1].direct: must be a whole number"),
        ("direct = 31_160", "direct = 31160.0", "fee[1].direct: must be a whole number"),
        ("direct = 31_160", 'direct = "31160"', "fee[1].direct: must be a whole number"),
        ("direct = 31_160", "direct = true", "fee[1].direct: must be a whole number"),
        ("online = 7_790\n", "", "fee[1].online: is missing"),
        ('kind = "phi"', 'kind = "thuế"', "fee[1].kind: unknown 'thuế'; allowed: phi, le_phi"),
        ("online_to = 2025-12-31", "online_to = 2022-12-31", "fee[1].online_to: lies before online_from"),
        ("online_to = 2025-12-31", 'online_to = "2025-12-31"', "fee[1].online_to: must be a date"),
        ("online_to = 2025-12-31", "online_to = 2025-12-31T00:00:00", "fee[1].online_to: must be a date"),
        ('unit = "working_days"', 'unit = "weeks"', "procedure 1.000001: term.unit: unknown 'weeks'"),
        ("value = 5,", "value = 0,", "term.value: 0 working_days is no term"),
        ("value = 5,", "", "term.value: is missing"),
        ('key = "open"', 'key = "far"', "term_cases: the same key twice"),
        ("originals = 1, copies = 0", "originals = 1", "components[1].copies: is missing"),
        (
            "originals = 1, copies = 0",
            "originals = 1.5, copies = 0",
            "components[1].originals: must be a whole",
        ),
        (
            "valid_from = 2024-01-01",
            "valid_from = 2023-12-31",
            "levels[2].valid_from: is in force on the same days",
        ),
        ("level = 4", "level = 5", "levels[2].level: 5 is not between 1 and 4"),
        ('code = "1.000001"', 'code = "giấy 1"', "procedure 1: code: 'giấy 1' is not like 2.000488"),
        (
            'code = "1.000001"',
            'code = "1.000001.000.00.00.H02"',
            "procedure 1: code: write the short form, 1.000001",
        ),
        ('key = "bao-cao"', 'key = "1.000001"', "procedure 1.000001: key: '1.000001' is used twice"),
        ('key = "bao-cao"\n', "", "procedure 2: key: is missing"),
        ('clock_start = "receipt"', 'clock_start = "whenever"', "clock_start: unknown 'whenever'"),
        ('field = "Giấy"', 'field = "Giấy"\ncolour = "red"', "procedure 1.000001: colour: unknown key"),
        ("receive = true", 'receive = "yes"', "post.receive: must be true or false"),
        ("receive = true", "recieve = true", "post.recieve: unknown key"),
        ('notes = "Theo kế hoạch"', "", "procedure bao-cao: notes: must say why there is no term"),
        ('prefix = "M"', 'prefix = "Đ"', "prefix: 'Đ' has the wrong shape"),
        ('agency_number = "99"', "agency_number = 99", "agency_number: must be text"),
        ("[department]", "[departement]", "department: is missing"),
        ('name = "Cấp giấy"', 'name = ""', "procedure 1.000001: name: must not be empty"),
        ("term = { value", "term = value", "not TOML"),
    ],
)
def test_a_mistake_names_file_procedure_and_field(department, before, after, complaint):
    assert before in GOOD
    with pytest.raises(CatalogueError) as caught:
        department(GOOD.replace(before, after, 1))
    assert str(caught.value).startswith("sample/procedures.toml: ")
    assert complaint in str(caught.value)


def test_two_editions_of_a_code_may_not_overlap(department):
    with pytest.raises(CatalogueError, match=r"procedure giay-2: valid_from: overlaps '1.000001'"):
        department(edition("valid_from = 2024-01-01"))


def test_two_rows_of_one_fee_may_not_overlap(department):
    fee = GOOD[GOOD.index("[[procedure.fee]]") : GOOD.index('[[procedure]]\nkey = "bao-cao"')]
    with pytest.raises(CatalogueError, match=r"fee\[2\].valid_from: is in force on the same days"):
        department(GOOD.replace(fee, fee + fee, 1))


def test_a_procedure_needs_a_fee_row_even_when_it_is_free(department):
    with pytest.raises(CatalogueError, match="procedure bao-cao: fee: is missing"):
        department(GOOD[: GOOD.rindex("[[procedure.fee]]")])


def test_decomposed_letters_are_composed(department):
    import unicodedata

    read = department(unicodedata.normalize("NFD", GOOD))
    assert read.procedures[0].name == "Cấp giấy"
