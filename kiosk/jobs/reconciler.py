"""Works uploaded statements off beside the worker's other work, and goes on where a crash stopped it."""

from __future__ import annotations

import logging
import threading

from kiosk import clock
from kiosk.database import connection
from kiosk.services.payment.reconcile_payments import reconcile, unfinished_statements

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
"""Not at every bell: a rush of numbers rings hundreds of times, and a statement comes once a day."""


def reconcile_statements(stopping: threading.Event) -> None:
    """Look for statements with lines left until told to stop."""
    while not stopping.is_set():
        try:
            with connection():
                for statement in unfinished_statements():
                    reconcile(statement, clock.now(), stopping)
        except Exception:  # a database that is away for a while must not end the reconciling for good
            log.exception("statements")
        stopping.wait(LOOK_SECONDS)
