"""The post's list of statuses: which column holds what is told by its heading, and every row that means nothing is named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.domain.errors import DomainError
from kiosk.domain.names import fold
from kiosk.domain.post.s10 import read_own_number
from kiosk.domain.post.states import Receiver, Status, StatusTold
from kiosk.plugin import NewsFile, RowProblem
from kiosk.plugin.cells import NO_WORDS, YES_WORDS, Cell
from kiosk.plugin.sheets import Limits, SheetRefused, read_rows

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LIMITS = Limits(bytes=16 * 1024 * 1024, rows=110_000, columns=20)
HEAD_ROWS = 20
CLOSING_TIME = time(17)
"""A day without a time means the end of that working day."""
FIRST_SERIAL = 36_526
"""1/1/2000 as spreadsheets count days; what lies before is a slip of the cell's format, not a day of the post."""
LAST_SERIAL = 73_050
LONGEST_TEXT = 400

HEADINGS: dict[str, tuple[str, ...]] = {
    "reason": ("ly do", "nguyen nhan", "reason"),
    "number": ("so hieu", "ma buu gui", "itemcode", "item code", "number"),
    "receiver": ("quan he", "nguoi nhan ho", "receiver kind"),
    "id_checked": ("giay to", "cccd", "id checked"),
    "name": ("nguoi nhan", "receiver"),
    "collected": ("thu ho", "cod", "collected"),
    "at": ("thoi gian", "thoi diem", "ngay gio", "ngay", "at", "date", "time"),
    "status": ("trang thai", "tinh trang", "status"),
}
"""What a heading says, without diacritics; the first kind that fits counts."""
NEEDED = ("number", "status", "at")
STATUSES: dict[str, Status] = {
    "da nhan gui": Status.ACCEPTED,
    "da chap nhan": Status.ACCEPTED,
    "chap nhan gui": Status.ACCEPTED,
    "accepted": Status.ACCEPTED,
    "dang phat": Status.OUT_FOR_DELIVERY,
    "dang di phat": Status.OUT_FOR_DELIVERY,
    "giao buu ta": Status.OUT_FOR_DELIVERY,
    "out for delivery": Status.OUT_FOR_DELIVERY,
    "out_for_delivery": Status.OUT_FOR_DELIVERY,
    "phat khong thanh cong": Status.ATTEMPT_FAILED,
    "chua phat duoc": Status.ATTEMPT_FAILED,
    "attempt failed": Status.ATTEMPT_FAILED,
    "attempt_failed": Status.ATTEMPT_FAILED,
    "phat thanh cong": Status.DELIVERED,
    "da phat": Status.DELIVERED,
    "delivered": Status.DELIVERED,
    "da chuyen hoan": Status.RETURNED,
    "chuyen hoan": Status.RETURNED,
    "phat hoan": Status.RETURNED,
    "returned": Status.RETURNED,
}
SELF_WORDS = frozenset({"", "chinh chu", "ban than", "nguoi nhan", "self"})
TOTAL = ("tong", "total", "cong")
_WHEN = re.compile(
    r"(?:(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})|(?P<iso>\d{4}-\d{2}-\d{2}))"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)
_MONEY = re.compile(r"[\d.,]+")


def read_news(content: bytes) -> NewsFile:
    """The rows of a list. Raises DomainError("post_file_unreadable", row, reason) for what is no such list."""
    try:
        return _read(content)
    except SheetRefused as refusal:
        raise DomainError("post_file_unreadable", row=refusal.row or 0, reason=refusal.reason) from None


def _read(content: bytes) -> NewsFile:
    columns: dict[str, int] = {}
    news: list[StatusTold] = []
    problems: list[RowProblem] = []
    for row, cells in read_rows(content, LIMITS):
        if not columns:
            columns = _columns(cells)
            if not columns and row >= HEAD_ROWS:
                break
            continue
        if not any(_text(cell) for cell in cells) or fold(_first(cells)).startswith(TOTAL):
            continue
        try:
            news.append(_told(row, cells, columns))
        except DomainError as error:
            facts = {key: value for key, value in error.fields.items() if key != "allowed"}
            problems.append(RowProblem(row, error.code, facts))
    if not columns:
        raise SheetRefused("there is no heading with a parcel's number, a status and a time")
    return NewsFile(news, problems)


