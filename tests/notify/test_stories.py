"""A visitor asks to be told, and is told: once, soon, in the words of the house, or honestly not at all."""

from __future__ import annotations

import threading

from kiosk.models import Contact, Cursor, Message, Ticket
from kiosk.services import notify
from kiosk.services.day_close import close_day
from kiosk.services.hall_settings import change_hall
from kiosk.services.notify.outbox import read_news, tell_who_is_near
from kiosk.services.serve_ticket import move_ticket
from tests.notify.conftest import BASE, PHONE, Hall, switch
from tests.notify.fakes import Answer, HttpFake, MailFake


def move(hall: Hall, ticket: Ticket, name: str) -> None:
    move_ticket(ticket.id, name, hall.story.officer(), hall.clock.moment)


def test_a_call_reaches_the_phone(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    ticket = hall.visitor()
    hall.story.call()
    hall.work()
    (request,) = gateway.requests
    assert request.json()["text"] == f"Moi quy vi co so T001 den quay so 1. {BASE}/t/{ticket.token}"
    assert request.json()["to"] == "84987654321"
    assert hall.messages() == [("called", "sent", "")]


def test_what_is_read_twice_is_sent_once(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    hall.visitor()
    hall.story.call()
    for _ in range(3):
        hall.work()
    Cursor.update(seq=0).where(Cursor.reader == "notify").execute()
    hall.work()
    assert len(gateway.requests) == 1


def test_a_second_call_is_told_again_under_another_id(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    ticket = hall.visitor()
    hall.story.call()
    hall.work()
    hall.clock.pass_(seconds=40)
    move(hall, ticket, "recall")
    hall.work()
    assert len(gateway.ids()) == len(set(gateway.ids())) == 2


def test_who_has_three_people_ahead_is_told_to_come_close(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    for _ in range(4):
        hall.story.issue()
    ticket = hall.visitor()
    hall.work()
    assert gateway.requests == []
    hall.story.call()
    hall.clock.pass_(seconds=6)
    hall.work()
    hall.clock.pass_(seconds=6)
    hall.work()
    (request,) = gateway.requests
    assert request.json()["text"].startswith(f"So {ticket.label} sap den luot.")
    assert hall.messages() == [("near", "sent", "")]


def test_a_number_carried_over_takes_its_address_along(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    for _ in range(5):
        hall.story.issue()
    ticket = hall.visitor()
    change_hall(hall.office, "day", {"carry_over": True}, hall.clock.moment, "system:test")
    hall.clock.moment = hall.clock.moment.replace(hour=17, minute=31)
    close_day(hall.office, hall.clock.moment, "system:day")
    hall.work()
    texts = [request.json()["text"] for request in gateway.requests]
    new = Ticket.get_by_id(ticket.id).carried_to
    assert texts == [
        f"So {ticket.label} chua kip phuc vu. So moi cua quy vi: {new.label}, ngay {new.day:%d/%m/%Y}. {BASE}/t/{new.token}"
    ]
    hall.clock.pass_(hours=12)
    notify.forget_old(hall.clock.moment)
    assert [row.ticket_id for row in Contact.select()] == [new.id], "today's stays, yesterday's is erased"


def test_addresses_are_gone_the_day_after(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    hall.visitor()
    hall.clock.moment = hall.clock.moment.replace(hour=23, minute=59)
    notify.forget_old(hall.clock.moment)
    assert hall.contacts() == 1
    hall.clock.pass_(minutes=2)
    notify.forget_old(hall.clock.moment)
    assert hall.contacts() == 0


def test_a_busy_gateway_is_asked_again_later_under_the_same_id(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    gateway.script = [Answer(503), Answer(429, headers={"Retry-After": "30"})]
    hall.visitor()
    hall.story.call()
    hall.work()
    assert hall.messages() == [("called", "queued", "gateway_busy")]
    hall.work()
    assert len(gateway.requests) == 1, "it rests"
    hall.clock.pass_(seconds=6)
    hall.work()
    hall.clock.pass_(seconds=20)
    hall.work()
    assert len(gateway.requests) == 2, "Retry-After is kept"
    hall.clock.pass_(seconds=11)
    hall.work()
    assert hall.messages() == [("called", "sent", "")]
    assert len(gateway.ids()) == 3
    assert len(set(gateway.ids())) == 1


def test_while_a_channel_is_in_trouble_nobody_else_is_tried(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    gateway.script = [Answer(503)]
    hall.visitor()
    hall.work()
    hall.visitor(address="0912345678")
    hall.clock.pass_(seconds=4)
    hall.work()
    assert len(gateway.requests) == 1
    hall.clock.pass_(seconds=3)
    hall.work()
    assert hall.messages() == [("near", "sent", "")] * 2


def test_a_worker_that_starts_again_keeps_the_pause_a_carrier_asked_for(
    hall: Hall, gateway: HttpFake
) -> None:
    hall.use_sms(gateway)
    gateway.script = [Answer(429, headers={"Retry-After": "120"})]
    hall.visitor()
    hall.work()
    hall.clock.pass_(seconds=100)
    hall.restart_worker()
    hall.work()
    assert len(gateway.requests) == 1
    hall.clock.pass_(seconds=21)
    hall.work()
    assert hall.messages() == [("near", "sent", "")]


def test_who_was_told_is_not_even_written_down_again(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    hall.visitor()
    assert tell_who_is_near(hall.clock.moment) == 1
    assert tell_who_is_near(hall.clock.moment) == 0


def test_it_gives_up_after_six_tries(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    gateway.usual = lambda request: Answer(500)
    hall.visitor()
    for _ in range(12):
        hall.clock.pass_(minutes=11)
        hall.work()
    assert hall.messages() == [("near", "failed", "gateway_busy")]
    assert len(gateway.requests) == 6
    assert len(set(gateway.ids())) == 1


def test_a_refused_number_fails_at_once(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    gateway.script = [Answer(422, {"error": "number_refused", "message": f"no such number: {PHONE}"})]
    hall.visitor()
    hall.work()
    assert hall.messages() == [("near", "failed", "number_refused")]


def test_a_call_that_is_over_or_too_old_is_not_sent(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    first, second = hall.visitor(), hall.visitor(address="0912345678")
    hall.story.call()
    read_news(hall.clock.moment)
    move(hall, first, "start")
    move(hall, first, "finish")
    hall.story.call()
    read_news(hall.clock.moment)
    Message.update(created_at=hall.clock.moment.replace(hour=9, minute=30)).where(
        Message.ticket == second.id
    ).execute()
    hall.work()
    assert gateway.requests == []
    assert sorted(hall.messages()) == [("called", "expired", "over"), ("called", "expired", "too_late")]


def test_nobody_is_told_after_taking_the_address_back(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    ticket = hall.visitor()
    hall.story.call()
    read_news(hall.clock.moment)
    notify.unsubscribe(ticket.token, "sms")
    hall.work()
    assert gateway.requests == []
    assert hall.messages() == [("called", "expired", "unsubscribed")]


def test_a_channel_switched_off_meanwhile_expires_honestly(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    ticket = hall.visitor()
    hall.story.call()
    read_news(hall.clock.moment)
    switch(hall.office, "sms_gateway", hall.clock.moment, on=False)
    (card,) = notify.listing(ticket.token)
    assert (card["offered"], card["subscribed"]) == (False, True)
    hall.work()
    assert gateway.requests == []
    assert hall.messages() == [("called", "expired", "channel_off")]


def test_a_dead_gateway_delays_no_letter(hall: Hall, gateway: HttpFake, mail: MailFake) -> None:
    hall.use_sms(gateway)
    hall.use_mail(mail)
    held = threading.Event()
    gateway.script = [Answer(hold=held)]
    ticket = hall.visitor()
    hall.ask(ticket, "email", "dan@vi-du.test")
    hall.notifier.look()
    letters = hall.notifier.sender_of(hall.office, "email")
    assert letters is not None
    letters.join(10)
    assert len(mail.letters) == 1, "while the gateway still holds the line"
    assert sorted(hall.messages()) == [("near", "queued", ""), ("near", "sent", "")]
    held.set()
    assert hall.notifier.settle()


def test_a_new_house_tells_nobody_of_last_weeks_calls(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    hall.visitor()
    hall.story.call()
    Cursor.delete().where(Cursor.reader == "notify").execute()
    hall.clock.pass_(minutes=6)
    hall.work()
    assert gateway.requests == []
    assert Cursor.get((Cursor.reader == "notify") & (Cursor.office == hall.office)).seq > 0


def test_a_worker_that_died_after_sending_sends_the_same_id(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    hall.visitor()
    hall.work()
    Message.update(state="queued").execute()
    hall.work()
    assert len(gateway.ids()) == 2
    assert len(set(gateway.ids())) == 1


def test_each_office_by_its_own_gateway(hall: Hall, gateway: HttpFake) -> None:
    hall.use_sms(gateway)
    ticket = hall.visitor()
    other = hall.story.place.other.id
    Message.create(
        office=other,
        ticket=ticket.id,
        channel="sms",
        occasion="near",
        round=99,
        next_try_at=hall.clock.moment,
        created_at=hall.clock.moment,
    )
    hall.work()
    assert len(gateway.requests) == 1
    assert ("near", "expired", "channel_off") in hall.messages()
