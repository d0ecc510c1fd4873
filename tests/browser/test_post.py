"""A dossier that comes by post and goes by post: handover record, work, parcel, manifest, the post's file, the look-up."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from kiosk.domain.post.s10 import make_number
from tests.browser.conftest import LAPTOP, PHONE, Demo, shoot, sign_in
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
NOTE = make_number("CP", 77)
"""The consignment note the postman brings."""
OWNER = "Lê Thị Cúc"


def call(page: Page, demo: Demo, method: str, path: str, body: Any = None) -> Any:
    """What a script of the centre does."""
    answer = page.request.fetch(f"{demo.url}/api/v1{path}", method=method, data=body)
    assert answer.ok, answer.text()
    return answer.json()


def pdf(page: Page, address: str, keep: str) -> tuple[str, list[str]]:
    """A paper's words and the bars on its first page."""
    answer = page.request.get(address)
    assert answer.ok
    document = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
    words = " ".join(sheet.get_textpage().get_text_range() for sheet in document)
    picture = document[0].render(scale=3).to_pil()
    picture.save(Path(keep))
    return " ".join(words.split()), [each.text for each in zxingcpp.read_barcodes(picture)]


def confirm(page: Page) -> None:
    """Say yes to what cannot be undone."""
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm-yes").click()


