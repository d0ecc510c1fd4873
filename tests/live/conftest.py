"""A real server, two workers of gunicorn, and listeners on its live channel."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition
from typing import Any

import psutil
import pytest
import requests
import socketio

from tests.api.desk import Place, build
from tests.conftest import opened

NAMESPACE = "/live"
READY_SECONDS = 60
PATIENCE = 10
"""Seconds until a test gives up waiting; nothing here is a promise about speed."""


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What the condition gives once it gives something; AssertionError when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


@dataclass
class Server:
    """The running server and the place it serves."""

    url: str
    place: Place
    process: subprocess.Popen[bytes]
    sessions: list[requests.Session] = field(default_factory=list)

    def workers(self) -> list[psutil.Process]:
        """gunicorn's children."""
        return psutil.Process(self.process.pid).children()

    def sockets_of(self, worker: psutil.Process) -> int:
        """How many connections a worker holds on our port."""
        port = int(self.url.rsplit(":", 1)[1])
        held = worker.net_connections("tcp")
        return sum(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == port for each in held)

    def post(self, who: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        """A change, by cookie for staff and by token for devices; with a key it may be asked for again."""
        headers, cookies = {"Idempotency-Key": key} if key else {}, {}
        if who in self.place.sessions:
            cookies["kiosk_session"] = self.place.sessions[who]
        else:
            headers["Authorization"] = f"Bearer {getattr(self.place, who).token}"
        with requests.Session() as session:
            answer = session.post(
                f"{self.url}/api/v1{path}",
                json=body or {},
                headers=headers,
                cookies=cookies,
                timeout=PATIENCE,
            )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def issue(self, who: str = "kiosk", line: Any = None) -> dict[str, Any]:
        """A number."""
        line = line or (self.place.justice if who == "kiosk" else self.place.other_line)
        return self.post(who, "/tickets", {"line": line.id})

    def call(self, who: str = "officer") -> dict[str, Any]:
        """The next number at the first counter; the visit before it ends."""
        return self.post(who, f"/counters/{self.place.counter.id}/next", {"finish": True})


class Listener:
    """A Socket.IO client that keeps what it hears."""

    def __init__(self, url: str, *, session: str = "", **auth: Any) -> None:
        self.heard: list[tuple[str, Any]] = []
        self.gone = False
        self.refusal = ""
        self._news = Condition()
        self.client = socketio.Client(reconnection=False)
        self.client.on("*", self._keep, namespace=NAMESPACE)
        self.client.on("disconnect", self._leave, namespace=NAMESPACE)
        self.client.on("connect_error", self._note_refusal, namespace=NAMESPACE)
        headers = {"Cookie": f"kiosk_session={session}"} if session else {}
        try:
            self.client.connect(
                url,
                headers=headers,
                auth=auth or None,
                transports=["websocket"],
                namespaces=[NAMESPACE],
                wait_timeout=PATIENCE,
            )
        except socketio.exceptions.ConnectionError as error:
            raise ConnectionRefusedError(self.refusal) from error

    def _keep(self, name: str, payload: Any = None) -> None:
        with self._news:
            self.heard.append((name, payload))

    def _note_refusal(self, data: Any) -> None:
        self.refusal = data["message"] if isinstance(data, dict) else str(data)

    def _leave(self, *_reason: Any) -> None:
        self.gone = True

    def join(self, room: str, seen: Any = None) -> dict[str, Any]:
        """What the server says to the wish to enter a room."""
        return self.client.call("join", {"room": room, "seen": seen}, namespace=NAMESPACE, timeout=PATIENCE)

    def snapshot(self) -> dict[str, Any]:
        """The first snapshot heard."""
        return until(lambda: next((payload for name, payload in self.heard if name == "snapshot"), None))

    def events(self) -> list[dict[str, Any]]:
        """Facts heard so far."""
        return [payload for name, payload in self.heard if name == "event"]

    def event(self, kind: str, **facts: Any) -> dict[str, Any]:
        """The first fact of that kind, waited for."""
        return until(
            lambda: next((e for e in self.events() if e["kind"] == kind and facts.items() <= e.items()), None)
        )

    def close(self) -> None:
        """Hang up."""
        self.client.disconnect()
        self.client.eio.wait()


@contextmanager
def running(url: str, data: Path) -> Iterator[Server]:
    """`kiosk serve` with two workers over a built place."""
    with opened(url, data):
        place = build(datetime.now(UTC))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "KIOSK_DATA": str(data),
        "KIOSK_DATABASE": url if url.startswith("postgres") else "",
        "KIOSK_BIND": f"127.0.0.1:{port}",
        "KIOSK_WORKERS": "2",
        "KIOSK_THREADS": "60",
        "KIOSK_LOG_LEVEL": "WARNING",
    }
    log = (data / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "serve"],
        env=environment,
        cwd=data,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    server = Server(f"http://127.0.0.1:{port}", place, process)
    try:
        until(lambda: process.poll() is None and answers(server.url), READY_SECONDS)
        until(lambda: len(server.workers()) == 2, READY_SECONDS)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
        log.close()


def answers(url: str) -> bool:
    """Whether the server is there."""
    try:
        return requests.get(f"{url}/health", timeout=2).status_code == 200
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def server(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over SQLite, shared by a file of tests."""
    data = tmp_path_factory.mktemp("live")
    shutil.copyfile(migrated_sqlite, data / "kiosk.db")
    with running(f"sqlite:///{data / 'kiosk.db'}", data) as started:
        yield started


@pytest.fixture
def listen() -> Iterator[Callable[..., Listener]]:
    """`listen(server, token=…)`: listeners that hang up after the test."""
    made: list[Listener] = []

    def connect(server: Server, **who: Any) -> Listener:
        made.append(Listener(server.url, **who))
        return made[-1]

    yield connect
    for listener in made:
        listener.close()
