"""The facts of the register of dossiers (sổ theo dõi hồ sơ)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from kiosk.domain.papers.editions import Form
from kiosk.domain.papers.facts import Head


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One dossier of the register; `entry` is its number in the book, continuous within the year."""

    entry: int
    code: str
    request: str
    owner: str = field(repr=False)
    sets: int = 1
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    received_on: date
    due: date | None
    returned_on: date | None = None
    receiver: str = ""
    locality: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Register:
    """A stretch of the register, first to last day of receipt; `day` (of printing) decides the edition.

    Books open with the year and run from 01 (TT 01/2018 Đ.10).
    """

    form: ClassVar[Form] = Form.REGISTER

    head: Head
    book: str
    first_day: date
    last_day: date
    day: date
    rows: tuple[RegisterRow, ...]
