"""Coming for a booked time or for a number taken from afar, at the kiosk and at the door."""

from __future__ import annotations

import pytest

from kiosk.models import Appointment, Journal, Line, Ticket
from kiosk.services.booking.door import door_code
from kiosk.services.booking.slots import set_booking
from kiosk.services.day_close import close_day
from kiosk.services.hall_settings import change_hall
from tests.api.desk import answered, refused
from tests.booking.conftest import PHONES, Booking


def kinds() -> list[str]:
    return [row.kind for row in Journal.select().order_by(Journal.seq)]


def test_a_booked_time_becomes_a_number_in_its_lane(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    issued = answered(booking.check_in(booked["code"]), 201)
    ticket = Ticket.get_by_id(issued["id"])
    assert (issued["arrival"], ticket.lane, ticket.state) == ("appointment", "appointment", "waiting")
    assert ticket.due_at == booking.at(10)
    assert Appointment.get().state == "arrived"
    assert kinds()[-2:] == ["ticket.issued", "appointment.arrived"]


@pytest.mark.parametrize(
    "form",
    [lambda b: b["code"].lower(), lambda b: "-".join(b["code"]), lambda b: f" {b['follow_url']} "],
    ids=["small letters", "dashes", "the scanned address"],
)
def test_however_the_code_is_written(booking: Booking, form) -> None:
    booked = booking.book(booking.at(10))
    assert answered(booking.check_in(form(booked)), 201)["arrival"] == "appointment"


def test_too_early_is_told_when_to_come(booking: Booking) -> None:
    booked = booking.book(booking.at(14))
    fields = refused(booking.check_in(booked["code"]), 409, "appointment_early")
    assert (fields["at"], fields["opens_at"]) == ("14:00", "13:30")
    assert Ticket.select().count() == 0
    booking.be(13, 30)
    assert answered(booking.check_in(booked["code"]), 201)["arrival"] == "appointment"


def test_too_late_waits_with_all_others(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    booking.be(10, 16)
    issued = answered(booking.check_in(booked["code"]), 201)
    ticket = Ticket.get_by_id(issued["id"])
    assert (issued["arrival"], ticket.lane, ticket.due_at) == ("late", "normal", None)


def test_another_day_cancelled_missed_and_twice(booking: Booking) -> None:
    tomorrow = booking.book(booking.at(10, days=2), PHONES[0])
    assert refused(booking.check_in(tomorrow["code"]), 409, "appointment_other_day")["day"] == "25/11/2026"
    booking.desk.who("nobody").post(
        f"/api/v1/appointments/{tomorrow['follow_url'].rsplit('/', 1)[1]}/moves", {"move": "cancel"}
    )
    refused(booking.check_in(tomorrow["code"]), 409, "appointment_cancelled")
    now = booking.book(booking.at(10), PHONES[1])
    label = answered(booking.check_in(now["code"]), 201)["label"]
    assert refused(booking.check_in(now["code"]), 409, "appointment_used") == {"label": label}
    afternoon = booking.book(booking.at(15), PHONES[2])
    booking.be(18)
    close_day(booking.desk.place.office.id, booking.at(18), "system:day")
    refused(booking.check_in(afternoon["code"]), 409, "appointment_missed")
    refused(booking.check_in("QQQQQQQQQQ"), 404, "check_in_unknown")
    refused(booking.check_in("?"), 404, "check_in_unknown")


def test_another_offices_kiosk_does_not_know_the_code(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    response = booking.desk.who("other_kiosk").post("/api/v1/kiosk/check-in", {"code": booked["code"]})
    refused(response, 404, "check_in_unknown")


def test_a_repeat_after_a_cut_gives_the_same_number(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    kiosk = booking.desk.who("kiosk")
    answers = [
        answered(kiosk.post("/api/v1/kiosk/check-in", {"code": booked["code"]}, key="one-wish-of-mine"), 201)
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Ticket.select().count() == 1


def test_a_line_that_closed_meanwhile_keeps_the_appointment(booking: Booking) -> None:
    booked = booking.book(booking.at(10))
    Line.update(open=False).where(Line.id == booking.line.id).execute()
    refused(booking.check_in(booked["code"]), 409, "line_closed")
    assert Appointment.get().state == "booked"


def test_the_booked_procedure_is_known_at_the_counter(booking: Booking) -> None:
    booking.line = booking.desk.place.transport
    set_booking(booking.desk.place.office.id, booking.line.id, {"enabled": True}, booking.at(9, 42), "user:1")
    booked = booking.book(booking.at(10), procedure="1.002809")
    issued = answered(booking.check_in(booked["code"]), 201)
    assert issued["procedure"]["code"] == "1.002809"


def test_a_number_from_afar_is_called_only_once_its_holder_is_here(booking: Booking) -> None:
    booking.open_remote()
    remote = answered(booking.take(), 201)
    assert (remote["state"], remote["printing"]["state"]) == ("expected", "none")
    here = booking.desk.issue()
    assert booking.desk.call()["label"] == here["label"]
    booking.desk.who("officer").post(f"/api/v1/tickets/{here['id']}/moves", {"move": "finish"})
    later = booking.desk.issue()
    came = answered(booking.check_in(remote["follow_url"]), 201)
    assert (came["arrival"], came["label"], came["people_ahead"]) == ("remote", remote["label"], 0)
    assert booking.desk.call()["label"] == remote["label"], "it keeps the place of its number"
    assert later["label"] != remote["label"]
    refused(booking.check_in(remote["follow_url"]), 409, "checked_in_already")


def test_without_a_phone_label_and_check_code_do(booking: Booking) -> None:
    booking.open_remote()
    remote = answered(booking.take(), 201)
    refused(booking.check_in(f"{remote['label']} 0000"), 404, "check_in_unknown")
    assert answered(booking.check_in(f"{remote['label']} {remote['check_code']}"), 201)["arrival"] == "remote"


def test_numbers_that_ended_are_told_so(booking: Booking) -> None:
    booking.open_remote()
    remote = answered(booking.take(), 201)
    token = remote["follow_url"].rsplit("/", 1)[1]
    answered(booking.desk.who("nobody").post(f"/api/v1/follow/{token}/moves", {"move": "cancel"}))
    refused(booking.check_in(remote["follow_url"]), 409, "number_ended")


def test_per_person_share_and_switch(booking: Booking) -> None:
    refused(booking.take(), 409, "remote_not_offered")
    booking.open_remote(per_person=1, share_percent=10)
    assert booking.take(PHONES[0]).status_code == 201
    assert refused(booking.take("+84912345678"), 409, "remote_per_person") == {"most": 1}
    assert booking.take(PHONES[1]).status_code == 201
    before = Ticket.select().count()
    refused(booking.take(PHONES[2]), 409, "remote_share_used")  # two of the twenty of a small day
    assert Ticket.select().count() == before
    assert booking.desk.issue()["number"] == before + 1, "the refused number was not used up"


def test_nobody_is_sent_on_the_way_for_nothing(booking: Booking) -> None:
    """Shortly before closing, with many waiting, there is no number from afar any more."""
    booking.open_remote()
    change_hall(booking.desk.place.office.id, "day", {"keep_hours": True}, booking.desk.clock.now(), "user:1")
    booking.be(16, 50)
    for _ in range(20):
        booking.desk.issue()
    refused(booking.take(), 409, "remote_no_capacity")
    assert Ticket.select().count() == 20
    booking.be(17, 30)
    refused(booking.take(), 409, "line_outside_hours")


def test_at_the_door_with_the_code_it_shows(booking: Booking) -> None:
    booking.open_remote()
    booked = booking.book(booking.at(10), PHONES[0])
    remote = answered(booking.take(PHONES[1]), 201)
    shown = answered(booking.desk.who("kiosk").get("/api/v1/kiosk/door"))
    door = shown["arrive"]["url"].rsplit("/", 1)[1]
    assert shown["arrive"]["picture"].startswith("data:image/svg+xml;base64,")
    nobody = booking.desk.who("nobody")
    came = answered(nobody.post("/api/v1/arrive", {"door": door, "code": remote["follow_url"]}), 201)
    assert came["arrival"] == "remote"
    booking.desk.clock.pass_(minutes=9)
    came = answered(nobody.post("/api/v1/arrive", {"door": door, "code": booked["code"]}), 201)
    assert (came["arrival"], came["printing"]["state"]) == ("appointment", "none")
    booking.desk.clock.pass_(minutes=10)
    refused(nobody.post("/api/v1/arrive", {"door": door, "code": "x"}), 409, "door_code_stale")


@pytest.mark.parametrize(
    "change", [lambda c: "2" + c[1:], lambda c: c[:-1] + ("0" if c[-1] != "0" else "1"), lambda c: ""]
)
def test_a_made_up_door_code_opens_nothing(booking: Booking, change) -> None:
    code = change(door_code(b"a-key-of-the-tests", booking.desk.place.office.id, booking.desk.clock.now()))
    nobody = booking.desk.who("nobody")
    refused(nobody.post("/api/v1/arrive", {"door": code, "code": "x"}), 409, "door_code_stale")


def test_a_door_without_anything_to_check_in_shows_no_code(booking: Booking) -> None:
    set_booking(
        booking.desk.place.office.id, booking.line.id, {"enabled": False}, booking.at(9, 42), "user:1"
    )
    shown = answered(booking.desk.who("kiosk").get("/api/v1/kiosk/door"))
    assert (shown["arrive"], shown["book"]) == (None, None)
