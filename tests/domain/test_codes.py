"""Dossier codes of both forms, procedure codes, and the check code of a slip."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.codes import (
    CHECK_ALPHABET,
    DossierCode,
    check_code,
    check_code_matches,
    format_dossier_code,
    full_procedure_code,
    normalise_procedure_code,
    parse_dossier_code,
)
from kiosk.domain.errors import DomainError

JUNE_14 = date(2022, 6, 14)
agencies = st.sampled_from(
    [("tt01", "000.00.NN.H02"), ("tt01", "012.34.56.H48"), ("qd20", "H02.NN"), ("qd20", "H15.50.05.13")]
)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
serials = st.integers(1, 9_999_999)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("000.00.NN.H02-220614-0001", DossierCode("tt01", "000.00.NN.H02", JUNE_14, 1)),
        ("000.00.53.H48-220921-0099", DossierCode("tt01", "000.00.53.H48", date(2022, 9, 21), 99)),
        ("000.00.19.H02-220614-0001", DossierCode("tt01", "000.00.19.H02", JUNE_14, 1)),
        ("H02.NN-220614-0001", DossierCode("qd20", "H02.NN", JUNE_14, 1)),
        ("H15.50.05.13-261008-0975", DossierCode("qd20", "H15.50.05.13", date(2026, 10, 8), 975)),
        ("H02-220614-0001", DossierCode("qd20", "H02", JUNE_14, 1)),
        ("G22.99-220614-000123", DossierCode("qd20", "G22.99", JUNE_14, 123, 6)),
        ("G22.99-220614-0000123", DossierCode("qd20", "G22.99", JUNE_14, 123, 7)),
    ],
)
def test_both_forms_are_read_and_written_back_as_they_came(text, code):
    assert parse_dossier_code(text) == code
    assert str(code) == text


def test_an_office_writes_its_codes_from_a_whole_agency_or_its_parts():
    assert format_dossier_code("tt01", "000", "00", "NN", "H02", day=JUNE_14, serial=1) == (
        "000.00.NN.H02-220614-0001"
    )
    assert format_dossier_code("qd20", "h02.nn", day=JUNE_14, serial=27) == "H02.NN-220614-0027"


@pytest.mark.parametrize(
    "typed",
    [" h02.nn-220614-0001 ", "H02.NN – 220614 – 0001", "h02.NN‑220614‑0001\n", "\u00a0H02.nn-220614-0001"],
)
def test_a_code_typed_carelessly_is_understood(typed):
    assert str(parse_dossier_code(typed)) == "H02.NN-220614-0001"


def test_the_ten_thousandth_dossier_of_a_day_gets_a_fifth_digit():
    codes = [format_dossier_code("qd20", "H02.NN", day=JUNE_14, serial=n) for n in (9_999, 10_000, 10_001)]
    assert codes == ["H02.NN-220614-9999", "H02.NN-220614-10000", "H02.NN-220614-10001"]
    assert [parse_dossier_code(code).serial for code in codes] == [9_999, 10_000, 10_001]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "shape"),
        ("H02.NN-220614", "shape"),
        ("H02.NN-220614-001", "shape"),
        ("H02.NN-220614-00000001", "shape"),
        ("H02.NN-220614-٠٠٠١", "shape"),  # Arabic digits
        ("H02.NN-220614-0001' OR 1=1", "shape"),
        ("H02.ĐĐ-220614-0001", "shape"),
        ("H02.ſı-220614-0001", "shape"),  # letters that only capitals make ASCII
        ("H02.NN-220614-0001" * 60_000, "shape"),
        (None, "shape"),
        (220614, "shape"),
        ("H02.NN-220631-0001", "day"),
        ("H02.NN-221314-0001", "day"),
        ("H02.NN-220614-0000", "serial"),
        ("02.NN-220614-0001", "agency"),
        ("000.00.NN-220614-0001", "agency"),
        ("H02..NN-220614-0001", "agency"),
        ("H02.1.2.3.4.5.6-220614-0001", "agency"),
    ],
)
def test_a_malformed_code_is_refused_with_its_reason(text, reason):
    with pytest.raises(DomainError) as refusal:
        parse_dossier_code(text)
    assert (refusal.value.code, refusal.value.fields) == ("dossier_code_malformed", {"reason": reason})


@pytest.mark.parametrize(
    ("form", "agency", "day", "serial"),
    [
        ("tt02", "H02.NN", JUNE_14, 1),
        ("tt01", "H02.NN", JUNE_14, 1),
        ("qd20", "000.00.NN.H02", JUNE_14, 1),
        ("qd20", "H02.NN", date(1999, 12, 31), 1),
        ("qd20", "H02.NN", datetime(2022, 6, 14, tzinfo=UTC), 1),
        ("qd20", "H02.NN", JUNE_14, 0),
        ("qd20", "H02.NN", JUNE_14, True),
        ("qd20", "H02.NN", JUNE_14, 10_000_000),
    ],
)
def test_no_code_is_written_that_could_not_be_read(form, agency, day, serial):
    with pytest.raises(DomainError, match="dossier_code_malformed"):
        format_dossier_code(form, agency, day=day, serial=serial)


@given(agency=agencies, day=days, serial=serials)
def test_what_is_written_is_read_back(agency, day, serial):
    form, name = agency
    text = format_dossier_code(form, name, day=day, serial=serial)
    read = parse_dossier_code(text.lower())
    assert (read.form, read.agency, read.day, read.serial) == (form, name, day, serial)
    assert str(read) == text


@given(text=st.text(max_size=80))
def test_any_text_is_a_code_or_a_refusal(text):
    try:
        outcome: DossierCode | DomainError = parse_dossier_code(text)
    except DomainError as refusal:
        outcome = refusal
    if isinstance(outcome, DomainError):
        assert outcome.code == "dossier_code_malformed"
    else:
        assert parse_dossier_code(str(outcome)) == outcome


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("3.000181.000.00.00.H22", "3.000181"),
        ("2.001610", "2.001610"),
        (" 2.001610.000.00.00.h02 ", "2.001610"),
        ("1.012783.001.02.03.H02", "1.012783"),
    ],
)
def test_a_procedure_is_named_by_its_short_code(text, short):
    assert normalise_procedure_code(text) == short


@pytest.mark.parametrize(
    "text",
    ["", "2.00161", "4.001610", "2001610", "2.001610.000.00.H02", "2.001610.000.00.00", "٢.001610", 2.0],
)
def test_a_malformed_procedure_code_is_refused(text):
    with pytest.raises(DomainError, match="procedure_code_malformed"):
        normalise_procedure_code(text)


def test_the_long_form_is_built_from_the_short_one():
    assert full_procedure_code("2.001610", "000.00.00.h02") == "2.001610.000.00.00.H02"
    with pytest.raises(DomainError, match="procedure_code_malformed"):
        full_procedure_code("2.001610", "H02")


SECRET = b"one office's secret"


def test_a_check_code_is_stable_short_and_readable():
    code = check_code(SECRET, "T007 2022-06-14")
    assert code == check_code(SECRET, "T007 2022-06-14")
    assert len(code) == 4
    assert set(code) <= set(CHECK_ALPHABET)
    assert not set(CHECK_ALPHABET) & set("0O1ILZS5UB2")
    assert len(set(CHECK_ALPHABET)) == len(CHECK_ALPHABET)


def test_another_day_number_or_office_gives_another_check_code():
    labels = [f"T{number:03d} 2022-06-{day:02d}" for number in range(1, 21) for day in range(13, 18)]
    assert len({check_code(SECRET, label) for label in labels}) == len(labels)
    assert check_code(SECRET, labels[0]) != check_code(b"another secret", labels[0])


def test_a_typed_check_code_is_compared_kindly_and_a_wrong_one_refused():
    code = check_code(SECRET, "T007 2022-06-14")
    assert check_code_matches(SECRET, "T007 2022-06-14", f" {code[:2].lower()} {code[2:]}")
    assert not check_code_matches(SECRET, "T008 2022-06-14", code)
    assert not check_code_matches(SECRET, "T007 2022-06-14", "\ud800đ")


def test_a_check_code_needs_a_secret():
    with pytest.raises(ValueError, match="secret"):
        check_code(b"", "T007 2022-06-14")
