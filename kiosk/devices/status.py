"""What a printer says of itself, from its real-time status answers (Epson ESC/POS, DLE EOT n)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATUS_QUESTIONS = (1, 2, 3, 4)  # n of DLE EOT n: printer, offline cause, error cause, paper sensors


def ask_status(n: int) -> bytes:
    """Return the real-time question DLE EOT n."""
    return bytes((0x10, 0x04, n))


def is_real_time_answer(byte: int) -> bool:
    """Tell an answer to DLE EOT from every other byte a printer sends."""
    return byte & 0x93 == 0x12


def is_automatic_status(byte: int) -> bool:
    """Tell the first of the four bytes that automatic status back (GS a) sends unasked."""
    return byte & 0x93 == 0x10


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at a printer; `unknown` means that at least one question had no proper answer."""

    online: bool = False
    cover_open: bool = False
    paper_near_end: bool = False
    paper_out: bool = False
    cutter_error: bool = False
    recoverable_error: bool = False
    fatal_error: bool = False
    other_error: bool = False  # "an error occurred" without any cause in answer 3
    unknown: bool = False

    @classmethod
    def from_answers(cls, answers: Mapping[int, int]) -> PrinterStatus:
        """Read the answers by question number; a missing or malformed one makes the status unknown."""
        proper = {n: byte for n, byte in answers.items() if is_real_time_answer(byte)}
        printer, offline, error, paper = (proper.get(n, 0) for n in STATUS_QUESTIONS)
        causes = error & (0x08 | 0x20 | 0x40)
        return cls(
            online=1 in proper and not printer & 0x08,
            cover_open=bool(offline & 0x04),
            paper_near_end=bool(paper & 0x0C),
            paper_out=bool(offline & 0x20 or paper & 0x60),
            cutter_error=bool(error & 0x08),
            fatal_error=bool(error & 0x20),
            recoverable_error=bool(error & 0x40),
            other_error=bool(offline & 0x40) and not causes,
            unknown=any(n not in proper for n in STATUS_QUESTIONS),
        )

    @property
    def problem_code(self) -> str | None:
        """Why nothing can be printed now, most telling cause first, or None; the codes never change."""
        if self.cover_open:
            return "printer_cover_open"
        if self.paper_out:
            return "printer_paper_out"
        if self.cutter_error or self.fatal_error or self.recoverable_error or self.other_error:
            return "printer_error"
        if self.unknown:
            return "printer_unknown"
        return None if self.online else "printer_offline"

    @property
    def can_print(self) -> bool:
        """Tell whether a job sent now should come out; an unknown printer is never ready."""
        return self.problem_code is None


UNKNOWN = PrinterStatus(unknown=True)
UNREACHABLE = PrinterStatus(online=False)
