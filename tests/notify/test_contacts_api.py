"""Leaving an address over HTTP: with consent, masked ever after, throttled, and nowhere but in its table."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kiosk.jobs.notifier import Notifier
from kiosk.models import Contact
from kiosk.plugin import gate
from kiosk.services.notify.contacts import masked
from kiosk.services.notify.outbox import read_news
from kiosk.services.notify.words import LONGEST_BODY, body_of
from kiosk.views.guessing import forget_guesses
from plugins.sms_gateway.text import plain
from tests.api.desk import Desk, answered, everything_written, refused
from tests.api.test_personal_data import Kept, kept
from tests.notify.conftest import mail_settings, sms_settings, switch
from tests.notify.fakes import Answer, HttpFake, MailFake

__all__ = ["kept"]

CANARY_PHONE, CANARY_MAIL = "0987654321", "hoang.yen@canh-gac.test"
TRACES = ("987654321", "987 654 321", "hoang.yen", "canh-gac")


@pytest.fixture(autouse=True)
def fresh_guesses() -> Any:
    forget_guesses()
    yield
    forget_guesses()


def follow(desk: Desk) -> str:
    token = desk.issue()["follow_url"].rsplit("/", 1)[1]
    return f"/api/v1/follow/{token}"


def ask(desk: Desk, path: str, address: str = CANARY_PHONE, channel: str = "sms", consent: Any = True) -> Any:
    body = {"channel": channel, "address": address, "consent": consent}
    return desk.who("nobody").post(f"{path}/contact", body)


def use_sms(desk: Desk, url: str = "https://sms.example") -> None:
    switch(desk.place.office.id, "sms_gateway", desk.clock.moment, sms_settings(url))


def test_an_address_is_left_changed_shown_masked_and_taken_back(desk: Desk) -> None:
    use_sms(desk)
    path = follow(desk)
    nobody = desk.who("nobody")
    before = answered(nobody.get(f"{path}/channels"))
    assert "Tôi đồng ý" in before["consent"]
    assert before["channels"] == [
        {"key": "sms", "title": "Tin nhắn SMS", "title_en": "SMS", "address_kind": "phone", "offered": True,
         "subscribed": False, "shown": ""}
    ]  # fmt: skip
    (card,) = answered(ask(desk, path))["channels"]
    assert (card["subscribed"], card["shown"]) == (True, "09*****321")
    (card,) = answered(ask(desk, path, "0912345678"))["channels"]
    assert card["shown"] == "09*****678"
    with desk.app.app_context():
        assert Contact.select().count() == 1
    (card,) = answered(nobody.post(f"{path}/contact/sms", method="DELETE"))["channels"]
    assert card["subscribed"] is False
    assert "I agree" in answered(desk.who("nobody", "en").get(f"{path}/channels"))["consent"]


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ({"consent": False}, 422, "consent_missing"),
        ({"address": "0204 3531 111"}, 422, "phone_not_mobile"),
        ({"address": "x"}, 422, "phone_malformed"),
        ({"channel": "pigeon"}, 404, "unknown_notice_channel"),
        ({"channel": "email", "address": CANARY_MAIL}, 404, "unknown_notice_channel"),
        ({"address": "9" * 300}, 422, "text_too_long"),
    ],
)
def test_what_is_refused(sqlite_desk: Desk, how: dict[str, Any], status: int, code: str) -> None:
    use_sms(sqlite_desk)
    refused(ask(sqlite_desk, follow(sqlite_desk), **how), status, code)
    assert Contact.select().count() == 0


def test_without_a_channel_there_is_nothing_to_choose(sqlite_desk: Desk) -> None:
    path = follow(sqlite_desk)
    assert answered(sqlite_desk.who("nobody").get(f"{path}/channels"))["channels"] == []
    refused(ask(sqlite_desk, path), 404, "unknown_notice_channel")


def test_a_number_that_is_over_tells_nobody(sqlite_desk: Desk) -> None:
    use_sms(sqlite_desk)
    path = follow(sqlite_desk)
    answered(sqlite_desk.who("nobody").post(f"{path}/moves", {"move": "cancel"}))
    refused(ask(sqlite_desk, path), 409, "number_ended")


def test_after_five_tries_a_token_has_to_wait(sqlite_desk: Desk) -> None:
    use_sms(sqlite_desk)
    path = follow(sqlite_desk)
    for _ in range(5):
        refused(ask(sqlite_desk, path, "x"), 422, "phone_malformed")
    response = ask(sqlite_desk, path)
    assert refused(response, 429, "too_many_tries")["retry_after"] > 0
    assert "Retry-After" in response.headers
    answered(ask(sqlite_desk, follow(sqlite_desk)))


def test_a_token_that_is_guessed_counts_as_a_guess(sqlite_desk: Desk) -> None:
    for _ in range(20):
        refused(ask(sqlite_desk, "/api/v1/follow/no-such-token-at-all"), 404, "unknown_ticket")
    refused(ask(sqlite_desk, "/api/v1/follow/no-such-token-at-all"), 429, "too_many_tries")


def test_nobody_is_plagued_by_other_peoples_numbers(sqlite_desk: Desk) -> None:
    use_sms(sqlite_desk)
    for _ in range(5):
        answered(ask(sqlite_desk, follow(sqlite_desk)))
    assert refused(ask(sqlite_desk, follow(sqlite_desk)), 429, "contact_used_often") == {"most": 5}


def test_canaries_stay_in_their_cage(
    desk: Desk, gateway: HttpFake, mail: MailFake, kept: Kept, noon: Any
) -> None:
    office = desk.place.office.id
    use_sms(desk, gateway.url)
    switch(office, "email_notices", noon, mail_settings(mail.port))
    gateway.script = [
        Answer(503, {"error": CANARY_PHONE}),
        Answer(200, {"reference": f"sent-to-84{CANARY_PHONE[1:]}"}),
    ]
    mail.answers["RCPT"] = [f"550 {CANARY_MAIL} is unknown"]
    path = follow(desk)
    answers = [
        ask(desk, path),
        ask(desk, path, CANARY_MAIL, "email"),
        ask(desk, path, f"x{CANARY_MAIL}", "email"),
    ]
    answers += [ask(desk, path, f"{CANARY_PHONE}0"), desk.who("nobody").get(path)]
    stopping = threading.Event()
    notifier = Notifier(lambda _: "https://motcua.test", stopping, desk.clock.now)
    with gate.breath():
        read_news(desk.clock.moment)
    for _ in range(2):
        notifier.look()
        assert notifier.settle()
        desk.clock.pass_(seconds=6)
    assert len(gateway.requests) == 2
    assert mail.verbs.count("RCPT") == 1
    texts = {f"answer {number}": each.get_data(as_text=True) for number, each in enumerate(answers)}
    texts["metrics"] = desk.who("nobody").get("/metrics").get_data(as_text=True)
    texts["log"] = "\n".join(kept.lines)
    assert "gateway_busy" in everything_written() or "sent" in everything_written()
    Contact.delete().execute()
    texts["tables but the contacts"] = everything_written()
    assert {where: trace for where, text in texts.items() for trace in TRACES if trace in text} == {}


@pytest.mark.parametrize(
    ("address", "shown"),
    [("+84987654321", "09*****321"), ("a.b@vi-du.test", "a***@v***.test"), ("123", "12123")],
)
def test_an_address_is_shown_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("occasion", ["near", "called", "carried_over"])
def test_every_body_fits_into_one_sms(language: str, occasion: str, noon: Any) -> None:
    body = body_of(occasion, "ZZ9999", 9_999, noon.date(), "ZZ9998", language)
    assert len(plain(body)) <= LONGEST_BODY
    assert "?" not in plain(body)
