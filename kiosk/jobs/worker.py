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
from kiosk.database import bell, connect, connection, is_postgres, postgres_url, relay_notifications
from kiosk.jobs.displays import Displays
from kiosk.jobs.notifier import tell_visitors
from kiosk.jobs.postman import carry_post
from kiosk.jobs.reconciler import reconcile_statements
from kiosk.jobs.spooler import Spooler
from kiosk.jobs.subscribers import Subscribers
from kiosk.jobs.voices import make_voices
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services import idempotency, look, print_queue, sign_in, throttle
from kiosk.services.agent.watch import watch_agents
from kiosk.services.day_close import close_due_days
from kiosk.services.issue_ticket import TicketHouse
from kiosk.services.pace import Paces
from kiosk.services.payment.confirm_payment import expire_payments

log = logging.getLogger(__name__)

LISTEN_SECONDS = 1.0
REFRESH_SECONDS = 3.0
BREATHER_SECONDS = 0.02
"""A rush rings hundreds of times a second; papers are looked for at most fifty times."""
NEWS_SECONDS = 0.25
"""Plugins hear what happened in batches: each batch costs a promise of the disk, under the lock citizens wait for."""
TIDY_SECONDS = 3600.0
LEARN_SECONDS = 10.0
"""How often lines learn from the visits that ended, and days that are over are closed."""
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
    with _alone(settings.data, stopping) as still_alone:
        _work(stopping, listener.wait, still_alone, _houses(settings))


def _houses(settings: Settings) -> Callable[[int], TicketHouse]:
    def house_of(office_id: int) -> TicketHouse:
        office = look.office(office_id)
        return TicketHouse(settings.key, str(office["public_url"] or settings.base_url).rstrip("/"))

    return house_of


def _ring(stopping: threading.Event, ring: Callable[[], None]) -> None:
    """Wake whoever prints and shows as soon as something is committed: a paper never waits for a plugin's news."""
    listener = bell().listen()
    if is_postgres():
        threading.Thread(target=relay_notifications, args=(listener.ring,), daemon=True).start()
    while not stopping.is_set():
        listener.wait(LISTEN_SECONDS)
        ring()
        stopping.wait(BREATHER_SECONDS)
    listener.close()


def _work(
    stopping: threading.Event,
    wait: Callable[[float], bool],
    still_alone: Callable[[], None],
    house_of: Callable[[int], TicketHouse],
) -> None:
    spooler, displays, subscribers, paces = Spooler(), Displays(), Subscribers(), Paces()

    def ring() -> None:
        spooler.ring()
        displays.ring()

    threading.Thread(target=_ring, args=(stopping, ring), name="bell", daemon=True).start()
    threading.Thread(target=make_voices, args=(stopping,), name="voices", daemon=True).start()
    threading.Thread(target=reconcile_statements, args=(stopping,), name="reconciler", daemon=True).start()
    threading.Thread(target=carry_post, args=(stopping,), name="postman", daemon=True).start()
    threading.Thread(
        target=tell_visitors,
        args=(stopping, lambda office: house_of(office).base_url),
        name="notifier",
        daemon=True,
    ).start()
    refreshed = told = tidied = learnt = float("-inf")
    owed = False  # a ring came after plugins last heard the news
    while not stopping.is_set():
        try:
            with connection():
                if time.monotonic() - refreshed > REFRESH_SECONDS:
                    refreshed = time.monotonic()
                    still_alone()
                    spooler.refresh()
                    displays.refresh()
                    watch_agents(clock.now())
                if time.monotonic() - told > NEWS_SECONDS:
                    told = time.monotonic()
                    subscribers.deliver(clock.now())
                    owed = False
                if time.monotonic() - learnt > LEARN_SECONDS:
                    learnt = time.monotonic()
                    expire_payments(clock.now())
                    paces.refresh(clock.now())
                    close_due_days(clock.now(), house_of)
                if time.monotonic() - tidied > TIDY_SECONDS:
                    tidied = time.monotonic()
                    for part in (idempotency, print_queue, sign_in, throttle):
                        part.forget_old(clock.now())
        except LostLock:
            displays.stop()
            spooler.stop()
            raise
        except Exception:  # the worker must outlive a database that is away for a while
            log.exception("worker")
            stopping.wait(1)
        stopping.wait(BREATHER_SECONDS)
        owed = wait(NEWS_SECONDS if owed else LISTEN_SECONDS) or owed
    displays.stop()
    spooler.stop()


class LostLock(Exception):
    """Another worker may be printing by now; this one has to end and be started again."""


@contextlib.contextmanager
def _alone(data: Path, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """Only one worker prints: two would print every paper twice. Gives a check that the lock is still held."""
    if not is_postgres():
        with (data / "worker.lock").open("wb") as file:
            while not stopping.is_set():
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                stopping.wait(1)
            yield lambda: None
        return
    import psycopg

    # A connection of its own: the lock lives and dies with it, whatever happens to those of the pool.
    with psycopg.connect(postgres_url(), autocommit=True) as session:
        while not stopping.is_set():
            row = session.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,)).fetchone()
            if row is not None and row[0]:
                break
            stopping.wait(1)

        def check() -> None:
            try:
                session.execute("SELECT 1")
            except psycopg.Error as error:
                raise LostLock("the connection that holds the worker's lock is gone") from error

        yield check
