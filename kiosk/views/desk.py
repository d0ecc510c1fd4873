"""Inside a process, quick changes of an office are worked on one after the other, first come first served.

Python computes on one core a process. Side by side, changes would only take the interpreter from the one that holds
the office's lock, which makes everybody wait longer (docs/adr/0009).
"""

from __future__ import annotations

import threading
from collections import defaultdict, deque

from flask import g, request

QUICK_CHANGES = (
    "/api/v1/tickets",
    "/api/v1/counters/",
    "/api/v1/dossiers",
    "/api/v1/payments",
    "/api/v1/post/",
)
"""Nothing slow happens in these: no password is hashed, no plugin is tested, no device is asked."""


class Desk:
    """A lock that serves whoever came first: nobody at a kiosk waits because others were luckier."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self) -> None:
        """Take one's turn, after those who came before."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def release(self) -> None:
        """Let the next one in."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_desks: defaultdict[int, Desk] = defaultdict(Desk)
"""One an office: offices never wait for each other."""


def queue_at_the_desk() -> None:
    """Wait for one's turn with a quick change; its body has arrived before, so that nobody waits for a slow sender."""
    office = g.actor.office_id
    if office is not None and request.method == "POST" and request.path.startswith(QUICK_CHANGES):
        request.get_data()
        desk = _desks[office]
        desk.acquire()
        g.desk = desk
