"""Booking a time over the API, giving it up, moving it, and what is kept of whoever booked."""

from __future__ import annotations

import json

from kiosk.models import Appointment, Journal, Line
from kiosk.services.booking.slots import set_booking
from kiosk.services.day_close import close_day
from kiosk.services.hours import set_line_hours
from kiosk.views.guessing import forget_guesses
from tests.api.desk import answered, everything_written, refused
from tests.booking.conftest import PHONES, Booking


def slots(booking: Booking, day: str) -> dict[str, int]:
    path = f"/api/v1/booking/demo/slots?line={booking.line.id}&day={day}"
    body = answered(booking.desk.who("nobody").get(path))
    return {each["starts_at"][11:16]: each["free"] for each in body["slots"]}


def test_a_time_is_booked_and_one_place_less_is_free(booking: Booking) -> None:
    assert slots(booking, "2026-11-25")["08:00"] == 2
    booked = booking.book(booking.at(8, days=2))
    assert len(booked["code"].replace(" ", "")) == 10
    assert "/appointment/" in booked["follow_url"]
    assert slots(booking, "2026-11-25")["08:00"] == 1


def test_a_full_time_is_refused_and_a_cancelled_one_free_again(booking: Booking) -> None:
    first = booking.book(booking.at(8, days=2), PHONES[0])
    booking.book(booking.at(8, days=2), PHONES[1])
    refused(booking.try_to_book(booking.at(8, days=2), PHONES[2]), 409, "slot_full")
    path = first["follow_url"].rsplit("/", 1)[1]
    moves = f"/api/v1/appointments/{path}/moves"
    assert answered(booking.desk.who("nobody").post(moves, {"move": "cancel"}))["state"] == "cancelled"
    assert answered(booking.desk.who("nobody").post(moves, {"move": "cancel"}))["state"] == "cancelled"
    booking.book(booking.at(8, days=2), PHONES[2])
    refused(
        booking.desk.who("nobody").post(
            moves, {"move": "move", "starts_at": booking.at(9, days=2).isoformat()}
        ),
        409,
        "appointment_over",
    )


def test_a_time_is_moved_and_its_code_stays(booking: Booking) -> None:
    booked = booking.book(booking.at(8, days=2))
    moves = f"/api/v1/appointments/{booked['follow_url'].rsplit('/', 1)[1]}/moves"
    moved = answered(
        booking.desk.who("nobody").post(
            moves, {"move": "move", "starts_at": booking.at(9, 30, 3).isoformat()}
        )
    )
    assert moved["code"] == booked["code"]
    assert moved["at"].startswith("2026-11-26T09:30")
    assert slots(booking, "2026-11-25")["08:00"] == 2
    assert slots(booking, "2026-11-26")["09:30"] == 1
    last = Journal.select().order_by(Journal.seq.desc()).first()
    assert (last.kind, json.loads(last.facts)["moved"]) == ("appointment.booked", True)


def test_only_what_is_offered_can_be_booked(booking: Booking) -> None:
    for at in (
        booking.at(8),  # has passed
        booking.at(8, 10, 1),  # between two times
        booking.at(12, days=2),  # lunch
        booking.at(8, days=5),  # a Saturday
        booking.at(8, days=30),  # too far ahead
    ):
        refused(booking.try_to_book(at), 409, "slot_not_offered")
    refused(booking.try_to_book(booking.at(8, days=2).replace(tzinfo=None)), 422, "date_malformed")
    booking.be(10)
    office = booking.desk.place.office.id
    set_line_hours(office, booking.line.id, [("13:00", "17:00")], booking.at(10), "user:1")
    refused(booking.try_to_book(booking.at(8, days=2)), 409, "slot_not_offered")
    set_booking(office, booking.line.id, {"enabled": False}, booking.at(10), "user:1")
    refused(booking.try_to_book(booking.at(14, days=2)), 409, "booking_not_offered")


def test_a_holiday_offers_nothing(booking: Booking) -> None:
    """The day after the test's Monday is the Day of Vietnamese Culture, a day off from 2026 on."""
    path = f"/api/v1/booking/demo/slots?line={booking.line.id}"
    assert "2026-11-24" not in answered(booking.desk.who("nobody").get(path))["days"]
    assert slots(booking, "2026-11-24") == {}
    refused(booking.try_to_book(booking.at(8, days=1)), 409, "slot_not_offered")


