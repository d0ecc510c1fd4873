"""Signing in and staying in; devices and their codes; what every answer carries."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from kiosk.database import bookkeeping
from kiosk.models import Device, Journal, Session, User
from kiosk.services import manage_users
from kiosk.services.pair_device import new_pairing_code, revoke
from tests.api.desk import Caller, Desk, answered, contents, counts, refused
from tests.factories import PASSWORD

SESSION = "/api/v1/session"
PAIR = "/api/v1/devices/pair"


def enter(desk: Desk, username: str = "lan", password: str = PASSWORD) -> tuple[Caller, TestResponse]:
    caller = desk.who("nobody")
    return caller, caller.post(SESSION, {"username": username, "password": password})


def test_signing_in_and_out(desk: Desk) -> None:
    caller, response = enter(desk)
    user = answered(response)["user"]
    assert (user["username"], user["role"], user["counters"]) == ("lan", "officer", [desk.place.counter.id])
    assert answered(caller.get(SESSION))["user"] == user
    token = caller.client.get_cookie("kiosk_session").value
    assert token not in repr(contents()), "the database keeps only the hash"
    assert caller.post(SESSION, method="DELETE").status_code == 204
    refused(caller.get(SESSION), 401, "not_signed_in")
    refused(Caller(desk.app, session=token).get(SESSION), 401, "session_ended")
    refused(Caller(desk.app, session="guessed").get(SESSION), 401, "session_unknown")


def test_each_sign_in_has_a_new_token(sqlite_desk: Desk) -> None:
    tokens = {enter(sqlite_desk)[0].client.get_cookie("kiosk_session").value for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 43


def test_unknown_disabled_and_mistyped_sound_alike(desk: Desk) -> None:
    User.update(active=False).where(User.id == desk.place.colleague.id).execute()
    answers = {
        enter(desk, username, password)[1].data
        for username, password in (
            ("nobody-here", PASSWORD),
            ("minh", PASSWORD),
            ("lan", "wrong"),
            ("lan", ""),
        )
    }
    assert len(answers) == 1
    refused(enter(desk, "lan", "wrong")[1], 401, "wrong_password")


def test_guessing_is_slowed_down(desk: Desk) -> None:
    for _ in range(5):
        refused(enter(desk, password="guess")[1], 401, "wrong_password")
    known = counts()["session"]
    fields = refused(enter(desk)[1], 429, "too_many_tries")
    assert 0 < fields["retry_after"] <= 31
    assert enter(desk)[1].headers["Retry-After"] == str(fields["retry_after"])
    assert counts()["session"] == known
    answered(enter(desk, "minh")[1])
    desk.clock.pass_(seconds=31)
    refused(enter(desk, password="guess")[1], 401, "wrong_password")
    assert refused(enter(desk)[1], 429, "too_many_tries")["retry_after"] > 31, (
        "each further failure waits longer"
    )
    desk.clock.pass_(minutes=16)
    answered(enter(desk)[1])
    refused(enter(desk, password="guess")[1], 401, "wrong_password")
    answered(enter(desk)[1])


def test_one_address_tries_many_accounts(sqlite_desk: Desk) -> None:
    for n in range(30):
        refused(enter(sqlite_desk, f"name-{n}")[1], 401, "wrong_password")
    refused(enter(sqlite_desk, "admin")[1], 429, "too_many_tries")


def test_a_session_ends_by_itself(desk: Desk) -> None:
    caller, _ = enter(desk)
    desk.clock.pass_(hours=11, minutes=59)
    answered(caller.get(SESSION))
    desk.clock.pass_(minutes=1)
    refused(caller.get(SESSION), 401, "session_expired")


def end_by_disabling(desk: Desk) -> None:
    manage_users.set_active(desk.place.office.id, desk.place.officer.id, False, desk.clock.moment, "user:1")


def end_by_new_password(desk: Desk) -> None:
    manage_users.reset_password(desk.place.office.id, desk.place.officer.id, desk.clock.moment, "user:1")


@pytest.mark.parametrize("end", [end_by_disabling, end_by_new_password])
def test_a_session_ends_with_what_it_stood_on(desk: Desk, end: Any) -> None:
    caller, _ = enter(desk)
    end(desk)
    refused(caller.get(SESSION), 401, "session_ended")


def test_a_new_role_counts_at_once(desk: Desk) -> None:
    manager, report = desk.who("manager"), "/api/v1/reports/period-summary?from=2026-11-01&to=2026-11-02"
    answered(manager.get(report))
    manage_users.change_user(
        desk.place.office.id, desk.place.manager.id, "Hòa", "officer", [], desk.clock.moment, "user:1"
    )
    refused(manager.get(report), 403, "not_allowed")


def test_last_seen_is_written_once_a_minute(sqlite_desk: Desk) -> None:
    officer, mine = sqlite_desk.who("officer"), Session.user == sqlite_desk.place.officer.id
    for seconds, expected in ((30, 0), (31, 61), (30, 61)):
        moment = sqlite_desk.clock.pass_(seconds=seconds)
        officer.get(SESSION)
        seen = Session.get(mine)
        assert (seen.last_seen_at - seen.created_at).total_seconds() == expected, moment


def test_the_page_signs_in_too_and_leads_back(sqlite_desk: Desk) -> None:
    client = sqlite_desk.app.test_client()
    sent = client.get("/dossiers?q=an")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/sign-in?next=/dossiers?q%3Dan")
    form = client.get(sent.headers["Location"]).get_data(as_text=True)
    fields = {"csrf_token": hidden(form), "username": "lan", "password": PASSWORD, "next": "/dossiers?q=an"}
    done = client.post("/sign-in", data=fields)
    assert (done.status_code, done.headers["Location"]) == (303, "/dossiers?q=an")
    assert client.get("/dossiers").status_code == 200


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a b"]
)
def test_the_page_leads_nowhere_else(sqlite_desk: Desk, wanted: str) -> None:
    client = sqlite_desk.app.test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    fields = {"csrf_token": hidden(form), "username": "lan", "password": PASSWORD, "next": wanted}
    assert client.post("/sign-in", data=fields).headers["Location"] == "/counter"


@pytest.mark.parametrize("username", ["a\x00b", "😀", "x" * 60_000, "' OR 1=1 --"])
def test_the_page_stands_any_name(desk: Desk, username: str) -> None:
    client = desk.app.test_client()
    form = client.get("/sign-in").get_data(as_text=True)
    fields = {"csrf_token": hidden(form), "username": username, "password": "x\x00"}
    before = counts()["session"]
    assert client.post("/sign-in", data=fields).status_code in {400, 401, 422}
    assert counts()["session"] == before


def hidden(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def test_a_code_pairs_one_device_once(desk: Desk) -> None:
    place, now = desk.place, desk.clock.moment
    code, expires_at = new_pairing_code(place.office.id, place.kiosk.id, now, "user:1")
    assert (expires_at - now).total_seconds() == 600
    assert code not in repr(contents())
    typed = f" {code[:4].lower()}-{code[4:]} "
    got = answered(desk.who("nobody").post(PAIR, {"code": typed}))
    assert got["device"]["id"] == place.kiosk.id
    assert got["open"] == "/kiosk"
    assert len(got["token"]) >= 43
    assert got["token"] not in repr(contents())
    answered(Caller(desk.app, token=got["token"]).get("/api/v1/kiosk/menu"))
    refused(desk.who("kiosk").get("/api/v1/kiosk/menu"), 401, "token_unknown")
    before = tuple(row.token_hash for row in Device.select())
    for _ in range(2):
        refused(desk.who("nobody").post(PAIR, {"code": code}), 401, "pairing_code_wrong")
    assert tuple(row.token_hash for row in Device.select()) == before
    logged = [row.facts for row in Journal.select().where(Journal.kind == "device.refused")]
    assert [json.loads(facts)["reason"] for facts in logged] == ["token_replaced", "code_replayed"], (
        "once each"
    )


def test_a_code_lapses_and_a_new_one_replaces_it(desk: Desk) -> None:
    place, now = desk.place, desk.clock.moment
    first, _ = new_pairing_code(place.office.id, place.board.id, now, "user:1")
    second, _ = new_pairing_code(place.office.id, place.board.id, now, "user:1")
    refused(desk.who("nobody").post(PAIR, {"code": first}), 401, "pairing_code_wrong")
    desk.clock.pass_(minutes=10)
    refused(desk.who("nobody").post(PAIR, {"code": second}), 401, "pairing_code_wrong")
    third, _ = new_pairing_code(place.office.id, place.board.id, desk.clock.moment, "user:1")
    revoke(place.office.id, place.board.id, desk.clock.moment, "user:1")
    refused(desk.who("nobody").post(PAIR, {"code": third}), 401, "pairing_code_wrong")
    refused(desk.who("board").get("/api/v1/lines"), 401, "token_revoked")


def test_an_empty_code_pairs_nothing(desk: Desk) -> None:
    with bookkeeping():
        Device.update(pairing_hash=None).execute()
    for code in ("", "-", "        ", "ßßßßßßßß"):
        refused(desk.who("nobody").post(PAIR, {"code": code}), 401, "pairing_code_wrong")


PAGES = [
    "/",
    "/sign-in",
    "/lookup",
    "/pair",
    "/kiosk",
    "/no-such-page",
    "/admin",
    "/health",
    "/api/v1/lines",
    "/board",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_armoured(sqlite_desk: Desk, path: str) -> None:
    for who in ("nobody", "kiosk", "admin"):
        headers = sqlite_desk.who(who).get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
        assert headers["Cache-Control"] == "no-store"


def test_pages_carry_nothing_inline(sqlite_desk: Desk) -> None:
    for who, path in (
        ("admin", "/admin"),
        ("kiosk", "/kiosk"),
        ("board", "/board"),
        ("nobody", "/"),
        ("admin", "/counter"),
    ):
        page = sqlite_desk.who(who).client.get(
            path, headers=sqlite_desk.who(who).headers, follow_redirects=True
        )
        text = page.get_data(as_text=True)
        assert page.status_code == 200, path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text), path
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)\s*=", text), path
        assert not re.search(r"(src|href)=[\"'](https?:)?//", text), path


@pytest.mark.parametrize(("base", "secure"), [("http://localhost", False), ("https://localhost", True)])
def test_cookies_are_kept_from_scripts_and_strangers(sqlite_desk: Desk, base: str, secure: bool) -> None:
    client = sqlite_desk.app.test_client()
    code, _ = new_pairing_code(
        sqlite_desk.place.office.id, sqlite_desk.place.kiosk.id, sqlite_desk.clock.moment, "user:1"
    )
    answers = [
        client.post(SESSION, json={"username": "lan", "password": PASSWORD}, base_url=base),
        client.post(PAIR, json={"code": code}, base_url=base),
        client.get("/?lang=en", base_url=base),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.split("=", 1)[0] for cookie in cookies} >= {
        "kiosk_session",
        "kiosk_device_kiosk",
        "kiosk_language",
    }
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert ("Secure" in cookie) == secure, cookie
    assert ("Strict-Transport-Security" in answers[0].headers) == secure
