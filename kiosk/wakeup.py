"""Wake-up between processes of one machine: "something was committed". It carries no facts and may get lost.

Each listener opens a UDP port on the loopback and leaves its number as a file in the data folder; who rings
sends one byte to every port found. A reader that hears nothing still looks at the journal now and then.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
from pathlib import Path

LOOPBACK = "127.0.0.1"


class Bell:
    """Where listeners are found; one a data folder."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "bells"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._out.setblocking(False)

    def ring(self) -> None:
        """Wake every listener; never raises and never waits."""
        with contextlib.suppress(OSError):
            for path in self.folder.iterdir():
                with contextlib.suppress(OSError, ValueError, OverflowError):
                    self._out.sendto(b"!", (LOOPBACK, int(path.name.rpartition("-")[2])))

    def close(self) -> None:
        """Stop ringing."""
        self._out.close()

    def listen(self) -> Listener:
        """A new listener for this process; listeners of processes that died are forgotten."""
        for path in self.folder.iterdir():
            if not _alive(path.name):
                path.unlink(missing_ok=True)
        return Listener(self.folder)


class Listener:
    """One waiting place. Close it, or leave it to the next `Bell.listen` after this process ends."""

    def __init__(self, folder: Path) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._socket.setblocking(False)
        self._path = folder / f"{os.getpid()}-{self._socket.getsockname()[1]}"
        self._path.touch()

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for a ring; rings heard in the meantime count as one."""
        ready, _, _ = select.select([self._socket], [], [], timeout)
        if ready:
            with contextlib.suppress(BlockingIOError):
                while True:
                    self._socket.recv(16)
        return bool(ready)

    def ring(self) -> None:
        """Wake this listener only (to stop it)."""
        with contextlib.suppress(OSError):
            self._socket.sendto(b"!", self._socket.getsockname())

    def close(self) -> None:
        """Stop being found."""
        self._path.unlink(missing_ok=True)
        self._socket.close()


def _alive(name: str) -> bool:
    try:
        os.kill(int(name.partition("-")[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return True
