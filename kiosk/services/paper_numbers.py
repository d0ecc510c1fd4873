"""Numbers of papers: one series an office, kind of paper and year, each from 1 and without a gap (TT 01/2018 Đ.10)."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.models import PaperSeries

REGISTER = "register"
SUPPLEMENT = "supplement"
REFUSAL = "refuse"
APOLOGY = "apology"
STOP = "stop"
MARKS = {SUPPLEMENT: "HDHS", REFUSAL: "TCHS", APOLOGY: "XLHL", STOP: "DGQ"}
"""What stands behind the number on each paper: "07/HDHS"."""


def next_number(transaction: OfficeTransaction, paper: str) -> int:
    """The next number of a kind of paper in the year of the transaction's day."""
    values = {"office": transaction.office_id, "paper": paper, "year": transaction.day.year}
    return int(
        PaperSeries.insert(**values, last=1)
        .on_conflict(
            conflict_target=[PaperSeries.office, PaperSeries.paper, PaperSeries.year],
            update={PaperSeries.last: PaperSeries.last + 1},
        )
        .returning(PaperSeries.last)
        .tuples()
        .execute()[0][0]
    )
