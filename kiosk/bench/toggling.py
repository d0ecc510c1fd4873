"""A plugin switched off and on, and right after each answer every server process is asked what it offers."""

from __future__ import annotations

import selectors
from typing import Any

from kiosk.bench.place import Place
from kiosk.bench.processes import family, holders
from kiosk.bench.wire import PATIENCE_SECONDS, Answer, Wire, expect, get, milliseconds, post

PLUGIN = "transport"
EACH = 2
"""Connections to each server process."""
MOST_WIRES = 64


class Crew:
    """Keep-alive connections of which the kernel says that every server process holds some."""

    def __init__(self, place: Place) -> None:
        self._port = place.port
        self.servers = set(family(place.stack.pid("serve"))[1:])
        self.wires: list[Wire] = []
        while not self._enough():
            if len(self.wires) == MOST_WIRES:
                raise RuntimeError("a server process takes no connection")
            wire = Wire(self._port)
            expect(wire.ask(get("/health", {})), 200)
            self.wires.append(wire)

    def _enough(self) -> bool:
        held = list(self.holders().values())
        return all(held.count(pid) >= EACH for pid in self.servers)

    def holders(self) -> dict[int, int]:
        """The process behind each connection, by the connection's own port."""
        ours = {wire.socket.getsockname()[1] for wire in self.wires}
        return {at: pid for at, pid in holders(self.servers, self._port).items() if at in ours}

    def ask(self, request: bytes) -> list[Answer]:
        """The same question on every connection at once. Raises TimeoutError."""
        answers: list[Answer] = []
        with selectors.DefaultSelector() as waiting:
            for wire in self.wires:
                waiting.register(wire.socket, selectors.EVENT_READ, wire)
                wire.send(request)
            while len(answers) < len(self.wires):
                ready = waiting.select(PATIENCE_SECONDS)
                if not ready:
                    raise TimeoutError("the server does not answer")
                for key, _ in ready:
                    if (answer := key.data.receive()) is not None:
                        waiting.unregister(key.fileobj)
                        expect(answer, 200)
                        answers.append(answer)
        return answers

    def close(self) -> None:
        """Hang up."""
        for wire in self.wires:
            wire.close()


def measure(place: Place, times: int, progress: Any) -> dict[str, Any]:
    """Switch off and on so many times each: stale answers, and toggles after which a process was not asked."""
    admin = {"Cookie": f"kiosk_session={place.admin}"}
    kiosk = {"Authorization": f"Bearer {place.kiosks[0]}"}
    questions = [get("/api/v1/departments", kiosk), get("/api/v1/kiosk/menu", kiosk)]
    crew = Crew(place)
    took, answers, stale, unasked = [], 0, 0, 0
    for n in range(2 * times):
        on = n % 2 == 1
        path = f"/api/v1/plugins/{PLUGIN}/{'enable' if on else 'disable'}"
        switched = crew.wires[(n // 2) % len(crew.wires)].ask(post(path, {}, admin))
        expect(switched, 200)
        took.append(switched.seconds)
        for question in questions:
            said = [_offers(answer) for answer in crew.ask(question)]
            answers += len(said)
            stale += said.count(not on)
        unasked += set(crew.holders().values()) != crew.servers
        progress("plugins, switched off and on", n + 1, 2 * times)
    connections = len(crew.wires)
    crew.close()
    return {
        "toggles": 2 * times,
        "toggle_answers": answers,
        "stale": stale,
        "toggles_unasked": unasked,
        "toggle_processes": len(crew.servers),
        "toggle_connections": connections,
        "toggle_p50_ms": milliseconds(took, 0.5),
    }


def _offers(answer: Answer) -> bool:
    body = answer.json()
    departments = body["departments"] if isinstance(body, dict) else body
    return any(each["key"] == PLUGIN for each in departments)
