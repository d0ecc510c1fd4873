"""The receipt: two copies, papers counted, dates promised, money apart and in words."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.money import FeeLine
from kiosk.domain.papers import Party, SecondStage, Sheet
from kiosk.papers.render import render
from tests.papers import reading
from tests.papers.samples import CODE, ID_NUMBER, IN_2026, RATING_URL, ZONE, receipt


def test_one_copy_is_kept_and_one_given_and_they_differ_in_nothing_else() -> None:
    kept, given = reading.pages(render(receipt()))
    assert "(Liên: Lưu)" in kept
    assert "(Liên: Giao khách hàng)" in given
    assert kept.replace("Liên: Lưu", "") == given.replace("Liên: Giao khách hàng", "")
    assert "024*******89" in kept


def test_both_copies_carry_the_codes() -> None:
    pdf = render(receipt())
    wanted = {("Code128", CODE), ("QRCode", CODE), ("QRCode", RATING_URL)}
    assert reading.scanned(pdf, 0) == reading.scanned(pdf, 1) == wanted


def test_what_was_received_and_when_it_is_answered() -> None:
    words = reading.pages(render(receipt()))[1]
    for part in (
        "Tiếp nhận hồ sơ của: Nguyễn Thị Ánh Đào",
        "Số điện thoại: 0912 345 678",
        "2 Bản chụp thẻ căn cước hoặc hộ chiếu 01",
        "2. Số lượng hồ sơ: 01 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định: 10 ngày làm việc",
        "4. Thời gian nhận hồ sơ: 09 giờ 30 phút, ngày 03 tháng 02 năm 2026",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 30 phút, ngày 17 tháng 02 năm 2026",
        "Đăng ký nhận kết quả tại: Bưu điện",
        "quyển số: 03, số thứ tự: 0182",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Mời ông/bà quét mã để đánh giá",
    ):
        assert part in words


def test_charges_for_a_service_and_state_charges_stand_apart_with_their_basis_and_total() -> None:
    words = reading.pages(render(receipt()))[1]
    for part in (
        "Phí 210.000",
        "Cấp thêm từ phiếu thứ 3 (Thông tư 244/2016/TT-BTC) 02 5.000 10.000",
        "Lệ phí: Sao lục tờ khai 01 31.160 31.160",
        "Tổng cộng 241.160",
        "Bằng chữ: Hai trăm bốn mươi mốt nghìn một trăm sáu mươi đồng",
    ):
        assert part in words


def test_nothing_is_due_for_a_free_procedure() -> None:
    words = reading.pages(render(receipt(fees=())))[0]
    assert "Phí, lệ phí: không thu" in words
    assert "Bằng chữ" not in words


def test_a_due_day_without_an_hour_and_no_term_at_all() -> None:
    by_day = reading.text(render(receipt(due=date(2026, 2, 17))))
    assert "kết quả giải quyết hồ sơ: ngày 17 tháng 02 năm 2026" in by_day
    without = reading.text(render(receipt(due=None, term=Term(0, TimeUnit.NONE))))
    assert "kết quả giải quyết hồ sơ: Không quy định thời hạn" in without


def test_a_second_stage_has_its_own_appointment() -> None:
    stage = SecondStage(datetime(2026, 2, 24, 8, 5, tzinfo=ZONE), date(2026, 3, 3))
    words = reading.text(render(receipt(second_stage=stage)))
    assert "6. Thời gian nhận hồ sơ giai đoạn 2: 08 giờ 05 phút, ngày 24 tháng 02 năm 2026" in words
    assert "7. Thời gian trả kết quả giai đoạn 2: ngày 03 tháng 3 năm 2026" in words
    assert "giai đoạn 2" not in reading.text(render(receipt()))


def test_a_proxy_and_a_company_are_named() -> None:
    company = Party.masking("Công ty TNHH A & B", tax_code="2400000015", submitter="Lò Văn Ươm")
    words = reading.text(render(receipt(party=company)))
    assert "Người nộp hồ sơ: Lò Văn Ươm" in words
    assert "Mã số thuế: 2400000015" in words
    assert "Số định danh" not in words


def test_a_long_list_of_papers_runs_over_numbered_pages_of_each_copy() -> None:
    many = tuple(Sheet(f"Giấy tờ thứ {number}", originals=1) for number in range(1, 61))
    pages = reading.pages(render(receipt(sheets=many)))
    half = len(pages) // 2
    assert half > 1
    for copy in (pages[:half], pages[half:]):
        assert [f"Trang {at}/{half}" in page for at, page in enumerate(copy, 1)] == [True] * half
        assert "Giấy tờ thứ 60" in " ".join(copy)
        assert "TT Tên giấy tờ" in copy[1], "the head of the table is repeated"


def test_without_a_rating_page_nobody_is_invited() -> None:
    pdf = render(receipt(rating_url=None))
    assert "đánh giá" not in reading.text(pdf)
    assert reading.scanned(pdf) == {("Code128", CODE), ("QRCode", CODE)}


def test_a_party_is_never_made_with_an_open_identity_number() -> None:
    with pytest.raises(ValueError, match="masked"):
        Party("Nguyễn Văn A", id_number_masked=ID_NUMBER)
    with pytest.raises(ValueError, match="masked"):
        Party("Nguyễn Văn A", tax_code=ID_NUMBER)
    assert Party.masking("Nguyễn Văn A", tax_code=ID_NUMBER).tax_code == "024*******89"
    assert "Nguyễn" not in repr(receipt())


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        receipt(received_at=IN_2026.replace(tzinfo=None))


def test_odd_sums_are_not_rounded() -> None:
    words = reading.text(render(receipt(fees=(FeeLine("phi", "Trích lục", 7_790, 3),))))
    assert "7.790 23.370" in words
    assert "Hai mươi ba nghìn ba trăm bảy mươi đồng" in words
