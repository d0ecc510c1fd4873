"""The admin's pages of procedures in a real browser: found, tried out, changed, and brought back as a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, TV, Demo, sign_in
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
RECORD = "/admin/procedures/justice/2.000488"


@pytest.fixture
def admin(demo: Demo, screen: Screen) -> Page:
    """The admin, signed in at a laptop."""
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    return page


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_are_accessible_in_both_languages(demo: Demo, admin: Page, language: str) -> None:
    for size in (LAPTOP, TV):
        admin.set_viewport_size({"width": size[0], "height": size[1]})
        for path in ("/admin/procedures", "/admin/procedures?q=zzz", RECORD, "/admin/procedures/import"):
            admin.goto(f"{demo.url}{path}{'&' if '?' in path else '?'}lang={language}")
            assert problems(admin) == [], path
            assert fits(admin), path


def test_found_by_keyboard_without_diacritics(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/procedures?lang=vi")
    admin.get_by_label("Tìm theo tên, mã hoặc từ thường dùng").fill("ly lich tu phap")
    admin.keyboard.press("Enter")
    link = admin.get_by_role("link", name=re.compile("Cấp Phiếu lý lịch tư pháp cho công dân"))
    link.focus()
    admin.keyboard.press("Enter")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Cấp Phiếu lý lịch tư pháp")
    expect(admin.get_by_text("CMND/CCCD/hộ chiếu")).to_be_visible()
    admin.goto(f"{demo.url}/admin/procedures?q=zzz")
    expect(admin.get_by_text("Không có thủ tục nào phù hợp.")).to_be_visible()


def test_a_fee_is_tried_out_and_changed_and_the_change_taken_back(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}{RECORD}?lang=vi")
    admin.get_by_label("Đối tượng nộp phí, lệ phí").select_option(label="Người yêu cầu thông thường")
    admin.get_by_label("Số Phiếu yêu cầu cấp").fill("3")
    admin.get_by_role("button", name="Tính thử").click()
    trial = admin.locator(".trial")
    expect(trial).to_contain_text("205.000 đ")
    expect(trial).to_contain_text("Hai trăm linh năm nghìn đồng")
    expect(trial).to_contain_text("TT 244/2016/TT-BTC")
    assert problems(admin) == []

    admin.get_by_text("Đổi mức thu", exact=True).click()
    form = admin.locator("details.change").first
    form.get_by_label("Trường hợp").select_option(label="Người yêu cầu thông thường")
    form.get_by_label("Nộp trực tiếp (đồng)").fill("250.000,5")
    form.get_by_label("Nộp trực tuyến (đồng)").fill("225.000")
    form.get_by_label("Lý do").fill("Nghị quyết của HĐND tỉnh")
    form.get_by_role("button", name="Xem trước thay đổi").click()
    expect(admin.get_by_role("alert")).to_contain_text("số đồng nguyên")
    assert problems(admin) == []
    form = admin.locator("details.change").first
    expect(form.get_by_label("Nộp trực tuyến (đồng)")).to_have_value("225.000")
    form.get_by_label("Nộp trực tiếp (đồng)").fill("250.000")
    form.get_by_role("button", name="Xem trước thay đổi").click()
    expect(admin.get_by_text("trực tiếp 200.000 đ, trực tuyến 200.000 đ")).to_be_visible()
    expect(admin.get_by_text("trực tiếp 250.000 đ, trực tuyến 225.000 đ")).to_be_visible()
    assert problems(admin) == []
    admin.get_by_role("button", name="Xác nhận thay đổi").click()
    entry = admin.locator(".entry").first
    expect(entry).to_contain_text("Đang hiệu lực")
    assert problems(admin) == []

    entry.get_by_text("Thu hồi…").click()
    entry.get_by_label("Lý do thu hồi").fill("Nhập nhầm")
    entry.get_by_role("button", name="Thu hồi").click()
    expect(admin.locator(".entry").first).to_contain_text("Đã thu hồi")
    admin.get_by_role("button", name="Tính thử").click()
    expect(admin.locator(".trial")).not_to_contain_text("250.000")


def test_a_list_is_taken_away_edited_and_brought_back(demo: Demo, admin: Page, tmp_path: Path) -> None:
    admin.goto(f"{demo.url}/admin/procedures?department=transport&lang=vi")
    with admin.expect_download() as download:
        admin.get_by_role("link", name="Tải về CSV").click()
    file = tmp_path / "danh-muc.csv"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8-sig")

    def upload(content: str) -> None:
        file.write_text(content, encoding="utf-8")
        admin.goto(f"{demo.url}/admin/procedures/import")
        admin.get_by_label("Tệp Excel (.xlsx) hoặc CSV").set_input_files(file)
        admin.get_by_role("button", name="Xem thay đổi").click()

    upload(text)
    expect(admin.get_by_text("Không có thay đổi.")).to_be_visible()
    upload(text.replace("135000", '"135.000,5"'))
    expect(admin.get_by_role("alert")).to_contain_text("chưa có gì được nhập")
    expect(admin.get_by_text("phải là số nguyên").first).to_be_visible()
    assert problems(admin) == []
    upload(text.replace("135000", "136000"))
    expect(admin.get_by_text("136.000 đ").first).to_be_visible()
    assert problems(admin) == []
    admin.get_by_label("Lý do, văn bản căn cứ").fill("Rà soát quý IV")
    admin.get_by_role("button", name=re.compile("Xác nhận, có hiệu lực từ")).click()
    expect(admin.get_by_text("Đã nhập danh mục")).to_be_visible()
    upload(text)
    expect(admin.get_by_text("135.000 đ").first).to_be_visible()
