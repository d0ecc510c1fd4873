"""The counter's form and the dossier's page in a real browser: sent away, come back, received, moved, put right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import LAPTOP, TV, Demo, shoot, sign_in
from tests.browser.test_accessible import problems
from tests.browser.test_story import today

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
CRIMINAL_RECORD = "lý lịch tư pháp"
TUYET = "Nguyễn Thị Ánh Tuyết"
LICENCE = {"procedure": "1.002809", "department": "transport"}
"""Đổi giấy phép lái xe: the old licence is collected back."""


@pytest.fixture
def officer(demo: Demo, screen: Screen) -> Iterator[Page]:
    """Lan at her counter with a visitor; the visit ends with the test."""
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["officers"][0])
    page.goto(f"{demo.url}/counter/{demo.facts['officers'][0]['counter']}?lang=vi")
    expect(page.locator("#waiting-count")).not_to_have_text("…")
    yield page
    page.keyboard.press("Escape")
    page.goto(f"{demo.url}/counter")


def pill(page: Page, name: str, text: str) -> Locator:
    """A choice by its group and what is written on it."""
    return page.locator("label.pill", has=page.locator(f"input[name='{name}']")).filter(has_text=text)


def step(page: Page, number: int) -> Locator:
    """The panel of a step, expected to be the one in sight."""
    panel = page.locator(f"[data-panel='{number}']")
    expect(panel).to_be_visible()
    return panel


def forward(page: Page) -> None:
    """One step on, by keyboard."""
    page.keyboard.press("Control+Enter")


def open_form(page: Page, procedure: str) -> None:
    """A new form with its procedure searched and chosen by keyboard alone."""
    page.keyboard.press("d")
    expect(page.locator("#procedure-search")).to_be_focused()
    page.keyboard.type(procedure)
    expect(page.locator("#procedure-list .procedure--active")).to_be_visible()
    page.keyboard.press("Enter")
    step(page, 2)
    expect(page.locator("#summary-due")).not_to_have_text("…")


def paper(page: Page, name: str) -> Locator:
    """The row of a paper on the checklist."""
    return page.locator(".paper", has_text=name)


def fill_people(page: Page, id_number: str) -> None:
    """Whose dossier it is, and who hands it in."""
    step(page, 3)
    page.locator("#applicant-name").fill(TUYET)
    page.locator("#applicant-id_number").fill(id_number)
    page.locator("#authorised-on").check()
    page.locator("#authorised-name").fill("Trần Văn Bình")


def call(officer: Page, path: str, **body: Any) -> dict[str, Any]:
    """A POST to the API with the page's own session."""
    base = re.match(r"https?://[^/]+", officer.url)
    assert base
    answer = officer.request.post(f"{base[0]}/api/v1{path}", data=body, headers={"Origin": base[0]})
    assert answer.ok, answer.text()
    return dict(answer.json())


