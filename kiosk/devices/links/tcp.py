"""A printer on the network, TCP port 9100 (raw)."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time
from contextlib import suppress

_PIECE = 16_384
_LONGEST = 3  # times the timeout that a printer may take a job by little and little
_TICK = 0.005


class TcpLink:
    """One connection to one printer."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._socket: socket.socket | None = None

    def open(self, timeout: float) -> None:
        """Dial; answers at once go out at once (no Nagle), as each question is a packet of three bytes."""
        self._socket = socket.create_connection(self._address, timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, timeout: float) -> None:
        """Send all; a printer that takes no byte for `timeout` s, or not all in three times that, is jammed."""
        line = self._line()
        end = time.monotonic() + _LONGEST * timeout
        for start in range(0, len(data), _PIECE):
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("the printer takes the job too slowly")
            line.settimeout(min(timeout, left))
            line.sendall(data[start : start + _PIECE])

    def receive(self, timeout: float) -> bytes:
        """Return what came; a line closed by the printer is a broken one."""
        line = self._line()
        line.settimeout(max(timeout, 0.000_1))  # 0 would mean "do not wait at all", and fail otherwise
        try:
            chunk = line.recv(256)
        except TimeoutError:
            return b""
        if not chunk:
            raise ConnectionAbortedError("the printer closed the line")
        return chunk

    def flush(self, timeout: float) -> None:
        """Say that this was all, and wait until the other side has acknowledged every byte and not reset."""
        line = self._line()
        line.shutdown(socket.SHUT_WR)
        end = time.monotonic() + timeout
        while self._unacknowledged():
            if time.monotonic() >= end:
                raise TimeoutError("the printer did not take every byte")
            time.sleep(_TICK)
        # Most printers hang up once they have it all; one that was reset over the job says so here.
        line.settimeout(max(end - time.monotonic(), _TICK))
        with suppress(TimeoutError):
            while line.recv(256):
                pass

    def paper_sensor(self) -> bool | None:
        """A network says nothing of paper."""
        return None

    def drop(self) -> None:
        """Make closing a reset, which discards what the network still holds."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _line(self) -> socket.socket:
        if self._socket is None:
            raise OSError("the line is not open")
        return self._socket

    def _unacknowledged(self) -> int:
        answer = fcntl.ioctl(
            self._line(), termios.TIOCOUTQ, struct.pack("i", 0)
        )  # SIOCOUTQ has the same number
        return int(struct.unpack("i", answer)[0])
