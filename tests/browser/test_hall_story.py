"""A morning in one hall: three kiosks, four counters, two boards and a phone, each a real page, tell the same story."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, PORTRAIT, TV, Demo, shoot
from tests.browser.desks import Desk, desk_of
from tests.browser.test_story import take_number

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
FINANCE, TRADE = "Sở Tài chính", "Sở Công Thương"


def number_of(kiosk: Page, department: str, reason: str | None = None) -> str:
    """Take a number at a kiosk and bring it back to its first page."""
    label = take_number(kiosk, department, None, reason)
    kiosk.reload()
    expect(kiosk.locator("#departments")).to_contain_text(department)
    return label


def called(desk: Desk, label: str) -> None:
    """The next number is this one."""
    expect(desk.page.locator(".waiter--next")).to_contain_text(label)
    desk.press("Space")
    expect(desk.page.locator("#visit-label")).to_have_text(label)


def test_a_morning_in_the_hall(demo: Demo, screen: Screen) -> None:
    kiosks = [screen(PORTRAIT, f"{demo.url}/kiosk") for _ in range(3)]
    boards = [screen(TV, f"{demo.url}/board") for _ in range(2)]
    # Two counters have people waiting, two have not: 13 is trade, 21 finance, 14 health, 15 agriculture.
    trade, finance, health, agriculture = (desk_of(demo, screen, number) for number in (13, 21, 14, 15))

    for desk in (trade, finance, health, agriculture):
        desk.empty()

    first = number_of(kiosks[0], TRADE)
    second = number_of(kiosks[1], TRADE)
    elder = number_of(kiosks[2], TRADE, "60 tuổi")
    money = number_of(kiosks[0], FINANCE)
    phoned = finance.take()
    phone = screen(PHONE, f"{phoned['follow_url']}?lang=vi")
    expect(phone.locator("#ahead")).to_have_text("1")

    # Who has priority comes first, and the console says why; every board shows the call.
    called(trade, elder)
    for board in boards:
        expect(board.locator("#label")).to_have_text(elder)
        expect(board.locator("#counter")).to_contain_text("13")
    called(finance, money)
    for board in boards:
        expect(board.locator("#label")).to_have_text(money)
        expect(board.locator("#rows")).to_contain_text(elder)
    expect(phone.locator("#say")).to_contain_text("người tiếp theo")
    for desk in (health, agriculture):
        expect(desk.page.locator("#visit")).to_have_attribute("data-state", "none")

    # The officer of trade sends the visit on to finance; nobody else's place is lost.
    trade.press("s")
    expect(trade.page.locator("#visit")).to_have_attribute("data-state", "serving")
    current = trade.state()["current"]
    assert trade.move(current, "transfer", line=finance.line, position="first").ok
    called(trade, first)
    expect(finance.page.locator("#waiting")).to_contain_text(elder)
    shoot(finance.page, "hall-counter")
    finance.press("Space")
    expect(finance.page.locator("#visit-label")).to_have_text(elder)

    # A slip, taken back; then the phone is called and hears of it by itself.
    trade.press("v", "Enter")
    expect(trade.page.locator("#undo-what")).to_contain_text("vắng mặt")
    trade.press("z")
    expect(trade.page.locator("#visit-label")).to_have_text(first)
    expect(trade.page.locator("#visit")).to_have_attribute("data-state", "called")
    finance.press("s")
    expect(finance.page.locator("#visit")).to_have_attribute("data-state", "serving")
    finance.press("Space")
    expect(finance.page.locator("#visit-label")).to_have_text(phoned["label"])
    expect(phone.locator("#call")).to_be_visible(timeout=20_000)
    expect(phone.locator("#call-number")).to_have_text("21")
    shoot(phone, "hall-phone")
    shoot(boards[0], "hall-board")

    finance.press("s")
    expect(finance.page.locator("#visit")).to_have_attribute("data-state", "serving")
    finance.press("x")
    expect(phone.locator("#rating-form")).to_be_visible(timeout=20_000)
    phone.locator("[data-score='3']").click()
    phone.get_by_role("button", name=re.compile("Gửi đánh giá")).click()
    expect(phone.locator("#rating-thanks")).to_be_visible()

    # A counter pauses, a board says so, and the manager's view agrees with what happened.
    assert trade.move(trade.state()["current"], "finish").ok
    called(trade, second)
    assert agriculture.api(
        "POST", f"/counters/{agriculture.counter}/state", state="paused", reason="break"
    ).ok
    expect(agriculture.page.locator("#state-text")).to_have_text("Tạm dừng")
    assert agriculture.api("POST", f"/counters/{agriculture.counter}/next").status == 409
    assert agriculture.api("POST", f"/counters/{agriculture.counter}/state", state="open").ok
    for desk in (trade, finance):
        if (left := desk.state()["current"]) is not None:
            assert desk.move(left, "finish").ok
