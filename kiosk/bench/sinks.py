"""Printers that only note when the last byte of a paper came: what is measured is the way to them."""

from __future__ import annotations

import re
import socket
import threading
import time
from contextlib import suppress

CUT = b"\x1dV"
PROCESS_ID = re.compile(rb"\x1d\(H\x06\x00\x30\x30(....)", re.DOTALL)
STATUS = re.compile(rb"\x10\x04[\x01-\x04]")
IN_ORDER = re.compile(rb"\x1dr.", re.DOTALL)
WELL = b"\x12"
SHORTEST_PAPER = 400
"""Bytes; what is shorter is a question."""


class Sink:
    """A well printer on 127.0.0.1 that prints nothing; `mute` takes everything and answers nothing, as if hung."""

    def __init__(self, mute: bool = False) -> None:
        self.mute = mute
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._came = threading.Condition()
        self._papers: list[tuple[float, int]] = []
        threading.Thread(target=self._serve, name=f"sink-{self.port}", daemon=True).start()

    def wait_for(self, count: int, timeout: float) -> tuple[float, int] | None:
        """When the last byte of the so-manieth paper came and how long it was in bytes; None when it never did."""
        with self._came:
            self._came.wait_for(lambda: len(self._papers) >= count, timeout)
            return self._papers[count - 1] if len(self._papers) >= count else None

    def close(self) -> None:
        """Be gone."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, suppress(OSError):
                self._take(client)

    def _take(self, client: socket.socket) -> None:
        client.settimeout(30)
        job = bytearray()
        while chunk := client.recv(65_536):
            came = time.perf_counter()
            if self.mute:
                continue
            job += chunk
            cut = job.rfind(CUT)
            asked = PROCESS_ID.search(job, max(cut, 0))
            if cut >= 0 and asked:
                with self._came:
                    self._papers.append((came, len(job)))
                    self._came.notify_all()
                client.sendall(b"\x37\x22" + asked[1] + b"\0")
                job.clear()
            elif cut < 0 and len(job) < SHORTEST_PAPER:
                # Before a paper: status questions in real time, and one that is answered in its turn.
                client.sendall(WELL * len(STATUS.findall(job)) + b"\0" * len(IN_ORDER.findall(job)))
                job.clear()
