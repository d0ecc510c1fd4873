"""Kiosks and counters under load, as a program of its own that imports nothing of the product.

Reads its orders as JSON from the first line of standard input and works until standard input ends. Everything it
asked and heard goes to the history file, a JSON line each: `invoke`, then `ok` (with the answer), `fail` (a clear
refusal) or `unknown` (nobody answered: it may or may not have happened).
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

PATIENCE = 30.0
"""Seconds without an answer after which nobody can tell what happened."""
GIVES_UP = 0.3
"""How often a client leaves it at not knowing instead of asking again with the same key."""


class Line:
    """One client's connection, opened again when it broke."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._headers = {"Content-Type": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._link: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any, dict[str, str]]:
        """Status, JSON body and headers of the answer. OSError or HTTPException when there is none."""
        link = self._link or http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        self._link = None  # kept only after a good answer
        try:
            headers = {**self._headers, **({"Idempotency-Key": key} if key else {})}
            link.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = link.getresponse()
            text = response.read()
        except BaseException:
            link.close()
            raise
        self._link = link
        return response.status, json.loads(text) if text else None, dict(response.getheaders())

    def sign_in(self, username: str, password: str) -> None:
        """Be this member of staff from now on."""
        status, _, headers = self.ask("POST", "/api/v1/session", {"username": username, "password": password})
        if status != 200:
            raise RuntimeError(f"sign-in answered {status}")
        self._headers["Cookie"] = headers["Set-Cookie"].partition(";")[0]

    def close(self) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.close()
            self._link = None


class Recorder:
    """Writes the history, one whole line at a time."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._lock = threading.Lock()

    def write(self, phase: str, op: str, key: str, **facts: Any) -> None:
        """Add a line."""
        line = json.dumps({"phase": phase, "op": op, "key": key, "at": time.monotonic(), **facts})
        with self._lock:
            self._file.write(f"{line}\n")
            self._file.flush()


class Client(threading.Thread):
    """Asks the same thing over and over, each time with a new key, until it is told to stop."""

    def __init__(self, name: str, line: Line, path: str, body: Any, history: Recorder, seed: str) -> None:
        super().__init__(name=name)
        self._line, self._path, self._body, self._history = line, path, body, history
        self._dice = random.Random(seed)
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work."""
        number = 0
        while not self.stopping.is_set():
            number += 1
            key = f"{self.name}-{number}"
            while not self._try(key) and self._dice.random() > GIVES_UP and not self.stopping.is_set():
                time.sleep(0.01)
            self.stopping.wait(self._dice.uniform(0, 0.02))
        self._line.close()

    def _try(self, key: str) -> bool:
        op = self.name.partition("-")[0]
        self._history.write("invoke", op, key)
        try:
            status, answer, headers = self._line.ask("POST", self._path, self._body, key)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._history.write("unknown", op, key, why=type(error).__name__)
            return False
        replayed = headers.get("Idempotency-Replayed") == "true"
        self._history.write(
            "ok" if status < 300 else "fail", op, key, status=status, answer=answer, replayed=replayed
        )
        return True


def main() -> int:
    """Run until standard input ends."""
    orders = json.loads(sys.stdin.readline())
    with Path(orders["history"]).open("w", encoding="utf-8") as file:
        history = Recorder(file)
        clients = [
            Client(
                f"issue-{n}",
                Line(orders["port"], orders["token"]),
                "/api/v1/tickets",
                {"line": orders["line"]},
                history,
                f"{orders['seed']}-issue-{n}",
            )
            for n in range(orders["kiosks"])
        ]
        for n, officer in enumerate(orders["officers"]):
            line = Line(orders["port"])
            line.sign_in(officer["username"], officer["password"])
            path = f"/api/v1/counters/{officer['counter']}/next"
            clients.append(
                Client(f"call-{n}", line, path, {"finish": True}, history, f"{orders['seed']}-call-{n}")
            )
        for client in clients:
            client.start()
        sys.stdin.read()
        for client in clients:
            client.stopping.set()
        for client in clients:
            client.join()
    if any(name.partition(".")[0] == "kiosk" for name in sys.modules):
        sys.stderr.write("the recorder imported the product\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
