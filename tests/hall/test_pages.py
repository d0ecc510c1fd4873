"""The manager's pages: what they show, what can be done from them, and who may."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kiosk.database import bookkeeping
from kiosk.models import Counter, DayClose, Journal, Line, Ticket
from kiosk.services.hall_settings import hall_settings
from kiosk.views.hall import duration
from tests.api.desk import Desk, answered, refused

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def hall(sqlite_desk: Desk) -> Desk:
    """The app, believing its own forms."""
    sqlite_desk.app.config["WTF_CSRF_ENABLED"] = False
    return sqlite_desk


def see(desk: Desk, path: str, who: str = "manager", language: str = "vi") -> str:
    response = desk.who(who, language).get(path)
    assert response.status_code == 200, response.status
    return response.get_data(as_text=True)


def send(desk: Desk, path: str, form: bytes, who: str = "manager") -> Any:
    return desk.who(who).post(path, form, **FORM)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_hall_tells_a_busy_morning(hall: Desk) -> None:
    for _ in range(3):
        hall.issue()
    hall.call()
    hall.clock.pass_(minutes=25)
    page = text_of(see(hall, "/hall"))
    assert "Hàng T: 2 người chờ quá 20 phút" in page
    assert "T001 đang đến quầy, 25 phút" in page
    assert "2 người quá 20 phút" in page
    assert "Line T: 2 waiting longer than 20 min" in text_of(see(hall, "/hall", language="en"))


def test_the_moving_part_comes_alone(hall: Desk) -> None:
    part = see(hall, "/hall/live")
    assert "<html" not in part
    assert 'id="live-facts" data-alerts="0"' in part


def test_an_empty_morning_says_so(hall: Desk) -> None:
    page = text_of(see(hall, "/hall"))
    assert "Không có việc gì cần chú ý." in page
    assert "chưa phục vụ ai hôm nay" in page


def test_the_api_gives_the_same_figures(hall: Desk) -> None:
    hall.issue()
    shown = answered(hall.who("manager").get("/api/v1/hall"))
    assert (shown["totals"]["waiting"], shown["lines"][0]["prefix"]) == (1, "G")
    day = answered(hall.who("manager").get("/api/v1/hall/day?day=2026-11-23"))
    assert (day["issued"], day["forecast"]["lines"]) == (1, [])
    assert answered(hall.who("manager").get("/api/v1/hall/day"))["day"] == "2026-11-23"
    assert hall.who("manager").get("/api/v1/hall/day?day=morgen").status_code == 422
    refused(hall.who("officer").get("/api/v1/hall"), 403, "not_allowed")


def test_no_name_of_a_citizen_is_in_the_figures(hall: Desk) -> None:
    ticket = hall.issue()
    with bookkeeping():
        Ticket.update(note="Trần Văn An chờ con").where(Ticket.id == ticket["id"]).execute()
    for path in ("/hall", "/hall/live", "/api/v1/hall", f"/hall/lines/{hall.place.justice.id}"):
        assert "Trần Văn An" not in see(hall, path)
    assert "Trần Văn An chờ con" in see(hall, f"/hall/tickets/{ticket['id']}"), "staff wrote it for staff"


def test_a_manager_pauses_and_opens_a_counter(hall: Desk) -> None:
    counter = hall.place.counter.id
    path = f"/hall/counters/{counter}/state"
    assert send(hall, path, b"state=paused&reason=meeting").status_code == 303
    assert Counter.get_by_id(counter).pause_reason == "meeting"
    assert "Tạm dừng từ 09:42: họp" in text_of(see(hall, f"/hall/counters/{counter}"))
    assert send(hall, path, b"state=open").status_code == 303
    assert Counter.get_by_id(counter).pause_reason == ""
    response = send(hall, path, b"state=paused")
    assert response.status_code == 422
    assert 'role="alert"' in response.get_data(as_text=True)


def test_a_manager_sends_a_visit_on_and_gives_one_up(hall: Desk) -> None:
    first, second = hall.issue(), hall.issue()
    to = f"move=transfer&to=line:{hall.place.transport.id}&position=first".encode()
    assert send(hall, f"/hall/tickets/{first['id']}/moves", to).status_code == 303
    assert Ticket.get_by_id(first["id"]).line_id == hall.place.transport.id
    assert send(hall, f"/hall/tickets/{second['id']}/moves", b"move=cancel").status_code == 303
    assert Ticket.get_by_id(second["id"]).state == "cancelled"
    assert send(hall, f"/hall/tickets/{second['id']}/moves", b"move=cancel").status_code == 409
    nowhere = send(hall, f"/hall/tickets/{first['id']}/moves", b"move=transfer&to=moon:1")
    assert nowhere.status_code == 422


def test_a_manager_lets_a_parked_visit_go_on_at_a_free_counter(hall: Desk) -> None:
    hall.issue()
    ticket = hall.call()["id"]
    officer = hall.who("officer")
    answered(officer.post(f"/api/v1/tickets/{ticket}/moves", {"move": "park", "reason": "copy"}))
    assert "Tiếp tục phục vụ" in see(hall, f"/hall/tickets/{ticket}")
    form = f"move=resume&to=counter:{hall.place.second.id}".encode()
    assert send(hall, f"/hall/tickets/{ticket}/moves", form).status_code == 303
    row = Ticket.get_by_id(ticket)
    assert (row.state, row.counter_id) == ("serving", hall.place.second.id)


def test_help_wanted_and_answered(hall: Desk) -> None:
    counter = hall.place.counter.id
    assert hall.who("officer").post(f"/api/v1/counters/{counter}/help", {}).status_code == 202
    assert "Quầy 1 cần hỗ trợ" in text_of(see(hall, "/hall"))
    seq = answered(hall.who("manager").get("/api/v1/hall"))["alerts"][0]["seq"]
    assert send(hall, f"/hall/help/{seq}/answered", b"").status_code == 303
    assert "Quầy 1 cần hỗ trợ" not in text_of(see(hall, "/hall"))
    assert Journal.select().where(Journal.kind == "help.answered").count() == 1
    assert hall.who("manager").post(f"/api/v1/hall/help/{seq}/answered", {}).status_code == 204
    refused(hall.who("manager").post("/api/v1/hall/help/9999/answered", {}), 404, "unknown_help_call")


def test_officers_and_strangers_stay_outside(hall: Desk) -> None:
    ticket = hall.issue()["id"]
    for path in ("/hall", "/hall/live", "/hall/day", f"/hall/tickets/{ticket}", "/admin/day"):
        assert hall.who("officer").get(path).status_code == 403, path
        assert hall.who("nobody").get(path).status_code in {302, 401}, path
    assert send(hall, f"/hall/tickets/{ticket}/moves", b"move=cancel", "officer").status_code == 403
    foreign = hall.who("other_admin")
    assert foreign.get(f"/hall/tickets/{ticket}").status_code == 404
    assert foreign.get(f"/hall/lines/{hall.place.justice.id}").status_code == 404
    assert foreign.get(f"/hall/counters/{hall.place.counter.id}").status_code == 404


def test_a_day_as_a_page(hall: Desk) -> None:
    hall.issue()
    page = see(hall, "/hall/day")
    assert "<svg" in page
    assert "Ngày này chưa được đo" in page
    for other in ("2030-01-01", "nonsense"):
        assert 'value="2026-11-23"' in see(hall, f"/hall/day?day={other}"), "there is no later day"
    assert "Chưa có gì để vẽ" in see(hall, "/hall/day?day=2026-11-22")


def test_hours_of_a_line_and_the_centres_again(hall: Desk) -> None:
    line = hall.place.justice.id
    own = b"which=own&opens-0=08:00&closes-0=11:00&opens-1=&closes-1=&opens-2=18:00&closes-2=19:30"
    assert send(hall, f"/admin/day/hours/{line}", own).status_code == 303
    assert Line.get_by_id(line).hours == [["08:00", "11:00"], ["18:00", "19:30"]]
    assert "08:00 – 11:00, 18:00 – 19:30" in text_of(see(hall, "/admin/day"))
    wrong = send(hall, f"/admin/day/hours/{line}", b"which=own&opens-0=12:00&closes-0=11:00")
    assert wrong.status_code == 422
    assert 'value="12:00"' in wrong.get_data(as_text=True), "what was typed is still there"
    assert send(hall, f"/admin/day/hours/{line}", b"which=own").status_code == 422
    assert send(hall, f"/admin/day/hours/{line}", b"which=office").status_code == 303
    assert Line.get_by_id(line).hours is None


def test_settings_of_the_day(hall: Desk) -> None:
    form = b"keep_hours=yes&numbers_before_minutes=45&close_at=17:45"
    assert send(hall, "/admin/day/settings", form).status_code == 303
    day = hall_settings(hall.place.office.id).day
    assert (day.keep_hours, day.numbers_before_minutes, day.close_at) == (True, 45, "17:45")
    assert (day.numbers_at_lunch, day.carry_over) == (False, False)
    wrong = send(hall, "/admin/day/settings", b"keep_hours=yes&numbers_before_minutes=900&close_at=")
    assert wrong.status_code == 422
    assert 'value="900"' in wrong.get_data(as_text=True)


def test_closing_asks_first_and_can_be_taken_back(hall: Desk) -> None:
    hall.issue()
    asked = send(hall, "/admin/day/close", b"")
    assert asked.status_code == 200
    assert "1 người còn chờ hoặc tạm dừng" in text_of(asked.get_data(as_text=True))
    assert DayClose.select().count() == 0
    manager = hall.who("manager")
    assert manager.post("/admin/day/close", b"confirmed=yes", **FORM).status_code == 303
    assert DayClose.get().summary["carried_over"] == 1
    page = text_of(manager.get("/admin/day").get_data(as_text=True))
    assert "Hôm nay đã kết thúc." in page
    assert "Đã kết thúc ngày: 1 số sang ngày sau, 0 số hết hiệu lực." in page
    assert send(hall, "/admin/day/close", b"confirmed=yes").status_code == 409
    assert send(hall, "/admin/day/reopen", b"").status_code == 303
    assert DayClose.select().count() == 0


def test_a_line_page_lists_whom_it_calls_next(hall: Desk) -> None:
    hall.issue()
    hall.issue(priority="elderly")
    hall.clock.pass_(minutes=1)
    page = see(hall, f"/hall/lines/{hall.place.justice.id}?part=1")
    assert "<html" not in page
    assert page.index("T002") < page.index("T001"), "the lane of the law's classes goes first"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (0, "0 giây"),
        (59.9, "59 giây"),
        (60, "1 phút"),
        (3599, "59 phút"),
        (3900, "1 giờ 05 phút"),
    ],
)
def test_words_for_durations(hall: Desk, seconds: float | None, said: str) -> None:
    with hall.app.test_request_context():
        assert duration(seconds) == said
