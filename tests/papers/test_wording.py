"""Dates, terms, numbers and phones as NĐ 30/2020 and good manners want them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.papers.wording import (
    due_words,
    long_date,
    long_moment,
    on_paper,
    phone_words,
    place_and_date,
    slip_number,
    term_words,
)
from tests.papers.samples import ZONE


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 3), "ngày 03 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2025, 12, 10), "ngày 10 tháng 12 năm 2025"),
    ],
)
def test_days_under_ten_and_the_first_two_months_are_padded(day: date, words: str) -> None:
    assert long_date(day) == words


def test_a_date_stands_behind_its_place_or_alone() -> None:
    assert place_and_date("Bắc Giang", date(2026, 2, 3)) == "Bắc Giang, ngày 03 tháng 02 năm 2026"
    assert place_and_date("", date(2026, 2, 3)) == "Ngày 03 tháng 02 năm 2026"


def test_hours_run_to_24() -> None:
    assert (
        long_moment(datetime(2026, 2, 3, 16, 5, tzinfo=ZONE)) == "16 giờ 05 phút, ngày 03 tháng 02 năm 2026"
    )
    assert long_moment(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"
    assert due_words(None) == "Không quy định thời hạn"


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Term(5, TimeUnit.WORKING_DAYS), "05 ngày làm việc"),
        (Term(15, TimeUnit.CALENDAR_DAYS), "15 ngày"),
        (Term(2, TimeUnit.MONTHS), "02 tháng"),
        (Term(4, TimeUnit.WORKING_HOURS), "04 giờ làm việc"),
        (
            Term(0, TimeUnit.SAME_DAY, extendable_to_working_days=3),
            "Trong ngày, có thể kéo dài đến 03 ngày làm việc",
        ),
        (
            Term(10, TimeUnit.WORKING_DAYS, excluded_calendar_days=15),
            "10 ngày làm việc, không tính 15 ngày theo quy định",
        ),
        (Term(0, TimeUnit.NONE), "Không quy định thời hạn"),
        (None, "Không quy định thời hạn"),
    ],
)
def test_a_term_in_words(term: Term | None, words: str) -> None:
    assert term_words(term) == words


@pytest.mark.parametrize(
    ("phone", "words"),
    [
        ("+84912345678", "0912 345 678"),
        ("+842043531111", "0204 3531 111"),
        ("1022", "1022"),
        ("", ""),
        ("+84 (hỏi lễ tân)", "+84 (hỏi lễ tân)"),
    ],
)
def test_a_phone_is_written_as_it_is_dialled(phone: str, words: str) -> None:
    assert phone_words(phone) == words


def test_a_slip_is_numbered_within_its_kind() -> None:
    assert slip_number(7) == "07/HDHS"
    assert slip_number(115) == "115/HDHS"


def test_text_for_paper_keeps_marks_of_minority_languages_and_drops_the_unseen() -> None:
    assert on_paper("  Y Tho\u0302\u0306 \u200f\x00Niê\t ") == "Y Thô̆ Niê"
