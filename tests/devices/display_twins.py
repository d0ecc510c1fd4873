"""Displays made of software: a serial line with decoders on it, an MQTT broker, and somebody who takes POSTs."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import socketserver
import threading
import tty
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any, NamedTuple

PATIENCE = 20.0
"""Seconds after which something that does not come is taken never to come."""


def until(condition: Callable[[], Any]) -> Any:
    """What the condition says once it says something."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.02)):
        if found := condition():
            return found
        pause.wait(0.02)
    raise AssertionError("it never came")


class Frame(NamedTuple):
    """A frame of our LED protocol as a display reads it."""

    address: int
    state: str
    blink: bool
    text: str


def decode(stream: bytes) -> tuple[list[Frame], bytes]:
    """The whole frames of a stream and what is left of it; written from docs/led-protocol.md, not from the driver."""
    frames = []
    while True:
        _, begun, rest = stream.partition(b"\x02")
        if not begun or len(rest) < 5:
            return frames, begun + rest
        length = rest[4] - ord("0")
        if len(rest) < length + 8:
            return frames, begun + rest
        body, check, end = rest[: length + 5], rest[length + 5 : length + 7], rest[length + 7]
        checksum = 0
        for byte in body:
            checksum ^= byte
        if check == b"%02X" % checksum and end == 0x03:
            frames.append(Frame(int(body[:2]), chr(body[2]), body[3] == ord("1"), body[5:].decode("ascii")))
        stream = rest


class LedLine:
    """A serial line (a pseudo-terminal) that hears everything and answers as it is told.

    `answers` makes the answer to a frame, b"" for none; `raw` is all bytes, `frames` the decoded ones.
    """

    def __init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)
        self.answers: Callable[[Frame], bytes] = lambda frame: b""
        self.frames: Queue[Frame] = Queue()
        self.raw: Queue[bytes] = Queue()
        self._pulled = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        stream = b""
        while not self._pulled.is_set():
            if not select.select([self._ours], [], [], 0.02)[0]:
                continue
            heard = os.read(self._ours, 1024)
            self.raw.put(heard)
            frames, stream = decode(stream + heard)
            for frame in frames:
                os.write(self._ours, self.answers(frame))
                self.frames.put(frame)
        os.close(self._ours)  # here: a line that somebody reads is not gone when another closes it

    def next(self) -> Frame:
        """The next frame."""
        return self.frames.get(timeout=PATIENCE)

    def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The next frame of a kind."""
        while not wanted(frame := self.next()):
            pass
        return frame

    def pull_out(self) -> None:
        """Take the adapter away. Our end of it stays open, so that nobody else gets a line of that name."""
        self._pulled.set()
        self._listener.join()

    def close(self) -> None:
        """Take it away for good."""
        self.pull_out()
        os.close(self._theirs)


class Said(NamedTuple):
    """A message that a broker got, or that it said itself as somebody's last will."""

    topic: str
    body: bytes
    qos: int
    retain: bool
    will: bool


class Broker:
    """An MQTT 3.1.1 broker for those who only publish. `password`, `mute` and `deaf` make it difficult."""

    def __init__(self, port: int = 0) -> None:
        self.said: Queue[Said] = Queue()
        self.retained: dict[str, bytes] = {}
        self.password: bytes | None = None
        self.mute = self.deaf = False
        self._links: list[socket.socket] = []
        broker = self

        class Guest(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                broker._serve(self.request)

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Guest)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def cut(self) -> None:
        """Break every connection."""
        for link in self._links:
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End, and break every connection."""
        self._server.shutdown()
        self._server.server_close()
        self.cut()

    def _serve(self, link: socket.socket) -> None:
        self._links.append(link)
        will: Said | None = None
        with contextlib.suppress(OSError, EOFError), link.makefile("rb") as stream:
            while True:
                kind, body = _packet(stream)
                if kind >> 4 == 1:  # CONNECT
                    will, password = _connect(body)
                    welcome = self.password in {None, password}
                    if not self.deaf:
                        link.sendall(bytes((0x20, 2, 0, 0 if welcome else 5)))
                    if not welcome:
                        return
                elif kind >> 4 == 3:  # PUBLISH
                    self._publish(link, kind, body)
                elif kind >> 4 == 12:  # PINGREQ
                    link.sendall(b"\xd0\x00")
                elif kind >> 4 == 14:  # DISCONNECT: no last will
                    return
        if will is not None:
            self._keep(will)

    def _publish(self, link: socket.socket, kind: int, body: bytes) -> None:
        topic, rest = _text(body)
        qos = kind >> 1 & 3
        identity, message = (rest[:2], rest[2:]) if qos else (b"", rest)
        if self.mute:
            return
        self._keep(Said(topic.decode(), message, qos, bool(kind & 1), False))
        if qos:
            link.sendall(b"\x40\x02" + identity)

    def _keep(self, said: Said) -> None:
        if said.retain:
            self.retained[said.topic] = said.body
        self.said.put(said)


def _packet(stream: Any) -> tuple[int, bytes]:
    first = stream.read(1)
    size = shift = 0
    while first:
        byte = stream.read(1)[0]
        size |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return first[0], stream.read(size)
    raise EOFError


def _text(data: bytes) -> tuple[bytes, bytes]:
    end = 2 + int.from_bytes(data[:2], "big")
    return data[2:end], data[end:]


def _connect(body: bytes) -> tuple[Said | None, bytes | None]:
    protocol, rest = _text(body)
    if protocol != b"MQTT" or rest[:1] != b"\x04":
        raise EOFError  # somebody who speaks something else, such as TLS
    flags, rest = rest[1], rest[4:]
    _, rest = _text(rest)
    will = password = None
    if flags & 0x04:
        topic, rest = _text(rest)
        message, rest = _text(rest)
        will = Said(topic.decode(), message, flags >> 3 & 3, bool(flags & 0x20), True)
    if flags & 0x80:
        _, rest = _text(rest)
    if flags & 0x40:
        password, rest = _text(rest)
    return will, password


class Posted(NamedTuple):
    """A request as a display on HTTP got it."""

    path: str
    headers: dict[str, str]
    body: bytes


@contextlib.contextmanager
def http_display() -> Iterator[tuple[str, Queue[Posted], list[int]]]:
    """Its address, what it gets, and a list of the answers it gives next (204 when the list is empty)."""
    posted: Queue[Posted] = Queue()
    answers: list[int] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            posted.put(Posted(self.path, dict(self.headers), body))
            self.send_response(answers.pop(0) if answers else 204)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/quay/3", posted, answers
    server.shutdown()
    server.server_close()
