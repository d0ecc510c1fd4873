"""Hardware on the pages: devices and printers in admin, a kiosk without a printer, calls for help, the demo's printer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, PORTRAIT, TV, Demo, shoot, sign_in

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]


@pytest.fixture
def admin(demo: Demo, screen: Screen) -> Page:
    """A laptop where the admin is signed in."""
    page: Page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    return page


@pytest.fixture
def out_of_paper(demo: Demo, screen: Screen) -> Iterator[None]:
    """Every printer is out of paper, set as a visitor of the demo would, and well again afterwards."""
    page = screen(LAPTOP, f"{demo.url}/demo/printer")
    for section in page.locator(".printer").all():
        section.get_by_role("button", name="Hết giấy", exact=True).click()
    yield
    page.goto(f"{demo.url}/demo/printer")
    for section in page.locator(".printer").all():
        section.get_by_role("button", name="Chạy lại bình thường").click()
    wait_for_printer(page, demo, ready=True)


def wait_for_printer(page: Page, demo: Demo, *, ready: bool) -> None:
    """Wait until the office knows how its kiosk's printer is."""
    token = device_of(demo, "kiosk")["token"]
    for _ in range(150):
        menu = page.request.get(
            f"{demo.url}/api/v1/kiosk/menu", headers={"Authorization": f"Bearer {token}"}
        ).json()
        if menu["printer"]["ready"] is ready:
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"the printer did not become {'ready' if ready else 'unready'}")


def device_of(demo: Demo, kind: str) -> dict[str, Any]:
    return next(each for each in demo.facts["devices"] if each["kind"] == kind)


def problems(page: Page) -> list[str]:
    """What axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


def choose_line(kiosk: Page, department: str = "Tư pháp") -> None:
    kiosk.locator("#departments").get_by_role("button", name=re.compile(department)).click()
    kiosk.locator("#unsure").click()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_and_nothing_is_cut_off(demo: Demo, admin: Page, language: str) -> None:
    pages = ["/admin/devices", "/admin/printers", "/demo/printer"]
    pages += [f"/admin/devices/{each['id']}" for each in demo.facts["devices"]]
    pages += [f"/admin/printers/{each['id']}" for each in demo.facts["printers"]]
    found = {}
    for path in pages:
        admin.goto(f"{demo.url}{path}?lang={language}")
        wide = admin.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        found[path] = problems(admin) + ([f"{wide} px too wide"] if wide > 0 else [])
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_a_display_of_another_maker_is_set_up(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/devices")
    admin.locator("#f-kind").select_option("display")
    admin.locator("#f-name").fill("Bảng LED quầy 2")
    admin.locator("#f-counter").select_option(str(demo.facts["counters"][1]["id"]))
    admin.get_by_role("button", name="Thêm và tạo mã").click()
    expect(admin.locator("#secret")).to_have_text(re.compile(r"^\w{4} \w{4}$"))
    expect(admin.locator("[data-until]")).to_contain_text("còn")
    expect(admin.locator("h1")).to_have_text("Bảng LED quầy 2")
    assert problems(admin) == []

    admin.locator("#f-option-driver").select_option("template")
    expect(admin.locator("#f-option-serial-port")).to_be_hidden()
    admin.locator("#f-option-template-port").fill("/dev/ttyUSB0")
    admin.locator("#f-option-template-frame").fill(r"\x02{address:02d}{nonsense}\x03")
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("alert")).to_have_text("Khung lệnh: không có chỗ điền này (nonsense).")
    expect(admin.locator("#f-option-template-frame")).to_be_focused()
    expect(admin.locator("#f-option-template-port")).to_have_value("/dev/ttyUSB0")
    admin.locator("#f-option-template-frame").fill(r"\x02{address:02d}{digits:>4}\x03{xor}")
    shoot(admin, "admin-device-display", full=True)
    admin.get_by_role("button", name="Lưu").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã lưu thiết bị.")
    expect(admin.locator("#f-option-driver")).to_have_value("template")
    expect(admin.locator(".changes")).to_contain_text("Sửa thiết bị")


def test_a_broken_kiosk_is_replaced_in_its_place(demo: Demo, admin: Page, screen: Screen) -> None:
    admin.goto(f"{demo.url}/admin/devices")
    admin.locator("#f-name").fill("Máy cửa sau")
    admin.locator("#f-printer").select_option(label="Máy in 01")
    admin.get_by_role("button", name="Thêm và tạo mã").click()
    old = screen(PORTRAIT, f"{demo.url}/pair")
    pair(old, admin)
    expect(old.locator("#departments")).to_contain_text("Tư pháp")

    admin.goto(here_of(admin, demo, "Máy cửa sau"))
    admin.get_by_role("button", name="Thay máy…").click()
    expect(admin.locator("#confirm")).to_contain_text("Máy cũ ngừng hoạt động ngay")
    admin.locator("#confirm-yes").click()
    expect(admin.locator("#secret")).to_be_visible()
    expect(old.locator("#problem")).to_contain_text("thu hồi quyền", timeout=20_000)
    new = screen(PORTRAIT, f"{demo.url}/pair")
    pair(new, admin)
    expect(new.locator("#departments")).to_contain_text("Tư pháp")
    admin.goto(here_of(admin, demo, "Máy cửa sau"))
    expect(admin.locator("main")).to_contain_text("Máy in 01")
    expect(admin.locator("main")).to_contain_text("Đã ghép nối")


def here_of(admin: Page, demo: Demo, name: str) -> str:
    """The address of a device's page, by way of the list."""
    admin.goto(f"{demo.url}/admin/devices")
    return demo.url + str(admin.get_by_role("link", name=name, exact=True).get_attribute("href"))


