"""A board as thin as possible: Socket.IO over a websocket, by hand (RFC 6455, Engine.IO 4, Socket.IO 5)."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import Mapping
from typing import Any

NAMESPACE = "/live"
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA
PATIENCE_SECONDS = 10.0


class BoardSocket:
    """One connected board; `events` gives what arrived since the last look."""

    def __init__(self, port: int, token: str, room: str, headers: Mapping[str, str] | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self._read = bytearray()
        self._shake_hands(headers or {})
        self._send_text(f"40{NAMESPACE}," + json.dumps({"token": token} if token else {}))
        self._wait_for(f"40{NAMESPACE},")
        self._send_text(f"42{NAMESPACE},1" + json.dumps(["join", {"room": room, "seen": 0}]))
        answer = self._wait_for(f"43{NAMESPACE},1")
        if '"ok":true' not in answer.replace(" ", ""):
            raise ConnectionError(f"the board was not let in: {answer[:200]}")

    def _shake_hands(self, headers: Mapping[str, str]) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            "\r\n".join(
                (
                    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
                    "Host: 127.0.0.1",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    f"Sec-WebSocket-Key: {key}",
                    "Sec-WebSocket-Version: 13",
                    *(f"{name}: {value}" for name, value in headers.items()),
                    "\r\n",
                )
            ).encode()
        )
        while b"\r\n\r\n" not in self._read:
            self._fill()
        head, _, rest = bytes(self._read).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise ConnectionError(head.decode("latin-1")[:200])
        self._read = bytearray(rest)

    def _wait_for(self, start: str) -> str:
        while True:
            for text in self._texts():
                if text.startswith(start):
                    return text
                if text.startswith("44"):
                    raise ConnectionError(text)
            self._fill()

    def _fill(self) -> None:
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the server closed a board's socket")
        self._read += part

    def events(self) -> list[dict[str, Any]]:
        """The facts that arrived; call it when the socket is readable."""
        self._fill()
        start = f'42{NAMESPACE},["event",'
        return [json.loads(text[len(start) : -1]) for text in self._texts() if text.startswith(start)]

    def _texts(self) -> list[str]:
        texts = []
        while (frame := self._frame()) is not None:
            kind, content = frame
            if kind == PING:
                self._send(PONG, content)
            elif kind == CLOSE:
                raise ConnectionError("the server closed a board's socket")
            elif content == b"2":  # Engine.IO asks whether we are there
                self._send_text("3")
            else:
                texts.append(content.decode())
        return texts

    def _frame(self) -> tuple[int, bytes] | None:
        read = self._read
        if len(read) < 2:
            return None
        length, start = read[1] & 0x7F, 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if len(read) < 2 + width:
                return None
            length, start = int.from_bytes(read[2 : 2 + width], "big"), 2 + width
        if len(read) < start + length:
            return None
        frame = read[0] & 0x0F, bytes(read[start : start + length])
        del read[: start + length]
        return frame

    def _send_text(self, text: str) -> None:
        self._send(TEXT, text.encode())

    def _send(self, kind: int, content: bytes) -> None:
        mask = os.urandom(4)
        size = len(content)
        length = bytes((0x80 | size,)) if size < 126 else bytes((0x80 | 126,)) + size.to_bytes(2, "big")
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(content))
        self.socket.sendall(bytes((0x80 | kind,)) + length + mask + masked)

    def close(self) -> None:
        """Hang up."""
        self.socket.close()
