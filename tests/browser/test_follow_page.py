"""What a visitor does with the number on the phone and on the counter's tablet: wait, move, give up, rate."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, PORTRAIT, TV, Demo, shoot
from tests.browser.desks import Desk, desk_of
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
SOON = 20_000  # the phone asks when the server told it to, at most every fifteen seconds


@pytest.fixture
def desk(demo: Demo, screen: Screen) -> Desk:
    """A counter few other stories use, with nobody waiting."""
    found = desk_of(demo, screen, 1)
    found.empty()
    return found


def phone_of(screen: Screen, ticket: dict[str, Any], language: str = "vi") -> Page:
    return screen(PHONE, f"{ticket['follow_url']}?lang={language}")


def fits(page: Page) -> None:
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_number_waits_is_moved_back_and_given_up(desk: Desk, screen: Screen, language: str) -> None:
    ticket, behind = desk.take(), desk.take()
    phone = phone_of(screen, ticket, language)
    expect(phone.locator("#ahead")).to_have_text("0")
    fits(phone)
    phone.locator("[data-later='15']").click()
    expect(phone.locator("#say")).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect(desk.page.locator(".waiter--next")).to_contain_text(behind["label"])
    fits(phone)
    shoot(phone, f"follow-later-{language}", full=True)

    phone.locator("#cancel").click()
    expect(phone.locator("#cancel-dialog")).to_be_visible()
    fits(phone)
    phone.locator("#cancel-no").click()
    assert ticket["id"] in [each["id"] for each in desk.state()["waiting"]]
    phone.locator("#cancel").click()
    phone.locator("#cancel-yes").click()
    expect(phone.locator("#follow")).to_have_attribute("data-state", "cancelled")
    expect(phone.locator("#moves")).to_be_hidden()
    fits(phone)
    assert [each["id"] for each in desk.state()["waiting"]] == [behind["id"]]


def test_the_call_is_seen_and_the_visit_rated_once(desk: Desk, screen: Screen) -> None:
    ticket = desk.take()
    phone = phone_of(screen, ticket)
    expect(phone.locator("#say")).to_contain_text("người tiếp theo")
    desk.call(ticket)
    expect(phone.locator("#call")).to_be_visible(timeout=SOON)
    expect(phone.locator("#call-number")).to_have_text("1")
    fits(phone)
    shoot(phone, "follow-called", full=True)
    desk.press("x")
    desk.free()
    expect(phone.locator("#rating-form")).to_be_visible(timeout=SOON)
    fits(phone)
    phone.locator("[data-score='2']").click()
    phone.locator("#rating-words").fill("Chờ hơi lâu nhưng hướng dẫn rõ ràng.")
    fits(phone)
    shoot(phone, "follow-rating", full=True)
    phone.get_by_role("button", name="Gửi đánh giá").click()
    expect(phone.locator("#rating-thanks")).to_be_visible()
    phone.reload()
    expect(phone.locator("#rating-thanks")).to_be_visible()
    expect(phone.locator("#rating-form")).to_be_hidden()


def test_old_figures_say_that_they_are_old(desk: Desk, screen: Screen) -> None:
    phone = phone_of(screen, desk.take())
    expect(phone.locator("#ahead")).to_have_text("0")
    phone.context.set_offline(True)
    expect(phone.locator("#stale")).to_contain_text(re.compile(r"Mất kết nối.*\d\d:\d\d"), timeout=2 * SOON)
    fits(phone)
    shoot(phone, "follow-stale", full=True)
    phone.context.set_offline(False)
    expect(phone.locator("#stale")).to_be_hidden(timeout=2 * SOON)


@pytest.mark.parametrize("size", [TV, PORTRAIT], ids=["across", "upright"])
def test_the_tablet_asks_whoever_leaves(
    demo: Demo, desk: Desk, screen: Screen, size: tuple[int, int]
) -> None:
    tablet = screen(size, f"{demo.url}/tablet?lang=vi")
    expect(tablet.locator("#number")).to_have_text("1")
    fits(tablet)
    ticket = desk.take()
    desk.call(ticket)
    desk.press("s")
    desk.serving(ticket, "serving")
    expect(tablet.locator("#ask")).to_be_hidden()
    desk.press("x")
    desk.free()
    expect(tablet.locator("#ask")).to_be_visible(timeout=SOON)
    fits(tablet)
    shoot(tablet, f"tablet-{size[0]}")
    faces = tablet.locator(".tablet__face")
    expect(faces).to_have_text(["Rất hài lòng", "Hài lòng", "Không hài lòng"])
    faces.first.click()
    expect(tablet.locator("#thanks")).to_be_visible()
    fits(tablet)
    expect(tablet.locator("#idle")).to_be_visible(timeout=SOON)
    # The phone does not ask a second time.
    phone = phone_of(screen, ticket)
    expect(phone.locator("#rating-thanks")).to_be_visible()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_what_everybody_may_see(demo: Demo, screen: Screen, size: tuple[int, int], language: str) -> None:
    for path in ("/today/demo", "/take/demo", "/book/demo"):
        page = screen(size, f"{demo.url}{path}?lang={language}")
        assert page.locator("h1").first.inner_text()
        fits(page)
        shoot(page, f"public{path.replace('/', '-')}-{size[0]}-{language}", full=True)
