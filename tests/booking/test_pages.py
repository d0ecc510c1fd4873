"""The pages around bookings: for the phone, for the admin, for the desk."""

from __future__ import annotations

import re

from kiosk.models import Appointment, Line, Office, Ticket
from kiosk.services.booking.slots import set_booking
from tests.api.desk import Caller, answered
from tests.booking.conftest import PHONES, Booking


def token_of(booked: dict) -> str:
    return booked["follow_url"].rsplit("/", 1)[1]


def send(caller: Caller, path: str, form: str) -> int:
    response = caller.post(path, form.encode(), Content_Type="application/x-www-form-urlencoded")
    return response.status_code


def test_the_page_says_so_when_nothing_is_offered(booking: Booking) -> None:
    nobody = booking.desk.who("nobody")
    assert "chưa mở lấy số từ xa" in nobody.get("/take/demo").get_data(as_text=True)
    set_booking(
        booking.desk.place.office.id, booking.line.id, {"enabled": False}, booking.at(9, 42), "user:1"
    )
    assert "chưa nhận đặt lịch" in nobody.get("/book/demo").get_data(as_text=True)
    assert nobody.get("/book/no-such-office").status_code == 404


def test_only_lines_that_can_be_booked_are_offered(booking: Booking) -> None:
    page = booking.desk.who("nobody").get("/book/demo").get_data(as_text=True)
    assert f'href="?line={booking.line.id}"' in page
    assert f'href="?line={booking.desk.place.transport.id}"' not in page


def test_a_day_and_a_time_are_chosen_by_address(booking: Booking) -> None:
    booking.book(booking.at(8, days=2), PHONES[0])
    booking.book(booking.at(8, days=2), PHONES[1])
    nobody = booking.desk.who("nobody")
    page = nobody.get(f"/book/demo?line={booking.line.id}&day=2026-11-25").get_data(as_text=True)
    assert re.search(r'time--full"><span class="time__at">08:00', page)
    at = booking.at(8, 30, 2).isoformat().replace("+", "%2B")
    page = nobody.get(f"/book/demo?line={booking.line.id}&day=2026-11-25&at={at}").get_data(as_text=True)
    assert 'id="wish"' in page
    for odd in ("day=nonsense", "day=2026-11-24", "at=nonsense", "line=99999", "procedure=none"):
        assert nobody.get(f"/book/demo?line={booking.line.id}&{odd}").status_code == 200


def test_the_pass_shows_its_code_and_goes_into_the_calendar(booking: Booking) -> None:
    Office.update(address="Quảng trường 3/2; phường Ngô Quyền, " * 4).execute()
    booked = booking.book(booking.at(10, 30))
    nobody = booking.desk.who("nobody")
    page = nobody.get(f"/appointment/{token_of(booked)}").get_data(as_text=True)
    assert booked["code"] in page
    assert nobody.get(f"/appointment/{token_of(booked)}/qr.svg").mimetype == "image/svg+xml"
    event = nobody.get(f"/appointment/{token_of(booked)}/event.ics")
    assert event.mimetype == "text/calendar"
    lines = event.get_data().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"DTSTART:20261123T033000Z" in lines
    unfolded = event.get_data().replace(b"\r\n ", b"").decode()
    assert "Quảng trường 3/2\\; phường Ngô Quyền\\, Quảng trường" in unfolded
    assert nobody.get("/appointment/no-such-token-of-anybody").status_code == 404


def test_once_here_the_pass_leads_to_the_number(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    issued = answered(booking.check_in(booked["code"]), 201)
    page = booking.desk.who("nobody").get(f"/appointment/{token_of(booked)}").get_data(as_text=True)
    assert issued["label"] in page
    assert f"/t/{issued['follow_url'].rsplit('/', 1)[1]}" in page


def test_an_old_code_at_the_door_asks_to_scan_again(booking: Booking) -> None:
    shown = answered(booking.desk.who("kiosk").get("/api/v1/kiosk/door"))
    path = f"/arrive/{shown['arrive']['url'].rsplit('/', 1)[1]}"
    assert 'id="arrive"' in booking.desk.who("nobody").get(path).get_data(as_text=True)
    booking.desk.clock.pass_(minutes=16)
    assert "quét lại" in booking.desk.who("nobody").get(path).get_data(as_text=True)


def test_the_admin_arranges_both(booking: Booking) -> None:
    booking.desk.app.config["WTF_CSRF_ENABLED"] = False
    manager = booking.desk.who("manager")
    form = "enabled=yes&per_person=3&share_percent=40&hold_minutes=20"
    assert send(manager, "/admin/booking/remote", form) == 303
    assert Office.get_by_id(booking.desk.place.office.id).hall["remote"]["per_person"] == 3
    assert send(manager, "/admin/booking/remote", form.replace("40", "400")) == 422
    line = f"/admin/booking/lines/{booking.line.id}"
    times = "enabled=yes&minutes=20&capacity=3&weekdays=0&weekdays=2&days_ahead=7&first=09:00&last=10:00"
    assert send(manager, line, times) == 303
    assert Line.get_by_id(booking.line.id).booking["weekdays"] == [0, 2]
    page = manager.get(f"/admin/booking?line={booking.line.id}").get_data(as_text=True)
    assert "09:20" in page
    for wrong in (
        times.replace("weekdays", "x"),
        times.replace("minutes=20", "minutes=1"),
        times.replace("09:00", "9"),
    ):
        assert send(manager, line, wrong) == 422
    assert send(booking.desk.who("officer"), line, times) == 403
    assert send(booking.desk.who("other_admin"), line, times) == 404


def test_the_desk_sees_the_day_checks_in_and_cancels(booking: Booking) -> None:
    booking.desk.app.config["WTF_CSRF_ENABLED"] = False
    now, later = booking.book(booking.at(10), PHONES[0]), booking.book(booking.at(15), PHONES[1])
    officer = booking.desk.who("officer")
    page = officer.get("/appointments").get_data(as_text=True)
    assert now["code"] in page
    assert later["code"] in page
    assert send(officer, "/appointments/arrive", f"code={now['code']}") == 303
    assert send(officer, "/appointments/arrive", f"code={now['code']}") == 409
    assert send(officer, "/appointments/arrive", "code=") == 404
    assert Ticket.select().count() == 1
    stranger = booking.desk.who("other_admin")
    assert send(stranger, f"/appointments/{token_of(later)}/cancel", "") == 404
    assert send(officer, f"/appointments/{token_of(later)}/cancel", "") == 303
    assert sorted(row.state for row in Appointment.select()) == ["arrived", "cancelled"]
    for day in ("2026-11-25", "nonsense", "0001-01-01", "9999-12-31"):
        assert officer.get(f"/appointments?day={day}").status_code == 200
