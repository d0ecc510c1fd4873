"""The web server: gunicorn with threads, set up in code so that `kiosk serve` needs no further file."""

from __future__ import annotations

import gc
import mmap
import socket
import struct
import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from kiosk.config import Settings

SLOT = struct.Struct("i")
YIELD_SECONDS = 0.002
YOUNG_OBJECTS = 10_000


class EvenWorker(ThreadWorker):
    """Leaves a new connection to the other processes while it holds more than they do.

    Whoever wakes first accepts, so one process may end up with every board and kiosk while another idles.
    Connections stay for hours and Python computes on one core a process: an even share is worth two milliseconds.
    """

    held: mmap.mmap
    """Open connections by process, shared since before the fork; a wrong figure costs a short wait, no more."""

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, at once or after the others had their chance."""
        slots = len(self.held) // SLOT.size
        mine = self.age % slots
        SLOT.pack_into(self.held, mine * SLOT.size, self.nr_conns)
        if self.nr_conns > min(SLOT.unpack_from(self.held, i * SLOT.size)[0] for i in range(slots)):
            time.sleep(YIELD_SECONDS)
        super().accept(listener)
        SLOT.pack_into(self.held, mine * SLOT.size, self.nr_conns)


class Server(BaseApplication):
    """Runs `kiosk.app.application` in several processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Threads hold sockets, so there are many; the rest keeps a slow or silent client from holding one."""
        EvenWorker.held = mmap.mmap(-1, SLOT.size * self._settings.workers)
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "worker_class": "kiosk.serving.EvenWorker",
            "threads": self._settings.threads,
            "graceful_timeout": 2,
            "timeout": 60,
            "keepalive": 30,
            "limit_request_line": 4094,
            "limit_request_fields": 60,
            "proc_name": "kiosk",
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Each process builds its own app after the fork: nothing is shared but the database."""
        from kiosk.app import create_app

        app = create_app(self._settings)
        # Catalogue, routes and templates stay for good: the collector need not walk through them again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
        return app


def serve(settings: Settings) -> None:
    """Serve until told to stop."""
    Server(settings).run()
