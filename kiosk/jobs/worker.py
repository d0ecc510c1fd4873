"""The worker process: spooler, subscribers, timers. One runs at a time; a second waits its turn."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk import clock, logs, migrate
from kiosk.config import Settings
from kiosk.database import bell, connect, connection, is_postgres, proxy
from kiosk.jobs.spooler import Spooler
from kiosk.jobs.subscribers import Subscribers
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services import idempotency

log = logging.getLogger(__name__)

LISTEN_SECONDS = 1.0
REFRESH_SECONDS = 3.0
TIDY_SECONDS = 3600.0
ADVISORY_LOCK = 7_305_111


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job in hand is finished first."""
    logs.set_up(settings.log_level)
    connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    migrate.require_current(house.migrations())
    gate.use(house)
    stopping = threading.Event()
    listener = bell().listen()

    def stop(*_: object) -> None:
        stopping.set()
        listener.ring()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with _alone(settings.data, stopping):
        _work(stopping, listener.wait)


def _work(stopping: threading.Event, wait: Callable[[float], bool]) -> None:
    spooler, subscribers = Spooler(), Subscribers()
    refreshed = tidied = float("-inf")
    while not stopping.is_set():
        try:
            with connection():
                if time.monotonic() - refreshed > REFRESH_SECONDS:
                    refreshed = time.monotonic()
                    spooler.refresh()
                spooler.ring()
                subscribers.deliver(clock.now())
                if time.monotonic() - tidied > TIDY_SECONDS:
                    tidied = time.monotonic()
                    idempotency.forget_old(clock.now())
        except Exception:  # the worker must outlive a database that is away for a while
            log.exception("worker")
            stopping.wait(1)
        wait(LISTEN_SECONDS)
    spooler.stop()


@contextlib.contextmanager
def _alone(data: Path, stopping: threading.Event) -> Iterator[None]:
    """Only one worker prints: two would print every paper twice."""
    if is_postgres():
        with connection():
            while not stopping.is_set():
                if proxy.execute_sql("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,)).fetchone()[0]:
                    break
                stopping.wait(1)
            yield
        return
    with (data / "worker.lock").open("wb") as file:
        while not stopping.is_set():
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            stopping.wait(1)
        yield
