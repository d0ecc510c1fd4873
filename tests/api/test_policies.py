"""Every route has a policy, and each keeps out whom it says it keeps out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.api.desk import Caller, Desk, contents

SIGNED = {"notices.notice"}
"""No browser's session counts there: a messenger proves itself by its signature."""
UNGUARDED = {"static", "openapi.openapi", "openapi.doc_url", "openapi.static"}
"""Built files and the API's own description."""

OFFICER = {
    "ticket.issue", "ticket.call", "ticket.cancel", "dossier.receive", "dossier.read", "dossier.move", "dossier.personal", "board.see",
    "counter.state", "help.ask", "appointment.manage", "payment.take", "post.desk",
}  # fmt: skip
MANAGER = OFFICER | {
    "report.read",
    "ops.see",
    "dossier.correct",
    "counter.any",
    "hall.rules",
    "ticket.pick",
    "money.manage",
    "money.approve",
    "post.manage",
}
ADMIN = MANAGER | {
    f"admin.{room}"
    for room in (
        "users",
        "lines",
        "counters",
        "plugins",
        "procedures",
        "devices",
        "calendar",
        "office",
        "voice",
        "money",
    )
}
RIGHTS = {
    "nobody": set(),
    "kiosk": {"ticket.issue", "board.see", "agent.run"},
    "board": {"board.see"},
    "display": {"display.see"},
    "button": {"display.see", "button.press"},
    "tablet": {"tablet.show"},
    "officer": OFFICER,
    "manager": MANAGER,
    "admin": ADMIN,
}
"""Written down a second time, on purpose: a right that moves has to move here too."""

DEVICES = {"agent.run", "display.see", "button.press", "tablet.show"}
"""What no member of staff may do in a device's place."""

PUBLIC = {
    "home.home", "kiosk.pairing", "lookup.form", "lookup.progress", "follow.follow", "follow.picture", "health.health",
    "health.figures", "sign_in.form", "sign_in.enter", "sign_in.leave", "api_public.follow", "api_public.lookup",
    "rating.form", "rating.rate", "api_session.open_session", "api_session.close_session", "api_devices.pair_device",
    "demo_printer.printers", "demo_printer.picture", "demo_printer.control", "today.figures", "media.media", "follow.app_manifest", "follow.worker",
    "api_public.holder_move", "api_public.rate", "api_contacts.channels", "api_contacts.subscribe", "api_contacts.unsubscribe",
    "notices.notice", "demo_bank.bank", "demo_bank.scan", "demo_bank.pay", "follow.payment_code",
    "take.take", "take.book", "take.appointment", "take.event", "take.picture", "take.arrive",
    "api_booking.slots", "api_booking.book_slot", "api_booking.appointment", "api_booking.appointment_move", "api_booking.take", "api_arrivals.arrive_at_door",
}  # fmt: skip
"""Whatever anybody may do without a sign-in; nothing is added here without a thought."""


def routes(app: Flask) -> Iterator[tuple[str, str, str, str]]:
    """(endpoint, policy, method, address with harmless ids) of every guarded route."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in UNGUARDED:
            continue
        policy = app.view_functions[rule.endpoint].policy
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, policy, method, rule.rule


def address(rule: str, names: dict[str, object]) -> str:
    """The rule with its variables filled in."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(names.get(found[1], 999_999)), rule)


def test_every_route_has_exactly_one_policy(sqlite_desk: Desk) -> None:
    views = sqlite_desk.app.view_functions
    assert {endpoint for endpoint, view in views.items() if not hasattr(view, "policy")} == UNGUARDED
    kinds = {view.policy.partition(":")[0] for name, view in views.items() if name not in UNGUARDED}
    assert kinds == {"public", "staff", "device", "right"}


def test_what_anybody_may_do_is_a_short_list(sqlite_desk: Desk) -> None:
    assert {endpoint for endpoint, policy, _, _ in routes(sqlite_desk.app) if policy == "public"} == PUBLIC


def test_every_right_asked_for_is_somebodys(sqlite_desk: Desk) -> None:
    asked = {
        p.partition(":")[2] for _, p, _, _ in routes(sqlite_desk.app) if p.startswith(("staff:", "right:"))
    }
    assert asked <= ADMIN | DEVICES


