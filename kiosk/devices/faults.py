"""The ways a virtual printer can misbehave; set while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(slots=True)
class PrinterFaults:
    """What is wrong with the printer now.

    `*_after` count the bytes of a job (status questions not counted) on one connection and strike once; the
    count is of whole bytes taken in by the head. `late_by` is in seconds, `slow` in bytes a second.
    """

    paper_out: bool = False
    paper_near_end: bool = False
    cover_open: bool = False
    cutter_jam: bool = False
    offline: bool = False
    silent: bool = False  # prints, but answers nothing
    lies: bool = False  # says that all is well, whatever is wrong
    no_process_id: bool = False  # like many clones: answers DLE EOT, not GS ( H
    no_in_order: bool = False  # answers no GS r
    asb: bool = False  # sends its status unasked whenever it changes, and at the beginning
    one_client: bool = False  # refuses a second connection; else that one waits its turn
    unfinished_waits: bool = False  # a command cut off goes on with the next connection's bytes
    late_by: float = 0.0
    slow: int | None = None
    paper_out_after: int | None = None
    cover_open_after: int | None = None
    close_after: int | None = None
    reset_after: int | None = None

    @property
    def stalled(self) -> bool:
        """Tell whether the head stands still; bytes received meanwhile wait in the printer's memory."""
        return self.paper_out or self.cover_open or self.cutter_jam or self.offline

    def answer(self, n: int) -> int:
        """Return the printer's answer to DLE EOT n, for n from 1 to 4."""
        if self.lies:
            return 0x12
        bits = {
            1: 0x08 * self.stalled,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * self.cutter_jam,
            3: 0x08 * self.cutter_jam,
            4: 0x0C * (self.paper_near_end or self.paper_out) | 0x60 * self.paper_out,
        }
        return 0x12 | bits[n]

    def automatic(self) -> bytes:
        """Return the four bytes of automatic status (GS a)."""
        if self.lies:
            return b"\x10\0\0\x0f"
        first = 0x10 | 0x08 * self.stalled | 0x20 * self.cover_open
        paper = 0x03 * (self.paper_near_end or self.paper_out) | 0x0C * self.paper_out
        return bytes((first, 0x08 * self.cutter_jam, paper, 0x0F))

    def next_strike(self, done: int) -> tuple[str, int] | None:
        """Return the next `*_after` fault and how many more bytes until it strikes."""
        waiting = [
            (max(0, after - done), name)
            for name in ("paper_out_after", "cover_open_after", "close_after", "reset_after")
            if (after := getattr(self, name)) is not None
        ]
        return (min(waiting)[1], min(waiting)[0]) if waiting else None

    def apply(self, state: Mapping[str, Any]) -> None:
        """Take over a whole state: what is not named is well again. Unknown names and types: ValueError."""
        clean = PrinterFaults()
        known = {field.name for field in fields(self)}
        for name, value in state.items():
            if name not in known:
                raise ValueError(f"unknown fault {name!r}; known are {', '.join(sorted(known))}")
            setattr(clean, name, _checked(name, value, getattr(clean, name)))
        for name in known:
            setattr(self, name, getattr(clean, name))


def _checked(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        right = isinstance(value, bool)
    elif default is None:
        right = value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    else:
        right = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if not right:
        raise ValueError(f"fault {name!r} cannot be {value!r}")
    return value
