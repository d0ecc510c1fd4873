"""Whole đồng: how fees add up, follow their rules, and are written and read aloud."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.money import (
    LARGEST_AMOUNT,
    FeeLine,
    OnlineRate,
    amount_in_words,
    dong_in_words,
    fee_on,
    format_dong,
    per_copy_above,
    per_page_with_cap,
    total,
)

READ_ALOUD = {
    0: "không",
    10: "mười",
    11: "mười một",
    14: "mười bốn",
    15: "mười lăm",
    20: "hai mươi",
    21: "hai mươi mốt",
    24: "hai mươi tư",
    31: "ba mươi mốt",
    55: "năm mươi lăm",
    104: "một trăm linh bốn",
    105: "một trăm linh năm",
    110: "một trăm mười",
    115: "một trăm mười lăm",
    1_001: "một nghìn không trăm linh một",
    1_005: "một nghìn không trăm linh năm",
    31_160: "ba mươi mốt nghìn một trăm sáu mươi",
    161_878: "một trăm sáu mươi mốt nghìn tám trăm bảy mươi tám",
    1_000_001: "một triệu không trăm linh một",
    10_020_000: "mười triệu không trăm hai mươi nghìn",
    1_000_000_000: "một tỷ",
    2_000_000_015: "hai tỷ không trăm mười lăm",
    1_234_567_000_000: "một nghìn hai trăm ba mươi tư tỷ năm trăm sáu mươi bảy triệu",
}
amounts = st.integers(0, LARGEST_AMOUNT)
_SPOKEN_DIGITS = {"không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4}
_SPOKEN_DIGITS |= {"năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9}


def heard(words: str) -> int:
    """What a listener writes down: the reverse of the reading, written independently of it."""
    done = group = digit = 0
    for word in words.split():
        match word:
            case "mười":
                group += 10
            case "mươi":
                group, digit = group + digit * 10, 0
            case "trăm":
                group, digit = group + digit * 100, 0
            case "linh":
                digit = 0
            case "nghìn" | "triệu":
                done += (group + digit) * {"nghìn": 1_000, "triệu": 1_000_000}[word]
                group = digit = 0
            case "tỷ":
                done, group, digit = (done + group + digit) * 1_000_000_000, 0, 0
            case _:
                digit = _SPOKEN_DIGITS[word]
    return done + group + digit


@pytest.mark.parametrize(("amount", "words"), READ_ALOUD.items())
def test_amounts_are_read_as_people_in_the_north_say_them(amount, words):
    assert amount_in_words(amount) == words


@given(amount=amounts)
def test_a_listener_writes_down_the_same_amount(amount):
    assert heard(amount_in_words(amount)) == amount


@given(amount=amounts)
def test_a_reading_never_uses_a_form_that_sounds_wrong(amount):
    words = amount_in_words(amount)
    for wrong in (
        "linh lăm",
        "linh mốt",
        "linh tư",
        "mười mốt",
        "mười tư",
        "mười năm",
        "mươi năm",
        "mươi một",
    ):
        assert wrong not in f"{words} "
    assert "không nghìn" not in words
    assert "không triệu" not in words
    assert words == " ".join(words.split())


def test_a_receipt_says_the_amount_in_words_with_its_unit():
    assert dong_in_words(31_160) == "Ba mươi mốt nghìn một trăm sáu mươi đồng"
    assert dong_in_words(0) == "Không đồng"


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0"), (855, "855"), (7_790, "7.790"), (31_160, "31.160"), (1_234_567, "1.234.567")],
)
def test_amounts_are_written_with_dots(amount, written):
    assert format_dong(amount) == f"{written} đồng"
    assert format_dong(amount, short=True) == f"{written} đ"


@given(amount=amounts)
def test_a_written_amount_keeps_every_digit(amount):
    assert int(format_dong(amount).removesuffix(" đồng").replace(".", "")) == amount


@pytest.mark.parametrize("amount", [-1, 1.0, 31_160.5, Decimal(5), "31160", None, True])
def test_only_whole_dong_are_money(amount):
    for use in (format_dong, amount_in_words, dong_in_words):
        with pytest.raises(DomainError, match="amount_not_whole_dong"):
            use(amount)
    with pytest.raises(DomainError, match="amount_not_whole_dong"):
        FeeLine("phi", "a case", amount)


def test_an_amount_no_transfer_could_carry_is_refused():
    with pytest.raises(DomainError, match="amount_too_large"):
        format_dong(LARGEST_AMOUNT + 1)
    with pytest.raises(DomainError, match="amount_too_large"):
        FeeLine("phi", "a case", LARGEST_AMOUNT, quantity=2)


def test_fee_lines_add_up_without_rounding_and_apart_by_kind():
    lines = [
        FeeLine("phi", "thẩm định hồ sơ", 31_160, legal_basis="NQ HĐND"),
        FeeLine("phi", "trích lục", 7_790, quantity=3),
        FeeLine("le_phi", "cấp giấy", 855),
    ]
    assert total(lines) == 31_160 + 3 * 7_790 + 855
    assert total(lines, "phi") == 54_530
    assert total(lines, "le_phi") == 855
    assert total([]) == 0


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "2"])
def test_a_fee_line_counts_whole_things(quantity):
    with pytest.raises(DomainError, match="quantity_not_positive"):
        FeeLine("phi", "a case", 1_000, quantity=quantity)


def test_a_fee_is_phi_or_le_phi():
    with pytest.raises(DomainError, match="fee_kind_unknown"):
        FeeLine("tax", "a case", 1_000)


@pytest.mark.parametrize(("copies", "fee"), [(1, 200_000), (2, 200_000), (3, 205_000), (5, 215_000)])
def test_a_judicial_record_costs_more_from_the_third_copy(copies, fee):
    assert per_copy_above(200_000, copies, free_copies=2, extra=5_000) == fee


@pytest.mark.parametrize(
    ("pages", "fee"),
    [(1, 2_000), (2, 4_000), (3, 5_000), (10, 12_000), (197, 199_000), (198, 200_000), (199, 200_000)],
)
def test_a_certified_copy_gets_cheaper_by_page_and_has_a_ceiling(pages, fee):
    assert per_page_with_cap(pages) == fee


@pytest.mark.parametrize("count", [0, -3, 2.0, True])
def test_fees_by_copy_and_page_need_a_count(count):
    with pytest.raises(DomainError, match="quantity_not_positive"):
        per_copy_above(200_000, count, 2, 5_000)
    with pytest.raises(DomainError, match="quantity_not_positive"):
        per_page_with_cap(count)


LICENCE = [OnlineRate(date(2023, 12, 1), date(2025, 12, 31), amount=115_000)]
PASSPORT = [OnlineRate(date(2024, 1, 1), date(2025, 12, 31), percent=90)]


@pytest.mark.parametrize(
    ("day", "fee"),
    [
        (date(2023, 11, 30), 135_000),
        (date(2023, 12, 1), 115_000),
        (date(2025, 12, 31), 115_000),
        (date(2026, 1, 1), 135_000),
    ],
)
def test_the_online_driving_licence_is_cheaper_between_two_dates(day, fee):
    assert fee_on(day, 135_000, online=True, rates=LICENCE) == fee
    assert fee_on(day, 135_000, online=False, rates=LICENCE) == 135_000


def test_the_online_passport_costs_ninety_percent():
    assert fee_on(date(2024, 6, 1), 200_000, online=True, rates=PASSPORT) == 180_000
    assert fee_on(date(2026, 6, 1), 200_000, online=True, rates=PASSPORT) == 200_000


def test_a_percentage_is_refused_rather_than_rounded():
    with pytest.raises(DomainError, match="amount_not_whole_dong"):
        fee_on(date(2024, 6, 1), 855, online=True, rates=PASSPORT)


def test_two_rates_for_one_day_are_a_mistake_to_be_seen():
    with pytest.raises(DomainError, match="online_rates_overlap"):
        fee_on(date(2024, 6, 1), 135_000, online=True, rates=[*LICENCE, *PASSPORT])


@pytest.mark.parametrize(
    "facts",
    [
        {"last_day": None},
        {"last_day": None, "amount": 1, "percent": 1},
        {"last_day": None, "percent": 101},
        {"last_day": date(2022, 1, 1), "amount": 1},
    ],
)
def test_an_online_rate_makes_sense_or_is_refused(facts):
    with pytest.raises(DomainError, match="online_rate_malformed"):
        OnlineRate(date(2023, 1, 1), **facts)


def test_an_open_ended_free_rate_holds_for_ever():
    free = OnlineRate(date(2022, 1, 1), None, amount=0)
    assert fee_on(date(2040, 1, 1), 50_000, online=True, rates=[free]) == 0
