"""The services outside, on this machine: an HTTP service with a script of answers, and a mail server."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {key: values[0] for key, values in parse_qs(self.body.decode()).items()}


@dataclass
class Answer:
    """What goes out; `hold` is waited for first."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None


class HttpFake:
    """Answers `script` in order, then what `usual` says; keeps every request."""

    def __init__(self, usual: Callable[[Request], Answer] = lambda request: Answer()) -> None:
        self.usual = usual
        self.script: list[Answer] = []
        self.requests: list[Request] = []
        self.url = ""
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """The next answer."""
        with self._lock:
            self.requests.append(request)
            planned = self.script.pop(0) if self.script else None
        return planned or self.usual(request)

    def ids(self) -> list[str]:
        """The ids of the messages that came, repetitions included."""
        return [request.json()["id"] for request in self.requests]


@contextmanager
def http_fake(fake: HttpFake) -> Iterator[HttpFake]:
    """The service at work on a free port; `url` is its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = fake.answer(Request(self.path, dict(self.headers.items()), body))
            if reply.hold is not None:
                reply.hold.wait(20)
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        fake.url = f"http://127.0.0.1:{port}"
        yield fake


class MailFake:
    """A mail server: `answers` gives another reply to a verb, once for each entry; letters that came are kept."""

    def __init__(self) -> None:
        self.answers: dict[str, list[str]] = {}
        self.letters: list[tuple[str, str, bytes]] = []
        self.verbs: list[str] = []
        self.extensions: list[str] = []
        self.port = 0

    def reply(self, verb: str, usual: str) -> str:
        """What the server says to a verb."""
        self.verbs.append(verb)
        planned = self.answers.get(verb)
        return planned.pop(0) if planned else usual


@contextmanager
def mail_fake(fake: MailFake) -> Iterator[MailFake]:
    """The server at work on a free port (RFC 5321, as much as it takes)."""

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            sender = recipient = ""
            self.say("220 mail.test ready")
            for raw in self.rfile:
                line = raw.decode().strip()
                verb = line.partition(" ")[0].upper()
                if verb == "EHLO":
                    fake.verbs.append(verb)
                    self.say("250-mail.test")
                    for each in fake.extensions:
                        self.say(f"250-{each}")
                    self.say("250 8BITMIME")
                elif verb == "DATA":
                    reply = fake.reply(verb, "354 go on")
                    self.say(reply)
                    if reply.startswith("354"):
                        content = b"".join(iter(self.rfile.readline, b".\r\n"))
                        fake.letters.append((sender, recipient, content))
                        self.say(fake.reply("END", "250 taken"))
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    sender = line.partition(":")[2] if verb == "MAIL" else sender
                    recipient = line.partition(":")[2] if verb == "RCPT" else recipient
                    self.say(fake.reply(verb, "250 fine"))

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        fake.port = port
        yield fake


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[int]:
    server.daemon_threads = True  # type: ignore[attr-defined]  # both servers have threads
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[index]  # a TCP address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
