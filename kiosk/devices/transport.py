"""One print job over TCP (port 9100): look, send, and believe only what the printer says afterwards."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from secrets import randbelow
from typing import Literal

from kiosk.devices.escpos import request_process_id
from kiosk.devices.status import (
    STATUS_QUESTIONS,
    UNKNOWN,
    UNREACHABLE,
    PrinterStatus,
    ask_status,
    is_automatic_status,
    is_real_time_answer,
)

SEND_TIMEOUT = 10.0  # seconds; a slow printer takes the job no faster than it prints
_QUIET = 0.05  # seconds without a byte after which old answers are taken to be over
_LINK_FAULTS = (
    OSError,
    UnicodeError,
    OverflowError,
)  # a host name or port that cannot even be dialled included

State = Literal["confirmed", "not_printed", "doubtful"]


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """How a job ended.

    confirmed: the printer says it is on paper. not_printed: no byte of it left us, a retry is a first paper.
    doubtful: bytes left and no good word came back, so a retry must carry the repeat mark.
    """

    state: State
    problem: str | None = None
    status: PrinterStatus = UNKNOWN
    confirmed_by: Literal["process_id", "status"] | None = None


def query_status(
    host: str, port: int, *, connect_timeout: float = 2.0, answer_timeout: float = 2.0
) -> PrinterStatus:
    """Return the printer's status; one that cannot be reached is offline, one that is mute is unknown."""
    try:
        with socket.create_connection((host, port), connect_timeout) as link:
            return _Line(link).status(answer_timeout)
    except _LINK_FAULTS:
        return UNREACHABLE


def send_job(
    host: str,
    port: int,
    data: bytes,
    *,
    connect_timeout: float = 2.0,
    answer_timeout: float = 2.0,
    send_timeout: float = SEND_TIMEOUT,
    answers_status: bool = True,
    process_id: Literal["try", "require", "never"] = "try",
) -> PrintOutcome:
    """Print one job over its own connection and say how it ended; device faults never raise.

    Blocks at most `send_timeout` + 2 x `connect_timeout` + 4 x `answer_timeout` seconds (a host name may cost
    its look-up besides). `answers_status=False` is for models known to be mute: they are sent
    jobs unasked, which then end doubtful. `process_id`: whether to ask for the print confirmation of
    GS ( H; "require" is for printers that have given it before, so that its absence is a doubt.
    """
    try:
        link = socket.create_connection((host, port), connect_timeout)
    except _LINK_FAULTS:
        return PrintOutcome("not_printed", "printer_offline", UNREACHABLE)
    before = UNKNOWN
    with link:
        line = _Line(link)
        if answers_status:
            try:
                before = line.status(answer_timeout)
            except OSError:
                return PrintOutcome("not_printed", "printer_offline", UNREACHABLE)
            if not before.can_print:
                return PrintOutcome("not_printed", before.problem_code, before)
        ticket = f"{randbelow(10_000):04}".encode() if process_id != "never" else b""
        try:
            line.send(data + (request_process_id(ticket) if ticket else b""), send_timeout)
            if ticket and line.wait_for_process_id(ticket, answer_timeout):
                return PrintOutcome("confirmed", None, before, "process_id")
            if not answers_status:
                return PrintOutcome("doubtful", "printer_unknown", before)
            line.forget()
            after = line.status(answer_timeout)
        except OSError:
            line.drop()  # broke or jammed under the job: ask on a new line what is wrong
        else:
            if ticket in line.process_ids:  # came while we asked: slow, but the better proof
                return PrintOutcome("confirmed", None, after, "process_id")
            if after.can_print and process_id != "require":
                return PrintOutcome("confirmed", None, after, "status")
            return PrintOutcome("doubtful", after.problem_code or "printer_unknown", after)
    after = query_status(host, port, connect_timeout=connect_timeout, answer_timeout=answer_timeout)
    # A printer that is well again after breaking the line off was unplugged or reset: what it held is lost.
    return PrintOutcome("doubtful", after.problem_code or "printer_offline", after)


class _Line:
    """The answering side of one connection: sorts what a printer sends by kind."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link
        self._unread = bytearray()
        self._answers: list[int] = []
        self.process_ids: list[bytes] = []

    def send(self, data: bytes, timeout: float) -> None:
        self._link.settimeout(timeout)
        self._link.sendall(data)

    def status(self, timeout: float) -> PrinterStatus:
        """Ask the four questions one by one, so that no answer is taken for another's, within `timeout`.

        A broken line raises OSError; a line the printer closed counts as broken.
        """
        deadline = time.monotonic() + timeout
        answers: dict[int, int] = {}
        for n in STATUS_QUESTIONS:
            self.send(ask_status(n), timeout)
            while not self._answers and self._receive(deadline):
                pass
            if not self._answers:
                break
            answers[n] = self._answers.pop(0)
        return PrinterStatus.from_answers(answers)

    def wait_for_process_id(self, ticket: bytes, timeout: float) -> bool:
        """Wait until the printer reports this process ID as printed."""
        deadline = time.monotonic() + timeout
        while ticket not in self.process_ids and self._receive(deadline):
            pass
        return ticket in self.process_ids

    def forget(self) -> None:
        """Drop status answers nobody asked for: a raster that happens to contain DLE EOT draws some."""
        end = time.monotonic() + 10 * _QUIET
        while time.monotonic() < end and self._receive(time.monotonic() + _QUIET):
            pass
        self._answers.clear()

    def drop(self) -> None:
        """Break the line off so that bytes still on their way are thrown away, not printed later."""
        with suppress(OSError):
            self._link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _receive(self, deadline: float) -> bool:
        """Take in what comes before the deadline; False when nothing does."""
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        self._link.settimeout(left)
        try:
            chunk = self._link.recv(256)
        except TimeoutError:
            return False
        if not chunk:
            raise ConnectionAbortedError("the printer closed the line")
        self._unread += chunk
        self._sort()
        return True

    def _sort(self) -> None:
        """Tell process IDs (37h 22h id 00h), automatic status (4 bytes) and real-time answers apart."""
        while self._unread:
            first = self._unread[0]
            if first == 0x37:
                if len(self._unread) < 7:
                    return
                if self._unread[1] == 0x22 and self._unread[6] == 0:
                    self.process_ids.append(bytes(self._unread[2:6]))
                    del self._unread[:7]
                    continue
            elif is_automatic_status(first):
                if len(self._unread) < 4:
                    return
                del self._unread[:4]
                continue
            elif is_real_time_answer(first):
                self._answers.append(first)
            del self._unread[0]
