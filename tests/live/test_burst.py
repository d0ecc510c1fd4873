"""A server process dies in the middle of a burst of calls: no call is lost, doubled or shown out of order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from tests.live.conftest import PATIENCE, Listener, Server, running, until

Listen = Callable[..., Listener]
BOARD = "board:demo:main"
CALLS = 16
KILL_AFTER = 5


@pytest.fixture
def hall(database_url: str, data_dir: Path) -> Iterator[Server]:
    """A server of its own on either database: one of its processes will be killed."""
    with running(database_url, data_dir) as started:
        yield started


@pytest.mark.faults
def test_a_process_killed_in_a_burst_of_calls(hall: Server, listen: Listen) -> None:
    screens = [Screen(hall, listen) for _ in range(6)]
    while not all(hall.sockets_of(worker) >= 1 for worker in hall.workers()):
        screens.append(Screen(hall, listen))
        assert len(screens) < 40, "one process takes all sockets"
    for number in range(CALLS):
        insist(hall, "kiosk", "/tickets", {"line": hall.place.justice.id}, f"number-{number}")

    called: list[int] = []
    officer = threading.Thread(target=call_all, args=(hall, called))
    officer.start()
    until(lambda: len(called) >= KILL_AFTER)
    victim = max(hall.workers(), key=hall.sockets_of)
    os.kill(victim.pid, signal.SIGKILL)
    until(lambda: any(screen.listener.gone for screen in screens))
    officer.join(timeout=60)

    assert len(set(called)) == len(called) == CALLS
    for screen in screens:
        screen.come_back()
        until(lambda screen=screen: len(screen.calls()) >= CALLS)
        assert screen.calls() == called
    assert [screen for screen in screens if screen.returned], "the kill met no screen"


class Screen:
    """A board that comes back by itself and says what it saw last, as the page does."""

    def __init__(self, hall: Server, listen: Listen) -> None:
        self._hall, self._listen = hall, listen
        self._before: list[dict[str, Any]] = []
        self.returned = False
        self.listener = listen(hall, token=hall.place.board.token)
        assert self.listener.join(BOARD)["ok"]
        self._seen = self.listener.snapshot()["seq"]

    def come_back(self) -> None:
        """Connect anew if the process behind it died, and ask for what was missed."""
        if not self.listener.gone:
            return
        self._before = self.listener.events()
        seen = max([self._seen, *(event["seq"] for event in self._before)])
        self.listener = until(self._connected)
        assert self.listener.join(BOARD, seen=seen)["ok"]
        self.returned = True

    def _connected(self) -> Listener | None:
        try:
            return self._listen(self._hall, token=self._hall.place.board.token)
        except (ConnectionRefusedError, socketio.exceptions.ConnectionError):
            return None

    def calls(self) -> list[int]:
        """The tickets called, in the order in which this screen heard of them."""
        events = [*self._before, *self.listener.events()]
        return [event["ticket"] for event in events if event["kind"] == "ticket.called"]


def call_all(hall: Server, called: list[int]) -> None:
    """One officer who presses again until somebody answers."""
    path = f"/counters/{hall.place.counter.id}/next"
    presses = (insist(hall, "officer", path, {"finish": True}, f"press-{n}") for n in range(CALLS))
    called.extend(ticket["id"] for ticket in presses)  # one after the other: a generator


def insist(hall: Server, who: str, path: str, body: dict[str, Any], key: str) -> Any:
    """A change asked for with one key until it is answered."""
    deadline = time.monotonic() + PATIENCE * 3
    while time.monotonic() < deadline:
        try:
            return hall.post(who, path, body, key)
        except requests.RequestException:
            time.sleep(0.05)
    raise AssertionError("nobody answered")
