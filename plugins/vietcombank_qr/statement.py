"""Vietcombank's statements as it exports them: a plain list, CashUp's account detail, HTML that calls itself XLS, CSV.

What a column holds is told by its heading, since no two exports have the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from kiosk.domain.errors import DomainError
from kiosk.domain.names import fold
from kiosk.domain.payment.transfer import Transfer, written_amount
from kiosk.plugin import StatementFile
from kiosk.plugin.cells import Cell
from kiosk.plugin.sheets import ZIP_MAGIC, Limits, SheetRefused, read_rows

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LIMITS = Limits(bytes=16 * 1024 * 1024, rows=110_000, columns=20, html=True, sheet="VCBACCOUNTDETAIL")
LONGEST_MEMO = 1_000
NOON = time(12)
"""Many statements say only the day."""

HEADINGS: dict[str, tuple[str, ...]] = {
    "account": ("so tai khoan", "account no", "account number"),
    "debit": ("ghi no", "no tktt", "debit"),
    "credit": ("ghi co", "co tktt", "credit"),
    "balance": ("so du", "balance"),
    "change": ("thay doi", "+/-", "change"),
    "amount": ("so tien", "amount"),
    "date": ("ngay", "date"),
    "reference": ("so tham chieu", "so ct", "so chung tu", "doc no", "docno", "reference"),
    "memo": ("mo ta", "noi dung", "dien giai", "description", "detail", "remark"),
}
"""What a heading says, without diacritics; a heading is of the first kind that fits, but date and number may share one."""
TOTAL = ("tong", "total")
_ACCOUNT = re.compile(r"\b\d{8,19}\b")
_WHEN = re.compile(
    r"(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})"
    r"(?:[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2})?))?\s*(?P<rest>.*)",
    re.DOTALL,
)
_NOTHING = re.compile(r"[\s0.,-]*")
_SIGN = re.compile(r"^\s*([+-])\s*")


@dataclass
class _Section:
    """Where the columns of one table stand, and whose account it lists."""

    columns: dict[str, int]
    account: str
    rows: list[Transfer] = field(default_factory=list)


def read_statement(content: bytes, usual_account: str) -> StatementFile:
    """The movements of a statement; `usual_account` is meant where the file names none.

    Raises DomainError("statement_unreadable", row, column, reason) for a file that is none of the known shapes or is
    not to be trusted, and DomainError("statement_row_malformed", row, column) for a line without a day or an amount.
    """
    try:
        return _read(content, usual_account)
    except SheetRefused as refusal:
        raise DomainError(
            "statement_unreadable", row=refusal.row or 0, column=refusal.column, reason=refusal.reason
        ) from None


def _read(content: bytes, usual_account: str) -> StatementFile:
    account, section = usual_account, None
    sections: list[_Section] = []
    for number, cells in read_rows(content, LIMITS):
        texts = [_text(cell) for cell in cells]
        columns = None if section and _is_line(section, texts) else _columns(texts)
        if columns:
            section = _Section(columns, account)
            sections.append(section)
        elif section is None:
            account = _named_account(texts) or account
        elif any(fold(text).startswith(TOTAL) for text in texts[:2]):
            section = None
        else:
            _take(section, number, cells, texts)
    if not sections:
        raise SheetRefused("there is no heading with a day, an amount and a description")
    return StatementFile(_shape(content, sections), [each for s in sections for each in s.rows])


def _shape(content: bytes, sections: Sequence[_Section]) -> str:
    kind = "xlsx" if content.startswith(ZIP_MAGIC) else "html" if content.lstrip()[:1] == b"<" else "csv"
    if len({s.account for s in sections}) > 1 or any("account" in s.columns for s in sections):
        return f"{kind}:accounts"
    columns = sections[0].columns
    if "amount" in columns:
        return f"{kind}:simple"
    return f"{kind}:cashup" if columns.get("reference") == columns["date"] else f"{kind}:two_columns"


def _columns(texts: Sequence[str]) -> dict[str, int] | None:
    """Which column holds what, when this row is a heading."""
    found: dict[str, int] = {}
    for place, text in enumerate(texts):
        said = fold(text)
        for kind, words in HEADINGS.items():
            if kind not in found and any(word in said for word in words):
                found[kind] = place
                if kind == "date":
                    continue  # "Ngày/ Số CT" holds both
                break
    whole = {"date", "memo"} <= found.keys() and ("amount" in found or {"debit", "credit"} <= found.keys())
    return found if whole else None


def _is_line(section: _Section, texts: Sequence[str]) -> bool:
    """Whether a row begins like a line of the table: then it is no heading, which costs more to find out."""
    place = section.columns["date"]
    return place < len(texts) and bool(_WHEN.match(texts[place]))


def _named_account(texts: Sequence[str]) -> str:
    said = " ".join(text for text in texts if text)
    if not any(word in fold(said) for word in HEADINGS["account"]):
        return ""
    number = _ACCOUNT.search(said)
    return number.group() if number else ""


def _take(section: _Section, number: int, cells: Sequence[Cell], texts: Sequence[str]) -> None:
    def text(kind: str) -> str:
        place = section.columns.get(kind)
        return texts[place] if place is not None and place < len(texts) else ""

    when = section.columns["date"]
    amounts = [text(kind) for kind in ("amount", "debit", "credit")]
    if not text("date") and all(_NOTHING.fullmatch(amount) for amount in amounts):
        _continue(section, text("memo"))
        return
    at, rest = _when(cells[when] if when < len(cells) else None, number)
    amount, incoming = _amount(section, text, number)
    shared = section.columns.get("reference") == when
    section.rows.append(
        Transfer(
            teller_id="",
            bank_reference=" ".join((rest if shared else text("reference")).split())[:120],
            account=text("account") or section.account,
            amount=amount,
            incoming=incoming,
            at=at,
            memo=text("memo")[:LONGEST_MEMO],
        )
    )


def _continue(section: _Section, memo: str) -> None:
    """A line that only goes on with the memo of the one before."""
    if memo and section.rows:
        last = section.rows[-1]
        section.rows[-1] = replace(last, memo=f"{last.memo}\n{memo}"[:LONGEST_MEMO])


def _when(cell: Cell, number: int) -> tuple[datetime, str]:
    """The moment in UTC, and what else stood in the cell."""
    if isinstance(cell, datetime):
        return _utc(cell.date(), cell.time() if cell.time() != time(0) else NOON), ""
    if isinstance(cell, date):
        return _utc(cell, NOON), ""
    found = _WHEN.match(_text(cell))
    try:
        if found is None:
            raise ValueError
        day = date(int(found["year"]), int(found["month"]), int(found["day"]))
        clock = time.fromisoformat(found["time"].zfill(5)) if found["time"] else NOON
    except ValueError:
        raise DomainError("statement_row_malformed", row=number, column="date") from None
    return _utc(day, clock), found["rest"].strip()


def _utc(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, HANOI).astimezone(UTC)


def _amount(section: _Section, said: Callable[[str], str], number: int) -> tuple[int, bool]:
    if "amount" in section.columns:
        written, change = said("amount"), said("change")
        if "change" in section.columns:
            sign, bare = _SIGN.match(change), written
        else:
            sign, bare = _SIGN.match(written), _SIGN.sub("", written)
        if "change" in section.columns and sign is None:
            raise DomainError("statement_row_malformed", row=number, column="change")
        # A minus went out. (One published reader has the two the other way round.)
        return _whole(bare, number, "amount"), sign is None or sign[1] == "+"
    out, into = (not _NOTHING.fullmatch(said(kind)) for kind in ("debit", "credit"))
    if out == into:
        raise DomainError("statement_row_malformed", row=number, column="credit")
    kind = "credit" if into else "debit"
    return _whole(said(kind), number, kind), into


def _whole(written: str, number: int, column: str) -> int:
    try:
        return written_amount(written)
    except DomainError:
        raise DomainError("statement_row_malformed", row=number, column=column) from None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
