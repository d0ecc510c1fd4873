"""Makes the synthetic voice of every office ahead of its first call, beside the worker's other work."""

from __future__ import annotations

import logging
import threading

from kiosk import clock
from kiosk.database import connection
from kiosk.services.voice_packs import prepare_voices

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""An office that is new, or switched its voice on, speaks after a minute; a whole voice costs one look."""


def make_voices(stopping: threading.Event) -> None:
    """Look for voices that are not whole until told to stop; in a thread, since speaking takes a second or two."""
    while not stopping.is_set():
        try:
            with connection():
                prepare_voices(clock.now())
        except Exception:  # a database that is away for a while must not end the voice for good
            log.exception("voices")
        stopping.wait(LOOK_SECONDS)