def scan(page: Page, code: str) -> None:
    """What a scanner does: it types into the field that has the focus, and presses Enter."""
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_by_post_there_and_back(demo: Demo, screen: Screen, tmp_path: Path) -> None:
    page, phone = screen(LAPTOP), screen(PHONE)
    sign_in(page, demo, demo.facts["admin"])

    # The postman is here.
    page.goto(f"{demo.url}/post/handovers?lang=vi")
    page.get_by_role("button", name="Mở biên bản mới").click()
    option = page.locator("#f-choose option", has_text=re.compile("lý lịch tư pháp")).first
    page.select_option("#f-choose", option.get_attribute("value"))
    page.get_by_role("button", name="Chọn", exact=True).click()
    expect(page.locator("#f-number")).to_be_focused()
    page.keyboard.type(NOTE.lower())
    page.fill("#f-name", OWNER)
    page.fill("#f-phone", "0987654321")
    page.fill("#f-address", "Thôn Hoa Sen, xã Tân Tiến, huyện Yên Dũng, tỉnh Bắc Giang")
    page.locator("input[name=originals]").first.fill("0")
    page.fill("#f-fee_collected", "200000")
    assert problems(page) == []
    shoot(page, "post-envelope")
    page.get_by_role("button", name="Thêm vào biên bản").click()
    expect(page.locator(".differ").first).to_contain_text("đếm được 0/0")
    page.fill("#f-postman", "Giáp Văn Bưu")
    page.get_by_role("button", name="Ký biên bản").click()
    confirm(page)
    expect(page.locator("h1")).to_contain_text("BBGN-BCCI")
    code = page.locator("tbody a.number").first.text_content() or ""
    assert problems(page) == []
    shoot(page, "post-handover-signed")
    record = page.url.split("?")[0]
    words, bars = pdf(page, f"{record}.pdf", f"{tmp_path}/record.png")
    assert all(each in words for each in (NOTE, OWNER, code, "Điều 7 khoản 4", "200.000"))
    assert bars == [(page.locator("h1").text_content() or "").split()[-1]]

    # It is worked on and finished; the citizen wants the result by post.
    call(page, demo, "POST", f"/dossiers/{code}/moves", {"move": "finish"})
    page.goto(f"{demo.url}/post?lang=vi")
    scan(page, code)
    expect(page.locator(".found")).to_contain_text(code)
    page.get_by_role("link", name="Lập bưu gửi").first.click()
    expect(page.locator("#f-name")).to_have_value(OWNER)
    expect(page.locator("#f-ward")).to_have_value("xã Tân Tiến")
    expect(page.locator("#f-province")).to_have_value("tỉnh Bắc Giang")
    assert problems(page) == []
    shoot(page, "post-new-parcel")
    page.get_by_role("button", name="Lập bưu gửi").click()
    number = page.locator("h1 .number").text_content() or ""
    assert re.fullmatch(r"EL\d{9}VN", number)
    assert problems(page) == []
    words, bars = pdf(page, f"{demo.url}/post/parcels/{number}/label.pdf", f"{tmp_path}/label.png")
    assert "xã Tân Tiến, huyện Yên Dũng, tỉnh Bắc Ninh (Bắc Giang cũ)" in words
    assert bars == [number]

    # Into a list, by scanning; signed it has a number.
    page.goto(f"{demo.url}/post/manifests?lang=vi")
    page.get_by_role("button", name="Mở bảng kê mới").click()
    scan(page, "EL491600000VN")
    expect(page.locator("#problem")).to_be_visible()
    scan(page, number)
    expect(page.locator("tbody")).to_contain_text(OWNER)
    assert problems(page) == []
    shoot(page, "post-manifest-open")
    page.fill("#f-postman", "Giáp Văn Bưu")
    page.get_by_role("button", name="Chốt bảng kê").click()
    confirm(page)
    expect(page.locator("h1")).to_contain_text("BK-BCCI")
    words, bars = pdf(page, f"{page.url.split('?')[0]}.pdf", f"{tmp_path}/manifest.png")
    assert all(each in words for each in (number, OWNER, code))
    assert bars == [(page.locator("h1").text_content() or "").split()[-1]]

    # The look-up says that it was sent, and nothing of whom.
    phone.goto(f"{demo.url}/lookup/{code}?lang=vi")
    expect(phone.locator(".progress-card")).to_contain_text(number)
    assert OWNER not in (phone.locator("body").text_content() or "")

    # The post sends its file: once with a wrong row, then as it should be.
    now = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(seconds=30)
    good = [number, "Phát thành công", f"{now:%d/%m/%Y %H:%M:%S}", OWNER]
    for rows, name in (([[make_number("EL", 1), *good[1:]], good], "wrong.xlsx"), ([good], "right.xlsx")):
        book = openpyxl.Workbook()
        for row in [["Số hiệu", "Trạng thái", "Thời gian", "Người nhận"], *rows]:
            book.active.append(row)
        book.save(tmp_path / name)
    page.goto(f"{demo.url}/post/news?lang=vi")
    page.set_input_files("#f-file", tmp_path / "wrong.xlsx")
    page.get_by_role("button", name="Kiểm tra và nhập").click()
    expect(page.locator("#problems-title")).to_contain_text("1 dòng")
    expect(page.locator("tbody").first).to_contain_text("Không có bưu gửi")
    assert problems(page) == []
    shoot(page, "post-news-refused")
    page.set_input_files("#f-file", tmp_path / "right.xlsx")
    page.get_by_role("button", name="Kiểm tra và nhập").click()
    expect(page.locator("[data-figure=moved]")).to_have_text("1")
    expect(page.locator("#progress")).to_be_hidden()

    phone.reload()
    expect(phone.locator(".progress-card")).to_contain_text(f"Đã giao ngày {now:%d/%m/%Y}")
    assert problems(phone) == []
    shoot(phone, "post-lookup")
    page.goto(f"{demo.url}/post/parcels/{number}?lang=vi")
    expect(page.locator(".way")).to_contain_text("chính chủ nhận")
    shoot(page, "post-parcel-delivered")

    today = f"{now:%Y-%m-%d}"
    summary = call(page, demo, "GET", f"/reports/period-summary?from={today}&to={today}")
    assert summary["bcci"]["received"] >= 1
    assert summary["bcci"]["both"] >= 1
    page.goto(f"{demo.url}/post/figures?from={today}&to={today}&lang=vi")
    expect(page.locator("#shares-title")).to_be_visible()
    shoot(page, "post-figures")


def test_the_desk_on_a_phone_and_in_english(demo: Demo, screen: Screen) -> None:
    page = screen(PHONE)
    sign_in(page, demo, demo.facts["officers"][0])
    for address in ("/post", "/post/parcels", "/post/manifests", "/post/handovers"):
        page.goto(f"{demo.url}{address}?lang=en")
        expect(page.locator("h1")).to_be_visible()
        assert problems(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, address
    shoot(page, "post-phone")
