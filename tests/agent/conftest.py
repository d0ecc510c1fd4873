"""A kiosk PC whose agent can be killed at any moment, and a server that can be away."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.agent.front import create_front
from kiosk.agent.pairing import pair
from kiosk.agent.run import Agent
from kiosk.agent.store import Store
from tests.agent.fake_server import FakeServer

HOST = "127.0.0.1:7180"


class Machine:
    """The kiosk PC: its folder outlives its agent."""

    def __init__(self, folder: Path, server: FakeServer) -> None:
        self.folder = folder
        self.server = server
        self.agent: Agent | None = None
        self.page: FlaskClient | None = None

    def start(self) -> Machine:
        """Start the agent's parts; its threads are run by hand so that each test decides what happens when."""
        store = Store(self.folder)
        if store.fact("token") is None:
            pair(store, self.server.url, self.server.code)
        self.agent = Agent(store, self.server.url, store.fact("token"))
        hosts = frozenset({HOST})
        self.page = create_front(self.agent.link, self.agent.printer, self.agent.presses, hosts).test_client()
        return self

    def kill(self) -> None:
        """End as by kill -9: nothing is said to anybody, only the disk remembers."""
        if self.agent is not None:
            self.agent.link.store.close()
            self.agent = self.page = None

    def sync(self) -> None:
        """One round to the server."""
        assert self.agent is not None
        self.agent.sync.round()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Look into the agent's memory."""
        assert self.agent is not None
        return [dict(row) for row in self.agent.link.store.rows(query)]

    def press(self, key: str | None = None, **wish: Any) -> Any:
        """Press for a number; returns the response."""
        assert self.page is not None
        body = json.dumps({"office": "demo", "language": "vi", **(wish or {"line": 1})})
        headers = {
            "Host": HOST,
            "Idempotency-Key": key or secrets.token_hex(16),
            "Content-Type": "application/json",
        }
        return self.page.post("/api/v1/tickets", data=body, headers=headers)

    def pair(self, code: str) -> Any:
        """Type a pairing code at the machine."""
        assert self.page is not None
        return self.page.post("/api/v1/devices/pair", json={"code": code}, headers={"Host": HOST})

    def get(self, path: str, **headers: str) -> Any:
        """Ask the local address."""
        assert self.page is not None
        return self.page.get(path, headers={"Host": HOST, **headers})


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server that is there, for now."""
    running = FakeServer().start()
    yield running
    running.mode = "fine"
    running.stop()


@pytest.fixture
def machine(server: FakeServer, tmp_path: Path) -> Iterator[Machine]:
    """A paired kiosk that has been online: page, menu and numbers are here."""
    one = Machine(tmp_path / "agent", server).start()
    one.sync()
    one.get("/api/v1/kiosk/menu")
    yield one
    one.kill()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hanging server costs a tenth of a second, not three."""
    monkeypatch.setattr("kiosk.agent.server.CONNECT_SECONDS", 0.2)
    for place in (
        "kiosk.agent.link.ANSWER_SECONDS",
        "kiosk.agent.sync.ANSWER_SECONDS",
        "kiosk.agent.sync.BULK_SECONDS",
    ):
        monkeypatch.setattr(place, 0.2)


Press = Callable[..., Any]
