"""Whatever people are called or write, it is printed as it stands, whole and on the page."""

from __future__ import annotations

import functools
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import typst

from kiosk.domain.papers import Head, Missing, Party
from kiosk.papers.codes import barcode_svg
from kiosk.papers.render import render
from tests.papers import reading
from tests.papers.samples import REASON, apology, receipt, refusal, register, stop, supplement

TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LETTERS = [
    unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in TONES
] + list("bcdđghklmnpqrstvxBCDĐGHKLMNPQRSTVX")
HOSTILE = (
    '#include "/etc/passwd"',
    '#read("/etc/passwd")',
    "$x^2$ *đậm* _nghiêng_ @nguon `ma` <nhan>",
    "= Đề mục \\ // không mất /* gì */ #panic() ~ -- ---",
    "]#sys.inputs[",
)


def test_every_vietnamese_letter_has_a_shape_in_every_face(monkeypatch: pytest.MonkeyPatch) -> None:
    every = " ".join(LETTERS)
    paper = apology(
        head=Head(every, every, every),  # upright, bold, italic
        party=Party(every, address=every),
        reason=every,
        recipients=(every,),
    )
    words = reading.text(render(paper))
    assert reading.is_composed(words)
    assert every in words
    # PDF/UA refuses a letter that has no shape in the face it is set in.
    monkeypatch.setattr(typst, "compile", functools.partial(typst.compile, pdf_standards="ua-1"))
    render(paper)
    with pytest.raises(RuntimeError, match="could not be displayed"):
        render(apology(reason="張"))


def test_decomposed_letters_are_printed_composed_and_unseen_ones_left_out() -> None:
    loose = unicodedata.normalize("NFD", "Nguyễn Thị Ánh Đào")
    words = reading.text(render(refusal(party=Party(f"\u202e{loose}\u200b\x07"))))
    assert "Nguyễn Thị Ánh Đào" in words
    assert reading.is_composed(words)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_write_is_never_taken_for_markup(hostile: str) -> None:
    for paper in (
        receipt(party=Party(hostile, address=hostile, submitter=hostile), request=hostile, officer=hostile),
        supplement(reason=hostile, missing=(Missing(hostile, hostile),)),
        refusal(reason=hostile, number=hostile),
        apology(signer=hostile, recipients=(hostile,), head=Head(hostile, hostile, hostile)),
        stop(reason=hostile),
    ):
        words = reading.text(render(paper))
        assert hostile in words
        assert "root:" not in words


def test_a_template_reaches_no_file_outside_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "print"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("bí mật")
    (folder / "receipt.typ").write_text('#read("../secret.txt")')
    monkeypatch.setattr("kiosk.papers.render.web_templates", lambda: tmp_path)
    with pytest.raises(RuntimeError, match="would escape the project root"):
        render(receipt())


LONG_NAME = " ".join(["Công Tằng Tôn Nữ Thị Hoàng Khánh Nguyễn Phước"] * 3)
UNBROKEN = "a" * 200 + "@example.vn"


def test_long_names_wrap_and_nothing_leaves_the_page() -> None:
    party = Party(
        LONG_NAME, address=LONG_NAME * 2, email=UNBROKEN, phone="+842043531111", submitter=LONG_NAME
    )
    for paper in (
        receipt(party=party, officer=LONG_NAME, desk=LONG_NAME),
        supplement(party=party, reason=REASON * 9),
        apology(party=party, signer=LONG_NAME, late_agency=UNBROKEN),
    ):
        pdf = render(paper)
        assert LONG_NAME in reading.text(pdf)
        assert_within_margins(pdf)


def test_an_empty_field_leaves_a_line_to_write_on() -> None:
    bare = Party("Nguyễn Văn A")
    words = reading.text(render(refusal(party=bare, reason="", officer="")))
    assert "Địa chỉ: ." in words
    assert "Lý do: ." in words
    assert_within_margins(render(refusal(party=bare, reason="", officer="")))


def test_a_reason_of_several_lines_keeps_them() -> None:
    words = reading.text(render(refusal(reason="Một là thiếu tờ khai;\r\nhai là thiếu bản chụp.")))
    assert "Một là thiếu tờ khai; hai là thiếu bản chụp." in words


def test_a_register_of_200_rows_repeats_its_head_and_numbers_its_pages() -> None:
    pdf = render(register(rows=200))
    pages = reading.pages(pdf)
    assert len(pages) > 10
    for at, page in enumerate(pages, 1):
        assert "Mã hồ sơ" in page
        assert "Ký giao" in page
        assert f"quyển số 03 – Trang {at}/{len(pages)}" in page
    codes = [row.code for row in register(rows=200).rows]
    assert [code for code in codes if code in " ".join(pages)] == codes
    assert_within_margins(pdf)


def test_a_row_of_the_register_is_not_torn_over_two_pages() -> None:
    tall = tuple(replace(row, address=f"{LONG_NAME} {LONG_NAME}") for row in register(rows=30).rows)
    pages = reading.pages(render(replace(register(), rows=tall)))
    assert len(pages) > 3
    for page in pages:
        assert page.count(f"{LONG_NAME} {LONG_NAME}") == page.count("0912 345 678") > 0


def test_an_empty_register_is_still_a_register() -> None:
    assert "SỔ THEO DÕI HỒ SƠ" in reading.text(render(register(rows=0)))


def test_the_same_facts_give_the_same_paper_from_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as clerks:
        papers = list(clerks.map(render, [receipt(), refusal(), receipt(), refusal()]))
    assert papers[0] == papers[2]
    assert papers[1] == papers[3]
    assert "(Liên: Lưu)" in reading.text(papers[0])


def test_a_barcode_carries_ascii_only() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        barcode_svg("Hồ sơ")


def assert_within_margins(pdf: bytes) -> None:
    """No ink within 6 mm of any edge."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            picture = page.render(scale=1).to_pil().convert("L")
            left, top, right, bottom = picture.point(lambda level: 255 * (level < 200)).getbbox()
            assert min(left, top, picture.width - right, picture.height - bottom) >= 6 * reading.POINTS_PER_MM
    finally:
        document.close()
