"""Works uploaded statements off beside the worker's other work, and goes on where a crash stopped it."""

from __future__ import annotations

import logging
import threading

from kiosk import clock
from kiosk.database import bell, connection
from kiosk.services.payment.reconcile_payments import reconcile, unfinished_statements

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


def reconcile_statements(stopping: threading.Event) -> None:
    """Look for statements with lines left until told to stop."""
    listener = bell().listen()
    while not stopping.is_set():
        try:
            with connection():
                for statement in unfinished_statements():
                    reconcile(statement, clock.now(), stopping)
        except Exception:  # a database that is away for a while must not end the reconciling for good
            log.exception("statements")
        listener.wait(LOOK_SECONDS)
        stopping.wait(0.05)
    listener.close()
