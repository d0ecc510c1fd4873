"""Cells of a spreadsheet that people edit: read leniently where a meaning is certain, refused where it is not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from kiosk.domain.names import fold

Cell = str | int | float | bool | date | datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
"""A cell that begins so is run as a formula by a spreadsheet (ASVS 5.0 1.2.10)."""
GUARD = "'"
YES, NO = "có", ""
YES_WORDS = frozenset({"co", "x", "yes", "true", "1", "dung"})
NO_WORDS = frozenset({"", "khong", "no", "false", "0"})
_PLAIN = re.compile(r"\d{1,15}")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+")
_DONG = re.compile(r"\s*(đồng|đ)$", re.IGNORECASE)


class CellError(ValueError):
    """A cell means nothing certain; the text says why."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    DAY = "day"
    FLAG = "flag"
    LIST = "list"


def written(value: Any, kind: Kind) -> str | int | date:
    """A value as it goes into a cell, "" for none; a text that a spreadsheet would run gets an apostrophe before it."""
    if kind is Kind.FLAG:
        return YES if value else NO
    if value is None or value == []:
        return ""
    if kind is Kind.WHOLE:
        return int(value)
    if kind is Kind.DAY:
        return date.fromisoformat(value)
    return guarded("\n".join(value) if kind is Kind.LIST else str(value))


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    dangerous = text.lstrip(" \u00a0").startswith(FORMULA_STARTS) or text.startswith(GUARD)
    return GUARD + text if dangerous else text


def read(cell: Cell, kind: Kind) -> Any:
    """What a cell means, None for an empty one; whole numbers of đồng may have Vietnamese thousands dots.

    Raises CellError.
    """
    if isinstance(cell, str):
        cell = unicodedata.normalize("NFC", cell).strip()
    if cell is None or cell == "":
        return None
    return _READERS[kind](cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool | float | date):
        raise CellError("must be text; format the cell as text")
    text = str(cell)
    return text.removeprefix(GUARD).strip()


def _list(cell: Cell) -> list[str]:
    return [line.strip() for line in _text(cell).splitlines() if line.strip()]


def _whole(cell: Cell) -> int:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str):
        plain = _DONG.sub("", cell.removeprefix(GUARD))
        if _PLAIN.fullmatch(plain) or (_GROUPED.fullmatch(plain) and len(plain) < 20):
            return int(plain.replace(".", ""))
        if re.fullmatch(r"-\s*[\d.,]+", plain):
            raise CellError("must not be negative")
    raise CellError("must be a whole number, such as 50000 or 50.000")


def _day(cell: Cell) -> str:
    if isinstance(cell, datetime):
        if cell.time() != time(0):
            raise CellError("must be a day without a time")
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        for shape in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                day = datetime.strptime(cell, shape)  # noqa: DTZ007  (a day has no zone)
            except ValueError:
                continue
            return day.date().isoformat()
    raise CellError("must be a day such as 2026-11-23 or 23/11/2026")


def _flag(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = fold(str(cell))
    if word in YES_WORDS or word in NO_WORDS:
        return word in YES_WORDS
    raise CellError('must be "có" or empty')


_READERS: dict[Kind, Callable[[Cell], Any]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.DAY: _day,
    Kind.FLAG: _flag,
    Kind.LIST: _list,
}