@pytest.mark.parametrize("role", RIGHTS)
def test_each_role_at_each_door(sqlite_desk: Desk, role: str, subtests: pytest.Subtests) -> None:
    sqlite_desk.app.config["WTF_CSRF_ENABLED"] = False
    names = {
        "id": sqlite_desk.place.counter.id,
        "counter_id": sqlite_desk.place.counter.id,
        "name": "no-such-plugin",
        "code": "000.00.07.H02-261123-0001",
    }
    caller = sqlite_desk.who(role)
    for endpoint, policy, method, rule in routes(sqlite_desk.app):
        kind, _, wanted = policy.partition(":")
        if kind == "public":
            continue
        with subtests.test(endpoint=endpoint, method=method):
            response = caller.post(
                address(rule, names), {} if rule.startswith("/api/") else None, method=method
            )
            assert response.status_code < 500
            assert kept_out(response) == (not may_enter(role, kind, wanted)), response.status


def may_enter(role: str, kind: str, wanted: str) -> bool:
    if kind == "device":
        return role == wanted or (wanted == "board" and role in {"officer", "manager", "admin"})
    if kind == "staff" and role in {"kiosk", "board", "display", "button", "tablet"}:
        return False
    return wanted in RIGHTS[role]


def kept_out(response: object) -> bool:
    """Sent to sign in, or refused for who one is; not for what was asked."""
    if response.status_code == 302:
        return response.headers["Location"].startswith("/sign-in")
    if response.status_code not in {401, 403}:
        return False
    body = response.get_json(silent=True)
    return body is None or body["error"]["code"] in {"not_signed_in", "not_allowed"}


def test_nothing_changes_by_get(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    token = desk.issue()["follow_url"].rsplit("/", 1)[1]
    called = desk.call()
    names = {
        "id": called["id"],
        "counter_id": desk.place.counter.id,
        "token": token,
        "name": "justice",
        "code": desk.receive(ticket=called["id"])["code"],
    }
    desk.clock.pass_(minutes=10)
    before = contents()
    asked = 0
    for endpoint, _, method, rule in routes(desk.app):
        if method == "GET":
            for who in ("admin", "kiosk", "board", "nobody"):
                query = "?lang=en&from=2026-11-01&to=2026-11-02&move=finish&code=1&q=a&edit=1&all=1"
                response = desk.who(who).get(address(rule, names) + query)
                assert response.status_code < 500, (endpoint, who, response.status)
                asked += response.status_code == 200
            assert contents() == before, endpoint
    assert asked > 60


def test_head_and_options_are_as_harmless(sqlite_desk: Desk) -> None:
    before = contents()
    admin = sqlite_desk.who("admin")
    for _, _, _, rule in routes(sqlite_desk.app):
        for method in ("HEAD", "OPTIONS"):
            assert admin.post(address(rule, {}), method=method).status_code < 500, rule
    for method in ("PUT", "PATCH", "TRACE"):
        assert admin.post("/admin/users", method=method).status_code == 405
    assert admin.post("/admin/users?_method=POST", method="GET").status_code == 200
    assert contents() == before


def posts(app: Flask, api: bool) -> list[tuple[str, str, str]]:
    return [
        (endpoint, method, rule)
        for endpoint, _, method, rule in routes(app)
        if method != "GET" and rule.startswith("/api/") == api and endpoint not in SIGNED
    ]


def test_a_form_needs_its_token(sqlite_desk: Desk) -> None:
    before = contents()
    forms = posts(sqlite_desk.app, api=False)
    assert len(forms) > 15
    for endpoint, _, rule in forms:
        path = address(
            rule, sqlite_desk.place.names() | {"user": sqlite_desk.place.colleague.id, "name": "justice"}
        )
        for sent in (b"", b"csrf_token=", b"csrf_token=forged"):
            response = sqlite_desk.who("admin").post(
                path, sent, Content_Type="application/x-www-form-urlencoded"
            )
            assert response.status_code == 400, endpoint
    assert contents() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: "-".join(next(iter(headers.items()))).replace("://", "-"),
)
def test_the_api_hears_no_foreign_page(sqlite_desk: Desk, headers: dict[str, str]) -> None:
    before = contents()
    for endpoint, method, rule in posts(sqlite_desk.app, api=True):
        path = address(rule, {"id": sqlite_desk.place.counter.id, "name": "justice", "code": "x"})
        body = {"code": "AAAAAAAA"} if rule.endswith("pair") else {"username": "lan", "password": "x"}
        for who in ("admin", "nobody") if "session" in rule or "pair" in rule else ("admin",):
            caller = by_cookie(sqlite_desk, rule) or sqlite_desk.who(who)
            sent = body if "session" in rule or "pair" in rule else valid(endpoint)
            response = caller.post(path, sent, method=method, **headers)
            assert response.get_json()["error"]["code"] == "foreign_origin", (endpoint, response.data)
    assert contents() == before


