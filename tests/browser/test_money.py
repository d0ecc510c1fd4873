"""A fee from the counter to the day close: asked for by a key, scanned, paid, receipted, balanced; nobody reloads a page."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE, SHOTS, TV, Demo, shoot, sign_in
from tests.browser.test_accessible import problems
from tests.browser.test_intake import call, fill_people, forward, open_form, pill, step

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]


def scan(page: Page) -> str:
    """What a phone's camera reads off the customer's screen."""
    image = Image.open(io.BytesIO(page.screenshot()))
    found = [each.text for each in zxingcpp.read_barcodes(image)]
    assert len(found) == 1, found
    return found[0]


def bank(page: Page, demo: Demo, payload: str, way: str) -> None:
    """Scan a code at the demo's bank and pay it."""
    page.goto(f"{demo.url}/demo/bank?lang=vi")
    page.locator("#payload").fill(payload)
    page.locator(".bank__paste button").click()
    expect(page.locator("#scanned-title")).to_be_visible()
    page.locator(f"button[value={way}]").click()
    expect(page.locator(".banner")).to_contain_text("HTTP")


def manager(demo: Demo, screen: Screen) -> Page:
    """Whoever balances the money."""
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["admin"])
    return page


def receive(officer: Page) -> str:
    """A visit with a dossier for a judicial record, which costs money; returns its code."""
    open_form(officer, "ly lich tu phap")
    officer.keyboard.press("a")
    forward(officer)
    fill_people(officer, "024190004321")
    forward(officer)
    step(officer, 4)
    pill(officer, "delivery", "Tại quầy").click()
    forward(officer)
    step(officer, 5)
    forward(officer)
    code = officer.locator("#done-code")
    expect(code).to_have_text(re.compile(r"^000\."))
    return code.text_content() or ""


def test_a_fee_from_the_counter_to_the_day_close(demo: Demo, screen: Screen) -> None:
    lan = demo.facts["officers"][0]
    officer, customer, phone = screen(TV), screen(TV), screen(PHONE)
    sign_in(officer, demo, lan)
    sign_in(customer, demo, lan)
    officer.goto(f"{demo.url}/counter/{lan['counter']}?lang=vi")
    expect(officer.locator("#waiting-count")).not_to_have_text("…")
    line = next(c["lines"][0] for c in demo.facts["counters"] if c["id"] == lan["counter"])
    call(officer, "/tickets", office="demo", line=line)
    customer.goto(f"{demo.url}/counter/{lan['counter']}/customer?lang=vi")
    expect(customer.locator("#idle")).to_be_visible()
    shoot(customer, "money-customer-idle")

    receive(officer)
    expect(officer.locator("#pay")).to_be_visible()
    expect(officer.locator("#pay-amount")).to_have_text("200.000 đ")
    assert problems(officer) == []
    officer.keyboard.press("q")
    expect(officer.locator("#pay-open")).to_be_visible()
    expect(customer.locator("#code")).to_be_visible()
    expect(customer.locator("#amount")).to_have_text("200.000 đ")
    assert problems(customer) == []
    assert problems(officer) == []
    shoot(customer, "money-customer-code")
    shoot(officer, "money-counter-code")

    payload = scan(customer)
    bank(phone, demo, payload, "exact")
    expect(officer.locator("#pay")).to_have_attribute("data-state", "paid")
    expect(customer.locator("#paid")).to_be_visible()
    expect(officer.locator("#pay-receipts")).to_contain_text("BLP 0000")
    assert problems(customer) == []
    assert problems(officer) == []
    shoot(customer, "money-customer-paid")
    shoot(officer, "money-counter-paid")

    before = papers(demo)
    officer.locator("#pay-ways button").first.click()
    printed(demo, before)

    # Another citizen pays in cash, a third too little.
    code = received(officer, demo)
    asked = call(officer, "/payments", dossier=code, method="cash", counter=lan["counter"])
    call(officer, f"/payments/{asked['reference'].replace(' ', '')}/moves", move="cash")
    short = call(officer, "/payments", dossier=received(officer, demo), method="qr", counter=lan["counter"])
    bank(phone, demo, short["qr"], "less")
    bank(phone, demo, short["qr"], "wrong_memo")
    assert problems(phone) == []
    shoot(phone, "money-bank-phone", full=True)

    desk = manager(demo, screen)
    desk.goto(f"{demo.url}/money?lang=vi")
    expect(desk.locator("#unmatched-title")).to_be_visible()
    expect(desk.locator("#partly_paid-title")).to_be_visible()
    assert problems(desk) == []
    shoot(desk, "money-to-do", full=True)
    desk.get_by_role("link", name=re.compile("^Xử lý")).first.click()
    assert problems(desk) == []
    shoot(desk, "money-transfer", full=True)

    desk.goto(f"{demo.url}/money/day?lang=vi")
    assert problems(desk) == []
    desk.locator("#f-amount").fill("200000")
    desk.get_by_role("button", name="Ghi số đếm được").click()
    expect(desk.locator("#counters")).not_to_contain_text("chưa đếm")
    shoot(desk, "money-day", full=True)
    book = openpyxl.load_workbook(io.BytesIO(desk.request.get(f"{demo.url}/money/day.xlsx").body()))
    assert len(book.worksheets) == 3
    keep(desk, f"{demo.url}/money/day.pdf", "money-day-pdf")
    desk.get_by_role("button", name="Chốt sổ", exact=True).click()
    desk.locator("#confirm-yes").click()
    expect(desk.locator(".banner--ok")).to_contain_text("Đã chốt sổ")
    assert problems(desk) == []
    shoot(desk, "money-day-sealed", full=True)

    desk.goto(f"{demo.url}/money/remittances?lang=vi")
    assert problems(desk) == []
    desk.get_by_role("button", name=re.compile("^Lập bảng kê")).first.click()
    desk.locator("#confirm-yes").click()
    expect(desk.locator("#made")).to_contain_text("Tư pháp")
    shoot(desk, "money-remittances", full=True)
    keep(desk, f"{demo.url}/money/remittances/1.pdf", "money-remittance-pdf")
    desk.goto(f"{demo.url}/money/cashless?lang=vi")
    expect(desk.locator("tfoot")).to_contain_text("%")
    shoot(desk, "money-cashless", full=True)
    officer.goto(f"{demo.url}/counter")


