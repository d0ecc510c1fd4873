"""Coming at a known time in a real browser: booked and taken on the phone, checked in at the kiosk and at the door."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, PORTRAIT, TV, Demo, shoot, sign_in, start_demo, stop_demo

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo of its own: what is switched on here shows on every kiosk."""
    running = start_demo(tmp_path_factory.mktemp("booking") / "data")
    yield running
    stop_demo(running)


@pytest.fixture
def opened(centre: Demo, screen: Screen) -> Demo:
    """Numbers from afar and appointments are switched on, as the admin does it."""
    admin = screen(LAPTOP)
    sign_in(admin, centre, centre.facts["admin"])
    admin.goto(f"{centre.url}/admin/booking")
    admin.locator("input[name=enabled]").check()
    admin.locator("input[name=per_person]").fill("10")
    admin.get_by_role("button", name="Lưu cài đặt").click()
    expect(admin.locator(".banner--ok")).to_be_visible()
    clean(admin)
    admin.goto(f"{centre.url}/admin/booking?line={centre.facts['lines'][0]['id']}")
    admin.locator("input[name=enabled]").check()
    admin.get_by_role("button", name="Lưu", exact=True).click()
    expect(admin.locator(".booking-slots").first).to_contain_text("08:00")
    shoot(admin, "admin-booking", full=True)
    clean(admin)
    return centre


def clean(page: Page) -> None:
    """Nothing for axe to complain about, and nothing that sticks out sideways."""
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def take_from_afar(demo: Demo, screen: Screen, phone: str) -> Page:
    """A number for a procedure that was looked for without diacritics; the page of the number."""
    page = screen(PHONE, f"{demo.url}/take/demo")
    clean(page)
    page.locator("#query").fill("ly lich tu phap")
    page.locator("#results a").first.click()
    clean(page)
    page.locator("#go").click()
    expect(page.locator("#problem")).to_contain_text("10 chữ số")
    page.locator("#phone").fill(phone)
    page.locator("#go").click()
    page.wait_for_url(re.compile(r"/t/"))
    return page


def scan(kiosk: Page, text: str) -> None:
    """Type as a scanner does."""
    kiosk.keyboard.type(text)
    kiosk.keyboard.press("Enter")


def test_a_booked_time_from_the_phone_to_the_kiosk(opened: Demo, screen: Screen) -> None:
    phone = screen(PHONE, f"{opened.url}/book/demo")
    clean(phone)
    phone.locator("#departments a").first.click()
    # The last day offered: tomorrow would be today for a test that runs past midnight.
    phone.locator(".day").last.click()
    clean(phone)
    shoot(phone, "book-times")
    phone.locator("a.time").first.click()
    clean(phone)
    phone.locator("#phone").fill("0912 345 678")
    phone.locator("#go").click()
    phone.wait_for_url(re.compile(r"/appointment/"))
    code = phone.locator(".pass__code strong").inner_text()
    assert re.fullmatch(r"\w{5} \w{5}", code)
    clean(phone)
    shoot(phone, "appointment")

    phone.locator("summary").click()
    hour = phone.locator(".pass__hour").inner_text()
    phone.locator(".day").last.click()
    phone.wait_for_url(re.compile("day="))
    if not phone.locator("a.time").first.is_visible():
        phone.locator("summary").click()
    phone.locator("a.time").nth(2).click()
    phone.locator("#move").click()
    expect(phone.locator(".pass__hour")).not_to_have_text(hour)
    expect(phone.locator(".pass__code strong")).to_have_text(code)
    calendar = phone.request.get(f"{phone.url}/event.ics").text()
    assert calendar.startswith("BEGIN:VCALENDAR\r\n")
    assert code in calendar

    kiosk = screen(PORTRAIT, f"{opened.url}/kiosk")
    expect(kiosk.locator("#door")).to_be_visible()
    kiosk.locator("#open-checkin").click()
    for letter in code.replace(" ", ""):
        kiosk.locator("#checkin-keys").get_by_text(letter, exact=True).click()
    kiosk.locator("#checkin-go").click()
    expect(kiosk.locator("#checkin-problem")).to_contain_text("không phải hôm nay")
    clean(kiosk)
    shoot(kiosk, "kiosk-checkin")

    phone.locator("#cancel").click()
    phone.locator("#cancel-yes").click()
    expect(phone.locator(".pass__state")).to_have_text("Đã hủy")
    kiosk.locator("#checkin-go").click()
    expect(kiosk.locator("#checkin-problem")).to_contain_text("đã được hủy")

    officer = screen(LAPTOP)
    sign_in(officer, opened, opened.facts["officers"][0])
    officer.goto(f"{opened.url}/appointments")
    clean(officer)


def test_a_number_from_afar_is_scanned_at_the_kiosk(opened: Demo, screen: Screen) -> None:
    phone = take_from_afar(opened, screen, "0912000111")
    label = phone.locator("#label").inner_text().split()[-1]
    kiosk = screen(TV, f"{opened.url}/kiosk")
    expect(kiosk.locator("#door")).to_be_visible()
    kiosk.locator("#open-search").click()
    kiosk.locator("#query").fill("ho tich")
    scan(kiosk, phone.url)
    expect(kiosk.locator("#label")).to_have_text(label)
    expect(kiosk.locator("#ticket-note")).to_contain_text("có mặt")
    clean(kiosk)
    shoot(kiosk, "kiosk-arrived")
    kiosk.locator("#done").click()
    scan(kiosk, phone.url)
    expect(kiosk.locator("#checkin-problem")).to_contain_text(label)


