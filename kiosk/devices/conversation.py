"""What is said on one open line to a printer: questions asked one by one, and what comes back sorted by kind."""

from __future__ import annotations

import time
from collections.abc import Callable

from kiosk.devices.answers import Answers
from kiosk.devices.links.link import Link
from kiosk.devices.status import STATUS_QUESTIONS, PrinterStatus, ask_status

QUESTION_IN_ORDER = b"\x1dr\x01"
"""GS r 1: answered when everything before it has been carried out, unlike DLE EOT, which is answered at once."""

_LONGEST_HEAD = 16  # bytes of a command before its content, and some more
_QUIET = 0.05  # seconds without a byte after which old answers are taken to be over


class Conversation:
    """One line, from its opening to its end; a broken line raises OSError."""

    def __init__(self, link: Link, send_timeout: float) -> None:
        self._link = link
        self._send_timeout = send_timeout
        self._heard = Answers()

    @property
    def process_ids(self) -> list[bytes]:
        """The process IDs the printer has reported so far."""
        return self._heard.process_ids

    @property
    def answered_in_order(self) -> bool:
        """Tell whether GS r was answered since the job began."""
        return bool(self._heard.in_order)

    @property
    def in_trouble(self) -> bool:
        """Tell whether the printer said, unasked, that it stopped; a hint to ask, no status in itself."""
        return (
            self._heard.automatic is not None
            and not PrinterStatus.from_automatic(self._heard.automatic).can_print
        )

    def send_job(self, data: bytes) -> None:
        """Hand over a job; what the printer said before is no word on it."""
        self._heard = Answers()
        self._link.send(data, self._send_timeout)

    def end_command(self) -> None:
        """Send a few zeros: a picture cut off before its size was told must not read it from our next question."""
        self._link.send(bytes(_LONGEST_HEAD), self._send_timeout)

    def status(self, timeout: float) -> PrinterStatus:
        """Ask the four questions one by one, so that no answer is taken for another's, within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        answers: dict[int, int] = {}
        for n in STATUS_QUESTIONS:
            self._link.send(ask_status(n), timeout)
            if not self.wait_for(lambda: bool(self._heard.real_time), deadline - time.monotonic()):
                break
            answers[n] = self._heard.real_time.pop(0)
        return PrinterStatus.from_answers(answers)

    def wait_for(self, true: Callable[[], bool], timeout: float) -> bool:
        """Listen until this is true, at most `timeout` seconds; return whether it is."""
        deadline = time.monotonic() + timeout
        while not true():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._heard.take(self._link.receive(left))
        return True

    def forget(self, timeout: float = 10 * _QUIET) -> None:
        """Drop answers to DLE EOT, and unasked status, once they have stopped coming (or after `timeout` seconds)."""
        end = time.monotonic() + timeout
        while time.monotonic() < end and (chunk := self._link.receive(_QUIET)):
            self._heard.take(chunk)
        self._heard.real_time.clear()
        self._heard.automatic = None