def pair(device: Page, admin: Page) -> None:
    """Type the code that the admin sees into the device."""
    device.locator("#code").fill(admin.locator("#secret").inner_text().replace(" ", ""))
    device.locator("#go").click()
    device.wait_for_url(re.compile(r"/kiosk"))


def test_a_page_is_loaded_anew_from_afar_but_not_under_a_visitors_hands(
    demo: Demo, admin: Page, screen: Screen
) -> None:
    device = device_of(demo, "kiosk")
    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    choose_line(kiosk)
    kiosk.evaluate("window.sameVisit = true")
    admin.goto(f"{demo.url}/admin/devices/{device['id']}")
    admin.get_by_role("button", name="Tải lại trang").click()
    expect(admin.get_by_role("status")).to_contain_text("Đã yêu cầu tải lại trang")
    with kiosk.expect_response(
        lambda answer: "kiosk/menu" in answer.url and answer.status == 200, timeout=15_000
    ):
        pass
    kiosk.wait_for_timeout(2_500)
    assert kiosk.evaluate("window.sameVisit") is True
    with kiosk.expect_event("load", timeout=20_000):
        kiosk.locator("#start-over").click()
    expect(kiosk.locator("#departments")).to_contain_text("Tư pháp")


def test_a_board_is_loaded_anew_at_once(demo: Demo, admin: Page, screen: Screen) -> None:
    board = screen(TV, f"{demo.url}/board")
    expect(board.locator("#opening")).to_be_hidden()
    admin.goto(f"{demo.url}/admin/devices/{device_of(demo, 'board')['id']}")
    with board.expect_event("load", timeout=10_000):
        admin.get_by_role("button", name="Tải lại trang").click()


def test_a_test_paper_is_printed_and_counted(demo: Demo, admin: Page) -> None:
    printer = demo.facts["printers"][0]
    admin.goto(f"{demo.url}/admin/printers/{printer['id']}")
    admin.get_by_role("button", name="Đã thay cuộn giấy").click()
    admin.locator("#confirm-yes").click()
    expect(admin.get_by_role("status")).to_contain_text("cuộn giấy mới")
    full = admin.locator(".roll__left").inner_text()
    admin.get_by_role("button", name="In thử").click()
    row = admin.locator("tr", has_text="In thử").first
    expect(row).to_contain_text("Đã in", timeout=20_000)  # the page keeps itself fresh
    expect(admin.locator(".roll__left")).not_to_have_text(full)
    shoot(admin, "admin-printer", full=True)


def test_a_printer_on_a_cable_is_added(demo: Demo, admin: Page) -> None:
    admin.goto(f"{demo.url}/admin/printers")
    admin.locator("#f-name").fill("Máy in USB kho")
    admin.locator("#f-model").select_option("xprinter-xp-58")
    expect(admin.locator("#f-dots")).to_be_hidden()
    admin.locator("#f-connection").select_option("serial")
    expect(admin.locator("#f-host")).to_be_hidden()
    admin.locator("#f-line").fill("/dev/../etc/passwd")
    admin.get_by_role("button", name="Thêm máy in").click()
    expect(admin.get_by_role("alert")).to_contain_text("Địa chỉ máy in")
    expect(admin.locator("#f-line")).to_have_value("/dev/../etc/passwd")
    admin.locator("#f-connection").select_option("usb")
    admin.locator("#f-usb").fill("04b8:0e15")
    admin.locator("#f-failover").select_option("chosen")
    admin.locator("#f-backup").select_option(label="Máy in 01")
    admin.get_by_role("button", name="Thêm máy in").click()
    expect(admin.locator("main")).to_contain_text("usb://04b8:0e15")
    admin.get_by_role("link", name="Máy in USB kho").click()
    expect(admin.locator("#f-usb")).to_have_value("04b8:0e15")
    expect(admin.locator("#f-backup")).to_have_value(str(demo.facts["printers"][0]["id"]))


