"""The main job in a real browser: a number is taken, called, the dossier received, finished and counted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, PORTRAIT, SHOTS, TV, Demo, shoot, sign_in

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]


def today() -> str:
    """The business day of the demo centre."""
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()


def take_number(kiosk: Page, department: str, procedure: str | None, reason: str | None = None) -> str:
    """Choose as a citizen would and return the number shown."""
    kiosk.locator("#departments").get_by_role("button", name=re.compile(department)).click()
    if procedure is None:
        kiosk.locator("#unsure").click()
    else:
        kiosk.locator("#procedure-list").get_by_role("button", name=re.compile(procedure)).click()
    if reason is None:
        kiosk.locator("#normal").click()
    else:
        kiosk.locator("#reasons").get_by_role("button", name=re.compile(reason)).click()
    expect(kiosk.locator("#ticket")).to_be_visible()
    return kiosk.locator("#label").inner_text()


def test_the_main_job_end_to_end(demo: Demo, screen: Screen) -> None:
    board = screen(TV, f"{demo.url}/board")
    officer = screen(LAPTOP)
    sign_in(officer, demo, demo.facts["officers"][0])
    manager = screen(LAPTOP)
    sign_in(manager, demo, demo.facts["admin"])
    received_before = figure_of_report(manager, demo, "justice")

    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    expect(kiosk.locator("#departments")).to_contain_text("Sở Tư pháp")
    shoot(kiosk, "kiosk-home")
    papers_before = len(list(demo.papers.glob("*.png")))
    label = take_number(kiosk, "Sở Tư pháp", "Phiếu lý lịch tư pháp", "60 tuổi")
    assert re.fullmatch(r"T\d{3}", label)
    expect(kiosk.locator("#paper")).to_contain_text("Xin nhận phiếu", timeout=20_000)
    shoot(kiosk, "kiosk-ticket")
    papers = sorted(demo.papers.glob("*.png"))
    assert len(papers) == papers_before + 1
    SHOTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(papers[-1], SHOTS / "ticket.png")

    expect(officer.locator("body")).to_contain_text(label)
    officer.keyboard.press("Space")
    expect(officer.locator("#visit-label")).to_have_text(label)
    expect(board.locator("#label")).to_have_text(label)
    expect(board.locator("#counter")).to_contain_text("1")
    shoot(board, "board")

    code = receive_dossier(officer)
    assert re.fullmatch(r"000\.00\.17\.H02-\d{6}-\d{4}", code)
    officer.locator("#done-finish").click()
    expect(officer.locator("#visit-label")).not_to_have_text(label)

    finish_dossier(officer, demo, code)
    lookup = screen(PHONE, f"{demo.url}/lookup/{code}")
    expect(lookup.locator("main")).to_contain_text("Đã có kết quả")
    assert "Nguyễn" not in lookup.content()
    shoot(lookup, "lookup-phone")

    assert figure_of_report(manager, demo, "justice") == received_before + 1
    shoot(manager, "report", full=True)


def receive_dossier(officer: Page) -> str:
    """Receive the dossier of the visit by keyboard and mouse; returns its code."""
    officer.keyboard.press("s")
    officer.keyboard.press("d")
    next_button = officer.locator("#draft-next")
    expect(next_button).to_be_visible()
    # The procedure was chosen at the kiosk, so the officer lands on the papers.
    expect(officer.locator("[data-panel='2']")).to_be_visible()
    shoot(officer, "counter")
    for box in officer.locator("[data-panel='2'] input[type=checkbox]").all():
        box.check(force=True)
    next_button.click()
    officer.locator("#applicant-name").fill("Nguyễn Thị Ánh Tuyết")
    officer.locator("input[name=id_number]").fill("024190001234")
    officer.locator("input[name=phone]").fill("0912 345 678")
    next_button.click()
    expect(officer.locator("[data-panel='4']")).to_contain_text("200.000")
    next_button.click()
    expect(officer.locator("[data-panel='5']")).to_be_visible()
    shoot(officer, "counter-summary")
    next_button.click()
    expect(officer.locator("#done-code")).to_contain_text("H02")
    shoot(officer, "counter-received")
    return officer.locator("#done-code").inner_text().strip()


def finish_dossier(officer: Page, demo: Demo, code: str) -> None:
    """The deciding agency is done: the officer records the result on the dossier's page."""
    officer.goto(f"{demo.url}/dossiers/{code}")
    expect(officer.locator("main")).to_contain_text(code)
    shoot(officer, "dossier", full=True)
    officer.get_by_role("button", name=re.compile("Có kết quả|Báo có kết quả|Kết thúc")).first.click()
    dialog = officer.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button[type=submit]").click()
    expect(officer.locator("main")).to_contain_text("Đã có kết quả")


def figure_of_report(manager: Page, demo: Demo, department: str) -> int:
    """How many dossiers the period summary counts as received today for a department."""
    answer = manager.request.get(
        f"{demo.url}/api/v1/reports/period-summary?office=demo&from={today()}&to={today()}"
    )
    assert answer.ok
    manager.goto(f"{demo.url}/reports/period-summary?from={today()}&to={today()}")
    counted = next(d for d in answer.json()["departments"] if d["key"] == department)
    expect(manager.locator("main")).to_contain_text("Sở Tư pháp")
    return int(counted["received"]["in_period"])


