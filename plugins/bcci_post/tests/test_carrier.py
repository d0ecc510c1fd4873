"""The public post's prices and its order interface, with a post on this machine."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.domain.post.address import check_recipient
from kiosk.domain.post.terms import Service, Zone
from kiosk.plugin import PostalOrder, Rejected, Retry
from kiosk.plugin.postal import Sender
from plugins.bcci_post import check_settings, settings_schema
from plugins.bcci_post.carrier import PublicPost
from tests.notify.fakes import Answer, HttpFake, http_fake

TO = check_recipient(
    {
        "name": "Trần Văn An",
        "street": "Số 5",
        "ward": "xã Tân Tiến",
        "district": "huyện Yên Dũng",
        "province": "Bắc Giang",
        "phone": "0987654321",
    }
)


def settings(**values: Any) -> dict[str, Any]:
    return {each.key: each.default for each in settings_schema()} | {
        "customer": "TTHCC-BN",
        "token": "khoa-truy-cap",
        **values,
    }


def order(*, again: bool = False) -> PostalOrder:
    sender = Sender("Trung tâm", "Bắc Giang", "bacninh")
    return PostalOrder("EL491610889VN", "H02.17-261124-0001", sender, TO, "Kết quả", 31_160, 25_000, again)


def test_a_quote_knows_the_distance() -> None:
    post = PublicPost(settings(near="huyện Yên Dũng", postage_district=12_000))
    quote = post.quote(TO, Service.RETURN)
    assert (quote.zone, quote.postage, quote.days) == (Zone.DISTRICT, 12_000, 1)
    assert not post.takes_orders


def test_an_order_as_the_interface_wants_it() -> None:
    with http_fake(HttpFake(lambda _: Answer(body={"Status": "100", "OrderId": "77"}))) as fake:
        taken = PublicPost(settings(url=fake.url)).hand_over(order())
    assert (taken.reference, taken.already) == ("77", False)
    sent = fake.requests[0]
    assert sent.headers["access_token"] == "khoa-truy-cap"
    body = sent.json()
    assert (
        body["CustomerCode"],
        body["ItemCode"],
        body["OrderNumber"],
        body["CODAmount"],
        body["FlagConfig"],
    ) == (
        "TTHCC-BN",
        "EL491610889VN",
        "H02.17-261124-0001",
        31_160,
        2,
    )
    assert body["Receiver"] == {
        "Name": "Trần Văn An",
        "Address": "Số 5, xã Tân Tiến",
        "Tel": "0987654321",
        "Province": "Bắc Ninh",
        "District": "huyện Yên Dũng",
        "Email": "",
    }


def test_already_sent_is_as_good_as_taken() -> None:
    with http_fake(HttpFake(lambda _: Answer(body={"Status": "101"}))) as fake:
        taken = PublicPost(settings(url=fake.url)).hand_over(order(again=True))
    assert (taken.already, taken.reference) == (True, "EL491610889VN")


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (Answer(503), Retry, "post_busy"),
        (Answer(429, headers={"Retry-After": "30"}), Retry, "post_busy"),
        (Answer(401), Retry, "post_refuses_us"),
        (Answer(200, body=b"<html>"), Retry, "post_unreadable"),
        (Answer(200, body={"Status": "102"}), Rejected, "order_refused"),
        (Answer(400, body={"Status": "100"}), Rejected, "order_refused"),
    ],
)
def test_what_else_the_post_may_say(answer: Answer, error: type[Exception], code: str) -> None:
    with http_fake(HttpFake(lambda _: answer)) as fake, pytest.raises(error) as raised:
        PublicPost(settings(url=fake.url)).hand_over(order())
    assert raised.value.code == code


def test_a_post_that_is_away() -> None:
    with http_fake(HttpFake()) as fake:
        url = fake.url
    with pytest.raises(Retry) as raised:
        PublicPost(settings(url=url)).hand_over(order())
    assert raised.value.code == "unreachable"


def test_it_takes_no_order_back_by_wire() -> None:
    with pytest.raises(Rejected) as raised:
        PublicPost(settings(url="http://127.0.0.1:1")).cancel(order())
    assert raised.value.code == "cancel_by_telephone"


@pytest.mark.parametrize(
    ("change", "field"),
    [({}, None), ({"url": "ftp://x"}, "url"), ({"customer": " "}, "customer"), ({"token": "x"}, "token")],
)
def test_an_interface_is_set_up_as_a_whole(change: dict[str, str], field: str | None) -> None:
    problems = check_settings(settings(url="https://post.example/order") | change)
    assert (problems or {}).keys() == ({field} if field else set())
    assert check_settings(settings(url="", customer="", token=None)) is None
