"""The moves of a visit at the console, by keyboard: called, parked, sent on, not there, back again, undone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo, shoot
from tests.browser.desks import Desk, desk_of
from tests.browser.test_accessible import problems

pytestmark = pytest.mark.browser

Screen = Callable[..., Page]
TUYET = "Nguyễn Thị Ánh Tuyết"
COPY_OF_DIPLOMA = "1.005092"


def test_a_morning_by_keyboard_alone(demo: Demo, screen: Screen) -> None:
    """Call, receive, finish and call: two keys and the dossier; then whoever went to pay, and whoever was not there."""
    desk = desk_of(demo, screen, 16)
    first = desk.take(procedure=COPY_OF_DIPLOMA, department="education")
    second, third = desk.take(), desk.take()
    desk.call(first)
    expect(desk.page.locator("#visit-waited")).to_contain_text("đang đi tới quầy")
    desk.press("d")
    desk.serving(first, "serving")
    expect(desk.page.locator("#visit-waited")).to_contain_text(re.compile(r"tới quầy 00:0\d · đã chờ"))
    receive(desk)

    desk.press("Escape", "Space")
    desk.serving(second)
    assert desk.state()["done_today"] == 1
    desk.press("s")
    desk.serving(second, "serving")
    desk.press("g")
    expect(desk.page.locator("#park-reasons input").first).to_be_focused()
    desk.press("3", "Tab")
    desk.page.keyboard.type("phòng 204")
    desk.press("Enter")
    desk.free()
    expect(desk.row("parked", second)).to_contain_text("phòng 204")

    desk.press("Space")
    desk.serving(third)
    desk.press("v")
    expect(desk.page.locator("#ask")).to_contain_text("vẫn có thể quay lại")
    desk.press("Enter")
    desk.free()
    expect(desk.row("absent", third)).to_be_visible()

    desk.press("l")
    expect(desk.page.locator(f"[data-row='parked:{second['id']}']")).to_be_focused()
    desk.press("Enter")
    expect(desk.page.locator("#ticket")).to_contain_text("Nộp phí, lệ phí · phòng 204")
    desk.press("Enter")
    desk.serving(second, "serving")

    desk.press("l")
    expect(desk.page.locator(f"[data-row='parked:{second['id']}']")).to_have_count(0)
    expect(desk.page.locator(f"[data-row='absent:{third['id']}']")).to_be_focused()
    desk.press("Enter", "Enter")
    expect(desk.page.locator(".waiter--next")).to_contain_text(third["label"])
    desk.press("Escape", "Space")
    desk.serving(third)
    desk.press("x")
    desk.free()
    assert desk.state()["done_today"] == 3


def test_a_note_goes_with_the_visit(demo: Demo, screen: Screen) -> None:
    """Written by one key, changed from the list of those who wait, and gone with its words."""
    desk = desk_of(demo, screen, 16)
    ticket = desk.take()
    desk.call(ticket)
    desk.press("n")
    expect(desk.page.locator("#note-words")).to_be_focused()
    desk.page.keyboard.type("Nghe kém, xin nói chậm")
    assert problems(desk.page) == []
    desk.press("Enter")
    expect(desk.page.locator("#visit-note")).to_have_text("Ghi chú: Nghe kém, xin nói chậm")
    expect(desk.page.locator("#visit-write")).to_contain_text("Sửa ghi chú")
    shoot(desk.page, "counter-note")
    desk.press("g", "Enter")
    desk.free()
    desk.press("l", "Enter")
    expect(desk.page.locator("#ticket-facts")).to_contain_text("Nghe kém, xin nói chậm")
    desk.page.locator("#ticket [data-do=note]").click()
    desk.page.locator("#note-words").fill("")
    desk.press("Enter")
    expect(desk.page.locator("dialog[open]")).to_have_count(0)
    assert [each["note"] for each in desk.state()["parked"] if each["id"] == ticket["id"]] == [""]
    desk.empty()


def receive(desk: Desk) -> None:
    """The dossier of the visit, from its papers to its code, without a mouse."""
    page = desk.page
    expect(page.locator("[data-panel='2']")).to_be_visible()
    desk.press("a", "Control+Enter")
    expect(page.locator("#applicant-name")).to_be_focused()
    page.keyboard.type(TUYET)
    for panel in (4, 5):
        desk.press("Control+Enter")
        expect(page.locator(f"[data-panel='{panel}']")).to_be_visible()
    desk.press("Control+Enter")
    expect(page.locator("#done-code")).to_contain_text("H02")


def test_sent_on_to_another_line_with_a_note(demo: Demo, screen: Screen) -> None:
    desk, there = desk_of(demo, screen, 17), desk_of(demo, screen, 10)
    ticket = desk.take()
    desk.call(ticket)
    desk.press("c")
    expect(desk.page.locator("#transfer-search")).to_be_focused()
    assert problems(desk.page) == []
    desk.press("Control+Enter")
    expect(desk.page.locator("#transfer-error")).to_contain_text("Chọn nơi chuyển đến")
    desk.page.keyboard.type("khong co noi nay")
    expect(desk.page.locator("#transfer-none")).to_be_visible()
    desk.page.locator("#transfer-search").fill("")
    desk.page.keyboard.type("lao dong")
    expect(desk.page.locator(".target--active")).to_contain_text("Sở Lao động")
    desk.press("Enter")
    expect(desk.page.locator("#transfer-note")).to_be_focused()
    desk.page.keyboard.type("Đã xem tờ khai, chỉ còn thiếu sổ lao động.")
    assert problems(desk.page) == []
    shoot(desk.page, "counter-transfer")
    desk.press("Enter")
    desk.free()
    expect(desk.page.locator("#undo-what")).to_have_text(f"Đã chuyển {ticket['label']}")

    there.call(ticket)
    expect(there.page.locator("#visit-note")).to_contain_text("chỉ còn thiếu sổ lao động")
    there.press("x")
    there.free()


def test_sent_to_one_officer_as_the_first(demo: Demo, screen: Screen) -> None:
    """Whoever waits is sent on from the list; at the other counter it says why it is first there."""
    desk, there = desk_of(demo, screen, 11), desk_of(demo, screen, 12)
    waits_there, ticket = there.take(), desk.take()
    expect(there.page.locator(".waiter--next")).to_contain_text(waits_there["label"])
    expect(desk.row("waiting", ticket)).to_be_visible()
    desk.press("l", "Enter")
    desk.page.locator("#ticket [data-do=transfer]").click()
    desk.page.keyboard.type("truong son")
    desk.press("Enter", "Shift+Tab", "ArrowRight", "Control+Enter")
    expect(desk.row("waiting", ticket)).to_have_count(0)
    expect(there.page.locator(".waiter--next")).to_contain_text(ticket["label"])
    expect(there.page.locator(".waiter--next")).to_contain_text("chuyển riêng")


def test_a_dossier_half_typed_waits_for_its_visitor(demo: Demo, screen: Screen) -> None:
    """Parked with an open form: the next visitor sees nothing of it, and it is there again afterwards."""
    desk = desk_of(demo, screen, 14)
    ticket, other = desk.take(), desk.take()
    desk.call(ticket)
    desk.receive("kinh doanh duoc")
    desk.press("a", "Control+Enter")
    desk.page.keyboard.type(TUYET)
    desk.page.locator("#authorised-on").check()
    desk.page.locator("#authorised-name").fill("Trần Văn Bình")
    desk.press("Escape", "g")
    expect(desk.page.locator("#park-draft")).to_be_visible()
    assert problems(desk.page) == []
    shoot(desk.page, "counter-park")
    desk.press("Enter")
    desk.free()
    expect(desk.row("parked", ticket)).to_contain_text("Hồ sơ nhập dở")

    desk.press("Space")
    desk.serving(other)
    expect(desk.row("parked", ticket).locator(".waiter__do")).to_be_disabled()
    desk.press("d")
    expect(desk.page.locator("#procedure-search")).to_be_focused()
    assert desk.page.locator("#applicant-name").input_value() == ""
    desk.press("Escape", "x")
    desk.free()

    desk.row("parked", ticket).locator(".waiter__do").click()
    desk.serving(ticket, "serving")
    expect(desk.page.locator("#applicant-name")).to_have_value(TUYET)
    expect(desk.page.locator("#authorised-name")).to_have_value("Trần Văn Bình")
    expect(desk.page.locator("#summary-procedure")).to_contain_text("kinh doanh dược")
    for panel in (4, 5):
        desk.press("Control+Enter")
        expect(desk.page.locator(f"[data-panel='{panel}']")).to_be_visible()
    expect(desk.page.locator("#slip")).to_contain_text(ticket["label"])
    expect(desk.page.locator("#slip")).to_contain_text("Trần Văn Bình")


def test_nothing_typed_is_lost_without_being_asked(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 15)
    ticket = desk.take()
    desk.call(ticket)
    desk.receive("phan bon")
    desk.press("Control+Enter")
    desk.page.keyboard.type(TUYET)
    desk.press("Escape", "x")
    expect(desk.page.locator("#ask")).to_contain_text("Những gì đã nhập cho hồ sơ này sẽ mất")
    desk.dismiss()
    desk.press("c")
    expect(desk.page.locator("#transfer-draft")).to_be_visible()
    desk.dismiss()
    desk.press("z")
    desk.serving(ticket)  # only the start was undone
    expect(desk.page.locator("#undo")).to_be_hidden()
    expect(desk.page.locator("#applicant-name")).to_have_value(TUYET)

    elsewhere = desk.move(ticket, "finish")
    assert elsewhere.ok
    expect(desk.page.locator("#draft-orphan")).to_contain_text(f"Lượt {ticket['label']} không còn ở quầy này")
    expect(desk.page.locator("#applicant-name")).to_have_value(TUYET)
    assert problems(desk.page) == []
    shoot(desk.page, "counter-elsewhere")
    desk.press("Control+Enter", "Control+Enter", "Control+Enter")
    expect(desk.page.locator("#done-code")).to_contain_text("H02")


def test_two_windows_on_one_number(demo: Demo, screen: Screen) -> None:
    """The second window did not hear that the visit is over; what it asks for then is refused in plain words."""
    desk = desk_of(demo, screen, 18)
    ticket = desk.take()
    desk.call(ticket)
    other = desk.again()
    other.serving(ticket)
    other.page.evaluate("document.dispatchEvent(new Event('freeze'))")
    other.page.route(re.compile(r"/api/v1/counters/\d+$"), lambda route: route.abort())
    desk.press("x")
    desk.free()
    other.press("v", "Enter")
    expect(other.page.locator("#trouble")).to_contain_text(f"{ticket['label']} vừa được xử lý ở cửa sổ khác")
    other.page.unroute(re.compile(r"/api/v1/counters/\d+$"))
    other.free()
    assert desk.state()["done_today"] == 1


def test_the_last_move_is_taken_back_and_no_other(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 19)
    ticket = desk.take()
    desk.call(ticket)
    desk.press("x")
    desk.free()
    expect(desk.page.locator("#undo-what")).to_have_text(f"Đã kết thúc {ticket['label']}")
    expect(desk.page.locator("#undo-left")).to_have_text(re.compile(r"^[1-5]?\d″|60″$"))
    shoot(desk.page, "counter-undo")
    desk.press("z")
    desk.serving(ticket)
    desk.press("z")
    expect(desk.page.locator("#undo")).to_be_hidden()
    expect(desk.page.locator("#visit")).to_have_attribute("data-state", "called")

    desk.press("v", "Enter")
    desk.free()
    expect(desk.page.locator("#undo-what")).to_contain_text("vắng mặt")
    assert desk.move(ticket, "return").ok
    expect(desk.page.locator("#undo-what")).to_contain_text("quay lại")
    expect(desk.page.locator(".waiter--next")).to_contain_text(ticket["label"])
    assert desk.api("POST", f"/counters/{desk.counter}/next").ok
    assert desk.move(ticket, "recall").ok
    desk.serving(ticket)
    expect(desk.page.locator("#undo-what")).to_have_text(f"Đã gọi {ticket['label']}")
    desk.press("z")
    desk.free()
    assert [each["id"] for each in desk.state()["waiting"]] == [ticket["id"]]
    assert desk.move(ticket, "cancel").ok


def test_a_window_that_heard_nothing_takes_nothing_else_back(demo: Demo, screen: Screen) -> None:
    """It means the no-show; meanwhile the visitor came back, and that stands. Nor does it end a visit it does not know."""
    desk = desk_of(demo, screen, 19)
    ticket, second = desk.take(), desk.take()
    desk.call(ticket)
    other = desk.again()
    desk.press("v", "Enter")
    expect(other.page.locator("#undo-what")).to_contain_text("vắng mặt")
    state = re.compile(r"/api/v1/counters/\d+$")
    other.page.route(state, lambda route: route.abort())
    assert desk.move(ticket, "return").ok
    other.press("z")
    expect(other.page.locator("#trouble")).to_contain_text("Đã có thao tác khác")
    other.page.unroute(state)
    assert desk.state()["absent"] == []

    desk.call(ticket)
    other.serving(ticket)
    other.press("s")
    for window in (other, desk):
        window.serving(ticket, "serving")
    other.page.route(state, lambda route: route.abort())
    desk.press("Space")
    desk.serving(second)
    other.press("Space")
    expect(other.page.locator("#trouble")).to_contain_text(second["label"])
    desk.serving(second)


def test_a_number_is_not_shouted_without_end(demo: Demo, screen: Screen) -> None:
    desk = desk_of(demo, screen, 20)
    ticket = desk.take()
    desk.call(ticket)
    for times in (1, 2, 3):
        desk.press("r")
        expect(desk.page.locator("#visit-chips")).to_contain_text(f"Đã gọi lại {times} lần")
    desk.press("r")
    expect(desk.page.locator("#trouble")).to_contain_text("Xin chờ")
    expect(desk.page.locator("#recall-text")).to_have_text(re.compile(r"Gọi lại \(\d+ giây\)"))
    expect(desk.page.locator("[data-act=recall]")).to_be_disabled()
    desk.press("x")
    desk.free()


def test_a_visit_of_two_services_goes_on_by_itself(demo: Demo, screen: Screen) -> None:
    desk, there = desk_of(demo, screen, 16), desk_of(demo, screen, 10)
    ticket = desk.take(then=[there.line])
    desk.call(ticket)
    expect(desk.page.locator("#visit-plan")).to_contain_text("Sau lượt này còn:")
    expect(desk.page.locator("#finish-text")).to_have_text(re.compile(r"^Xong → [A-Z]$"))
    desk.press("x")
    desk.free()
    there.call(ticket)
    expect(there.page.locator("#visit-plan")).to_be_hidden()
