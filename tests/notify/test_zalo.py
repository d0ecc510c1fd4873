"""Zalo: the request, the tokens that are renewed once however many ask, the error codes, the webhook's signature."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.database import proxy
from kiosk.plugin import NotificationChannel, Rejected, Retry, Sent
from plugins.zalo_oa.webhook import is_from_zalo
from tests.api.desk import house
from tests.notify.fakes import Answer, HttpFake, Request, http_fake

PHONE = "+84987654321"


class Zalo(HttpFake):
    """Both services of Zalo: each refresh token is taken once, and only the newest access token."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.refresh, self.access, self.renewals = "r0", "none", 0
        self.errors: list[int] = []
        self.hold: threading.Event | None = None

    def serve(self, request: Request) -> Answer:
        """Renew, or take a message."""
        if request.path == "/token":
            if request.form()["refresh_token"] != self.refresh:
                return Answer(200, {"error": -14014, "error_name": "Invalid refresh token"})
            self.renewals += 1
            self.refresh, self.access = f"r{self.renewals}", f"a{self.renewals}"
            tokens = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": "90000"}
            return Answer(200, tokens, hold=self.hold)
        if request.headers["access_token"] != self.access:
            return Answer(200, {"error": -124, "message": "Access token invalid"})
        error = self.errors.pop(0) if self.errors else 0
        return Answer(200, {"error": error, "message": PHONE, "data": {"msg_id": "z-1"} if not error else {}})


@pytest.fixture
def zalo() -> Iterator[Zalo]:
    fake = Zalo()
    with http_fake(fake):
        yield fake


@pytest.fixture
def tokens(database: Database) -> Iterator[Any]:
    """The plugin's table, empty."""
    with database.connection_context():
        yield lambda: proxy.execute_sql(
            "SELECT access, refresh, version, claimed_at FROM plugin_zalo_oa_token WHERE office = 1"
        ).fetchone()


def channel(zalo: Zalo, **values: Any) -> NotificationChannel:
    settings = {
        "app_id": "4217",
        "secret_key": "app-secret",
        "refresh_token": "r0",
        "template_near": "",
        "template_called": "330875",
        "template_carried_over": "330876",
        "send_url": f"{zalo.url}/message/template",
        "token_url": f"{zalo.url}/token",
        "per_second": 10,
        **values,
    }
    (answer,) = house().call("zalo_oa", "notification_channels", {"office": 1}, settings).value
    return answer


def test_a_message_goes_out_with_the_template_and_our_id(zalo: Zalo, tokens, notice) -> None:
    told = notice()
    assert channel(zalo).send(told, PHONE) == Sent("z-1")
    renewal, message = zalo.requests
    assert renewal.form() == {"refresh_token": "r0", "app_id": "4217", "grant_type": "refresh_token"}
    assert {k.lower(): v for k, v in renewal.headers.items()}["secret_key"] == "app-secret"
    assert message.path == "/message/template"
    assert message.headers["access_token"] == "a1"
    assert message.json() == {
        "phone": "84987654321",
        "template_id": "330875",
        "template_data": {"ma_so": "T012", "trung_tam": told.office, "quay": "3"},
        "tracking_id": told.id,
    }
    assert tokens() == ("a1", "r1", 1, None)


def test_a_carried_over_number_names_the_old_one_and_the_day(zalo: Zalo, tokens, notice) -> None:
    channel(zalo).send(notice(occasion="carried_over", replaces="T044", counter_number=None), PHONE)
    assert zalo.requests[-1].json()["template_data"] == {
        "ma_so": "T012",
        "trung_tam": "Trung tâm Phục vụ hành chính công",
        "so_cu": "T044",
        "ngay": "23/11/2026",
    }


def test_a_token_is_kept_until_shortly_before_its_end(zalo: Zalo, tokens, notice, noon: datetime) -> None:
    for hours in (0, 1, 24):
        channel(zalo).send(notice(at=noon + timedelta(hours=hours)), PHONE)
    assert zalo.renewals == 1
    channel(zalo).send(notice(at=noon + timedelta(hours=24, minutes=56)), PHONE)
    assert zalo.renewals == 2


def test_a_token_zalo_does_not_take_is_renewed_once_and_the_message_goes_out(
    zalo: Zalo, tokens, notice
) -> None:
    channel(zalo).send(notice(), PHONE)
    zalo.access = "somebody renewed it elsewhere"
    assert channel(zalo).send(notice(), PHONE) == Sent("z-1")
    assert zalo.renewals == 2
    assert {request.json()["tracking_id"] for request in zalo.requests if request.path != "/token"} == {
        notice().id
    }


