"""The lightest client there is: keep-alive HTTP on bare sockets, all of them in one thread.

The clients share two cores with the server they measure; a comfortable library would take half of it for itself.
"""

from __future__ import annotations

import json
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PATIENCE_SECONDS = 30.0
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back, and how long after the first byte was sent."""

    status: int
    body: bytes
    seconds: float
    etag: str = ""

    def json(self) -> Any:
        """The body; an empty one is None."""
        return json.loads(self.body) if self.body else None


def expect(answer: Answer, status: int) -> None:
    """Raises RuntimeError for any other status, with what the server said."""
    if answer.status != status:
        raise RuntimeError(
            f"the server answered {answer.status}: {answer.body[:300].decode(errors='replace')}"
        )


def post(path: str, body: dict[str, Any], headers: dict[str, str]) -> bytes:
    """A POST with a JSON body, ready to send."""
    return request("POST", path, json.dumps(body).encode(), headers)


def request(method: str, path: str, content: bytes, headers: dict[str, str]) -> bytes:
    """A request with a body as it is, ready to send; JSON unless the headers say otherwise."""
    given = {"Content-Type": "application/json", **headers, "Content-Length": str(len(content))}
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in given.items()]
    return "\r\n".join(lines).encode() + END_OF_HEAD + content


def get(path: str, headers: dict[str, str]) -> bytes:
    """A GET, ready to send."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + END_OF_HEAD


class Wire:
    """One keep-alive connection with at most one request under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = self._open()
        self._read = bytearray()
        self._began = 0.0

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE_SECONDS)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def send(self, request: bytes) -> None:
        """Begin a request."""
        self._began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> Answer | None:
        """Read what has arrived; the answer once it is whole. Raises ConnectionError when the server hung up."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the server closed the connection")
        self._read += part
        end = self._read.find(END_OF_HEAD)
        if end < 0:
            return None
        head = bytes(self._read[:end]).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:])
        whole = end + 4 + int(headers.get("content-length", 0))
        if len(self._read) < whole:
            return None
        answer = Answer(
            int(head[0].split(" ")[1]),
            bytes(self._read[end + 4 : whole]),
            time.perf_counter() - self._began,
            headers.get("etag", ""),
        )
        self._read.clear()
        if headers.get("connection") == "close":
            self.close()
            self.socket = self._open()
        return answer

    def ask(self, request: bytes) -> Answer:
        """Send and wait."""
        self.send(request)
        while (answer := self.receive()) is None:
            pass
        return answer

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


@dataclass
class Run:
    """What a crowd of clients measured."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second over the whole run."""
        return len(self.answers) / self.seconds


def crowd(
    port: int,
    clients: int,
    total: int,
    request: Callable[[int, int], bytes],
    progress: Callable[[int], None] = lambda done: None,
) -> Run:
    """Let `clients` send `total` requests, each its next as soon as it has its answer.

    `request` makes the bytes for a client and the running number of the request. Raises TimeoutError.
    """
    wires = [Wire(port) for _ in range(clients)]
    run = Run()
    began = time.perf_counter()
    with selectors.DefaultSelector() as waiting:
        for sent, wire in enumerate(wires[:total]):
            wire.send(request(sent, sent))
            waiting.register(wire.socket, selectors.EVENT_READ, (sent, wire))
        sent = min(clients, total)
        while len(run.answers) < total:
            ready = waiting.select(PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError("the server does not answer")
            for key, _ in ready:
                client, wire = key.data
                if (answer := wire.receive()) is None:
                    continue
                run.answers.append(answer)
                if wire.socket is not key.fileobj:
                    waiting.unregister(key.fileobj)
                    waiting.register(wire.socket, selectors.EVENT_READ, key.data)
                if sent < total:
                    wire.send(request(client, sent))
                    sent += 1
            progress(len(run.answers))
    run.seconds = time.perf_counter() - began
    for wire in wires:
        wire.close()
    return run


def milliseconds(seconds: list[float], share: float) -> float:
    """The time within which that share of the measurements lies (nearest rank), in milliseconds."""
    ordered = sorted(seconds)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 2)
