"""What commands share: memory, the database and the plugins opened, and an end when the parent ends."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time

import click

from kiosk.config import Settings

DAY = click.DateTime(formats=["%Y-%m-%d"])
"""A day on the command line."""
M_ARENA_MAX = -8
"""mallopt(3)"""


def end_with_parent() -> None:
    """Started by a demo or a benchmark: end when it is gone, even if it was killed and could not say so."""
    parent = int(os.environ.get("KIOSK_ENDS_WITH", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def share_one_heap() -> None:
    """Let all threads of this process and of those to come take memory from one heap.

    glibc gives each thread a heap of its own, for speed that Python threads, one running at a time, have no use for;
    dozens of threads then hold megabytes that nobody uses. Other C libraries have no such switch and no such heaps.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def open_database(*, migrated: bool = False) -> None:
    """Connect, load the plugins, and where needed insist on a migrated database."""
    from kiosk import database, migrate
    from kiosk.plugin import gate
    from kiosk.plugin.manager import PluginHouse

    settings = Settings()
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    gate.use(house)
    if migrated:
        migrate.require_current(house.migrations())
