"""Beside the worker's other work: tells the post's system of parcels, and works its files of news off."""

from __future__ import annotations

import logging
import threading

from kiosk import clock
from kiosk.database import connection
from kiosk.plugin import gate
from kiosk.services.post.news_file import unfinished_files, work_off
from kiosk.services.post.orders import due_orders, send_order

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25


def carry_post(stopping: threading.Event) -> None:
    """Look for rows to take in until told to stop; orders have a thread of their own, since a post may answer slowly."""
    orders = threading.Thread(target=_send_orders, args=(stopping,), name="postal-orders", daemon=True)
    orders.start()
    while not stopping.is_set():
        try:
            with connection():
                for file in unfinished_files():
                    work_off(file, clock.now(), stopping)
        except Exception:  # a database that is away for a while must not end the work for good
            log.exception("post")
        stopping.wait(LOOK_SECONDS)


def _send_orders(stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            with connection(), gate.breath():
                for order in due_orders(clock.now()):
                    if stopping.is_set():
                        return
                    send_order(order, clock.now())
        except Exception:  # as above
            log.exception("postal orders")
        stopping.wait(LOOK_SECONDS)