def _columns(cells: Sequence[Cell]) -> dict[str, int]:
    """Which column holds what, when this row is the heading."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        said = fold(_text(cell))
        kind = next((k for k, words in HEADINGS.items() if said and any(w in said for w in words)), None)
        if kind and kind not in found:
            found[kind] = place
    return found if all(kind in found for kind in NEEDED) else {}


def _told(row: int, cells: Sequence[Cell], columns: dict[str, int]) -> StatusTold:
    def cell(kind: str) -> Cell:
        place = columns.get(kind)
        return cells[place] if place is not None and place < len(cells) else None

    if not _text(cell("number")):
        # Of merged cells only the first holds the number.
        raise DomainError("parcel_number_missing", field="number")
    status = STATUSES.get(" ".join(fold(_text(cell("status"))).split()))
    if status is None:
        raise DomainError("unknown_status", field="status", allowed=sorted(STATUSES))
    receiver = _receiver(_text(cell("receiver"))) if status is Status.DELIVERED else None
    reason = _text(cell("reason"))[:LONGEST_TEXT]
    return StatusTold(
        number=read_own_number(_text(cell("number"))),
        status=status,
        at=_moment(cell("at")),
        row=row,
        receiver=receiver,
        name=_text(cell("name"))[:LONGEST_TEXT] if status is Status.DELIVERED else "",
        id_checked=_yes_no(_text(cell("id_checked"))) if status is Status.DELIVERED else None,
        reason=reason or ("không ghi lý do" if status is Status.ATTEMPT_FAILED else ""),
        collected=_amount(cell("collected")) if status is Status.DELIVERED else None,
    )


def _moment(cell: Cell) -> datetime:
    """When it happened. Raises DomainError("moment_malformed", "date_too_early")."""
    if isinstance(cell, datetime):
        return _local(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    match = _WHEN.fullmatch(_text(cell))
    if match is None:
        raise DomainError("moment_malformed", field="at")
    day = match["iso"] or f"{match['year']}-{match['month']:0>2}-{match['day']:0>2}"
    try:
        at = datetime.fromisoformat(day)
        if match["hour"] is None:
            return at.replace(hour=CLOSING_TIME.hour, tzinfo=HANOI)
        return at.replace(
            hour=int(match["hour"]),
            minute=int(match["minute"]),
            second=int(match["second"] or 0),
            tzinfo=HANOI,
        )
    except ValueError:
        raise DomainError("moment_malformed", field="at") from None


def _local(at: datetime) -> datetime:
    """A spreadsheet's moment has no zone; its midnight is a day without a time."""
    if at.time() == time(0):
        at = at.replace(hour=CLOSING_TIME.hour)
    return at.replace(microsecond=0, tzinfo=HANOI)


def _serial(number: float) -> datetime:
    """A cell that lost its format: days since 1900, as spreadsheets count them."""
    if not FIRST_SERIAL <= number <= LAST_SERIAL:
        raise DomainError("date_too_early", field="at", earliest="2000-01-01")
    from openpyxl.utils.datetime import from_excel

    return _local(from_excel(number))


def _amount(cell: Cell) -> int | None:
    if cell is None or _text(cell) == "":
        return None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if float(cell).is_integer() and cell >= 0:
            return int(cell)
    elif _MONEY.fullmatch(_text(cell)):
        return int(re.sub(r"[.,]", "", _text(cell)) or 0)
    raise DomainError("amount_malformed", field="collected")


def _receiver(text: str) -> Receiver:
    return Receiver.SELF if fold(text) in SELF_WORDS else Receiver.PROXY


def _yes_no(text: str) -> bool | None:
    word = fold(text)
    if not word:
        return None
    if word in YES_WORDS or word in NO_WORDS:
        return word in YES_WORDS
    # A number of identity papers is not ours to keep; that there is one says they were seen.
    return True


def _first(cells: Sequence[Cell]) -> str:
    return next((text for cell in cells if (text := _text(cell))), "")


def _text(cell: Any) -> str:
    return "" if cell is None else " ".join(str(cell).split())
