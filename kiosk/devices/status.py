"""What a printer says of itself, from its real-time status answers (Epson ESC/POS, DLE EOT n), and how a job ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from kiosk.devices.answers import is_automatic_status, is_real_time_answer

__all__ = ["PrintOutcome", "PrinterStatus", "ask_status", "is_automatic_status", "is_real_time_answer"]

STATUS_QUESTIONS = (1, 2, 3, 4)  # n of DLE EOT n: printer, offline cause, error cause, paper sensors

State = Literal["confirmed", "not_printed", "doubtful"]
ConfirmedBy = Literal["process_id", "in_order", "status", "line", "file"]


def ask_status(n: int) -> bytes:
    """Return the real-time question DLE EOT n."""
    return bytes((0x10, 0x04, n))


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """One look at a printer; `unknown` means that at least one question had no proper answer.

    `mute` is for printers nobody can ask (their model says so, or CUPS stands between): they are taken to be
    well while they can be reached, and the pages say that nothing is known of their paper.
    """

    online: bool = False
    cover_open: bool = False
    paper_near_end: bool = False
    paper_out: bool = False
    cutter_error: bool = False
    recoverable_error: bool = False
    fatal_error: bool = False
    other_error: bool = False  # "an error occurred" without any cause in answer 3
    unknown: bool = False
    mute: bool = False

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

    @classmethod
    def from_automatic(cls, block: bytes) -> PrinterStatus:
        """Read the four bytes of automatic status (GS a) that the printer sends of its own accord."""
        printer, error, paper, _ = block
        return cls(
            online=not printer & 0x08,
            cover_open=bool(printer & 0x20),
            paper_near_end=bool(paper & 0x03),
            paper_out=bool(paper & 0x0C),
            cutter_error=bool(error & 0x08),
            fatal_error=bool(error & 0x20),
            recoverable_error=bool(error & 0x40),
        )

    @classmethod
    def from_dict(cls, flags: Mapping[str, Any]) -> PrinterStatus:
        """Read what `as_dict` wrote; flags of another version are passed over, missing ones are False."""
        return cls(**{field.name: flags.get(field.name) is True for field in fields(cls)})

    def as_dict(self) -> dict[str, bool]:
        """Return the flags by name, for JSON."""
        return asdict(self)

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


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """How a job ended.

    confirmed: it is on paper, as far as `confirmed_by` can say (docs/adr/0017). not_printed: no byte of it left
    us, a retry is a first paper. doubtful: bytes left and no good word came back, so a retry must carry the
    repeat mark.
    """

    state: State
    problem: str | None = None
    status: PrinterStatus = UNKNOWN
    confirmed_by: ConfirmedBy | None = None

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> PrintOutcome:
        """Read what `as_dict` wrote."""
        return cls(
            facts["state"],
            facts.get("problem"),
            PrinterStatus.from_dict(facts.get("status") or {"unknown": True}),
            facts.get("confirmed_by"),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the facts by name, for JSON."""
        return asdict(self)
