"""The console around the visit: who waits and why, out of turn, one line alone, pauses, help, sizes, cut lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import LAPTOP, TV, Demo, shoot, sign_in
from tests.browser.desks import Desk, desk_of, open_desk, take
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
STATE = re.compile(r"/api/v1/counters/\d+$")
LONG_NAME = "Ban Quản lý các khu công nghiệp tỉnh và Sở Lao động – Thương binh và Xã hội"


@pytest.fixture(scope="module")
def wide(demo: Demo, browser: Any) -> dict[str, Any]:
    """A counter of two lines, added by the admin; {id, lines}."""
    page = browser.new_page(locale="vi-VN")
    sign_in(page, demo, demo.facts["admin"])
    page.goto(f"{demo.url}/admin/counters?lang=vi")
    page.locator("input[name=number]").fill("41")
    page.locator("input[name=title]").fill(LONG_NAME)
    lines = [
        each["id"] for each in demo.facts["lines"] if each["department"] in {"finance", "industrial_zones"}
    ]
    for line in lines:
        page.locator(f"input[name=lines][value='{line}']").check()
    page.locator("form:has(input[name=number]) button[type=submit]").click()
    counters = page.request.get(f"{demo.url}/api/v1/counters").json()
    page.close()
    return {"id": next(each["id"] for each in counters if each["number"] == 41), "lines": lines}


def manager_at(demo: Demo, screen: Screen, wide: dict[str, Any], **options: Any) -> Desk:
    """A manager, who may sit anywhere, at the counter of two lines."""
    page = screen(options.get("size", LAPTOP))
    sign_in(page, demo, demo.facts["admin"])
    desk = open_desk(demo, page, wide["id"], wide["lines"][0], options.get("language", "vi"))
    if desk.state()["current"]:
        desk.press("x")
        desk.free()
    return desk


def test_everybody_sees_who_is_next_and_why(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 13)
    usual, elder, result = desk.take(), desk.take(priority="elderly"), desk.take(purpose="pickup")
    following = desk.page.locator(".waiter--next")
    expect(following).to_contain_text(elder["label"])
    expect(following).to_contain_text("Tiếp theo")
    expect(following).to_contain_text("Người cao tuổi")
    expect(desk.row("waiting", result)).to_contain_text("Nhận kết quả")
    shown = {each["id"]: each["why"] for each in desk.state()["waiting"]}
    for ticket in (usual, elder, result):
        assert shown[ticket["id"]]
        expect(desk.row("waiting", ticket).locator(".waiter__why")).to_have_text(
            re.compile(f"^{re.escape(shown[ticket['id']])}")
        )
    desk.press("l", "ArrowDown", "End", "Home", "Enter")
    expect(desk.page.locator("#ticket-facts")).to_contain_text(shown[elder["id"]])
    expect(desk.page.locator("#ticket-yes")).to_be_focused()
    assert problems(desk.page) == []
    desk.press("Enter")
    desk.serving(elder)


def test_out_of_turn_only_with_the_right_and_a_reason(
    demo: Demo, screen: Screen, wide: dict[str, Any]
) -> None:
    desk = manager_at(demo, screen, wide)
    desk.take()
    later = desk.take()
    expect(desk.row("waiting", later)).to_be_visible()
    desk.page.locator(f"[data-row='waiting:{later['id']}']").click()
    expect(desk.page.locator("#ticket-reason")).to_be_focused()
    desk.press("Enter")
    expect(desk.page.locator("#ticket-reason-error")).to_be_visible()
    assert problems(desk.page) == []
    shoot(desk.page, "counter-pick")
    desk.page.keyboard.type("Công dân bị mệt")
    desk.press("Enter")
    desk.serving(later)
    expect(desk.page.locator("#visit-note")).to_contain_text("Công dân bị mệt")
    desk.press("x")
    desk.free()

    officer = desk_of(demo, screen, 23)
    waits = officer.take()
    last = officer.take()
    expect(officer.page.locator(".waiter--next")).to_contain_text(waits["label"])
    expect(officer.row("waiting", last)).to_be_visible()
    officer.press("l", "ArrowDown", "Enter")
    expect(officer.page.locator("#ticket")).to_be_visible()
    expect(officer.page.locator("#ticket-pick")).to_be_hidden()
    expect(officer.page.locator("#ticket-yes")).to_be_hidden()


def test_one_line_alone(demo: Demo, screen: Screen, wide: dict[str, Any]) -> None:
    desk = manager_at(demo, screen, wide)
    desk.take()
    other = take(demo, desk.page, wide["lines"][1])
    chip = desk.page.locator(f"[data-line='{wide['lines'][1]}']")
    expect(chip).to_contain_text("1")
    desk.press("f")
    expect(desk.page.locator("#choice-list button").first).to_be_focused()
    assert problems(desk.page) == []
    shoot(desk.page, "counter-line")
    desk.press("2")
    desk.serving(other)
    expect(chip).to_be_disabled()
    desk.press("x")
    desk.free()


def test_a_pause_with_its_reason(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 5)
    ticket = desk.take()
    expect(desk.row("waiting", ticket)).to_be_visible()
    desk.press("p")
    expect(desk.page.locator("#choice-list button").first).to_be_focused()
    assert problems(desk.page) == []
    shoot(desk.page, "counter-state")
    desk.press("2")
    expect(desk.page.locator("#closed-text")).to_have_text(re.compile(r"Quầy tạm dừng từ \d\d:\d\d: Họp"))
    expect(desk.page.locator("#state")).to_contain_text("Tạm dừng")
    expect(desk.page.locator("[data-act=next]")).to_be_disabled()
    desk.press("Space")
    assert desk.state()["current"] is None
    assert problems(desk.page) == []
    shoot(desk.page, "counter-paused")
    desk.press("p", "Enter")
    expect(desk.page.locator("#closed")).to_be_hidden()
    desk.press("p")
    desk.page.locator("#choice-list button", has_text="Đóng quầy").click()
    expect(desk.page.locator("#closed-text")).to_contain_text("Quầy đang đóng")
    desk.page.locator("[data-act=reopen]").click()
    expect(desk.page.locator("#closed")).to_be_hidden()
    desk.call(ticket)


def test_help_is_called_once(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 6)
    desk.press("h")
    desk.dismiss()
    expect(desk.page.locator("#assist-text")).to_have_text("Tôi cần hỗ trợ")
    desk.press("h")
    assert problems(desk.page) == []
    desk.press("Enter")
    expect(desk.page.locator("#assist-text")).to_have_text(re.compile(r"Đã gọi lúc \d\d:\d\d"))
    desk.press("h", "Enter")
    expect(desk.page.locator("#trouble")).to_contain_text("Đã báo người hỗ trợ")


def test_a_visit_that_nobody_ended_is_asked_about(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 9)
    ticket = desk.take()
    desk.call(ticket)
    desk.press("s")
    desk.serving(ticket, "serving")

    def long_ago(route: Route) -> None:
        answer = route.fetch()
        state = answer.json()
        began = datetime.fromisoformat(state["now"]) - timedelta(minutes=47)
        if state["current"]:
            state["current"]["started_at"] = began.isoformat()
        route.fulfill(response=answer, body=json.dumps(state))

    desk.page.route(STATE, long_ago)
    desk.take()
    expect(desk.page.locator("#long-text")).to_contain_text("đã kéo dài 47 phút")
    assert problems(desk.page) == []
    shoot(desk.page, "counter-long")
    desk.page.locator("#long-close").click()
    expect(desk.page.locator("#long")).to_be_hidden()
    desk.page.unroute(STATE)
    desk.press("x")
    desk.free()


def test_a_cut_line_is_said_and_the_page_keeps_what_it_has(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 8)
    ticket = desk.take()
    desk.call(ticket)
    desk.receive("ho chieu")
    expect(desk.page.locator("#summary-procedure")).to_contain_text("hộ chiếu")
    desk.serving(ticket, "serving")
    desk.page.context.set_offline(True)
    desk.page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(desk.page.locator("#lost")).to_be_visible(timeout=15_000)
    desk.press("Escape", "g", "Enter")
    expect(desk.page.locator("#park-error")).to_contain_text("Máy chủ chưa trả lời")
    assert problems(desk.page) == []
    shoot(desk.page, "counter-lost")
    desk.dismiss()
    expect(desk.page.locator("#papers")).to_be_visible()
    desk.page.context.set_offline(False)
    expect(desk.page.locator("#lost")).to_be_hidden(timeout=20_000)
    desk.serving(ticket, "serving")
    expect(desk.page.locator("#summary-procedure")).to_contain_text("hộ chiếu")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [LAPTOP, (1440, 900), TV])
def test_what_matters_is_in_sight(
    demo: Demo, screen: Screen, wide: dict[str, Any], size: tuple[int, int], language: str
) -> None:
    desk = manager_at(demo, screen, wide, size=size, language=language)
    parked = desk.take(dossiers=3, then=[wide["lines"][1]])
    desk.take(priority="disability")
    for _ in range(6):
        desk.take(purpose="supplement")
    expect(desk.page.locator(".waiter--next")).to_be_visible()
    desk.press("Space")
    expect(desk.page.locator("[data-act=park]")).to_be_enabled()
    desk.press("g", "4", "Tab")
    desk.page.keyboard.type("phòng Quản lý xuất nhập cảnh")
    desk.press("Enter")
    desk.free()
    desk.press("Space")
    expect(desk.page.locator("[data-act=no_show]")).to_be_enabled()
    desk.press("v", "Enter")
    desk.free()
    desk.press("Space")
    expect(desk.page.locator("[data-act=no_show]")).to_be_enabled()
    assert parked["label"]
    assert cut_off(desk.page) == []
    assert problems(desk.page) == []
    shoot(desk.page, f"counter-{language}-{size[0]}")
    desk.press("d")
    expect(desk.page.locator("#draft-form")).to_be_visible()
    assert cut_off(desk.page) == []
    shoot(desk.page, f"counter-form-{language}-{size[0]}")
    desk.press("Escape", "x")
    desk.free()


def cut_off(page: Page) -> list[str]:
    """Buttons outside the window, texts wider than their buttons, and a page that scrolls."""
    return list(
        page.evaluate(
            """() => {
              const wrong = [];
              if (document.documentElement.scrollHeight > innerHeight + 1) wrong.push('page scrolls');
              const seen = '[data-act], .counter-bar > *, .waiter--next, #undo, .queue__aside, #draft-next';
              for (const one of document.querySelectorAll(seen)) {
                const box = one.getBoundingClientRect();
                if (!box.width) continue;
                const name = one.id || one.dataset.act || one.className;
                const out = box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < 0 || box.top < 0;
                if (out) wrong.push(`${name} is out of sight`);
                if (one.matches('button') && one.scrollWidth > one.clientWidth + 1) wrong.push(`${name} is too narrow`);
              }
              return wrong;
            }"""
        )
    )