def test_a_double_tap_gives_one_ticket(demo: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    requests: list[str] = []
    kiosk.on(
        "request", lambda r: requests.append(r.method) if r.method == "POST" and "/tickets" in r.url else None
    )
    kiosk.locator("#departments").get_by_role("button", name=re.compile("Giao thông")).click()
    kiosk.locator("#unsure").click()
    kiosk.locator("#normal").dblclick()
    expect(kiosk.locator("#ticket")).to_be_visible()
    first = kiosk.locator("#label").inner_text()
    kiosk.locator("#done").click()
    second = take_number(kiosk, "Giao thông", None)
    assert int(second[1:]) == int(first[1:]) + 1
    assert len(requests) == 2


def test_a_printer_that_fails_leaves_a_valid_number_and_another_prints_it(demo: Demo, screen: Screen) -> None:
    """The roll ends in the middle of the paper: a torn one here, a marked one at the other printer."""
    kiosk = screen(PORTRAIT, f"{demo.url}/kiosk")
    other = demo.data / "printer-2"
    before = len(list(other.glob("*.png")))
    demo.control_printer(paper_out_after=2_000)
    try:
        label = take_number(kiosk, "Giao thông", None)
        expect(kiosk.locator("#paper")).to_contain_text("Máy in chưa in được phiếu", timeout=20_000)
        shoot(kiosk, "kiosk-paper-out")
        wait_for_paper(kiosk, other, before + 1)
    finally:
        demo.control_printer()
    expect(kiosk.locator("#label")).to_have_text(label)
    expect(kiosk.locator("#paper")).to_contain_text("Máy in 02")


def wait_for_paper(page: Page, folder: Path, count: int) -> None:
    """Wait until the printer, well again, has caught up."""
    for _ in range(300):
        if len(list(folder.glob("*.png"))) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"only {len(list(folder.glob('*.png')))} of {count} papers came")


def test_an_idle_kiosk_returns_to_its_first_page(demo: Demo, screen: Screen) -> None:
    kiosk = screen(PORTRAIT)
    kiosk.clock.install()
    kiosk.goto(f"{demo.url}/kiosk")
    kiosk.locator("#departments").get_by_role("button", name=re.compile("Tư pháp")).click()
    expect(kiosk.locator("#unsure")).to_be_visible()
    kiosk.clock.run_for(25_000)
    expect(kiosk.locator("#idle")).to_be_visible()
    shoot(kiosk, "kiosk-idle")
    kiosk.clock.run_for(15_000)
    expect(kiosk.locator("#home")).to_be_visible()
    expect(kiosk.locator("#idle")).to_be_hidden()


def test_a_phone_follows_the_number(demo: Demo, screen: Screen) -> None:
    device = next(d for d in demo.facts["devices"] if d["kind"] == "kiosk")
    officer = screen(LAPTOP)
    answer = officer.request.post(
        f"{demo.url}/api/v1/tickets",
        data={"office": "demo", "procedure": "2.000488", "department": "justice"},
        headers={"Authorization": f"Bearer {device['token']}"},
    )
    assert answer.status == 201
    ticket = answer.json()
    phone = screen(PHONE, ticket["follow_url"])
    expect(phone.locator("main")).to_contain_text(ticket["label"])
    expect(phone.locator("main")).to_contain_text("Tờ khai yêu cầu cấp Phiếu LLTP")
    shoot(phone, "follow-phone")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_board_that_is_cut_off_says_so(demo: Demo, screen: Screen) -> None:
    board = screen(TV, f"{demo.url}/board")
    expect(board.locator("#opening")).to_be_hidden()
    board.context.set_offline(True)
    board.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(board.locator("#lost")).to_be_visible(timeout=15_000)
    expect(board.locator("#label")).to_be_hidden()
    shoot(board, "board-lost")
    board.context.set_offline(False)
    expect(board.locator("#lost")).to_be_hidden(timeout=20_000)


def test_switching_a_department_off_shows_at_the_kiosk_at_once(demo: Demo, screen: Screen) -> None:
    admin = screen(LAPTOP)
    sign_in(admin, demo, demo.facts["admin"])
    kiosk = screen(PORTRAIT)
    for act, there in (("disable", False), ("enable", True)):
        answer = admin.request.post(
            f"{demo.url}/api/v1/plugins/transport/{act}", data={}, headers={"Origin": demo.url}
        )
        assert answer.ok
        kiosk.goto(f"{demo.url}/kiosk")
        expect(kiosk.locator("#departments")).to_contain_text("Tư pháp")
        assert ("Giao thông" in kiosk.locator("#departments").inner_text()) is there
    admin.goto(f"{demo.url}/admin/plugins")
    expect(admin.locator("main")).to_contain_text("Tắt Sở Giao thông vận tải")
    shoot(admin, "admin-plugins", full=True)
