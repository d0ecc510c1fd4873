"""Every page passes axe, in Vietnamese and English, on the sizes it is used on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import LAPTOP, PHONE, PORTRAIT, TV, Demo, sign_in

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
OPEN_PAGES = [
    ("/", PHONE),
    ("/kiosk", PORTRAIT),
    ("/kiosk", TV),
    ("/board", TV),
    ("/pair", PHONE),
    ("/lookup", PHONE),
    ("/sign-in", LAPTOP),
    ("/demo/bank", PHONE),
    ("/no-such-page", LAPTOP),
]
STAFF_PAGES = [
    "/counter/1",
    "/hall",
    "/hall/day",
    "/admin/day",
    "/admin/voice",
    "/admin/notices",
    "/admin/rules",
    "/admin/booking",
    "/dossiers",
    "/admin",
    "/admin/users",
    "/admin/lines",
    "/admin/counters",
    "/admin/plugins",
    "/admin/procedures",
    "/admin/procedures/import",
    "/admin/calendar",
    "/admin/office",
    "/admin/money",
    "/money",
    "/money/transfers",
    "/money/statements",
    "/money/refunds",
    "/money/count",
    "/money/day",
    "/money/remittances",
    "/money/cashless",
    "/post",
    "/post/parcels",
    "/post/manifests",
    "/post/manifests/1",
    "/post/handovers",
    "/post/news",
    "/post/money",
    "/post/figures",
    "/post/quarter",
    "/post/numbers",
    "/counter/1/customer",
    "/admin/devices",
    "/admin/printers",
    "/reports/period-summary",
]


def problems(page: Page) -> list[str]:
    """What axe finds wrong, by rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("path", "size"), OPEN_PAGES)
def test_open_pages(demo: Demo, screen: Screen, path: str, size: tuple[int, int], language: str) -> None:
    page = screen(size, f"{demo.url}{path}?lang={language}")
    page.wait_for_load_state("load")
    assert page.locator("html").get_attribute("lang") == language
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_staff_pages(demo: Demo, screen: Screen, language: str) -> None:
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    found = {}
    for path in STAFF_PAGES:
        page.goto(f"{demo.url}{path}?lang={language}")
        page.wait_for_load_state("load")
        found[path] = problems(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
