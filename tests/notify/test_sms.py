"""The SMS gateway: what is asked, how it is signed, and what each answer means."""

from __future__ import annotations

import hashlib
import hmac
import threading

import pytest

from kiosk.domain.errors import DomainError
from kiosk.plugin import NotificationChannel, Rejected, Retry, Sent, gate, web
from plugins.sms_gateway.text import plain, segments, sms_text
from tests.api.desk import house
from tests.notify.conftest import SECRET, sms_settings
from tests.notify.fakes import Answer, HttpFake


def channel(url: str, **values: object) -> NotificationChannel:
    settings = {"unicode": False, **sms_settings(url), **values}
    (answer,) = house().call("sms_gateway", "notification_channels", {"office": 1}, settings).value
    return answer


def test_the_request_is_signed_over_time_and_body(gateway: HttpFake, notice) -> None:
    told = notice()
    gateway.script = [Answer(202, {"reference": "g-77"})]
    assert channel(gateway.url).send(told, "+84987654321") == Sent("g-77")
    (request,) = gateway.requests
    assert request.json() == {
        "id": told.id,
        "to": "84987654321",
        "from": "MOTCUA",
        "text": f"Moi quy vi co so T012 den quay so 3. {told.follow_url}",
        "unicode": False,
        "segments": 1,
    }
    timestamp = request.headers["X-Kiosk-Timestamp"]
    assert int(timestamp) == int(told.at.timestamp())
    wanted = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + request.body, hashlib.sha256).hexdigest()
    assert request.headers["X-Kiosk-Signature"] == f"sha256={wanted}"
    assert request.headers["Idempotency-Key"] == told.id
    assert request.headers["X-Kiosk-Client"] == "motcua"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(200), Sent("")),
        (Answer(200, {"reference": 5}), Sent("")),
        (Answer(200, b"<html>"), Sent("")),
        (Answer(409), Sent("")),
        (Answer(422, {"error": "number_refused"}), Rejected("number_refused")),
        (Answer(400, {"error": "0987654321 is nobody"}), Rejected("message_refused")),
        (Answer(400, {"error": ["x"]}), Rejected("message_refused")),
        (Answer(401), Retry("gateway_refuses_us", 60)),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), Retry("gateway_refuses_us", 60)),
        (Answer(429, headers={"Retry-After": "7"}), Retry("gateway_busy", 7)),
        (Answer(503, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), Retry("gateway_busy", 0)),
        (Answer(200, b"x" * 70_000), Retry("unreachable", 0)),
    ],
)
def test_every_answer_means_one_thing(gateway: HttpFake, notice, answer: Answer, outcome) -> None:
    gateway.script = [answer]
    if isinstance(outcome, Sent):
        assert channel(gateway.url).send(notice(), "+84987654321") == outcome
        return
    with pytest.raises(type(outcome)) as caught:
        channel(gateway.url).send(notice(), "+84987654321")
    assert caught.value.code == outcome.code
    if isinstance(outcome, Retry):
        assert caught.value.after == outcome.after
    assert len(gateway.requests) == 1


def test_a_gateway_that_says_nothing_is_hung_up_on(gateway: HttpFake) -> None:
    held = threading.Event()
    gateway.script = [Answer(hold=held)]
    with pytest.raises(Retry, match="unreachable"):
        web.post(gateway.url, b"{}", {}, timeout=0.2)
    held.set()


def test_a_gateway_that_is_not_there(notice) -> None:
    with pytest.raises(Retry, match="unreachable"):
        channel("http://127.0.0.1:1").send(notice(), "+84987654321")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://sms.example/v1/messages", True),
        ("http://127.0.0.1:9000/x", True),
        ("http://localhost", True),
        ("http://sms.example", False),
        ("ftp://127.0.0.1", False),
        ("https://user:pass@sms.example", False),
        ("https://sms.example/?key=1", False),
        ("https://sms.example:99999", False),
        ("https://", False),
        ("", False),
    ],
)
def test_only_encrypted_addresses_are_spoken_to(url: str, good: bool) -> None:
    assert (web.address_problem(url) is None) is good
    if not good:
        with pytest.raises(Retry, match="address_unsafe"):
            web.post(url, b"", {})


def test_check_settings_names_the_field() -> None:
    def complaint(**values: object) -> list[str]:
        settings = sms_settings("https://sms.example") | values
        return list(house().call("sms_gateway", "check_settings", {"values": settings}, {}).value or {})

    assert complaint() == []
    assert complaint(url="http://sms.example") == ["url"]
    assert complaint(secret="short") == ["secret"]
    assert complaint(brandname="MỘT CỬA") == ["brandname"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0987 654 321", "+84987654321"),
        ("+84 (0)987.654.321", "+84987654321"),
        ("84387654321", "+84387654321"),
    ],
)
def test_a_mobile_number_has_one_form(typed: str, kept: str) -> None:
    assert channel("https://sms.example").check_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"), [("0204 3531 111", "phone_not_mobile"), ("12345", "phone_malformed")]
)
def test_other_numbers_are_refused_without_repeating_them(typed: str, code: str) -> None:
    with pytest.raises(DomainError, match=code) as caught:
        channel("https://sms.example").check_address(typed)
    assert typed not in repr(caught.value.fields)


def test_diacritics_go_unless_the_centre_pays_for_them(notice) -> None:
    told = notice()
    assert plain("Đến quầy số 3 – ngay, Ủy quyền ở đây ưỡn ₫") == "Den quay so 3 - ngay, Uy quyen o day uon ?"
    assert sms_text(told, keep_diacritics=True).startswith("Mời quý vị có số T012")
    assert segments(sms_text(told, keep_diacritics=True)) == 2
    assert segments(sms_text(told, keep_diacritics=False)) == 1
    long = notice(follow_url="https://" + "a" * 150)
    assert sms_text(long, keep_diacritics=False) == "Moi quy vi co so T012 den quay so 3."


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("[" * 80, 1), ("[" * 81, 2),
     ("ố" * 70, 1), ("ố" * 71, 2), ("ố" * 134, 2), ("ố" * 135, 3), ("", 1)],
)  # fmt: skip
def test_parts_are_counted_as_the_networks_do(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_the_gate_offers_it_only_where_it_is_on(hall, gateway: HttpFake) -> None:
    asked = lambda: gate.ask(hall.office, "notification_channels", office=hall.office)  # noqa: E731  (asked twice)
    assert asked() == []
    hall.use_sms(gateway)
    ((plugin, (offered,)),) = asked()
    assert (plugin, offered.key, offered.address_kind, offered.per_second) == (
        "sms_gateway",
        "sms",
        "phone",
        100,
    )