def test_one_person_holds_few_times(booking: Booking) -> None:
    booking.book(booking.at(8, days=2))
    refused(booking.try_to_book(booking.at(9, days=2), "+84 912 345 678"), 409, "appointment_already")
    booking.book(booking.at(8, days=3))
    booking.book(booking.at(8, days=4))
    fields = refused(booking.try_to_book(booking.at(8, days=7)), 409, "too_many_appointments")
    assert fields["most"] == 3
    booking.book(booking.at(8, days=7), PHONES[1])


def test_the_phone_number_is_kept_nowhere(booking: Booking) -> None:
    booking.book(booking.at(8, days=2), "0912 345 678")
    booking.open_remote()
    assert booking.take("0912345678").status_code == 201
    written = everything_written()
    for form in ("0912345678", "912345678", "0912 345 678"):
        assert form not in written
    row = Appointment.get()
    assert len(row.person_key) == 64


def test_a_phone_number_that_is_none_is_refused_without_repeating_it(booking: Booking) -> None:
    response = booking.try_to_book(booking.at(8, days=2), "12345")
    assert refused(response, 422, "phone_malformed") == {"field": "phone"}
    assert "12345" not in response.get_data(as_text=True)


def test_the_same_wish_sent_twice_is_one_booking(booking: Booking) -> None:
    body = {"line": booking.line.id, "starts_at": booking.at(8, days=2).isoformat(), "phone": PHONES[0]}
    nobody = booking.desk.who("nobody")
    first = answered(nobody.post("/api/v1/booking/demo", body, key="a-wish-of-a-phone"), 201)
    assert answered(nobody.post("/api/v1/booking/demo", body, key="a-wish-of-a-phone"), 201) == first
    refused(
        nobody.post("/api/v1/booking/demo", {**body, "phone": PHONES[1]}, key="a-wish-of-a-phone"),
        409,
        "idempotency_key_reused",
    )
    assert Appointment.select().count() == 1


def test_one_address_cannot_book_the_day_away(booking: Booking) -> None:
    codes = [booking.try_to_book(booking.at(12, days=2), phone).status_code for phone in PHONES]
    assert set(codes) == {409}
    refused(booking.try_to_book(booking.at(8, days=2)), 429, "too_many_tries")
    forget_guesses()


def test_a_stranger_learns_nothing(booking: Booking) -> None:
    nobody = booking.desk.who("nobody")
    refused(nobody.get("/api/v1/appointments/no-such-token-here"), 404, "unknown_appointment")
    refused(
        nobody.post("/api/v1/appointments/no-such-token-here/moves", {"move": "cancel"}),
        404,
        "unknown_appointment",
    )
    other = {"line": booking.desk.place.other_line.id, "starts_at": booking.at(8, days=2).isoformat()}
    refused(nobody.post("/api/v1/booking/demo", {**other, "phone": PHONES[0]}), 404, "unknown_line")


def test_whoever_did_not_come_has_missed_it(booking: Booking) -> None:
    booking.book(booking.at(15))
    close_day(booking.desk.place.office.id, booking.at(18), "system:day")
    assert Appointment.get().state == "missed"


def test_a_change_of_the_times_is_told_once_and_keeps_what_is_booked(booking: Booking) -> None:
    booked = booking.book(booking.at(8, days=2))
    office = booking.desk.place.office.id
    for _ in range(2):
        set_booking(office, booking.line.id, {"first": "09:00"}, booking.at(10), "user:1")
    told = [json.loads(row.facts) for row in Journal.select().where(Journal.kind == "hall.changed")]
    assert told == [{"section": "booking", "line": booking.line.id}] * 2  # the fixture's, and this one
    assert "08:00" not in slots(booking, "2026-11-25")
    assert Line.get_by_id(booking.line.id).booking["first"] == "09:00"
    path = f"/api/v1/appointments/{booked['follow_url'].rsplit('/', 1)[1]}"
    assert answered(booking.desk.who("nobody").get(path))["state"] == "booked"
