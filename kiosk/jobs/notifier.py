"""Tells visitors who asked for it, beside the worker's other work: a sender a channel, so that none waits for another."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from kiosk import clock
from kiosk.database import bell, connection
from kiosk.services.notify import forget_old
from kiosk.services.notify.outbox import read_news, tell_who_is_near
from kiosk.services.notify.sender import AddressOf, Pair, due, send_next

log = logging.getLogger(__name__)

BREATHER_SECONDS = 0.5
"""A rush rings hundreds of times a second; each batch that is read costs a promise of the disk."""
LOOK_EVERY, NEAR_EVERY, TIDY_EVERY = timedelta(seconds=1), timedelta(seconds=5), timedelta(hours=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Notifier:
    """What is due, and the threads that send it: one for each channel of each office that has something to say."""

    def __init__(
        self,
        address_of: AddressOf,
        stopping: threading.Event,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._address_of, self._stopping, self._now = address_of, stopping, now
        self._senders: dict[Pair, threading.Thread] = {}
        self._resting: dict[Pair, datetime] = {}
        self._near = self._tidied = LONG_AGO

    def look(self) -> None:
        """Read the news, look who is near, and let every channel send that is not at it and does not rest."""
        now = self._now()
        read_news(now)
        # A clock that was set back must not silence the house until it has caught up.
        if abs(now - self._near) > NEAR_EVERY:
            self._near = now
            tell_who_is_near(now)
        if abs(now - self._tidied) > TIDY_EVERY:
            self._tidied = now
            forget_old(now)
        self._senders = {pair: thread for pair, thread in self._senders.items() if thread.is_alive()}
        for pair in due(now):
            if pair not in self._senders and self._resting.get(pair, LONG_AGO) <= now:
                self._start(pair)

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait for the senders at work; whether all ended."""
        for thread in self._senders.values():
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._senders.values())

    def sender_of(self, office: int, channel: str) -> threading.Thread | None:
        """The thread at work for a channel of an office, if there is one."""
        return self._senders.get(Pair(office, channel))

    def _start(self, pair: Pair) -> None:
        name = f"send-{pair.office}-{pair.channel}"
        thread = threading.Thread(target=self._send, args=(pair,), name=name, daemon=True)
        self._senders[pair] = thread
        thread.start()

    def _send(self, pair: Pair) -> None:
        try:
            while (step := send_next(pair, self._now, self._address_of)) is not None:
                if step.resting:
                    self._resting[pair] = self._now() + timedelta(seconds=step.pause)
                    return
                if self._stopping.wait(step.pause):
                    return
        except Exception:  # a database that is away for a while; the message is still queued
            log.exception("sender")
            self._resting[pair] = self._now() + LOOK_EVERY


def tell_visitors(stopping: threading.Event, address_of: AddressOf) -> None:
    """Send messages until told to stop; in a thread of the worker, of which only one is at work at a time."""
    notifier, listener = Notifier(address_of, stopping), bell().listen()
    while not stopping.is_set():
        try:
            with connection():
                notifier.look()
        except Exception:  # a database that is away for a while must not end the telling for good
            log.exception("notifier")
        stopping.wait(BREATHER_SECONDS)
        listener.wait(LOOK_EVERY.total_seconds())
    listener.close()
