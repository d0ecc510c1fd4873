"""Whole đồng: fee lines, fee rules, and how an amount is written and read aloud.

An amount is an `int` of đồng, never a fraction and never rounded: 31.160 đồng stays 31.160 đồng.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.domain.errors import DomainError

FeeKind = Literal["phi", "le_phi"]
"""Phí pays for a service, lệ phí is a state charge: separate amounts with separate receipts."""

LARGEST_AMOUNT = 9_999_999_999_999
"""Thirteen digits, the most a VietQR transfer can carry."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNIT_AFTER_TEN = {5: "lăm"}
_UNIT_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
WHOLE = 100
"""Per cent."""

_BILLION = 1_000_000_000


def check_amount(amount: object) -> int:
    """The amount, if it is whole đồng from 0 up; raises `amount_not_whole_dong`, `amount_too_large`."""
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise DomainError("amount_not_whole_dong")
    if amount > LARGEST_AMOUNT:
        raise DomainError("amount_too_large", limit=LARGEST_AMOUNT)
    return amount


def check_quantity(quantity: object, least: int = 1) -> int:
    """The number of copies, pages or pieces, from `least` up; raises `quantity_not_positive`."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < least:
        raise DomainError("quantity_not_positive")
    return quantity


@dataclass(frozen=True)
class FeeLine:
    """One line of a dossier's fees, naming its case and, where known, the text it rests on.

    Raises `amount_not_whole_dong`, `amount_too_large`, `quantity_not_positive`, `fee_kind_unknown`.
    """

    kind: FeeKind
    case: str
    amount: int
    quantity: int = 1
    legal_basis: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("phi", "le_phi"):
            raise DomainError("fee_kind_unknown", allowed=["phi", "le_phi"])
        check_amount(self.amount)
        check_quantity(self.quantity)
        check_amount(self.total)

    @property
    def total(self) -> int:
        """Amount times quantity, in đồng."""
        return self.amount * self.quantity


def total(lines: Iterable[FeeLine], kind: FeeKind | None = None) -> int:
    """The sum of the lines in đồng, of one kind or of both; raises `amount_too_large`."""
    return check_amount(sum(line.total for line in lines if kind in (None, line.kind)))


def format_dong(amount: int, *, short: bool = False) -> str:
    """`31.160 đồng`, or `31.160 đ` where space is tight."""
    return f"{check_amount(amount):,} {'đ' if short else 'đồng'}".replace(",", ".")


def amount_in_words(amount: int) -> str:
    """The number as read aloud in the North, without unit: 105 is "một trăm linh năm".

    After mươi: mốt, tư, lăm; after mười: một, bốn, lăm; after linh plain; groups inside say "không
    trăm"; groups of zeros are silent.
    """
    check_amount(amount)
    if amount == 0:
        return _DIGITS[0]
    billions, rest = divmod(amount, _BILLION)
    words: list[str] = []
    if billions:
        words = [amount_in_words(billions), "tỷ"]
    for scale, name in ((1_000_000, "triệu"), (1_000, "nghìn"), (1, "")):
        group, rest = divmod(rest, scale)
        if group:
            words.extend(_read_group(group, inner=bool(words)))
            words.append(name)
    return " ".join(word for word in words if word)


def dong_in_words(amount: int) -> str:
    """The "bằng chữ" line of a receipt: "Ba mươi mốt nghìn một trăm sáu mươi đồng"."""
    words = amount_in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def per_copy_above(base: int, copies: int, free_copies: int, extra: int) -> int:
    """A fee that covers `free_copies` copies; each further one costs `extra` (đồng).

    Judicial record: 200.000 for two, 5.000 from the third (TT 244/2016/TT-BTC).
    """
    beyond = max(0, check_quantity(copies) - check_quantity(free_copies, 0))
    return check_amount(check_amount(base) + beyond * check_amount(extra))


def per_page_with_cap(
    pages: int, *, first: int = 2_000, first_pages: int = 2, then: int = 1_000, cap: int = 200_000
) -> int:
    """A fee by page that falls after the first pages and never exceeds `cap` (đồng per copy).

    Certified copies: 2.000 a page, 1.000 from the third, at most 200.000 (TT 226/2016/TT-BTC).
    """
    dear = min(check_quantity(pages), check_quantity(first_pages, 0))
    full = dear * check_amount(first) + (pages - dear) * check_amount(then)
    return min(full, check_amount(cap))


@dataclass(frozen=True)
class OnlineRate:
    """A lower fee for online dossiers between two days, both included; `last_day` None is open-ended.

    Exactly one of `amount` (đồng in place of the regular fee) and `percent` (of it) is given.
    Raises `online_rate_malformed`.
    """

    first_day: date
    last_day: date | None
    amount: int | None = None
    percent: int | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.percent is None):
            raise DomainError("online_rate_malformed", reason="amount_or_percent")
        if self.amount is not None:
            check_amount(self.amount)
        if self.percent is not None and not 0 <= self.percent <= WHOLE:
            raise DomainError("online_rate_malformed", reason="percent")
        if self.last_day is not None and self.last_day < self.first_day:
            raise DomainError("online_rate_malformed", reason="days")

    def holds_on(self, day: date) -> bool:
        """Whether the rate is in force on this day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def apply(self, regular: int) -> int:
        """The fee in đồng; raises `amount_not_whole_dong` rather than round a percentage."""
        if self.percent is None:
            return check_amount(self.amount)
        dong, fraction = divmod(regular * self.percent, WHOLE)
        if fraction:
            raise DomainError("amount_not_whole_dong")
        return dong


def fee_on(day: date, regular: int, *, online: bool, rates: Iterable[OnlineRate] = ()) -> int:
    """The fee in đồng for a dossier received on `day`: the online rate in force, else the regular fee.

    Driving licence: 115.000 instead of 135.000 from 1/12/2023 to 31/12/2025; passport: 90 % from
    1/1/2024 to 31/12/2025. Raises `online_rates_overlap` when two rates claim the same day.
    """
    check_amount(regular)
    in_force = [rate for rate in rates if rate.holds_on(day)] if online else []
    if len(in_force) > 1:
        raise DomainError("online_rates_overlap", day=day.isoformat())
    return in_force[0].apply(regular) if in_force else regular


def _read_group(number: int, *, inner: bool) -> list[str]:
    """One to three digits; an inner group always names its hundreds, even when they are zero."""
    hundreds, below = divmod(number, 100)
    tens, unit = divmod(below, 10)
    words: list[str] = []
    if hundreds or inner:
        words = [_DIGITS[hundreds], "trăm"]
    match tens:
        case 0:
            if unit:
                words += ["linh", _DIGITS[unit]] if words else [_DIGITS[unit]]
        case 1:
            words.append("mười")
            if unit:
                words.append(_UNIT_AFTER_TEN.get(unit, _DIGITS[unit]))
        case _:
            words += [_DIGITS[tens], "mươi"]
            if unit:
                words.append(_UNIT_AFTER_TENS.get(unit, _DIGITS[unit]))
    return words
