"""Inside a process changes are worked on in the order in which they came."""

from __future__ import annotations

import threading
import time

from kiosk.views.desk import Desk

PATIENCE = 10.0


def until(happened) -> None:
    """Wait for something that another thread does."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_whoever_came_first_is_served_first() -> None:
    desk, served, threads = Desk(), [], []
    desk.acquire()

    def come(number: int) -> None:
        desk.acquire()
        served.append(number)
        desk.release()

    for number in range(20):
        threads.append(threading.Thread(target=come, args=(number,)))
        threads[-1].start()
        until(lambda: len(desk._waiting) == number + 1)  # noqa: B023  (looked at before the next turn)
    assert served == []
    desk.release()
    for thread in threads:
        thread.join(PATIENCE)
    assert served == list(range(20))
    desk.acquire()
    desk.release()
