"""Every form in every edition: its number, its title, its size, its codes and what the law wants on it."""

from __future__ import annotations

import functools
from datetime import date, timedelta

import pytest
import typst

from kiosk.domain.errors import DomainError
from kiosk.domain.papers import EDITION_2025_FROM, Edition, edition_on
from kiosk.papers.render import render
from tests.papers import reading
from tests.papers.samples import (
    CODE,
    EVERY_FORM,
    ID_NUMBER,
    IN_2022,
    MOMENTS,
    RATING_URL,
    apology,
    control,
    receipt,
    refusal,
    sample,
    stop,
    supplement,
)

NUMBERS = {
    "2018": {"receipt": 1, "supplement": 2, "refusal": 3, "apology": 4, "control": 5, "register": 6},
    "2025": {
        "receipt": 1,
        "supplement": 2,
        "refusal": 3,
        "apology": 4,
        "stop": 5,
        "control": 6,
        "register": 7,
    },
}
CIRCULARS = {"2018": "Thông tư số 01/2018/TT-VPCP", "2025": "Thông tư số 03/2025/TT-VPCP"}
TITLES = {
    "receipt": "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    "supplement": "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
    "refusal": "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
    "stop": "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
    "control": "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
    "register": "SỔ THEO DÕI HỒ SƠ",
}
APOLOGIES = {
    "2018": "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
    "2025": "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
}
A5, A4, A4_WIDE = (148, 210), (210, 297), (297, 210)
SIZES = {"control": A4, "register": A4_WIDE}
DATES = {"2018": "Bắc Giang, ngày 14 tháng 6 năm 2022", "2025": "Bắc Giang, ngày 03 tháng 02 năm 2026"}
WITH_RATING = {"receipt", "supplement", "refusal"}

every_form = pytest.mark.parametrize(("form", "edition"), EVERY_FORM)


@every_form
def test_a_form_says_which_form_of_which_circular_it_is(form: str, edition: str) -> None:
    words = reading.text(render(sample(form, edition)))
    assert f"Mẫu số {NUMBERS[edition][form]:02d} – {CIRCULARS[edition]}" in words
    assert (APOLOGIES[edition] if form == "apology" else TITLES[form]) in words


@every_form
def test_a_form_has_the_head_of_an_administrative_paper(form: str, edition: str) -> None:
    words = reading.text(render(sample(form, edition)))
    for part in (
        "ỦY BAN NHÂN DÂN TỈNH BẮC GIANG",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH BẮC GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        DATES[edition],
    ):
        assert part in words
    assert reading.is_composed(words)


@every_form
def test_a_form_is_on_the_paper_the_law_names(form: str, edition: str) -> None:
    assert reading.sizes(render(sample(form, edition))) == {SIZES.get(form, A5)}


@every_form
def test_a_usual_form_keeps_to_one_page_a_copy(form: str, edition: str) -> None:
    wanted = {"receipt": 2, "register": 2}.get(form, 1)
    assert len(reading.pages(render(sample(form, edition)))) == wanted


@every_form
def test_scanners_read_the_code_and_phones_the_rating_page(form: str, edition: str) -> None:
    pdf = render(sample(form, edition))
    wanted = set() if form == "register" else {("Code128", CODE), ("QRCode", CODE)}
    if form in WITH_RATING:
        wanted.add(("QRCode", RATING_URL))
    assert reading.scanned(pdf) == wanted


@every_form
def test_no_identity_number_is_printed_in_full(form: str, edition: str) -> None:
    words = reading.text(render(sample(form, edition)))
    assert ID_NUMBER not in words
    assert ("024*******89" in words) == (form in WITH_RATING)


