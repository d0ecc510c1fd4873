"""The live channel on a running server: who hears what, from which worker, and who is shown out."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from kiosk.realtime.hub import MOST_STRANGERS
from tests.live.conftest import Listener, Server, running, until

Listen = Callable[..., Listener]
BOARD = "board:demo:main"
SHOWN_OUT_SECONDS = 5


def test_only_websockets_are_spoken(server: Server) -> None:
    refused = requests.get(f"{server.url}/socket.io/?EIO=4&transport=polling", timeout=10)
    assert refused.status_code == 400
    with pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(
            server.url, auth={"token": server.place.board.token}, transports=["polling"], namespaces=["/live"]
        )


def test_a_board_gets_the_present_and_then_the_facts(server: Server, listen: Listen) -> None:
    board = listen(server, token=server.place.board.token)
    assert board.join(BOARD) == {"ok": True, "room": BOARD}
    snapshot = board.snapshot()
    assert {"seq", "at", "office", "calls", "waiting", "wait_minutes", "counters_open", "room"} <= set(
        snapshot
    )
    issued = server.issue()
    board.event("ticket.issued", ticket=issued["id"])
    until(lambda: [n["waiting"] for name, n in board.heard if name == "figures"] == [snapshot["waiting"] + 1])
    called = server.call()
    fact = board.event("ticket.called", ticket=called["id"])
    shown = {"label": called["label"], "counter_number": 1, "room": BOARD, "department_title": "Hộ tịch"}
    assert shown.items() <= fact.items()
    assert fact["seq"] > snapshot["seq"]
    assert fact["at"].endswith("+00:00")
    assert not {"name", "token", "check_code", "follow_url"} & set(fact)


def test_seen_brings_exactly_what_was_missed(server: Server, listen: Listen) -> None:
    first = listen(server, token=server.place.board.token)
    first.join(BOARD)
    seq = first.snapshot()["seq"]
    for _ in range(3):
        server.issue()
        server.call()
    until(lambda: sum(e["kind"] == "ticket.called" for e in first.events()) == 3)
    expected = [e["seq"] for e in first.events()]
    assert expected == sorted(expected)
    assert expected[0] == seq + 1
    late = listen(server, token=server.place.board.token)
    assert late.join(BOARD, seen=seq)["ok"]
    until(lambda: len(late.events()) >= len(expected))
    assert [e["seq"] for e in late.events()] == expected
    assert not [name for name, _ in late.heard if name == "snapshot"]
    after = listen(server, token=server.place.board.token)
    after.join(BOARD, seen=expected[-1])
    server.issue()
    assert [after.event("ticket.issued")["seq"]] == [e["seq"] for e in after.events()]


def test_a_seen_from_another_life_brings_a_snapshot(server: Server, listen: Listen) -> None:
    board = listen(server, token=server.place.board.token)
    assert board.join(BOARD, seen=10**9)["ok"]
    assert board.snapshot()["seq"] < 10**9


def test_both_workers_serve_boards(server: Server, listen: Listen) -> None:
    boards = [listen(server, token=server.place.board.token) for _ in range(6)]
    while not all(server.sockets_of(worker) >= 1 for worker in server.workers()):
        boards.append(listen(server, token=server.place.board.token))
        assert len(boards) < 40, "one worker takes all sockets"
    assert len(server.workers()) == 2
    for board in boards:
        assert board.join(BOARD)["ok"]
    server.issue()
    called = server.call()
    for board in boards:
        assert board.event("ticket.called", ticket=called["id"])["label"] == called["label"]


def test_a_console_hears_of_its_own_lines(server: Server, listen: Listen) -> None:
    room = f"counter:{server.place.counter.id}"
    console = listen(server, session=server.place.sessions["officer"])
    assert console.join(room)["ok"]
    issued = server.issue()
    assert console.event("ticket.issued", ticket=issued["id"])["room"] == room


def refusal(answer: dict[str, Any]) -> str:
    assert answer["ok"] is False
    assert answer["error"]["message"]
    return answer["error"]["code"]


def test_rooms_are_opened_by_the_server_alone(server: Server, listen: Listen) -> None:
    place = server.place
    board = listen(server, token=place.board.token)
    officer = listen(server, session=place.sessions["officer"])
    manager = listen(server, session=place.sessions["manager"])
    assert refusal(board.join("board:khac:main")) == "foreign_office"
    assert refusal(board.join("ops:demo")) == "not_allowed"
    assert refusal(board.join(f"counter:{place.counter.id}")) == "not_your_counter"
    assert refusal(officer.join(f"counter:{place.second.id}")) == "not_your_counter"
    assert refusal(officer.join("ops:demo")) == "not_allowed"
    assert refusal(manager.join("ops:khac")) == "foreign_office"
    assert refusal(manager.join(f"counter:{place.other_counter.id}")) == "unknown_counter"
    assert manager.join("ops:demo")["ok"]
    odd = ["", "board", "board:nowhere:main", "staff:1", "counter:x", "counter:" + "9" * 30, "counter:" + "9" * 5_000,
           "ticket:", "ticket:\x00", "board:demo:" + "x" * 5_000, 7, None, ["board"], {"a": 1}]  # fmt: skip
    for room in odd:
        assert refusal(manager.join(room)) in {
            "unknown_room",
            "unknown_office",
            "unknown_ticket",
            "unknown_counter",
        }, room
    for seen in ("8", 1.5, [], True):
        assert refusal(manager.join(BOARD, seen=seen)) == "unknown_room"
    server.issue("other_kiosk")
    server.issue()
    manager.event("ticket.issued")
    assert {e["room"] for e in manager.events()} == {"ops:demo"}
    assert board.events() == []


def test_a_stranger_follows_only_its_own_ticket(server: Server, listen: Listen) -> None:
    while server.call():
        pass
    mine, other = server.issue(), server.issue()
    token = mine["follow_url"].rsplit("/", 1)[1]
    phone = listen(server)
    assert refusal(phone.join(BOARD)) == "not_allowed"
    assert refusal(phone.join(f"ticket:{mine['id']}")) == "unknown_ticket"
    assert refusal(phone.join(f"counter:{server.place.counter.id}")) == "not_allowed"
    assert phone.join(f"ticket:{token}")["ok"]
    assert phone.snapshot()["label"] == mine["label"]
    assert server.call()["id"] == mine["id"]
    assert server.call()["id"] == other["id"]
    phone.event("ticket.finished", ticket=mine["id"])
    assert {e["ticket"] for e in phone.events()} == {mine["id"]}


@pytest.mark.parametrize("auth", [{"token": "guessed"}, {"token": ""}, {"token": "ự"}])
def test_an_unknown_token_is_refused(server: Server, auth: dict[str, str]) -> None:
    with pytest.raises(ConnectionRefusedError, match="token_unknown"):
        Listener(server.url, **auth)


def test_an_unknown_session_is_refused(server: Server) -> None:
    with pytest.raises(ConnectionRefusedError, match="session_unknown"):
        Listener(server.url, session="guessed")


def test_only_a_few_strangers_hold_a_socket(server: Server, listen: Listen) -> None:
    def a_crowd() -> None:
        for _ in range(2 * MOST_STRANGERS + 1):
            listen(server)

    with pytest.raises(ConnectionRefusedError):
        a_crowd()


def test_a_foreign_page_is_refused(server: Server) -> None:
    client = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            server.url,
            headers={
                "Origin": "https://evil.example",
                "Cookie": f"kiosk_session={server.place.sessions['admin']}",
            },
            transports=["websocket"],
            namespaces=["/live"],
        )


def gone_in_time(listener: Listener, since: float) -> None:
    until(lambda: listener.gone, SHOWN_OUT_SECONDS + 5)
    assert time.monotonic() - since <= SHOWN_OUT_SECONDS
    assert ("dismissed", {"reason": "session_ended"}) in listener.heard


def test_a_socket_ends_with_its_sign_in(server: Server, listen: Listen) -> None:
    with requests.Session() as session:
        signed_in = session.post(
            f"{server.url}/api/v1/session",
            json={"username": "quan-ly", "password": "một-cửa-mở-7h30"},
            timeout=10,
        )
        assert signed_in.status_code == 200
        manager = listen(server, session=session.cookies["kiosk_session"])
        assert manager.join("ops:demo")["ok"]
        since = time.monotonic()
        assert session.delete(f"{server.url}/api/v1/session", timeout=10).status_code == 204
    gone_in_time(manager, since)


def test_a_socket_ends_with_its_rights(server: Server, listen: Listen) -> None:
    officer = listen(server, session=server.place.sessions["colleague"])
    assert officer.join(f"counter:{server.place.second.id}")["ok"]
    with requests.Session() as session:
        token = signed_form(session, server, "admin", "/admin/users")
        since = time.monotonic()
        fields = {"csrf_token": token, "display_name": "Trần Quang Minh", "role": "officer"}
        path = f"/admin/users/{server.place.colleague.id}"
        assert session.post(f"{server.url}{path}", data=fields, timeout=10).status_code == 200
    gone_in_time(officer, since)
    again = listen(server, session=server.place.sessions["colleague"])
    assert refusal(again.join(f"counter:{server.place.second.id}")) == "not_your_counter"


def signed_form(session: requests.Session, server: Server, who: str, path: str) -> str:
    """The token of a page's forms."""
    session.cookies["kiosk_session"] = server.place.sessions[who]
    page = session.get(f"{server.url}{path}", timeout=10).text
    return page.split('name="csrf_token"', 1)[1].split('value="', 1)[1].split('"', 1)[0]


def test_a_socket_ends_with_its_device(server: Server, listen: Listen) -> None:
    board = listen(server, token=server.place.other_kiosk.token)
    assert board.join("board:khac:main")["ok"]
    with requests.Session() as session:
        token = signed_form(session, server, "other_admin", "/admin/devices")
        since = time.monotonic()
        path = f"/admin/devices/{server.place.other_kiosk.id}/revoke"
        revoked = session.post(f"{server.url}{path}", data={"csrf_token": token}, timeout=10)
        assert revoked.status_code == 200, revoked.text
    gone_in_time(board, since)


@pytest.mark.postgres
def test_on_postgresql_both_workers_hear_each_other(
    postgres_url: str, data_dir: Path, listen: Listen
) -> None:
    with running(postgres_url, data_dir) as server:
        boards = [listen(server, token=server.place.board.token) for _ in range(8)]
        for board in boards:
            assert board.join(BOARD)["ok"]
        server.issue()
        called = server.call()
        for board in boards:
            assert board.event("ticket.called", ticket=called["id"])["counter_number"] == 1
            board.close()