def test_of_two_who_renew_at_the_same_time_one_does(zalo: Zalo, tokens, notice) -> None:
    zalo.hold = threading.Event()
    outcomes: list[Any] = []

    def first() -> None:
        with proxy.connection_context():
            outcomes.append(channel(zalo).send(notice(), PHONE))

    thread = threading.Thread(target=first)
    thread.start()
    while not zalo.requests:
        threading.Event().wait(0.01)
    with pytest.raises(Retry, match="token_renewing") as caught:
        channel(zalo).send(notice(id="f" * 32), PHONE)
    assert caught.value.after == 3
    zalo.hold.set()
    thread.join(10)
    assert outcomes == [Sent("z-1")]
    assert zalo.renewals == 1
    assert channel(zalo).send(notice(id="f" * 32), PHONE) == Sent("z-1")
    assert zalo.renewals == 1


def test_a_claim_of_somebody_who_died_runs_out(zalo: Zalo, tokens, notice, noon: datetime) -> None:
    channel(zalo).send(notice(), PHONE)
    micros = int(noon.timestamp() * 1_000_000)
    proxy.execute_sql(f"UPDATE plugin_zalo_oa_token SET access = '', claimed_at = {micros}")
    with pytest.raises(Retry, match="token_renewing"):
        channel(zalo).send(notice(at=noon + timedelta(seconds=59)), PHONE)
    assert channel(zalo).send(notice(at=noon + timedelta(seconds=61)), PHONE) == Sent("z-1")


def test_a_renewal_that_fails_is_tried_again_with_the_same_token(zalo: Zalo, tokens, notice) -> None:
    zalo.script = [Answer(502), Answer(429, headers={"Retry-After": "9"})]
    with pytest.raises(Retry, match="zalo_busy"):
        channel(zalo).send(notice(), PHONE)
    with pytest.raises(Retry) as caught:
        channel(zalo).send(notice(), PHONE)
    assert caught.value.after == 9
    assert channel(zalo).send(notice(), PHONE) == Sent("z-1")
    assert [request.form()["refresh_token"] for request in zalo.requests[:3]] == ["r0"] * 3


def test_a_lost_refresh_token_is_the_admins_to_give_anew(zalo: Zalo, tokens, notice) -> None:
    zalo.refresh = "given by hand"
    with pytest.raises(Retry, match="token_refused"):
        channel(zalo).send(notice(), PHONE)
    assert channel(zalo, refresh_token="given by hand").send(notice(), PHONE) == Sent("z-1")
    assert channel(zalo, refresh_token="given by hand").send(notice(), PHONE) == Sent("z-1")
    assert zalo.renewals == 1, "the token given is used once"


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (-108, Rejected("not_on_zalo")),
        (-114, Rejected("not_on_zalo")),
        (-118, Rejected("not_on_zalo")),
        (-131, Rejected("template_refused")),
        (-133, Rejected("not_at_night")),
        (-115, Retry("out_of_quota")),
        (-144, Retry("out_of_quota")),
        (-100, Retry("zalo_trouble")),
        (-99999, Retry("zalo_trouble")),
    ],
)
def test_every_error_means_one_thing(zalo: Zalo, tokens, notice, error: int, outcome) -> None:
    zalo.errors = [error]
    with pytest.raises(type(outcome)) as caught:
        channel(zalo).send(notice(), PHONE)
    assert caught.value.code == outcome.code


def test_an_occasion_without_template_is_not_sent(zalo: Zalo, tokens, notice) -> None:
    with pytest.raises(Rejected, match="template_missing"):
        channel(zalo).send(notice(occasion="near"), PHONE)
    assert zalo.requests == []


def test_check_settings_names_the_field() -> None:
    good = {"send_url": "https://a.example", "token_url": "https://b.example"}
    good |= {"template_near": "", "template_called": "1", "template_carried_over": ""}

    def complaint(**values: object) -> list[str]:
        return list(house().call("zalo_oa", "check_settings", {"values": good | values}, {}).value or {})

    assert complaint() == []
    assert complaint(token_url="http://b.example") == ["token_url"]
    assert complaint(template_called="") == ["template_called"]


class TestWebhook:
    BODY = b'{"event_name":"user_received_message","app_id":"4217"}'

    def signed(self, at: datetime, body: bytes = BODY, secret: str = "oa-secret") -> tuple[str, str]:
        timestamp = str(int(at.timestamp() * 1000))
        digest = hashlib.sha256(b"4217" + body + timestamp.encode() + secret.encode()).hexdigest()
        return f"mac={digest}", timestamp

    def test_a_call_of_zalo_is_known(self, noon: datetime) -> None:
        signature, timestamp = self.signed(noon)
        assert is_from_zalo(signature, self.BODY, timestamp, "4217", "oa-secret", noon)

    def test_others_are_not(self, noon: datetime) -> None:
        signature, timestamp = self.signed(noon)
        good = (signature, self.BODY, timestamp, "4217", "oa-secret", noon)
        late = noon + timedelta(minutes=6)
        for place, other in [(0, "mac="), (0, "mac=é"), (1, self.BODY + b" "), (2, "x"), (2, timestamp[:-1] + "9"),
                             (3, "1"), (4, ""), (4, "guess"), (5, late)]:  # fmt: skip
            asked = [*good[:place], other, *good[place + 1 :]]
            assert not is_from_zalo(*asked), (place, other)
