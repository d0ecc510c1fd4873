"""The manager's live view follows the hall by itself, works from the keyboard, and passes axe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, TV, Demo, shoot, sign_in
from tests.browser.desks import desk_of
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
COUNTER = 23
"""A counter with a line of its own, which no other story uses."""


@pytest.fixture
def manager(demo: Demo, screen: Screen) -> Page:
    """Somebody who may see the whole hall."""
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    return page


def test_the_view_follows_and_keeps_the_focus(demo: Demo, screen: Screen, manager: Page) -> None:
    desk = desk_of(demo, screen, COUNTER)
    desk.empty()
    manager.goto(f"{demo.url}/hall?lang=vi")
    waiting = manager.locator(f"tr:has(#line-{desk.line}) .lines__waiting")
    expect(waiting).to_have_text("0")
    link = manager.locator(f"#line-{desk.line}")
    link.focus()
    ticket = desk.take()
    expect(waiting).to_have_text("1")
    expect(link).to_be_focused()
    desk.call(ticket)
    present = manager.locator(f".counter:has(#counter-{desk.counter}) .counter__now")
    expect(present).to_contain_text(ticket["label"])
    expect(present).to_contain_text("đang đến quầy")
    expect(manager.locator("#lost")).to_be_hidden()
    shoot(manager, "hall-live")
    assert desk.move(ticket, "finish").ok
    expect(present).to_contain_text("đang trống")


def test_help_is_asked_for_and_answered(demo: Demo, screen: Screen, manager: Page) -> None:
    desk = desk_of(demo, screen, COUNTER)
    manager.goto(f"{demo.url}/hall?lang=vi")
    assert desk.api("POST", f"/counters/{desk.counter}/help").ok
    alert = manager.locator(".alert", has_text=f"Quầy {COUNTER} cần hỗ trợ")
    expect(alert).to_be_visible()
    expect(manager).to_have_title(re.compile(r"^\(\d+\) Sảnh chờ$"))
    alert.get_by_role("button", name="Đã đến hỗ trợ").click()
    expect(manager.get_by_text("Đã ghi nhận có người đến hỗ trợ.")).to_be_visible()
    expect(alert).to_have_count(0)


def test_a_counter_is_paused_and_opened_from_the_keyboard(demo: Demo, screen: Screen, manager: Page) -> None:
    desk = desk_of(demo, screen, COUNTER)
    manager.goto(f"{demo.url}/hall?lang=vi")
    link = manager.locator(f"#counter-{desk.counter}")
    link.press("Enter")
    dialog = manager.get_by_role("dialog", name=f"Quầy {COUNTER}")
    expect(dialog).to_be_visible()
    assert problems(manager) == []
    manager.keyboard.press("Escape")
    expect(link).to_be_focused()
    link.press("Enter")
    dialog.get_by_label("Lý do tạm dừng").select_option("meeting")
    dialog.get_by_role("button", name="Tạm dừng quầy").press("Enter")
    state = manager.locator(f".counter:has(#counter-{desk.counter}) .chip")
    expect(state).to_contain_text("Tạm dừng")
    assert desk.state()["paused"]["reason"] == "meeting"
    link.press("Enter")
    dialog.get_by_role("button", name="Mở quầy").press("Enter")
    expect(state).to_contain_text("Đang mở")


def test_a_cut_line_is_told(demo: Demo, manager: Page) -> None:
    manager.goto(f"{demo.url}/hall?lang=vi")
    expect(manager.locator("#lost")).to_be_hidden()
    manager.context.set_offline(True)
    expect(manager.locator("#lost")).to_be_visible()
    manager.context.set_offline(False)
    expect(manager.locator("#lost")).to_be_hidden()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_pass_axe_and_fit(demo: Demo, manager: Page, language: str) -> None:
    for path in (
        "/hall",
        "/hall/day",
        "/hall/lines/1",
        "/hall/counters/1",
        "/admin/day",
        "/admin/day?line=1",
    ):
        manager.goto(f"{demo.url}{path}{'&' if '?' in path else '?'}lang={language}")
        for size in (LAPTOP, TV, PHONE):
            manager.set_viewport_size({"width": size[0], "height": size[1]})
            assert problems(manager) == [], (path, size)
            assert manager.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, size)
