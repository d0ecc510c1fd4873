"""A printer behind CUPS: the bytes go out raw, and CUPS is all that can be asked how it went.

CUPS passes no answers of the printer on. So such a printer is mute, and a paper counts as printed when CUPS says
that it has handed the last byte to it.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from typing import TYPE_CHECKING

from kiosk.devices.status import UNREACHABLE, PrinterStatus, PrintOutcome

if TYPE_CHECKING:
    from kiosk.devices.models import PrinterModel

COMMAND_TIMEOUT = 5.0
QUEUE_TIMEOUT = 20.0
"""Seconds a paper may wait in the queue; then it is taken back, for a ticket that comes later misleads."""
_LOOK = 0.2
_REQUEST = re.compile(r"request id is (\S+-\d+)")
_ALERTS = re.compile(r"^\s*Alerts:\s*(.*)$", re.MULTILINE)
_COMPLETED = "job-completed-successfully"


class CupsPrinter:
    """One queue; blocks at most QUEUE_TIMEOUT + 5 x COMMAND_TIMEOUT seconds, 45, when CUPS itself hangs."""

    slow_line = False

    def __init__(self, model: PrinterModel, queue: str, queue_timeout: float = QUEUE_TIMEOUT) -> None:
        self.model = model
        self._queue = queue
        self._queue_timeout = queue_timeout

    def status(self) -> PrinterStatus:
        """Ask the scheduler about the queue; no CUPS, no queue or a stopped one: offline."""
        try:
            told = _run("lpstat", "-l", "-p", self._queue, "-a", self._queue)
        except (OSError, subprocess.SubprocessError):
            return UNREACHABLE
        ready = re.search(rf"^printer {re.escape(self._queue)} (?!disabled)", told, re.MULTILINE)
        accepts = re.search(rf"^{re.escape(self._queue)} accepting", told, re.MULTILINE)
        alerts = _alerts(told)
        return PrinterStatus(
            online=bool(ready and accepts) and "offline" not in alerts,
            cover_open="cover-open" in alerts or "door-open" in alerts,
            paper_out="media-empty" in alerts,
            paper_near_end="media-low" in alerts,
            mute=True,
        )

    def send(self, data: bytes) -> PrintOutcome:
        """Queue the job and wait until it has left the queue; faults never raise."""
        before = self.status()
        if not before.can_print:
            return PrintOutcome("not_printed", before.problem_code, before)
        try:
            told = _run("lp", "-d", self._queue, "-o", "raw", "-t", "kiosk", "-", feed=data)
        except FileNotFoundError:
            return PrintOutcome("not_printed", "printer_offline", UNREACHABLE)
        except (OSError, subprocess.SubprocessError):  # it may have been taken all the same
            return self._doubt("printer_unknown")
        if (request := _REQUEST.search(told)) is None:
            return self._doubt("printer_unknown")
        try:
            if not self._wait(request[1]):
                _run("cancel", request[1])
                return self._doubt("printer_offline")
            if _COMPLETED not in self._end_of(request[1]):
                return self._doubt("printer_error")
        except (OSError, subprocess.SubprocessError):
            return self._doubt("printer_unknown")
        return PrintOutcome("confirmed", None, before, "line")

    def _wait(self, request: str) -> bool:
        deadline = time.monotonic() + self._queue_timeout
        while request in _first_words(_run("lpstat", "-W", "not-completed", "-o", self._queue)):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_LOOK)
        return True

    def _end_of(self, request: str) -> str:
        told = _run("lpstat", "-l", "-W", "completed", "-o", self._queue)
        _, found, rest = f"\n{told}".partition(f"\n{request} ")
        entry = re.split(r"\n(?=\S)", rest, maxsplit=1)[0]
        # A scheduler that keeps no history has forgotten the request: it left the queue, more is not known.
        return _alerts(entry) if found else _COMPLETED

    def _doubt(self, problem: str) -> PrintOutcome:
        after = self.status()
        return PrintOutcome("doubtful", after.problem_code or problem, after)


def _run(*command: str, feed: bytes = b"") -> str:
    """Run one of CUPS' own commands in its own language; raises what subprocess raises, also for an exit in error."""
    done = subprocess.run(  # noqa: S603  (names are fixed, the queue's name is checked by its address)
        command,
        input=feed,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"LC_ALL": "C"},
        timeout=COMMAND_TIMEOUT,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def _first_words(told: str) -> set[str]:
    return {line.split()[0] for line in told.splitlines() if line[:1].strip()}


def _alerts(told: str) -> str:
    return " ".join(_ALERTS.findall(told))