def in_sight(element: Locator) -> bool:
    """Whether the whole of it is on the screen, under no scroll bar."""
    box = element.bounding_box()
    size = element.page.viewport_size
    return bool(box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def test_sent_away_for_a_paper_and_received_on_coming_back(demo: Demo, officer: Page) -> None:
    open_form(officer, "ly lich tu phap")
    expect(officer.locator("#summary-rule")).to_contain_text("Tính từ ngày nhận đủ hồ sơ tại quầy")
    expect(officer.locator("#summary-fees")).to_contain_text("TT 244/2016/TT-BTC")
    expect(paper(officer, "Văn bản ủy quyền")).to_contain_text("Nếu:")
    expect(officer.locator("#papers-missing")).to_contain_text("Thiếu 2 giấy tờ")
    officer.keyboard.press("Space")  # the first paper's tick has the focus
    expect(officer.locator("#papers-missing")).to_contain_text("CMND/CCCD/hộ chiếu (thiếu 1 bản sao)")
    assert problems(officer) == []
    shoot(officer, "intake-papers")

    officer.keyboard.press("b")
    expect(officer.locator("#decline")).to_be_hidden()
    expect(officer.locator("#applicant-name-error")).to_contain_text("Nhập họ và tên")
    fill_people(officer, "024190004321")
    expect(officer.locator("#applicant-name-error")).to_be_hidden()
    assert problems(officer) == []
    shoot(officer, "intake-people")
    officer.locator("#authorised-phone").fill("12")
    forward(officer)

    step(officer, 4)
    officer.locator("#answer-slips").fill("4")
    expect(officer.locator("#fee-total")).to_have_text("210.000 đ")
    pill(officer, "delivery", "Bưu chính").click()
    forward(officer)
    expect(officer.locator("#deliver-error")).to_be_visible()
    officer.locator("#deliver-to").fill("Số 5 đường Hùng Vương, phường Hoàng Văn Thụ, thành phố Bắc Giang")
    assert problems(officer) == []
    shoot(officer, "intake-filing")
    forward(officer)

    step(officer, 5)
    for button in ("#draft-next", "#draft-supplement", "#draft-refuse"):
        assert in_sight(officer.locator(button))
    assert problems(officer) == []
    shoot(officer, "intake-decision")
    officer.keyboard.press("t")
    officer.locator("#decline-yes").click()
    expect(officer.locator("#decline-reason-error")).to_be_visible()
    assert problems(officer) == []
    shoot(officer, "intake-refuse")
    officer.keyboard.press("Escape")
    officer.keyboard.press("b")
    expect(officer.locator("#decline-missing")).to_contain_text("thiếu 1 bản sao")
    expect(officer.locator("#decline")).to_contain_text("Chỉ được yêu cầu một lần")
    officer.locator("#decline-conditional input").check()
    assert problems(officer) == []
    shoot(officer, "intake-supplement")
    forward(officer)
    expect(officer.locator("#done-code")).to_have_text(re.compile(r"\d+.*/HDHS"))
    expect(officer.locator("#done-print")).to_have_attribute(
        "href", re.compile(r"^/declined/\d+/paper\.pdf$")
    )
    assert fetched(officer, officer.locator("#done-print").get_attribute("href") or "") == "application/pdf"
    expect(officer.locator("#summary-reckoned")).to_be_hidden()
    assert problems(officer) == []
    shoot(officer, "intake-sent-away")

    come_back(officer)
    code = officer.locator("#done-code").inner_text()
    expect(officer.locator("#done-print")).to_have_attribute("href", f"/dossiers/{code}/papers/receipt.pdf")
    expect(officer.locator("#received-done")).to_contain_text("HDHS")
    assert problems(officer) == []
    shoot(officer, "intake-received")
    kept = officer.request.get(f"{demo.url}/api/v1/dossiers/{code}").json()
    assert kept["missing"] == []
    assert kept["components"][1]["certified_given"] == 1
    assert kept["authorised"]["name"] == "Trần Văn Bình"
    assert kept["fees"]["total"] == 200_000


def come_back(officer: Page) -> None:
    """The same applicant with everything, the copy now a certified one: asked once, not again, but received."""
    open_form(officer, "ly lich tu phap")
    officer.keyboard.press("a")
    expect(paper(officer, "CMND").locator(".paper__tick")).to_be_checked()
    expect(paper(officer, "Văn bản ủy quyền").locator(".paper__tick")).not_to_be_checked()
    counts = paper(officer, "CMND").locator(".paper__n")
    counts.nth(2).fill("0")
    expect(officer.locator("#papers-missing")).to_contain_text("thiếu 1 bản sao")
    counts.nth(1).fill("1")
    expect(officer.locator("#papers-missing")).not_to_contain_text("thiếu 1 bản sao")
    forward(officer)
    fill_people(officer, "024190004321")
    officer.locator("#authorised-phone").fill("12")
    officer.locator("#draft-supplement").evaluate("button => button.click()")
    officer.locator("#decline-reason").fill("Ảnh chưa đúng cỡ")
    forward(officer)
    expect(officer.locator("#decline-error")).to_contain_text("Luật chỉ cho yêu cầu một lần")
    officer.locator("#decline-cancel").click()
    for panel in (4, 5):
        officer.locator("#draft-next").click()
        step(officer, panel)
    officer.locator("#draft-next").click()
    expect(officer.locator("[data-error='authorised.phone']")).to_be_visible()
    officer.locator("#authorised-phone").fill("0912 345 678")
    officer.locator("[data-step='5']").click()
    officer.locator("#draft-next").click()
    expect(officer.locator("#done-code")).to_contain_text("H02")


def test_a_dossier_by_keyboard_alone(officer: Page) -> None:
    open_form(officer, "chung thuc chu ky")
    officer.keyboard.press("a")
    forward(officer)
    expect(officer.locator("#applicant-name")).to_be_focused()
    officer.keyboard.type("Hoàng Phủ Ngọc Tường Vy")
    officer.keyboard.press("Enter")
    step(officer, 4)
    officer.locator("#on-the-spot").focus()
    officer.keyboard.press("Space")
    expect(officer.locator("#summary-due")).to_have_text("Trả ngay tại quầy")
    forward(officer)
    step(officer, 5)
    forward(officer)
    expect(officer.locator("#done-title")).to_contain_text("trả kết quả ngay")
    with officer.context.expect_page() as opened:
        officer.keyboard.press("i")
    assert opened.value.url.endswith("receipt.pdf") or opened.value.url == "about:blank"
    opened.value.close()
    officer.keyboard.press("d")
    expect(officer.locator("#procedure-search")).to_be_focused()
    officer.keyboard.press("Escape")


def test_the_pieces_of_the_form_keep_to_the_procedure(officer: Page) -> None:
    open_form(officer, "thong bao co quoc tich")
    expect(officer.locator("#summary-confirm")).to_contain_text("Cần xác nhận")
    forward(officer)
    pill(officer, "kind", "Tổ chức").click()
    expect(officer.locator("#applicant-tax_code")).to_be_visible()
    expect(officer.locator("#applicant-id_number")).to_be_hidden()
    officer.locator("#applicant-name").fill("Công ty TNHH Một thành viên Sông Thương")
    forward(officer)
    step(officer, 4)
    expect(officer.locator("#spot")).to_be_hidden()
    expect(officer.locator("#postmark-field")).to_be_hidden()


def test_an_amount_is_typed_with_its_dots_and_moves_the_fee(officer: Page) -> None:
    open_form(officer, "1.009972")
    amount = officer.locator("#answer-total_investment")
    go_to_filing(officer)
    before = officer.locator("#fee-total").inner_text()
    amount.fill("")
    expect(officer.locator("[data-error='answers.total_investment']")).to_be_visible()
    expect(officer.locator("#summary-trouble")).to_be_visible()
    amount.press_sequentially("25000000000")
    expect(amount).to_have_value("25.000.000.000")
    expect(officer.locator("#fee-total")).not_to_have_text(before)
    expect(officer.locator("#summary-trouble")).to_be_hidden()
    amount.press("Home")
    amount.press("Delete")
    expect(amount).to_have_value("5.000.000.000")
    amount.press_sequentially("7")
    expect(amount).to_have_value("75.000.000.000")
    assert problems(officer) == []
    shoot(officer, "intake-amount")


def test_a_claim_sent_by_post_counts_from_its_postmark(officer: Page) -> None:
    open_form(officer, "tro cap that nghiep")
    go_to_filing(officer)
    expect(officer.locator("#postmark-field")).to_be_hidden()
    at_the_desk = officer.locator("#summary-due").inner_text()
    pill(officer, "channel", "Bưu chính").click()
    expect(officer.locator("#summary-trouble")).to_contain_text("dấu bưu điện")
    forward(officer)
    expect(officer.locator("#postmark-error")).to_be_visible()
    assert problems(officer) == []
    shoot(officer, "intake-postmark")
    officer.locator("#postmark").fill((date.fromisoformat(today()) - timedelta(10)).isoformat())
    expect(officer.locator("#summary-rule")).to_contain_text("dấu bưu điện")
    expect(officer.locator("#summary-due")).not_to_have_text(at_the_desk)
    forward(officer)
    step(officer, 5)


def go_to_filing(page: Page) -> None:
    """Past papers and people, with nothing but a name."""
    forward(page)
    step(page, 3)
    page.locator("#applicant-name").fill(TUYET)
    forward(page)
    step(page, 4)


def a_licence(page: Page) -> str:
    """A dossier of somebody whose old licence is to be collected; returns its code."""
    applicant = {"name": TUYET, "phone": "0912345678", "address": "Thôn Núi, xã Tân Mỹ"}
    dossier = call(page, "/dossiers", **LICENCE, applicant=applicant, components=[])
    return str(dossier["code"])


def make(page: Page, move: str, **fields: str) -> None:
    """A move by its button and dialog, as the officer makes it."""
    page.locator(f"[data-move='{move}']").click()
    assert problems(page) == []
    for field, value in fields.items():
        page.locator(f"#move-{field}").fill(value)
    page.locator("#move-yes").click()
    page.wait_for_url(re.compile(f"done={move}$"))


def test_moved_apologised_for_corrected_and_handed_over(demo: Demo, screen: Screen) -> None:
    manager = screen(LAPTOP)
    sign_in(manager, demo, demo.facts["admin"])
    code = a_licence(manager)
    manager.goto(f"{demo.url}/dossiers/{code}?lang=vi")
    expect(manager.locator("main")).to_contain_text("Tính từ ngày nhận đủ hồ sơ tại quầy")
    assert papers_on(manager) == ["receipt", "control"]
    assert problems(manager) == []
    make(manager, "transfer")
    expect(manager.locator("[data-move='transfer']")).to_have_count(0)

    manager.locator("[data-move='forward']").click()
    manager.locator("#move-yes").click()
    expect(manager.locator("#move-to-error")).to_be_visible()
    manager.locator("#move-to").select_option("justice")
    shoot(manager, "dossier-forward")
    manager.locator("#move-yes").click()
    manager.wait_for_url(re.compile("done=forward"))
    expect(manager.locator(".dossier__state")).to_contain_text("Đang ở: Sở Tư pháp")
    expect(manager.locator(".history")).to_contain_text("Đến: Sở Tư pháp")

    promised = a_working_day_after(call_get(manager, demo, code)["due_on"], 3)
    make(manager, "apologise", date=promised.isoformat(), note="Cơ quan phối hợp chậm trả lời.")
    later = a_working_day_after(promised.isoformat(), 3)
    expect(manager.locator("main")).to_contain_text(f"{promised:%d/%m/%Y}")
    assert papers_on(manager) == ["receipt", "apology", "control"]

    correct(manager, "Xin lỗi và hẹn lại", "due_on", later, "Gõ nhầm ngày hẹn")
    history = manager.locator(".history")
    expect(history.locator(".history__entry--correction")).to_contain_text("4. Xin lỗi và hẹn lại")
    expect(history.locator("#entry-4 s")).to_have_text(f"hẹn trả {promised:%d/%m/%Y}")
    expect(history.locator("#entry-4")).to_contain_text("đã đính chính ở mục 5")
    expect(manager.locator(".pairs", has_text="Hẹn trả ban đầu").locator("s")).to_have_count(1)
    assert problems(manager) == []
    shoot(manager, "dossier-corrected", full=True)

    make(manager, "finish")
    expect(manager.locator("main")).to_contain_text("Thu lại: Giấy phép lái xe cũ")
    manager.locator("[data-move='hand_over']").click()
    manager.locator("#move-yes").click()
    expect(manager.locator("#move-collected-error")).to_be_visible()
    assert problems(manager) == []
    shoot(manager, "dossier-hand-over")
    manager.locator("#move-collected").check()
    manager.locator("#move-yes").click()
    manager.wait_for_url(re.compile("done=hand_over"))
    expect(manager.locator("main")).to_contain_text("không còn bước nào")


def correct(page: Page, entry: str, what: str, day: date, why: str) -> None:
    """Put an entry right by its dialog."""
    page.get_by_role("button", name=re.compile(f"Đính chính mục.*{entry}")).click()
    page.locator(f"input[name='what'][value='{what}']").check()
    page.locator("#correct-day").fill(day.isoformat())
    page.locator("#correct-yes").click()
    expect(page.locator("#correct-note-error")).to_be_visible()
    assert problems(page) == []
    page.locator("#correct-note").fill(why)
    page.locator("#correct-yes").click()
    page.wait_for_url(re.compile("done=correct"))


def papers_on(page: Page) -> list[str]:
    """The papers that the page offers to print; each of them can be had."""
    links = [link.get_attribute("href") or "" for link in page.locator(".slips__link").all()]
    for link in links:
        assert fetched(page, link) == "application/pdf", link
    return [re.sub(r"^.*/papers/|\.pdf$", "", link) for link in links]


def fetched(page: Page, path: str) -> str:
    """The kind of what an address of this server gives to the page's session."""
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    answer = page.request.get(origin[0] + path)
    assert answer.ok, answer.text()
    return answer.headers["content-type"]


def call_get(page: Page, demo: Demo, code: str) -> dict[str, Any]:
    """The dossier as the API tells it."""
    return dict(page.request.get(f"{demo.url}/api/v1/dossiers/{code}").json())


def a_working_day_after(iso: str, days: int) -> date:
    """Some days later, and no weekend; the holidays of the year lie elsewhere."""
    day = date.fromisoformat(iso) + timedelta(days)
    return day + timedelta((7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def test_what_cannot_be_undone_is_asked_twice_and_not_by_everybody(demo: Demo, screen: Screen) -> None:
    page = screen(LAPTOP)
    sign_in(page, demo, demo.facts["officers"][2])
    page.goto(f"{demo.url}/dossiers/{a_licence(page)}?lang=vi")
    expect(page.locator("[data-correct]")).to_have_count(0)
    page.locator("[data-move='stop']").click()
    page.locator("#move-note").fill("Quyết định của Tòa án")
    page.locator("#move-yes").click()
    expect(page.locator("#move-sure-error")).to_be_visible()
    page.locator("#move-sure").check()
    page.locator("#move-yes").click()
    page.wait_for_url(re.compile("done=stop"))
    expect(page.locator(".dossier__state")).to_contain_text("Đã dừng giải quyết")
    assert papers_on(page) == ["receipt", "stop", "control"]
    page.goto(f"{demo.url}/dossiers")
    page.locator("#state").select_option("stopped")
    expect(page.locator(".dossiers tbody tr")).not_to_have_count(0)
    expect(page.locator(".dossiers")).to_contain_text("Đã dừng giải quyết")


@pytest.mark.parametrize("size", [LAPTOP, TV])
def test_the_list_finds_what_needs_attention(demo: Demo, screen: Screen, size: tuple[int, int]) -> None:
    page = screen(size)
    sign_in(page, demo, demo.facts["officers"][0])
    page.goto(f"{demo.url}/dossiers?lang=vi")
    for need in ("not_transferred", "due_soon", "overdue", "awaiting_supplement"):
        page.locator("#attention").select_option(need)
        expect(page.locator("#attention")).to_have_value(need)
        page.wait_for_load_state("load")
        asked = page.request.get(f"{demo.url}/api/v1/dossiers?attention={need}").json()
        if asked["total"]:
            expect(page.locator(".sheet__count")).to_contain_text(f"{asked['total']} hồ sơ")
        else:
            expect(page.locator(".empty")).to_be_visible()
        assert problems(page) == []
    shoot(page, f"dossiers-{size[0]}", full=True)
    register = page.locator("form.register")
    path = f"{register.get_attribute('action')}?from={today()}&to={today()}"
    assert fetched(page, path) == "application/pdf"
    assert page.request.get(f"{demo.url}/api/v1/dossiers?attention=sleepy").status == 422