OFFLINE_TICKET = {
    "key": "a-wish-of-a-visitor",
    "line": 1,
    "day": "2026-11-23",
    "number": 901,
    "issued_at": "2026-11-23T08:00:00+07:00",
    "token": "token-of-16-letters",
}


def by_cookie(desk: Desk, rule: str) -> Caller | None:
    """What only a device may ask is asked by a browser that holds its cookie."""
    kind = next(
        (
            k
            for word, k in (("/agent/", "kiosk"), ("/button/", "button"), ("/tablet", "tablet"))
            if word in rule
        ),
        None,
    )
    return Caller(desk.app, device=(kind, getattr(desk.place, kind).token)) if kind else None


def valid(endpoint: str) -> dict[str, object]:
    """A body that fits its shape, so that the origin alone decides."""
    return {
        "api_tickets.issue": {"line": 1},
        "api_tickets.move": {"move": "start"},
        "api_dossiers.receive": {"procedure": "1.002809", "applicant": {}},
        "api_dossiers.preview": {"procedure": "1.002809"},
        "api_dossiers.move": {"move": "finish"},
        "api_counters.state": {"state": "open"},
        "api_tablets.rate": {"ticket": 1, "score": 3},
        "api_public.holder_move": {"move": "cancel"},
        "api_public.rate": {"score": 3},
        "api_contacts.subscribe": {"channel": "sms", "address": "0"},
        "api_agent.agent_sync": {"version": "1"},
        "api_agent.agent_tickets": {"tickets": [OFFLINE_TICKET]},
    }.get(endpoint, {})


def test_our_own_pages_and_scripts_are_heard(sqlite_desk: Desk) -> None:
    path, body = "/api/v1/tickets", {"line": sqlite_desk.place.justice.id}
    officer, kiosk = sqlite_desk.who("officer"), sqlite_desk.who("kiosk")
    assert officer.post(path, body, Origin="http://localhost").status_code == 201
    assert officer.post(path, body, **{"Sec-Fetch-Site": "same-origin"}).status_code == 201
    assert officer.post(path, body).status_code == 201
    assert kiosk.post(path, body, Origin="https://anywhere.example").status_code == 201, (
        "a bearer token is no cookie"
    )


def test_another_offices_things_are_not_there(sqlite_desk: Desk) -> None:
    desk, place = sqlite_desk, sqlite_desk.place
    desk.app.config["WTF_CSRF_ENABLED"] = False
    code = desk.receive()["code"]
    stranger = Caller(desk.app, session=place.sessions["other_admin"])
    names = {
        "counter": place.counter.id, "counter_id": place.counter.id, "line": place.justice.id, "user": place.officer.id,
        "device": place.kiosk.id, "code": code,
    }  # fmt: skip
    before = contents()
    tried = 0
    for endpoint, _, method, rule in routes(desk.app):
        if any(f"{name}>" in rule for name in names) and "/api/" not in rule and "lookup" not in rule:
            form = b"title=X&name=X&number=9&prefix=X&area=main&display_name=X&role=admin&active=yes&open=yes"
            response = stranger.post(
                address(rule, names), form if method == "POST" else None, method=method,
                Content_Type="application/x-www-form-urlencoded",
            )  # fmt: skip
            assert response.status_code in {403, 404}, (endpoint, response.status)
            tried += 1
    assert tried >= 11
    assert contents() == before