def test_slow_typing_is_no_scan(opened: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT, f"{opened.url}/kiosk")
    expect(kiosk.locator("#door")).to_be_visible()
    kiosk.locator("#open-search").click()
    kiosk.keyboard.type("ly lich tu phap", delay=90)
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#results")).to_contain_text("lý lịch")
    expect(kiosk.locator("#search")).to_be_visible()


def test_the_door_checks_in_what_the_phone_follows(opened: Demo, screen: Screen) -> None:
    phone = take_from_afar(opened, screen, "0912000222")
    label = phone.locator("#label").inner_text().split()[-1]
    kiosk = screen(PORTRAIT, f"{opened.url}/kiosk")
    shown = kiosk.request.get(f"{opened.url}/api/v1/kiosk/door").json()
    door = shown["arrive"]["url"].rsplit("/", 1)[1]
    phone.goto(f"{opened.url}/arrive/{door}")
    expect(phone.locator("#arrived")).to_contain_text(label)
    expect(phone.locator("#arrived")).to_contain_text("có mặt")
    clean(phone)
    shoot(phone, "arrive")
    phone.goto(f"{opened.url}/arrive/1-1-0000000000000000")
    expect(phone.locator("main")).to_contain_text("quét lại")
    clean(phone)


def test_several_services_on_one_ticket_and_coming_again(opened: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT, f"{opened.url}/kiosk")
    sent: list[dict] = []
    kiosk.on(
        "request", lambda r: sent.append(r.post_data_json) if r.url.endswith("/api/v1/tickets") else None
    )
    kiosk.locator("#open-results").click()
    clean(kiosk)
    kiosk.locator("[data-purpose=supplement]").click()
    kiosk.locator("#departments button").nth(1).click()
    kiosk.locator("#more-open").click()
    clean(kiosk)
    kiosk.locator("#more-list button").nth(2).click()
    kiosk.locator("#more-list button").nth(0).click()
    expect(kiosk.locator("#more-list [aria-pressed=true]")).to_have_count(2)
    kiosk.locator("#more-done").click()
    expect(kiosk.locator("#more-then")).to_contain_text("Sau đó")
    clean(kiosk)
    kiosk.locator("#normal").click()
    expect(kiosk.locator("#ticket-note")).to_contain_text("Sau đó")
    assert sent[0]["purpose"] == "supplement"
    assert len(sent[0]["then"]) == 2
    shoot(kiosk, "kiosk-several")


def test_the_common_path_has_no_further_step(opened: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT, f"{opened.url}/kiosk")
    kiosk.locator("#departments button").nth(2).click()
    kiosk.locator("#unsure").click()
    kiosk.locator("#normal").click()
    expect(kiosk.locator("#ticket")).to_be_visible()
    expect(kiosk.locator("#ticket-note")).to_be_hidden()


def test_capacity_is_told_before_the_press_and_closed_lines_say_when(opened: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT)
    sent: list[dict] = []
    kiosk.on(
        "request", lambda r: sent.append(r.post_data_json) if r.url.endswith("/api/v1/tickets") else None
    )

    def at_a_late_hour(route) -> None:
        """The menu as it is shortly before closing."""
        asked = {name: value for name, value in route.request.headers.items() if name != "if-none-match"}
        answer = route.fetch(headers=asked)
        menu = answer.json()
        first, second = (each["line"] for each in menu["departments"][:2])
        first["capacity"] = {
            "fits": "no",
            "closes_at": "2026-11-25T17:00:00+07:00",
            "next_day": "2026-11-26",
            "appointments": True,
        }
        second.update(open=False, open_reason="outside_hours", opens_at="2026-11-25T13:00:00+07:00")
        route.fulfill(response=answer, json=menu)

    kiosk.route("**/api/v1/kiosk/menu", at_a_late_hour)
    kiosk.goto(f"{opened.url}/kiosk")
    kiosk.evaluate("dispatchEvent(new Event('online'))")
    closed = kiosk.locator("#departments button").nth(1)
    expect(closed).to_contain_text("13:00")
    closed.click(force=True)
    expect(kiosk.locator("#notice")).to_contain_text("13:00")
    kiosk.locator("#departments button").nth(0).click()
    kiosk.locator("#unsure").click()
    expect(kiosk.locator("#late")).to_contain_text("17:00")
    expect(kiosk.locator("#late-book")).to_be_visible()
    clean(kiosk)
    shoot(kiosk, "kiosk-late")
    kiosk.locator("#late-next").click()
    kiosk.locator("#normal").click()
    expect(kiosk.locator("#ticket-note")).to_contain_text("Số cho ngày")
    assert sent[0]["next_day"] is True
    kiosk.unroute_all(behavior="ignoreErrors")
