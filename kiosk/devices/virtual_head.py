"""The inside of a virtual printer: memory, head, paper, answers. What brings it bytes is another matter."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from kiosk.devices.control import ControlFile, StateFile
from kiosk.devices.faults import PrinterFaults
from kiosk.devices.paper import PaperDecoder, Strip
from kiosk.devices.tray import Paper, drop_in_tray

MEMORY = 65_536
"""Bytes a printer holds before it takes no more."""
REMEMBERED = 100
"""Papers at hand in `jobs` and `torn`; older ones are in their files only."""

_ONLY_QUESTIONS = re.compile(rb"(\x10\x04[\x01-\x04])+")  # answered on arrival, never part of a job
_IN_ORDER = re.compile(rb"(?=\x1dr)")

Break = Literal["close", "reset"]


class VirtualHead:
    """Prints what it `receive`s to `NNNN.png` and `NNNN.txt`, a pair for each cut; the newest `keep` stay.

    Paper that ends without a cut or begins in the middle of a job goes to the folder `torn`. `control` is a
    JSON file with the faults of `PrinterFaults`, read whenever it changes; `faults` may be set directly too.
    """

    def __init__(
        self,
        output_dir: Path | str,
        name: str = "virtual",
        width: int = 576,
        control: Path | str | None = None,
        keep: int = 2_000,
    ) -> None:
        self.output_dir = Path(output_dir)
        self.name = name
        self.faults = PrinterFaults()
        self.jobs: list[Paper] = []
        self.torn: list[Paper] = []
        self.received_bytes = 0
        self._keep = keep
        self._control = ControlFile(Path(control), self.faults, name) if control else None
        self._state = StateFile(self.output_dir) if control else None
        self._decoder = PaperDecoder(width, self._keep_strip, self._answer_process_id)
        self._memory = bytearray()  # received, not yet taken by the head
        self._held = b""  # the beginning of a GS r, perhaps
        self._question = b""  # the beginning of a DLE EOT, perhaps
        self._job_bytes = 0
        self._worked_at = time.monotonic()
        self._told: bytes | None = None  # the automatic status sent last
        self._send: Callable[[bytes], None] | None = None
        self._off = threading.Event()
        self._printed = threading.Condition()

    @property
    def has_room(self) -> bool:
        """Tell whether more bytes may come; a printer whose memory is full lets the sender wait."""
        return len(self._memory) < MEMORY

    def wait_for_jobs(self, count: int, timeout: float = 5.0) -> list[Paper]:
        """Return the papers at hand once there are `count`, or what there is after `timeout` seconds."""
        with self._printed:
            self._printed.wait_for(lambda: len(self.jobs) >= count, timeout)
            return list(self.jobs)

    def begin(self, send: Callable[[bytes], None]) -> None:
        """Somebody is on the line; `send` takes what the printer says."""
        self._send = send
        self._told = None
        self._job_bytes = 0
        self._question = b""

    def end(self) -> None:
        """Nobody is on the line any more; what is in the memory will still be printed."""
        self._send = None
        if not self._memory and not self.faults.unfinished_waits:
            self._held = b""
            self._decoder.abandon()

    def receive(self, chunk: bytes) -> None:
        """Take bytes into the memory, and answer at once what is asked in real time."""
        self.received_bytes += len(chunk)
        if self._memory or not self._decoder.idle or not _ONLY_QUESTIONS.fullmatch(chunk):
            self._memory += chunk
        self._question = self._answer_status(self._question + chunk)

    def work(self) -> Break | None:
        """Let the head take what is in the memory until it stalls; tell when the line is to be cut off."""
        if self._control:
            self._control.read()
        self._tell_unasked()
        now = time.monotonic()
        left = len(self._memory)
        if self.faults.slow is not None:
            left = int(self.faults.slow * (now - self._worked_at))
        if left or not self._memory:
            self._worked_at = now
        cut = self._work_off(left)
        if self._state:
            self._state.write(self.faults)
        return cut

    def power_cycle(self) -> None:
        """Lose power: memory and settings are gone, the paper is torn off."""
        self._memory.clear()
        self._held = b""
        self._decoder.power_cycle()

    def _work_off(self, left: int) -> Break | None:
        while self._memory and left > 0 and not self.faults.stalled:
            if self._decoder.idle and not self._held and not self._memory[0]:
                self._memory[:] = self._memory.lstrip(b"\0")  # between commands, zeros are nothing to a head
                continue
            strike = self.faults.next_strike(self._job_bytes)
            taken = min(len(self._memory), left, strike[1] if strike else left)
            before = self._decoder.real_time_bytes
            piece = bytes(self._memory[:taken])
            del self._memory[:taken]
            left -= taken
            self._take_in(piece)
            self._job_bytes += taken - (self._decoder.real_time_bytes - before)
            if strike and self.faults.next_strike(self._job_bytes) == (strike[0], 0):
                setattr(self.faults, strike[0], None)
                if cut := self._strike(strike[0]):
                    return cut
        self._tell_unasked()
        return None

    def _take_in(self, piece: bytes) -> None:
        """Let the head carry out these bytes, and answer a GS r when its turn has come."""
        piece, self._held = self._held + piece, b""
        # What may be the beginning of a GS r waits for the rest, if it stands where a command begins.
        tail = next((tail for tail in (b"\x1dr", b"\x1d") if piece.endswith(tail)), b"")
        for part in _IN_ORDER.split(piece.removesuffix(tail)):
            question = part[:3] if self._decoder.idle and part.startswith(b"\x1dr") else b""
            self._decoder.feed(question)
            if question and not self.faults.no_in_order:
                self._reply(bytes((0x03 * self.faults.paper_near_end,)))
            self._decoder.feed(part[len(question) :])
        if self._decoder.idle:
            self._held = tail
        else:
            self._decoder.feed(tail)

    def _answer_status(self, stream: bytes) -> bytes:
        """Answer DLE EOT n wherever it stands, even inside a picture, as real printers do at once.

        Returns the last bytes when they may be the beginning of a question.
        """
        at = stream.find(b"\x10\x04")
        while at >= 0 and at + 2 < len(stream):
            if 1 <= stream[at + 2] <= 4:
                self._reply(bytes((self.faults.answer(stream[at + 2]),)))
            at = stream.find(b"\x10\x04", at + 2)
        if at >= 0:
            return stream[at:]
        return stream[-1:] if stream.endswith(b"\x10") else b""

    def _answer_process_id(self, process_id: bytes) -> None:
        if not self.faults.no_process_id:
            self._reply(b"\x37\x22" + process_id + b"\0")

    def _tell_unasked(self) -> None:
        if self.faults.asb and self._send and self._told != (block := self.faults.automatic()):
            self._told = block
            self._reply(block)

    def _reply(self, answer: bytes) -> None:
        if self.faults.silent or self._send is None:
            return
        if self.faults.late_by:
            self._off.wait(self.faults.late_by)
        self._send(answer)

    def _strike(self, fault: str) -> Break | None:
        if fault in ("paper_out_after", "cover_open_after"):
            setattr(self.faults, fault.removesuffix("_after"), True)
            self._decoder.tear()
            return None
        if fault == "reset_after":
            self.power_cycle()
            return "reset"
        self._memory.clear()
        return "close"

    def _keep_strip(self, strip: Strip) -> None:
        folder = self.output_dir if strip.complete else self.output_dir / "torn"
        paper = drop_in_tray(folder, self.name, strip)
        for suffix in (".png", ".txt"):
            (folder / f"{paper.number - self._keep:04}{suffix}").unlink(missing_ok=True)
        with self._printed:
            at_hand = self.jobs if strip.complete else self.torn
            at_hand.append(paper)
            del at_hand[:-REMEMBERED]
            self._printed.notify_all()
