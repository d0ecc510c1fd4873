"""How a printed paper comes about: its states, when a second copy needs the mark, how long a roll lasts."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from kiosk.domain.moves import MoveTable


class PrintState(StrEnum):
    """Where a paper stands."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REPEATED = "repeated"
    FAILED = "failed"
    EXPIRED = "expired"


OPEN = (PrintState.QUEUED, PrintState.SENT, PrintState.REPEATED)
"""Papers still owed. One that was sent and never judged may be out: its next copy bears the mark."""

PRINT_MOVES = MoveTable[PrintState](
    "paper",
    {
        # Written down before the first byte leaves: whoever dies in between leaves a marked copy behind.
        "send": {
            PrintState.QUEUED: PrintState.SENT,
            PrintState.REPEATED: PrintState.SENT,
            PrintState.SENT: PrintState.SENT,
        },
        "confirm": {PrintState.SENT: PrintState.CONFIRMED},
        # No byte left: the copy is as unmarked as it was before the attempt.
        "hold": {PrintState.SENT: PrintState.QUEUED},
        # Also what an agent took over before it fell silent.
        "doubt": dict.fromkeys(OPEN, PrintState.REPEATED),
        "fail": dict.fromkeys(OPEN, PrintState.FAILED),
        "expire": dict.fromkeys(OPEN, PrintState.EXPIRED),
    },
)

FAILOVER_AFTER = timedelta(seconds=8)
"""A printer that has been unable for so long is not waited for where another can print."""

LOW_PAPER_MM = 3_000
"""Some twenty tickets: time enough to fetch a roll before it ends."""


def paper_left_mm(roll_mm: int, used_mm: int) -> int:
    """Return what the meter says is left on the roll, in millimetres, never below nought."""
    return max(0, roll_mm - used_mm)


def is_paper_low(roll_mm: int, used_mm: int, near_end: bool) -> bool:
    """Tell whether the roll should be changed soon: the printer's own sensor says so, or the meter does."""
    return near_end or paper_left_mm(roll_mm, used_mm) <= LOW_PAPER_MM