@pytest.mark.usefixtures("out_of_paper")
def test_a_kiosk_that_cannot_print_says_so_and_calls_staff(demo: Demo, admin: Page, screen: Screen) -> None:
    officer = screen(LAPTOP)
    sign_in(officer, demo, demo.facts["officers"][0])
    expect(officer.locator("#lost")).to_be_hidden()
    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    wait_for_printer(kiosk, demo, ready=False)
    choose_line(kiosk)
    kiosk.locator("#normal").click()
    offer = kiosk.locator("#offer")
    expect(offer).to_contain_text("Máy in chưa in được phiếu")
    expect(offer).to_contain_text("hết giấy")
    expect(kiosk.locator("#offer-told")).to_have_text("Đã báo nhân viên đến xem máy in.")
    expect(kiosk.locator("#printer-away")).to_be_hidden()
    assert problems(kiosk) == []
    shoot(kiosk, "kiosk-offer")

    notice = officer.locator("#notices .banner", has_text="Máy 01")
    expect(notice).to_contain_text("không in được phiếu")
    assert problems(officer) == []
    shoot(officer, "counter-notice")
    notice.get_by_role("button", name="Đã biết").click()
    expect(notice).to_have_count(0)

    kiosk.locator("#offer-take").click()
    expect(kiosk.locator("#ticket")).to_be_visible()
    expect(kiosk.locator("#label")).to_have_text(re.compile(r"^T\d{3}$"))
    expect(kiosk.locator("#paper")).to_contain_text("Số này không có phiếu giấy")
    expect(kiosk.locator("#qr")).to_be_visible()
    expect(kiosk.locator("#printer-away")).to_be_hidden()
    assert problems(kiosk) == []
    shoot(kiosk, "kiosk-without-paper")
    kiosk.locator("#done").click()
    expect(kiosk.locator("#printer-away")).to_be_visible(timeout=20_000)

    admin.goto(f"{demo.url}/admin/printers/{demo.facts['printers'][0]['id']}")
    expect(admin.locator("[data-renew=state]")).to_contain_text("Hết giấy")


@pytest.mark.usefixtures("out_of_paper")
def test_who_wants_no_number_without_paper_takes_none(demo: Demo, screen: Screen) -> None:
    kiosk = screen(LAPTOP, f"{demo.url}/kiosk")
    wait_for_printer(kiosk, demo, ready=False)
    given: list[int] = []
    kiosk.on(
        "response",
        lambda answer: given.append(answer.status) if answer.url.endswith("/api/v1/tickets") else None,
    )
    choose_line(kiosk)
    kiosk.locator("#normal").click()
    kiosk.locator("#offer-leave").click()
    expect(kiosk.locator("#home")).to_be_visible()
    assert given == [409]


def test_a_visitor_calls_a_member_of_staff(demo: Demo, screen: Screen) -> None:
    officer = screen(LAPTOP)
    sign_in(officer, demo, demo.facts["officers"][1])
    kiosk = screen(LAPTOP, f"{demo.url}/kiosk")
    kiosk.locator("#home [data-open=help]").click()
    kiosk.locator("#call-staff").click()
    expect(kiosk.locator("#help-told")).to_have_text("Đã gọi nhân viên. Xin quý vị chờ tại máy.")
    expect(kiosk.locator("#call-staff")).to_be_disabled()
    assert problems(kiosk) == []
    expect(officer.locator("#notices")).to_contain_text("có công dân cần người hướng dẫn")


def test_a_call_that_did_not_go_out_is_not_called_one(demo: Demo, screen: Screen) -> None:
    kiosk = screen(LAPTOP, f"{demo.url}/kiosk")
    kiosk.route("**/api/v1/kiosk/help", lambda route: route.abort())
    kiosk.locator("#home [data-open=help]").click()
    kiosk.locator("#call-staff").click()
    expect(kiosk.locator("#help-told")).to_contain_text("Chưa gọi được nhân viên")
    expect(kiosk.locator("#call-staff")).to_be_enabled()


@pytest.mark.parametrize("size", [PORTRAIT, TV, LAPTOP])
def test_every_office_is_seen_at_once(demo: Demo, screen: Screen, size: tuple[int, int]) -> None:
    kiosk = screen(size, f"{demo.url}/kiosk")
    expect(kiosk.locator("#departments .tile")).to_have_count(19)
    seen = kiosk.evaluate(
        "() => { const end = document.querySelector('#departments').getBoundingClientRect().bottom + 1;"
        " return [...document.querySelectorAll('#departments .tile')]"
        ".filter((tile) => tile.getBoundingClientRect().bottom <= end).length }"
    )
    assert seen == 19
    low = kiosk.evaluate(
        "() => [...document.querySelectorAll('button')].filter((each) => each.offsetParent"
        " && each.getBoundingClientRect().height < 44).map((each) => each.id || each.className)"
    )
    assert low == []


def test_the_title_is_in_the_language_shown(demo: Demo, screen: Screen) -> None:
    kiosk = screen(LAPTOP, f"{demo.url}/kiosk")
    expect(kiosk).to_have_title(re.compile("^Lấy số thứ tự · "))
    kiosk.locator("[data-lang=en]").click()
    expect(kiosk).to_have_title(re.compile("^Take a number · "))


def test_the_demos_tray_fills_by_itself(demo: Demo, screen: Screen) -> None:
    tray = screen(PHONE, f"{demo.url}/demo/printer")
    newest = tray.locator("[data-papers='1']")
    before = newest.get_attribute("data-newest")
    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    choose_line(kiosk, "Giao thông")
    kiosk.locator("#normal").click()
    expect(kiosk.locator("#paper")).to_contain_text("Xin nhận phiếu", timeout=20_000)
    expect(newest).not_to_have_attribute("data-newest", str(before))
    assert tray.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
