"""Text mode: every Vietnamese letter arrives or is folded; a wrong sign never stands on paper."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.charsets import (
    LOWER_LETTERS,
    TCVN_LOWER,
    TCVN_UPPER,
    UPPER_LETTERS,
    decode_letters,
    encode_tcvn,
    fold_to_ascii,
    fold_to_tcvn,
)
from kiosk.devices.encoding import encode_slip
from kiosk.devices.models import printer_model, printer_models
from kiosk.devices.paper import PaperDecoder
from kiosk.devices.textmode import printed_lines, slip_lines
from tests.devices.papers import ORDINARY, SLIPS, printed
from tests.devices.reference import python_escpos

MODELS = sorted(printer_models())
LETTERS = LOWER_LETTERS + UPPER_LETTERS


def show(data: bytes, **settings: object) -> str:
    """Print bytes on virtual paper and read it."""
    strips: list = []
    decoder = PaperDecoder(576, strips.append, lambda _: None, **settings)
    decoder.feed(b"\x1b@" + data + b"\n\x1dVB\x00")
    return strips[0].text


def test_there_are_134_letters_each_once():
    assert len(LOWER_LETTERS) == len(UPPER_LETTERS) == 67
    assert len(set(LETTERS)) == 134
    assert all(unicodedata.normalize("NFC", letter) == letter and letter > "~" for letter in LETTERS)
    assert set(LOWER_LETTERS) == set(TCVN_LOWER)
    assert set(UPPER_LETTERS) == set(TCVN_UPPER)


@pytest.mark.parametrize("letter", LETTERS)
def test_each_letter_goes_to_paper_and_back(letter):
    data, page = encode_tcvn(letter, 30, 31)
    assert page == (30 if letter in LOWER_LETTERS else 31)
    assert show(data) == letter


def test_the_tables_are_those_the_printers_are_known_to_have():
    """python-escpos carries the tables of Epson and Citizen printers, read from their makers' pages."""
    tables = python_escpos()[1].CAPABILITIES["encodings"]
    for name, table in (("TCVN-3-1", TCVN_LOWER), ("TCVN-3-2", TCVN_UPPER)):
        rows = "".join(tables[name]["data"]).replace("Ð", "Đ")
        assert {letter: 0x80 + at for at, letter in enumerate(rows) if letter != " "} == table


def test_pages_are_switched_only_where_a_letter_needs_it():
    data, page = encode_tcvn("Đăng ký 123 HỘ TỊCH", 30, 31)
    assert (data.count(b"\x1bt"), page) == (3, 31)
    assert encode_tcvn("abc 123", 30, 31, current=31) == (b"abc 123", 31)
    assert show(data) == "Đăng ký 123 HỘ TỊCH"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hộ tịch", "Ho tich"),
        ("ĐĂNG KÝ ĐẤT ĐAI", "DANG KY DAT DAI"),
        ("6–11 phút · “Quầy 2”…", '6-11 phut - "Quay 2"...'),
        (unicodedata.normalize("NFD", "Thừa Thiên – Huế"), "Thua Thien - Hue"),
        ("漢字 😀 A", "  A"),
    ],
)
def test_folding_leaves_what_a_vietnamese_would_write_without_marks(text, folded):
    assert fold_to_ascii(text) == folded


@given(st.text(max_size=80))
def test_folded_text_has_no_byte_that_could_be_a_command(text):
    assert all(" " <= char <= "~" for char in fold_to_ascii(text))
    data, _ = encode_tcvn(fold_to_tcvn(text), 30, 31)
    assert all(byte >= 0x20 for byte in data.replace(b"\x1bt\x1e", b"").replace(b"\x1bt\x1f", b""))


@given(st.text(st.sampled_from(LETTERS + "abc XYZ 019"), max_size=40))
def test_any_vietnamese_text_goes_to_paper_and_back(text):
    data, _ = encode_tcvn(fold_to_tcvn(text), 30, 31)
    assert show(data) == text


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("key", MODELS)
def test_the_text_on_paper_is_the_text_meant(key, slip):
    model = printer_model(key)
    meant = []
    for line in slip_lines(SLIPS[slip], model.columns, code=model.qr == "native"):
        meant += [f"[QR] {line.code}"] if line.code else printed_lines(line, model, model.dots)
    job = encode_slip(SLIPS[slip], model, slow_line=True)
    strip = printed(job, model, piece=7)
    assert strip.text.split("\n") == meant
    assert strip.image.height == job.rows
    assert "?" not in strip.text
    assert "�" not in strip.text


def test_a_ticket_reads_as_it_should_in_vietnamese_and_without_marks():
    slip = replace(ORDINARY, department="Sở Tư pháp", procedure="Hộ tịch")
    whole = printed(
        encode_slip(slip, printer_model("epson-tm-t88v"), slow_line=True), printer_model("epson-tm-t88v")
    )
    assert whole.text.split("\n")[3:9] == [
        "Số thứ tự",
        "C043",
        "Sở Tư pháp",
        "Hộ tịch",
        "Trước quý vị: 2 người",
        "Chờ khoảng: 6-11 phút",
    ]
    plain = printed(
        encode_slip(slip, printer_model("generic-58mm"), slow_line=True), printer_model("generic-58mm")
    )
    assert "Ho tich" in plain.text.split("\n")
    assert plain.text.split("\n")[-2:] == ["09:33 - Thu Hai, 23/11/2026", "May 02 - Ma kiem K7Q2"]


def test_without_a_code_of_its_own_the_text_does_not_say_scan():
    model = printer_model("generic-80mm")
    text = printed(encode_slip(ORDINARY, model, slow_line=True), model).text
    assert "Quet ma" not in text
    assert "K7Q2" in text


def test_the_number_is_the_largest_and_fits():
    model = printer_model("generic-58mm")
    for label in ("A1", "C043", "LDXH1234"):
        strip = printed(encode_slip(replace(ORDINARY, label=label), model, slow_line=True), model)
        sizes = [int(entry.split()[2]) for entry in strip.commands if entry.startswith("GS !")]
        assert label in strip.text.split("\n")
        assert max(sizes) // 0x11 + 1 == min(6, 32 // len(label))


def test_hostile_names_are_no_commands():
    attack = "".join(map(chr, range(256))) + "\x1b@\x1dV\x00\x10\x14\x01\x00\x01"
    fields = ("office_title", "office_subtitle", "department", "procedure", "priority_label", "kiosk_name")
    slip = replace(ORDINARY, label="C\x1b@1", check_code="\x1dV\x00", **dict.fromkeys(fields, attack))
    for key in ("epson-tm-t88v", "generic-80mm"):
        strip = printed(encode_slip(slip, printer_model(key), slow_line=True), printer_model(key))
        allowed = ("ESC @", "GS P", "ESC a", "ESC t", "ESC E", "GS !", "ESC J", "GS ( k", "GS V 66")
        assert all(entry.startswith(allowed) for entry in strip.commands)


def test_the_virtual_printer_reads_the_letters_of_its_model():
    assert show(b"\x1bt\x34C\xe2\xecp", model=printer_model("epson-tm-t88v")) == "Cấp"
    assert show(b"\x1bt\x34\xe1", model=printer_model("generic-80mm")) == "ß"  # it has no page 52
    assert decode_letters(b"\xb5\x80", "tcvn3-lower") == "à�"
