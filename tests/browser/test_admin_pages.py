"""The admin's pages in a real browser: plugins with their dry run, the year, the office; by keyboard and by axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, TV, Demo, shoot, sign_in

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
PAGES = [
    "/admin/plugins",
    "/admin/plugins?show=to_confirm&q=giao+thong",
    "/admin/plugins?q=no-such-thing",
    "/admin/plugins/justice",
    "/admin/plugins/paper_ticket/settings",
    "/admin/plugins/event_log/enable",
    "/admin/plugins/justice/disable",
    "/admin/calendar",
    "/admin/calendar?year=2026&day=2026-05-04",
    "/admin/calendar?year=2150",
    "/admin/office",
]


@pytest.fixture
def admin(demo: Demo, screen: Screen) -> Page:
    """A laptop where the admin is signed in."""
    page: Page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    return page


def problems(page: Page) -> list[str]:
    """What axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_and_nothing_is_cut_off(demo: Demo, admin: Page, language: str) -> None:
    found = {}
    for size in (LAPTOP, TV):
        admin.set_viewport_size({"width": size[0], "height": size[1]})
        for path in PAGES:
            admin.goto(f"{demo.url}{path}{'&' if '?' in path else '?'}lang={language}")
            wide = admin.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            found[size, path] = problems(admin) + ([f"{wide} px too wide"] if wide > 0 else [])
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_a_plugin_is_switched_on_after_a_trial_and_off_after_the_numbers(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/plugins?q=nhat+ky")
    row = admin.locator(".plugin", has_text="event_log")
    row.get_by_role("link", name=re.compile("Bật…")).click()
    expect(admin.locator("h1")).to_contain_text("Bật")
    shoot(admin, "admin-plugin-trial")
    admin.get_by_role("button", name="Bật ngay").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã bật phần mở rộng.")
    admin.goto(f"{demo.url}/admin/plugins/event_log")
    expect(admin.locator("main")).to_contain_text("Bật, phiên bản")
    admin.get_by_role("link", name=re.compile("Tắt…")).click()
    expect(admin.locator("main")).to_contain_text("Vẫn được phục vụ đến khi xong")
    admin.get_by_role("button", name="Tắt").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã tắt phần mở rộng")


def test_settings_are_tried_without_being_kept(demo: Demo, admin: Page) -> None:
    address = f"{demo.url}/admin/plugins/paper_ticket/settings"
    admin.goto(address)
    minutes = admin.locator("[name=setting-hold_minutes]")
    before = minutes.input_value()
    minutes.fill("7")
    admin.get_by_role("button", name="Thử").click()
    expect(admin.get_by_role("status")).to_contain_text("Chưa lưu gì")
    expect(minutes).to_have_value("7")
    admin.goto(address)
    expect(minutes).to_have_value(before)


def test_days_are_chosen_by_keyboard_changed_after_a_preview_and_undone(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/calendar?year=2027&day=2027-03-10")
    days = admin.locator("#year")
    assert days.locator("a[tabindex='0']").count() == 1, "the whole year is one stop for the Tab key"
    days.locator("[data-day='2027-03-10']").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        admin.keyboard.press(key)
    expect(admin.locator("#f-first")).to_have_value("2027-03-18")
    admin.keyboard.press("ArrowRight")
    admin.keyboard.press("Shift+Enter")
    expect(admin.locator("#f-last")).to_have_value("2027-03-19")
    admin.locator("#f-reason").fill("Nghỉ phòng bão")
    admin.get_by_role("button", name="Xem trước").click()
    expect(admin.locator("main")).to_contain_text("không bị dời")
    expect(admin.locator("main")).to_contain_text("18/03, 19/03")
    assert problems(admin) == []
    admin.get_by_role("button", name="Đổi lịch").click()
    expect(days.locator("[data-day='2027-03-18']")).to_have_class(re.compile("day--off"))
    shoot(admin, "admin-calendar", full=True)
    admin.get_by_role("button", name="Hoàn tác").first.click()
    admin.get_by_role("button", name="Hoàn tác").click()
    expect(days.locator("[data-day='2027-03-18']")).to_have_class(re.compile("day--working"))


def test_a_refused_change_says_why_and_keeps_what_was_typed(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/calendar?year=2027&day=2027-03-13")
    admin.locator("#f-reason").fill("Thứ Bảy")
    admin.get_by_role("button", name="Xem trước").click()
    expect(admin.get_by_role("alert")).to_contain_text("vốn đã như vậy")
    expect(admin.locator("#f-reason")).to_have_value("Thứ Bảy")
    admin.goto(f"{demo.url}/admin/office")
    admin.locator("#f-public_url").fill("http://motcua.vn")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("alert")).to_contain_text("https://")
    expect(admin.locator("#f-public_url")).to_be_focused()


def test_the_year_is_printed_without_its_forms(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/calendar?year=2026")
    expect(admin.locator("#print")).to_be_visible()
    admin.emulate_media(media="print")
    expect(admin.locator("#form")).to_be_hidden()
    expect(admin.locator("#hours")).to_be_hidden()
    expect(admin.locator("#year")).to_be_visible()


def test_the_form_of_codes_asks_first(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/office")
    admin.locator("input[value=qd20]").check()
    admin.get_by_role("button", name=re.compile("Đổi dạng mã")).click()
    expect(admin.locator("h1")).to_have_text("Đổi dạng mã hồ sơ?")
    admin.get_by_role("link", name="Thôi").click()
    expect(admin.locator("input[value=tt01]")).to_be_checked()
