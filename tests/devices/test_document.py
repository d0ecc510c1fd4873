"""What stands on a slip, in words."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.document import MAX_TEXT, pattern_text, printable, ticket_text
from kiosk.domain.document import TestFacts as Facts


def test_a_vietnamese_slip_says_everything_politely(make_slip):
    text = ticket_text(make_slip())
    assert text.title == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    assert text.ahead == ("Trước quý vị", "2 người")
    assert text.wait == ("Chờ khoảng", "6–11 phút")
    assert text.priority == "Ưu tiên: người cao tuổi"
    assert text.hold == "Số được giữ 10 phút sau khi gọi."
    assert text.footer == ("09:33", "Thứ Hai, 23/11/2026", "Máy 02", "Mã kiểm K7Q2")
    assert text.repeat_mark == ""


def test_an_english_slip_is_not_a_mixture(make_slip):
    text = ticket_text(
        make_slip(language="en", priority_label="elderly", people_ahead=1, kiosk_name="Kiosk 02")
    )
    assert (text.caption, text.ahead, text.wait) == (
        "Your number",
        ("Ahead of you", "1 person"),
        ("Wait about", "6–11 minutes"),
    )
    assert text.footer == ("09:33", "Monday, 23/11/2026", "Kiosk 02", "Check code K7Q2")


def test_an_unknown_language_falls_back_to_vietnamese(make_slip):
    assert ticket_text(make_slip(language="xx")).caption == "Số thứ tự"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (None, None),
        ((0, 0), ("Thời gian chờ", "Không phải chờ")),
        ((5, 5), ("Chờ khoảng", "5 phút")),
        ((11, 6), ("Chờ khoảng", "6–11 phút")),
        ((0, 4), ("Chờ khoảng", "0–4 phút")),
    ],
)
def test_waiting_is_a_range_or_nothing(make_slip, minutes, shown):
    assert ticket_text(make_slip(wait_minutes=minutes)).wait == shown


def test_nobody_ahead_is_said_in_words(make_slip):
    assert ticket_text(make_slip(people_ahead=0)).ahead == ("Trước quý vị", "Không có ai")


@pytest.mark.parametrize(("language", "mark"), [("vi", "IN LẠI 2"), ("en", "IN LẠI 2 · REPRINT 2")])
def test_a_second_paper_says_so_in_words_the_staff_look_for(make_slip, language, mark):
    assert ticket_text(make_slip(repeat=2, language=language)).repeat_mark == mark


def test_nobody_guesses_what_is_not_known(make_slip):
    text = ticket_text(make_slip(people_ahead=None, wait_minutes=None))
    assert (text.ahead, text.wait) == (None, None)
    assert ticket_text(make_slip(people_ahead=0)).ahead == ("Trước quý vị", "Không có ai")


def test_a_number_given_without_the_server_says_so_and_that_it_counts(make_slip):
    text = ticket_text(make_slip(offline=True))
    assert text.offline_mark == "CẤP KHI MẤT KẾT NỐI"
    assert text.offline_note.endswith("quý vị vẫn được gọi theo giờ lấy số.")
    english = ticket_text(make_slip(offline=True, language="en"))
    assert english.offline_mark == "CẤP KHI MẤT KẾT NỐI · OFFLINE"  # what the staff look for, and the citizen
    assert "called" in english.offline_note
    usual = ticket_text(make_slip())
    assert (usual.offline_mark, usual.offline_note) == ("", "")


@pytest.mark.parametrize(
    ("language", "title", "model"), [("vi", "PHIẾU IN THỬ", "Kiểu máy: X"), ("en", "TEST PRINT", "Model: X")]
)
def test_a_test_print_says_whose_it_is(language, title, model):
    facts = Facts("Máy\x1b@ in 1", "X", "usb://any", datetime(2026, 11, 23, 9, 33, tzinfo=UTC), "", language)
    text = pattern_text(facts, 72)
    assert text.title == title
    assert text.facts == ("Máy@ in 1", model, text.facts[2], "09:33:00 23/11/2026")
    assert text.facts[2].endswith("usb://any")
    assert "72 mm" in text.ruler
    assert text.code == ""


def test_the_time_of_a_test_print_has_a_zone():
    with pytest.raises(ValueError, match="aware"):
        Facts("Máy in 1", "X", "usb://any", datetime(2026, 11, 23, 9, 33), "")  # noqa: DTZ001 - the mistake under test


def test_what_is_missing_is_left_out(make_slip):
    text = ticket_text(
        make_slip(
            procedure=None, priority_label=None, follow_url="", check_code="", kiosk_name="", hold_minutes=0
        )
    )
    assert (text.procedure, text.priority, text.scan, text.hold) == ("", "", "", "")
    assert text.footer == ("09:33", "Thứ Hai, 23/11/2026")


def test_a_time_without_zone_is_refused(make_slip):
    with pytest.raises(ValueError, match="aware"):
        make_slip(issued_at=datetime(2026, 11, 23, 9, 33))  # noqa: DTZ001 - the mistake under test


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Hộ\u0323 tịch", "Hộ tịch"),  # a mark that composes into nothing
        ("Cấp\x1b@\x1dV\x00 bản\tsao\n", "Cấp@ V bản sao"),  # Unicode takes GS for a space
        ("\u202eđảo\u202c ngược\u200b\ufeff", "đảo ngược"),
        ("😀 Nguyễn  Văn\u00a0A", "Nguyễn Văn A"),
        ("\ud800x", "x"),
        (unicodedata.normalize("NFD", "Thừa Thiên – Huế"), "Thừa Thiên – Huế"),
    ],
)
def test_printable_keeps_letters_and_drops_tricks(raw, clean):
    assert printable(raw) == clean


@given(st.text(max_size=60))
def test_printable_is_safe_and_stable_for_any_text(raw):
    clean = printable(raw)
    assert all(unicodedata.category(char)[0] not in "CM" and ord(char) <= 0xFFFF for char in clean)
    assert printable(clean) == clean


def test_a_name_of_a_megabyte_is_cut():
    assert len(printable("ngày " * 200_000)) <= MAX_TEXT
