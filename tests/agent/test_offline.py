"""The server goes away, people come all the same: each gets a number, once, and the server hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kiosk import clock
from tests.agent.conftest import HOST, Machine
from tests.agent.fake_server import FakeServer


def test_online_the_servers_number_is_passed_on(machine: Machine, server: FakeServer) -> None:
    answer = machine.press(line=1)
    assert answer.status_code == 201
    assert answer.json["label"] == "T001"
    assert answer.json["people_ahead"] == 4
    assert machine.rows("SELECT * FROM ticket") == []
    assert "Set-Cookie" not in answer.headers


def test_a_cut_gives_numbers_of_the_lease_and_hands_them_in(machine: Machine, server: FakeServer) -> None:
    machine.press(line=1)
    server.stop()
    first, second = (
        machine.press(line=1),
        machine.press(procedure="lltp", department="justice", priority="elderly"),
    )
    assert [first.json["label"], second.json["label"]] == ["T901", "T902"]
    assert first.json["offline"] is True
    assert first.json["people_ahead"] is None
    assert first.json["wait_minutes"] is None
    assert first.json["id"] == "local-1"
    assert first.json["check_code"] == "C901"
    assert second.json["procedure"]["name"] == "Thủ tục lltp"
    assert second.json["priority"] == "elderly"
    assert server.tickets[1:] == []
    server.start()
    machine.sync()
    assert [(t["number"], t["offline"]) for t in server.tickets] == [(1, False), (901, True), (902, True)]
    assert [t["priority"] for t in server.tickets[1:]] == ["normal", "elderly"]
    assert machine.press(line=1).json["label"] == "T002"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("mode", ["refuse", "hang", "lose_request", "lose_answer", "portal"])
def test_every_way_of_being_away_gives_one_number(machine: Machine, server: FakeServer, mode: str) -> None:
    server.mode = mode
    answer = machine.press("one-wish-one-key", line=3)
    assert answer.json["label"] == "D901"
    assert machine.press("one-wish-one-key", line=3).json == answer.json
    server.mode = "fine"
    machine.sync()
    assert [t["number"] for t in server.tickets if t["state"] == "waiting"] == [901]
    assert machine.press("one-wish-one-key", line=3).json == answer.json, "also when the server is back"
    machine.kill()
    machine.start()
    assert machine.press("one-wish-one-key", line=3).json == answer.json, "also after a restart"


def test_the_servers_answer_is_remembered_through_a_cut_and_a_restart(
    machine: Machine, server: FakeServer
) -> None:
    answer = machine.press("the-answer-never-reached-the-page", line=1).json
    server.stop()
    machine.kill()
    machine.start()
    assert machine.press("the-answer-never-reached-the-page", line=1).json == answer
    assert machine.rows("SELECT * FROM ticket") == []


def test_a_key_for_another_wish_is_refused(machine: Machine, server: FakeServer) -> None:
    server.stop()
    machine.press("one-wish-one-key", line=1)
    answer = machine.press("one-wish-one-key", line=2)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "idempotency_key_reused")


def test_the_menu_during_a_cut(machine: Machine, server: FakeServer) -> None:
    before = machine.get("/api/v1/kiosk/menu")
    assert before.json["offline"] is False
    assert machine.get("/api/v1/kiosk/menu", **{"If-None-Match": before.headers["ETag"]}).status_code == 304
    server.stop()
    menu = machine.get("/api/v1/kiosk/menu", **{"If-None-Match": before.headers["ETag"]}).json
    assert menu["offline"] is True
    assert {card["line"]["waiting"] for card in menu["departments"]} == {None}
    assert all(card["line"]["open"] for card in menu["departments"])
    for _ in range(5):
        assert machine.press(line=1).status_code == 201
    menu = machine.get("/api/v1/kiosk/menu").json
    assert [card["line"]["open"] for card in menu["departments"]] == [False, True, True]
    answer = machine.press(line=1)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "no_numbers_today")
    assert answer.json["error"]["message"].startswith("Máy chủ")


def test_the_page_opens_without_the_server(machine: Machine, server: FakeServer) -> None:
    server.stop()
    machine.kill()
    machine.start()
    page = machine.get("/kiosk")
    assert page.status_code == 200
    assert '"offline":true' in page.text
    assert "stale" not in page.text
    for path in ("/static/css/kiosk-A1.css", "/static/js/kiosk-B2.js", "/static/fonts/letters.woff2"):
        assert machine.get(path).status_code == 200, path
    assert machine.get("/static/js/other.js").status_code == 404


def test_numbers_of_another_day_are_not_given(
    machine: Machine, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.stop()
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr("kiosk.clock.now", lambda: tomorrow)
    assert machine.press(line=1).json["error"]["code"] == "no_numbers_today"
    assert not any(card["line"]["open"] for card in machine.get("/api/v1/kiosk/menu").json["departments"])
    server.now = lambda: tomorrow
    server.start()
    machine.sync()
    assert {state for (_, day, _), state in server.leases.items() if day < server.day()} == {"free"}
    assert machine.rows("SELECT DISTINCT state, day FROM lease") == [{"state": "held", "day": server.day()}]


def test_a_clock_that_runs_backwards_gives_nothing(
    machine: Machine, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.stop()
    now = clock.now()
    monkeypatch.setattr("kiosk.clock.now", lambda: now)
    first = machine.press(line=1).json
    monkeypatch.setattr("kiosk.clock.now", lambda: now - timedelta(seconds=90))
    second = machine.press(line=1).json
    assert second["issued_at"] >= first["issued_at"], "a small step is waited out"
    monkeypatch.setattr("kiosk.clock.now", lambda: now - timedelta(minutes=6))
    assert machine.press(line=1).json["error"]["code"] == "kiosk_clock_wrong"


def test_a_wrong_clock_is_put_right_by_the_server(
    machine: Machine, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = clock.now
    monkeypatch.setattr("kiosk.clock.now", lambda: real() - timedelta(hours=9))
    machine.sync()
    server.stop()
    issued = datetime.fromisoformat(machine.press(line=1).json["issued_at"])
    assert abs(issued - real()) < timedelta(seconds=5)
    machine.kill()
    machine.start()
    again = datetime.fromisoformat(machine.press(line=1).json["issued_at"])
    assert abs(again - real()) < timedelta(seconds=5), "the correction survives a restart"


def test_a_revoked_kiosk_gives_nothing_and_keeps_what_it_gave(machine: Machine, server: FakeServer) -> None:
    server.stop()
    machine.press(line=1)
    server.revoked = True
    server.start()
    machine.sync()
    assert machine.get("/api/v1/kiosk/menu").status_code == 401
    server.stop()
    machine.kill()
    machine.start()
    answer = machine.press(line=1)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "token_revoked"), (
        "not even during a cut"
    )
    assert machine.get("/api/v1/kiosk/menu").status_code == 401
    assert machine.get("/kiosk").status_code == 200, "the page itself says so"
    server.code = "NEW34679"
    server.start()
    assert machine.pair("WRONG346").status_code == 401
    assert "pairing" in machine.get("/pair").text
    paired = machine.pair("NEW3 4679")
    assert paired.json == {"device": {"id": 7, "name": "Máy 07", "kind": "kiosk"}, "open": "/kiosk"}
    machine.sync()
    assert [t["number"] for t in server.tickets] == [901]
    assert machine.press(line=1).json["label"] == "T001"


def test_nobody_pairs_a_kiosk_that_is_paired(machine: Machine, server: FakeServer) -> None:
    server.code = "NEW34679"
    assert machine.pair("NEW34679").status_code == 404
    assert machine.get("/pair").location == "/kiosk"
    assert server.code == "NEW34679", "the server was not asked"


def test_a_number_given_while_the_lease_is_filled_up_stays_given(
    machine: Machine, server: FakeServer
) -> None:
    def press() -> None:
        server.mode = "refuse"
        assert machine.press(line=1).json["label"] == "T904"
        server.mode = "fine"

    server.stop()
    for label in ("T901", "T902", "T903"):
        assert machine.press(line=1).json["label"] == label
    server.start()
    server.before["/api/v1/agent/leases"] = press
    machine.sync()
    server.stop()
    assert machine.press(line=1).json["label"] == "T905"


def test_what_the_server_refuses_is_kept_and_reported(machine: Machine, server: FakeServer) -> None:
    server.stop()
    for _ in range(3):
        machine.press(line=1)
    server.refuse_numbers = {902}
    server.start()
    machine.sync()
    assert [t["number"] for t in server.tickets] == [901, 903]
    assert machine.rows("SELECT number, code FROM ticket WHERE state = 'refused'") == [
        {"number": 902, "code": "number_not_leased"}
    ]
    assert server.syncs[-1]["refused_tickets"] == 1
    assert server.syncs[-1]["waiting_tickets"] == 0


def test_a_server_that_leases_nothing_is_still_a_server(machine: Machine, server: FakeServer) -> None:
    server.leases.clear()
    server.lease_refused = True
    machine.sync()
    assert machine.press(line=1).json["label"] == "T001"


def test_where_a_department_has_several_lines_the_server_is_remembered(
    machine: Machine, server: FakeServer
) -> None:
    assert machine.press(procedure="chung-thuc", department="justice").json["line"]["id"] == 2
    server.stop()
    assert machine.press(procedure="chung-thuc", department="justice").json["label"] == "C901"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"line": 99}, "unknown_line"),
        ({"procedure": "none", "department": "land"}, "unknown_procedure"),
        ({"line": 1, "procedure": "gcn"}, "line_or_procedure"),
        ({"line": 1, "priority": "royal"}, "unknown_priority"),
        ({"line": 1, "dossiers": 0}, "dossiers_out_of_range"),
        ({"line": "1"}, "wrong_type"),
        ({"line": 1, "office": "another"}, "foreign_office"),
    ],
)
def test_a_wish_is_checked_as_the_server_would(
    machine: Machine, server: FakeServer, wish: dict, code: str
) -> None:
    server.stop()
    assert machine.press(**wish).json["error"]["code"] == code
    assert machine.rows("SELECT * FROM ticket") == []
    assert machine.press(line=1).json["label"] == "T901", "no number was lost on it"


def test_a_disk_put_back_from_an_old_copy_gives_no_number_again(machine: Machine, server: FakeServer) -> None:
    memory = machine.folder / "agent.db"
    machine.kill()
    copy = memory.read_bytes()
    machine.start()
    server.stop()
    assert machine.press(line=1).json["label"] == "T901"
    server.start()
    machine.sync()
    machine.kill()
    for left in machine.folder.glob("agent.db-*"):
        left.unlink()
    memory.write_bytes(copy)
    machine.start()
    machine.sync()
    server.stop()
    assert machine.press(line=1).json["label"] == "T902"


def test_the_code_on_the_screen_is_drawn_here(machine: Machine, server: FakeServer) -> None:
    server.stop()
    path = machine.press(line=1).json["follow_url"].removeprefix("https://motcua.example")
    assert "<svg" in machine.get(f"{path}/qr.svg").text
    assert machine.get("/t/%25/qr.svg").status_code == 404
    assert machine.get("/t/somebody-elses-token/qr.svg").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": HOST, "Origin": "http://evil.example"},
        {"Host": HOST, "Origin": "null"},
    ],
)
def test_only_this_machines_own_page_may_ask(machine: Machine, server: FakeServer, headers: dict) -> None:
    for answer in (
        machine.page.get("/api/v1/kiosk/menu", headers=headers),
        machine.page.post("/api/v1/tickets", data='{"line": 1}', headers=headers),
    ):
        assert (answer.status_code, answer.json["error"]["code"]) == (403, "foreign_origin")
    assert server.tickets == []


@pytest.mark.parametrize(
    "path", ["/admin", "/api/v1/lines", "/static/../agent.db", "/t/x", "/sign-in", "/metrics"]
)
def test_nothing_else_is_passed_on(machine: Machine, server: FakeServer, path: str) -> None:
    seen = len(server.asked)
    assert machine.get(path).status_code == 404
    assert len(server.asked) == seen or path.startswith("/static")
