"""How dates, terms, numbers and phones are written on an administrative paper (NĐ 30/2020/NĐ-CP, annex I)."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

from kiosk.domain.deadlines import Punctuality, Term, TimeUnit

SUPPLEMENT_MARK = "HDHS"
"""The abbreviation behind the number of a request for supplements (form 02)."""

NO_TERM = "Không quy định thời hạn"
LAST_PADDED_MONTH = 2
"""NĐ 30/2020 pads days under 10 and the months 1 and 2, so that no digit can be put in front of them."""

MOBILE_LENGTH = 10

_UNITS = {
    TimeUnit.WORKING_DAYS: "ngày làm việc",
    TimeUnit.CALENDAR_DAYS: "ngày",
    TimeUnit.MONTHS: "tháng",
    TimeUnit.HOURS: "giờ",
    TimeUnit.WORKING_HOURS: "giờ làm việc",
}
OUTCOMES: dict[Punctuality, str] = {"early": "Trước hạn", "on_time": "Đúng hạn", "late": "Quá hạn"}


def long_date(day: date) -> str:
    """`ngày 03 tháng 02 năm 2026`, but `ngày 15 tháng 9 năm 2025`."""
    month = f"{day.month:02d}" if day.month <= LAST_PADDED_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def short_date(day: date) -> str:
    """`03/02/2026`, for the cells of a table."""
    return f"{day:%d/%m/%Y}"


def place_and_date(place: str, day: date) -> str:
    """`Bắc Giang, ngày 03 tháng 02 năm 2026`; without a place the date alone, its first letter capital."""
    written = long_date(day)
    return f"{place}, {written}" if place else f"{written[0].upper()}{written[1:]}"


def clock_time(moment: datetime) -> str:
    """`09 giờ 30 phút`."""
    return f"{moment:%H} giờ {moment:%M} phút"


def long_moment(moment: date | datetime) -> str:
    """`09 giờ 30 phút, ngày 03 tháng 02 năm 2026`; a bare day has no time."""
    if isinstance(moment, datetime):
        return f"{clock_time(moment)}, {long_date(moment.date())}"
    return long_date(moment)


def due_words(due: date | datetime | None) -> str:
    """When a result is to be given, or that no term is set for it."""
    return NO_TERM if due is None else long_moment(due)


def term_words(term: Term | None) -> str:
    """`05 ngày làm việc`, with the days the law does not count and the longest it may be drawn out to."""
    if term is None or term.unit is TimeUnit.NONE:
        return NO_TERM
    words = (
        "Trong ngày"
        if term.unit is TimeUnit.SAME_DAY
        else f"{padded(term.value)} {_UNITS[TimeUnit(term.unit)]}"
    )
    if term.excluded_calendar_days:
        words += f", không tính {padded(term.excluded_calendar_days)} ngày theo quy định"
    if term.extendable_to_working_days:
        words += f", có thể kéo dài đến {padded(term.extendable_to_working_days)} ngày làm việc"
    return words


def padded(number: int) -> str:
    """At least two digits: `01`."""
    return f"{number:02d}"


def slip_number(serial: int, mark: str = SUPPLEMENT_MARK) -> str:
    """The number of a slip within its year and kind: `07/HDHS`."""
    return f"{padded(serial)}/{mark}"


def phone_words(phone: str) -> str:
    """+84912345678 as it is read out, `0912 345 678`, and a landline `0204 3531 111`; else as it came."""
    digits = "0" + phone.removeprefix("+84")
    if not phone.startswith("+84") or not digits.isdigit():
        return phone
    cut = 7 if len(digits) == MOBILE_LENGTH else 8
    return f"{digits[:4]} {digits[4:cut]} {digits[cut:]}"


def on_paper(text: str) -> str:
    """The text in NFC without what no eye sees: control, direction and unassigned characters; lines stay."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        character for character in composed if character == "\n" or unicodedata.category(character)[0] != "C"
    ).strip()