@every_form
def test_a_screen_reader_can_read_it_and_an_archive_keep_it(
    form: str, edition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_pdf = typst.compile
    for standard in ("ua-1", "a-2a"):  # each refuses pictures without words and letters without a shape
        monkeypatch.setattr(typst, "compile", functools.partial(compile_pdf, pdf_standards=standard))
        assert render(sample(form, edition)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("edition", "label"), [("2018", "Số CMND/CCCD/hộ chiếu"), ("2025", "Số định danh cá nhân")]
)
def test_the_identity_number_is_called_what_it_was_called_then(edition: str, label: str) -> None:
    assert label in reading.text(render(sample("receipt", edition)))


def test_a_request_for_supplements_lists_each_paper_the_reason_and_whom_to_ask() -> None:
    words = reading.text(render(supplement()))
    for part in (
        "Số: 07/HDHS",
        "Hồ sơ của ông/bà: Nguyễn Thị Ánh Đào",
        "1 Tờ khai yêu cầu cấp Phiếu lý lịch tư pháp Ghi đủ nơi cư trú từ năm 14 tuổi đến nay",
        "2 Bản chụp thẻ căn cước Chụp lại cho rõ cả hai mặt",
        "Lý do: Tờ khai chưa ghi đủ",
        "liên hệ với Trần Quốc Bảo, số điện thoại 0204 3531 111",
        "dichvucong.gov.vn",
        "NGƯỜI HƯỚNG DẪN",
        "Mời ông/bà đánh giá",
    ):
        assert part in words


def test_a_refusal_gives_its_reason_and_both_sign() -> None:
    words = reading.text(render(refusal()))
    assert "không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau" in words
    assert "không thuộc thẩm quyền giải quyết của Sở Tư pháp tỉnh Bắc Giang" in words
    assert "NGƯỜI NỘP HỒ SƠ" in words
    assert "NGƯỜI TIẾP NHẬN HỒ SƠ" in words


@pytest.mark.parametrize("make", [supplement, refusal])
def test_an_application_that_is_no_dossier_yet_has_a_number_and_no_code(make) -> None:
    pdf = render(make(code=None, number="15/HDHS", rating_url=None))
    words = reading.text(pdf)
    assert "Số: 15/HDHS" in words
    assert "Mã hồ sơ" not in words
    assert "Mời ông/bà đánh giá" not in words
    assert reading.scanned(pdf) == set()


def test_an_apology_names_both_dates_the_late_agency_and_the_reason() -> None:
    words = reading.text(render(apology()))
    for part in (
        "Kính gửi: Nguyễn Thị Ánh Đào",
        "Lúc 09 giờ 30 phút, ngày 21 tháng 01 năm 2026",
        "Thời gian hẹn trả kết quả: ngày 04 tháng 02 năm 2026",
        "Sở Tư pháp tỉnh Bắc Giang chưa thể giải quyết xong",
        "Lý do: Đang chờ kết quả xác minh",
        "xin lỗi ông/bà và hẹn trả kết quả vào: 16 giờ 30 phút, ngày 10 tháng 02 năm 2026",
        "GIÁM ĐỐC",
        "Nơi nhận:",
        "– Như trên; – Sở Tư pháp; – Lưu: VT, hồ sơ.",
    ):
        assert part in words


def test_a_notice_of_stopping_says_who_asked_and_why() -> None:
    words = reading.text(render(stop()))
    assert (
        "Theo đề nghị của ông/bà ngày 02 tháng 02 năm 2026, chúng tôi thông báo dừng giải quyết hồ sơ"
        in words
    )
    assert "Lý do dừng giải quyết: Ông/bà đã được cấp" in words
    assert "Theo đề nghị" not in reading.text(render(stop(requested_on=None)))


def test_before_the_2025_circular_there_is_no_notice_of_stopping() -> None:
    with pytest.raises(DomainError) as refused:
        render(stop(IN_2022))
    assert refused.value.code == "form_not_in_edition"


def test_a_control_slip_has_a_row_for_every_hand_over() -> None:
    words = reading.text(render(control()))
    for part in (
        "Cơ quan phối hợp giải quyết hồ sơ: Công an tỉnh Bắc Giang; Trung tâm Lý lịch tư pháp quốc gia",
        "11 giờ 30 phút, ngày 03 tháng 02 năm 2026",
        "Trước hạn",
        "Đúng hạn",
        "Quá hạn",
        "Chờ xác minh",
    ):
        assert part in words
    assert words.count("Người giao") == words.count("Người nhận") == len(control().rows)


def test_the_edition_changes_on_the_day_of_the_circular_and_stays_with_the_act() -> None:
    assert edition_on(EDITION_2025_FROM - timedelta(days=1)) is Edition.OF_2018
    assert edition_on(EDITION_2025_FROM) is Edition.OF_2025
    assert date(2025, 9, 15) == EDITION_2025_FROM
    assert CIRCULARS["2018"] in reading.text(render(receipt(MOMENTS["2018"])))
