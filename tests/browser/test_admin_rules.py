"""A rule is tried and applied from the keyboard alone, and the page passes axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, Demo, shoot, sign_in
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]


def test_a_rule_is_tried_and_applied_from_the_keyboard(demo: Demo, screen: Screen) -> None:
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    page.goto(f"{demo.url}/admin/rules?lang=vi")
    page.get_by_role("link", name="Sở Tư pháp").press("Enter")
    expect(page.get_by_role("heading", name="Quy tắc của hàng T")).to_be_visible()
    share = page.get_by_label("Thường: Số lượt hoặc hệ số")
    expect(share).to_be_visible()
    page.get_by_label("Cách gọi").select_option("deadline")
    expect(share).to_be_hidden()
    page.get_by_label("Cách gọi").select_option("ratio")
    share.fill("5")
    page.get_by_role("button", name="Thử trước").press("Enter")
    trial = page.locator("#trial")
    expect(trial).to_be_focused()
    expect(trial).to_contain_text("Chưa có gì thay đổi.")
    expect(trial.get_by_role("img")).to_be_visible()
    expect(share).to_have_value("5")
    assert problems(page) == []
    shoot(page, "admin-rules")
    trial.get_by_role("button", name="Áp dụng quy tắc này").press("Enter")
    expect(page.get_by_text("Đã áp dụng quy tắc.")).to_be_visible()
    page.locator("#history").get_by_role("button", name="Khôi phục").first.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Khôi phục").press("Enter")
    expect(page.get_by_text("Quy tắc trước đó đã có hiệu lực trở lại.")).to_be_visible()


@pytest.mark.parametrize("size", [LAPTOP, PHONE])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_rules_fit_and_pass_axe(demo: Demo, screen: Screen, size: tuple[int, int], language: str) -> None:
    page = screen(size)
    sign_in(page, demo, demo.facts["admin"])
    page.goto(f"{demo.url}/admin/rules?line={demo.facts['lines'][0]['id']}&lang={language}")
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