def test_the_phone_shows_the_code_and_that_it_is_paid(demo: Demo, screen: Screen) -> None:
    lan = demo.facts["officers"][0]
    officer = screen(LAPTOP)
    sign_in(officer, demo, lan)
    line = next(c["lines"][0] for c in demo.facts["counters"] if c["id"] == lan["counter"])
    ticket = call(officer, "/tickets", office="demo", line=line)
    called = None
    while called is None or called["id"] != ticket["id"]:
        called = call(officer, f"/counters/{lan['counter']}/next", finish=True)
    received(officer, demo, ticket=ticket["id"])
    phone = screen(PHONE, f"{ticket['follow_url']}?lang=vi")
    call(officer, "/payments", ticket=ticket["id"], method="qr", counter=lan["counter"])
    expect(phone.locator("#pay-code")).to_be_visible(timeout=30_000)
    phone.locator("#pay").scroll_into_view_if_needed()
    assert problems(phone) == []
    shoot(phone, "money-follow", full=True)
    payload = scan(phone)
    bank(screen(PHONE), demo, payload, "mangled")
    expect(phone.locator("#pay-state")).to_contain_text("Đã thanh toán", timeout=30_000)
    call(officer, f"/tickets/{ticket['id']}/moves", move="finish")


def test_a_statement_is_reconciled_with_a_bar(demo: Demo, screen: Screen, tmp_path: Path) -> None:
    desk = manager(demo, screen)
    account = demo.facts["bank"]["account"]
    rows = [f"Số tài khoản;{account}", "Ngày giao dịch;Số tham chiếu;Thay đổi;Số tiền;Mô tả"]
    rows += [f"24/11/2026;77.{n};+;{50_000 + n};NOP TIEN HO SO {n:05}" for n in range(1_500)]
    file = tmp_path / "sao-ke.csv"
    file.write_text("\n".join([*rows, "Tổng;;;;"]), encoding="utf-8")
    desk.goto(f"{demo.url}/money/statements?lang=vi")
    assert problems(desk) == []
    shoot(desk, "money-statements")
    desk.locator("#f-file").set_input_files(file)
    desk.get_by_role("button", name="Tải lên và đối chiếu").click()
    expect(desk.locator("[data-figure=new]")).to_have_text("1500", timeout=60_000)
    expect(desk.locator("#lines-title")).to_be_visible(timeout=60_000)
    assert problems(desk) == []
    shoot(desk, "money-statement")
    # The same file again, and one that is none.
    desk.goto(f"{demo.url}/money/statements?lang=vi")
    desk.locator("#f-file").set_input_files(file)
    desk.get_by_role("button", name="Tải lên và đối chiếu").click()
    expect(desk.locator("#problem")).to_contain_text("đã được tải lên")


def received(officer: Page, demo: Demo, **fields: Any) -> str:
    """A dossier that costs 200.000 đồng, received by a script; returns its code."""
    body = {
        "procedure": "2.000488",
        "applicant": {"name": "Trần Văn An", "id_number": "024190004321"},
        "components": [],
        "answers": {},
        "channel": "in_person",
        **fields,
    }
    return str(call(officer, "/dossiers", **body)["code"])


def papers(demo: Demo) -> int:
    return len(list(demo.papers.glob("*.txt")))


def printed(demo: Demo, before: int) -> None:
    """The paper that comes next, kept as a picture for human eyes."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = sorted(demo.papers.glob("*.txt"))
        if len(found) > before and found[-1].read_text(encoding="utf-8"):
            newest = found[-1].with_suffix(".png")
            SHOTS.mkdir(parents=True, exist_ok=True)
            (SHOTS / "money-receipt-paper.png").write_bytes(newest.read_bytes())
            return
        time.sleep(0.2)
    raise AssertionError("no paper came out")


def keep(page: Page, url: str, name: str) -> None:
    """The first page of a PDF as a picture for human eyes."""
    answer = page.request.get(url)
    assert answer.headers["content-type"] == "application/pdf"
    image = pypdfium2.PdfDocument(answer.body())[0].render(scale=1.5).to_pil()
    SHOTS.mkdir(parents=True, exist_ok=True)
    image.save(SHOTS / f"{name}.png")
