"""An applicant's data: numbers that can be true, phones that can ring, days that can be birthdays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.people import (
    Applicant,
    check_applicant,
    check_email,
    check_id_number,
    check_tax_code,
    mask_id,
    normalise_phone,
)

TODAY = date(2022, 6, 14)
AFTER_JULY_2025 = date(2025, 7, 1)
MEGABYTE = "9" * 1_000_000


def refusal_of(check, *arguments) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        check(*arguments)
    return refusal.value


def kept_or_refused(check, *arguments):
    try:
        return check(*arguments)
    except DomainError as refusal:
        return refusal


# --- identity numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("024099001189", "024099001189"),
        (" 024 099 001 189 ", "024099001189"),
        ("024.099.001.189", "024099001189"),
        ("027301000001", "027301000001"),  # a woman born 2001
        ("001200000000", "001200000000"),
        ("096199999999", "096199999999"),
        ("121234567", "121234567"),  # CMND of Hà Bắc
        ("c1234567", "C1234567"),  # passport
        ("PA0123456", "PA0123456"),
    ],
)
def test_identity_numbers_of_every_kind_are_taken(text, number):
    assert check_id_number(text, TODAY) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("02409900118", "shape"),
        ("0240990011890", "shape"),
        ("12345678", "shape"),
        ("abc", "shape"),
        ("ABCDEFGH", "shape"),
        ("", "shape"),
        ("٠٢٤٠٩٩٠٠١١٨٩", "shape"),  # Arabic digits
        (MEGABYTE, "shape"),
        ("000099001189", "province"),
        ("097099001189", "province"),
        ("024499001189", "birth_year"),  # born in the 22nd century
        ("024999001189", "birth_year"),
        ("024223001189", "birth_year"),  # born 2023, seen in 2022
    ],
)
def test_implausible_identity_numbers_are_refused_without_repeating_them(text, reason):
    refusal = refusal_of(check_id_number, text, TODAY)
    assert (refusal.code, refusal.fields) == ("id_number_malformed", {"field": "id_number", "reason": reason})


def test_without_a_day_only_the_century_is_judged():
    assert check_id_number("024223001189") == "024223001189"


@given(
    province=st.integers(1, 96),
    gender=st.integers(0, 1),
    year=st.integers(0, 99),
    rest=st.integers(0, 999_999),
)
def test_there_is_no_check_digit(province, gender, year, rest):
    number = f"{province:03d}{gender}{year:02d}{rest:06d}"
    assert check_id_number(number, TODAY) == number


@pytest.mark.parametrize(
    ("number", "masked"),
    [("024099001189", "024*******89"), ("121234567", "121****67"), ("C1234567", "********"), ("", "")],
)
def test_a_slip_shows_only_the_ends_of_a_number(number, masked):
    assert mask_id(number) == masked


@given(st.text(alphabet="0123456789", max_size=20))
def test_a_mask_keeps_the_length_and_hides_at_least_four(number):
    masked = mask_id(number)
    assert len(masked) == len(number)
    assert masked.count("*") >= min(4, len(number))


# --- tax codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0100233488", "0100233488"),
        ("0314409058-002", "0314409058-002"),
        ("0314409058002", "0314409058-002"),
        ("0100112437", "0100112437"),
        (" 0312687878 - 001 ", "0312687878-001"),
        ("0312687878–001", "0312687878-001"),
        ("2400000015", "2400000015"),
    ],
)
def test_right_tax_codes(text, code):
    assert check_tax_code(text) == code


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0100233480", "check_digit"),
        ("2400000012", "check_digit"),
        ("12345", "shape"),
        ("0100233488-00", "shape"),
        ("0100233488-000", "shape"),
        ("01002334-88", "shape"),
        ("010023348A", "shape"),
        ("2400000000", "shape"),
        (MEGABYTE, "shape"),
    ],
)
def test_wrong_tax_codes(text, reason):
    refusal = refusal_of(check_tax_code, text)
    assert (refusal.code, refusal.fields) == ("tax_code_malformed", {"field": "tax_code", "reason": reason})


@given(stem=st.integers(10_000_000, 999_999_999).map(lambda number: f"{number:09d}"))
def test_each_stem_has_at_most_one_check_digit(stem):
    answers = [kept_or_refused(check_tax_code, stem + digit) for digit in "0123456789"]
    right = [answer for answer in answers if isinstance(answer, str)]
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    no_such_code = sum(w * int(d) for w, d in zip(weights, stem, strict=True)) % 11 == 0
    assert len(right) == (0 if no_such_code or stem[2:] == "0000000" else 1)


def test_from_july_2025_individuals_use_their_identity_number():
    assert check_tax_code("024099001189", AFTER_JULY_2025) == "024099001189"
    assert refusal_of(check_tax_code, "024099001189", date(2025, 6, 30)).code == "tax_code_malformed"
    assert refusal_of(check_tax_code, "024099001189").code == "tax_code_malformed"
    assert refusal_of(check_tax_code, "999099001189", AFTER_JULY_2025).code == "tax_code_malformed"


# --- phones and mail -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0204.3531.111", "+842043531111"),
        ("(0204) 3531 111", "+842043531111"),
        ("024 3825 1234", "+842438251234"),
        ("0912 345 678", "+84912345678"),
        ("0912-345-678", "+84912345678"),
        ("+84 912.345.678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("0084912345678", "+84912345678"),
        ("+84 (0)912 345 678", "+84912345678"),
        ("\u202a0912345678\u202c", "+84912345678"),  # pasted from a contact card
        *((f"0{prefix}12345678", f"+84{prefix}12345678") for prefix in "35789"),
    ],
)
def test_phones_are_kept_in_one_form(text, number):
    assert normalise_phone(text) == number
    assert normalise_phone(number) == number


@pytest.mark.parametrize(
    "text",
    [
        *("091234567", "09123456789", "0412345678", "0612345678", "0204353111", "02043531"),
        *(
            "01234567890",
            "+1 202 555 0100",
            "113",
            "zero",
            "",
            "０９１２３４５６７８",
            MEGABYTE,
            "++84912345678",
        ),
    ],
)
def test_phones_that_cannot_ring_are_refused(text):
    refusal = refusal_of(normalise_phone, text)
    assert (refusal.code, refusal.fields) == ("phone_malformed", {"field": "phone"})


def test_mail_addresses_have_the_usual_shape():
    assert check_email(" Lan.Nguyen+hs@Bacgiang.GOV.VN ") == "Lan.Nguyen+hs@bacgiang.gov.vn"
    for wrong in ("lan", "lan@", "@x.vn", "lan@x", "a b@x.vn", "a@@x.vn", ".a@x.vn", "a..b@x.vn", "a@-x.vn"):
        assert refusal_of(check_email, wrong).code == "email_malformed"
    assert refusal_of(check_email, "a" * 250 + "@x.vn").code == "email_malformed"
    assert refusal_of(check_email, "a@b.vn\nBcc: c@d.vn").code == "email_malformed"
    assert refusal_of(check_email, MEGABYTE).code == "email_malformed"


# --- the applicant -------------------------------------------------------------------------------------

LAN = {
    "name": " Nguyễn  Thị Lan ",
    "kind": "person",
    "id_number": "024 185 001 189",
    "tax_code": "2400000015",
    "phone": "0912.345.678",
    "email": "lan@example.vn",
    "address": "Số 12/3, đường Lê Lợi,\n TP Bắc Giang",
    "born": "08/03/1985",
}


def test_an_applicant_is_checked_and_kept_tidy():
    assert check_applicant(LAN, TODAY) == Applicant(
        name="Nguyễn Thị Lan",
        kind="person",
        id_number="024185001189",
        tax_code="2400000015",
        phone="+84912345678",
        email="lan@example.vn",
        address="Số 12/3, đường Lê Lợi, TP Bắc Giang",
        born=date(1985, 3, 8),
    )


def test_only_the_name_must_be_given_and_empty_means_not_given():
    expected = Applicant(name="Lan")
    assert check_applicant({"name": "Lan"}, TODAY) == expected
    blanks: dict[str, object] = dict.fromkeys(
        ("id_number", "tax_code", "phone", "email", "address", "born"), " "
    )
    assert check_applicant({"name": "Lan", **blanks}, TODAY) == expected
    assert check_applicant({"name": "Lan", **dict.fromkeys(blanks)}, TODAY) == expected
    assert refusal_of(check_applicant, {}, TODAY).code == "text_empty"
    assert refusal_of(check_applicant, {"name": None}, TODAY).code == "text_empty"


def test_an_organisation_applies_too():
    company = check_applicant({"name": "Công ty TNHH A & B", "kind": "organisation"}, TODAY)
    assert company.kind == "organisation"


@pytest.mark.parametrize("born", [date(1985, 3, 8), "1985-03-08", "8/3/1985", " 08/03/1985 "])
def test_a_birthday_comes_in_three_spellings(born):
    assert check_applicant({"name": "Lan", "born": born}, TODAY).born == date(1985, 3, 8)


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2022, 6, 15), "date_in_future"),
        ("2122-06-15", "date_in_future"),
        ("31/12/1899", "date_too_early"),
        (date(1, 1, 1), "date_too_early"),
        ("30/02/1985", "date_malformed"),
        ("1985", "date_malformed"),
        ("19850308", "date_malformed"),
        ("1985-W10-5", "date_malformed"),
        (MEGABYTE, "date_malformed"),
        (19850308, "wrong_type"),
        (datetime(1985, 3, 8, tzinfo=UTC), "wrong_type"),
        (True, "wrong_type"),
    ],
)
def test_an_impossible_birthday_is_refused(born, code):
    refusal = refusal_of(check_applicant, {"name": "Lan", "born": born}, TODAY)
    assert refusal.code == code
    assert refusal.fields["field"] == "born"


def test_being_born_today_or_in_1900_is_possible():
    for born in (TODAY, date(1900, 1, 1)):
        assert check_applicant({"name": "Lan", "born": born}, TODAY).born == born


@pytest.mark.parametrize("field", ["name", "id_number", "tax_code", "phone", "email", "address", "born"])
@pytest.mark.parametrize("value", [7, 0, False, 1.5, ["x"], {"x": 1}, b"x"])
def test_a_wrong_type_is_named_with_its_field(field, value):
    refusal = refusal_of(check_applicant, {"name": "Lan", field: value}, TODAY)
    assert refusal.code == "wrong_type"
    assert refusal.fields["field"] == field


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": "robot"}, "applicant_kind_unknown", "kind"),
        ({"kind": ["person"]}, "applicant_kind_unknown", "kind"),
        ({"kind": None}, "applicant_kind_unknown", "kind"),
        ({"nickname": "x"}, "unknown_field", "nickname"),
        ({"name": "x" * 1_000_000}, "text_too_long", "name"),
        ({"name": "Lan 😀"}, "text_not_allowed", "name"),
        ({"address": "phố 😀"}, "text_not_allowed", "address"),
        ({"address": "x" * 301}, "text_too_long", "address"),
        ({"phone": "123"}, "phone_malformed", "phone"),
        ({"tax_code": "0100233480"}, "tax_code_malformed", "tax_code"),
        ({"id_number": "1"}, "id_number_malformed", "id_number"),
    ],
)
def test_each_mistake_has_its_own_code(change, code, field):
    refusal = refusal_of(check_applicant, {**LAN, **change}, TODAY)
    assert (refusal.code, refusal.fields["field"]) == (code, field)


def test_an_unknown_field_is_not_echoed_at_length():
    assert len(refusal_of(check_applicant, {"name": "Lan", "x" * 5_000: 1}, TODAY).fields["field"]) <= 40


def test_an_applicant_does_not_leak_into_a_log():
    shown = repr(check_applicant(LAN, TODAY))
    assert shown == "Applicant(kind='person')"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(raw=st.fixed_dictionaries({}, optional=dict.fromkeys(LAN, json_values)))
def test_any_json_is_an_applicant_or_a_refusal_that_repeats_nothing(raw):
    answer = kept_or_refused(check_applicant, raw, TODAY)
    if isinstance(answer, DomainError):
        assert answer.code.islower()
        assert set(answer.fields) <= {"field", "reason", "expected", "limit", "allowed", "earliest"}
    else:
        assert answer.name
