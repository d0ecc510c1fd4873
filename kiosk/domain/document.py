"""What a printed slip says: the facts of a ticket or of a test print and the words around them, before any drawing."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

MAX_TEXT = 400  # characters; no name of an office or a procedure is longer, a hostile one may be

_WEEKDAYS = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_WORDS = {
    "vi": {
        "number": "Số thứ tự",
        "ahead": "Trước quý vị",
        "nobody": "Không có ai",
        "people": "{n} người",
        "person": "{n} người",
        "wait": "Chờ khoảng",
        "wait_none": "Thời gian chờ",
        "minutes": "{n} phút",
        "minute": "{n} phút",
        "no_wait": "Không phải chờ",
        "scan": "Quét mã để xem lượt của mình trên điện thoại.",
        "priority": "Ưu tiên: {label}",
        "hold": "Số được giữ {n} phút sau khi gọi.",
        "for_day": "DÙNG CHO {day}",
        "due": "HẸN LÚC {time}",
        "then": "Sau đó: {names}",
        "check": "Mã kiểm {code}",
        "repeat": "IN LẠI {n}",
        "offline": "CẤP KHI MẤT KẾT NỐI",
        "offline_note": "Số cấp khi máy chủ mất kết nối; quý vị vẫn được gọi theo giờ lấy số.",
    },
    "en": {
        "number": "Your number",
        "ahead": "Ahead of you",
        "nobody": "Nobody",
        "people": "{n} people",
        "person": "{n} person",
        "wait": "Wait about",
        "wait_none": "Waiting time",
        "minutes": "{n} minutes",
        "minute": "{n} minute",
        "no_wait": "No waiting",
        "scan": "Scan to follow your turn on your phone.",
        "priority": "Priority: {label}",
        "hold": "Your number is held for {n} minutes after it is called.",
        "for_day": "VALID ON {day}",
        "due": "APPOINTMENT AT {time}",
        "then": "Then: {names}",
        "check": "Check code {code}",
        # Staff look for the Vietnamese mark on every second paper, whatever the citizen's language.
        "repeat": "IN LẠI {n} · REPRINT {n}",
        "offline": "CẤP KHI MẤT KẾT NỐI · OFFLINE",
        "offline_note": "Given while the server was out of reach; you are still called by the time on this slip.",
    },
}


@dataclass(frozen=True, slots=True)
class TicketSlip:
    """The facts on one printed ticket; never a name, an ID number or a phone number.

    `issued_at` is aware and already in the office's zone; `people_ahead` and `wait_minutes`, (low, high), are
    None when nobody can tell; `repeat` counts the papers printed before this one; an empty `follow_url` prints
    no code; `offline` is a number the kiosk gave while it could not reach the server. `for_day` is set when the
    number is of another day than the paper, `due_at` (in the office's zone) for a booked time, `then` are the
    further services of the visit.
    """

    office_title: str
    office_subtitle: str
    label: str
    department: str
    procedure: str | None
    issued_at: datetime
    people_ahead: int | None
    wait_minutes: tuple[int, int] | None
    priority_label: str | None
    follow_url: str
    check_code: str
    kiosk_name: str
    language: str = "vi"
    repeat: int = 0
    hold_minutes: int = 10
    offline: bool = False
    for_day: date | None = None
    due_at: datetime | None = None
    then: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.issued_at.tzinfo is None:
            raise ValueError("issued_at must be aware, in the office's zone")


@dataclass(frozen=True, slots=True)
class TicketText:
    """Every text of a slip in its language, safe to draw; an empty string or None is left out."""

    title: str
    subtitle: str
    repeat_mark: str
    offline_mark: str
    day_mark: str
    caption: str
    label: str
    department: str
    procedure: str
    ahead: tuple[str, str] | None
    wait: tuple[str, str] | None
    then: str
    scan: str
    priority: str
    hold: str
    offline_note: str
    footer: tuple[str, ...]


def printable(text: str) -> str:
    """Return the text in NFC on one line, with nothing in it that a printer or an eye could trip over.

    Control, bidirectional, zero-width, private and unassigned characters go, so do marks that do not
    compose into a letter, and everything outside the basic plane (emoji). At most `MAX_TEXT` characters.
    """
    # Cut before normalising: a 10 MB name must not cost 10 MB of work.
    spaced = "".join(" " if char.isspace() else char for char in text[: MAX_TEXT * 4])
    composed = unicodedata.normalize("NFC", spaced)
    kept = "".join(
        char for char in composed if ord(char) <= 0xFFFF and unicodedata.category(char)[0] not in "CM"
    )
    return " ".join(kept.split())[:MAX_TEXT].rstrip()


def ticket_text(slip: TicketSlip) -> TicketText:
    """Put the slip's facts into words; an unknown language falls back to Vietnamese."""
    language = slip.language if slip.language in _WORDS else "vi"
    words = _WORDS[language]
    issued = slip.issued_at
    day = f"{_WEEKDAYS[language][issued.weekday()]}, {issued:%d/%m/%Y}"
    check = words["check"].format(code=printable(slip.check_code)) if slip.check_code else ""
    priority = printable(slip.priority_label or "")
    on = f"{_WEEKDAYS[language][slip.for_day.weekday()]}, {slip.for_day:%d/%m/%Y}" if slip.for_day else ""
    return TicketText(
        title=printable(slip.office_title).upper(),
        subtitle=printable(slip.office_subtitle),
        repeat_mark=words["repeat"].format(n=slip.repeat) if slip.repeat > 0 else "",
        offline_mark=words["offline"] if slip.offline else "",
        day_mark=_day_mark(slip, on, words),
        caption=words["number"],
        label=printable(slip.label),
        department=printable(slip.department),
        procedure=printable(slip.procedure or ""),
        ahead=_ahead(slip.people_ahead, words),
        wait=_wait(slip.wait_minutes, words),
        then=words["then"].format(names=", ".join(map(printable, slip.then))) if slip.then else "",
        scan=words["scan"] if slip.follow_url else "",
        priority=words["priority"].format(label=priority) if priority else "",
        hold=words["hold"].format(n=slip.hold_minutes) if slip.hold_minutes > 0 else "",
        offline_note=words["offline_note"] if slip.offline else "",
        footer=tuple(part for part in (f"{issued:%H:%M}", day, printable(slip.kiosk_name), check) if part),
    )


def _day_mark(slip: TicketSlip, on: str, words: dict[str, str]) -> str:
    """The day and hour a paper is good for, where that is not now."""
    at = f"{slip.due_at:%H:%M}" if slip.due_at else ""
    if on:
        return words["for_day"].format(day=f"{at} {on}".strip())
    return words["due"].format(time=at) if at else ""


def _ahead(people: int | None, words: dict[str, str]) -> tuple[str, str] | None:
    if people is None:
        return None
    if people <= 0:
        return words["ahead"], words["nobody"]
    return words["ahead"], words["person" if people == 1 else "people"].format(n=people)


def _wait(minutes: tuple[int, int] | None, words: dict[str, str]) -> tuple[str, str] | None:
    if minutes is None:
        return None
    low, high = sorted(max(0, value) for value in minutes)
    if high == 0:
        return words["wait_none"], words["no_wait"]
    span = str(high) if low == high else f"{low}–{high}"
    return words["wait"], words["minute" if high == 1 else "minutes"].format(n=span)


@dataclass(frozen=True, slots=True)
class TestFacts:
    """What a test print says of the printer it came from; `printed_at` is aware, in the office's zone.

    `link` is the address in the code of the pattern: the follow page of no ticket, or the office's own.
    """

    printer: str
    model: str
    address: str
    printed_at: datetime
    link: str
    language: str = "vi"

    def __post_init__(self) -> None:
        if self.printed_at.tzinfo is None:
            raise ValueError("printed_at must be aware, in the office's zone")


@dataclass(frozen=True, slots=True)
class PatternText:
    """Every text of a test print in its language, safe to draw."""

    title: str
    facts: tuple[str, ...]
    letters: str
    ruler: str
    edges: str
    code: str
    pages: str
    end: str


_TEST_WORDS = {
    "vi": {
        "title": "PHIẾU IN THỬ",
        "model": "Kiểu máy: {model}",
        "address": "Nối qua: {address}",
        "letters": "134 chữ cái tiếng Việt, phải đọc được từng chữ:",
        "ruler": "Thước {n} mm; đo lại bằng thước thật:",
        "edges": "Vạch và khung phải đủ bốn cạnh, không đứt:",
        "code": "Quét thử mã này bằng điện thoại.",
        "pages": "Bảng mã chữ của máy in, phải giống các chữ ở trên:",
        "end": "Hết phiếu in thử. Giấy phải được cắt dưới dòng này.",
    },
    "en": {
        "title": "TEST PRINT",
        "model": "Model: {model}",
        "address": "Connected by: {address}",
        "letters": "134 Vietnamese letters; each must be readable:",
        "ruler": "A ruler of {n} mm; check it with a real one:",
        "edges": "The lines and all four sides of the frame must be whole:",
        "code": "Scan this code with a phone.",
        "pages": "The printer's own letters; they must equal those above:",
        "end": "End of the test print. The paper must be cut below this line.",
    },
}


def pattern_text(facts: TestFacts, ruler_mm: int) -> PatternText:
    """Put the facts of a test print into words; an unknown language falls back to Vietnamese."""
    words = _TEST_WORDS.get(facts.language, _TEST_WORDS["vi"])
    return PatternText(
        title=words["title"],
        facts=(
            printable(facts.printer),
            words["model"].format(model=printable(facts.model)),
            words["address"].format(address=printable(facts.address)),
            f"{facts.printed_at:%H:%M:%S %d/%m/%Y}",
        ),
        letters=words["letters"],
        ruler=words["ruler"].format(n=ruler_mm),
        edges=words["edges"],
        code=words["code"] if facts.link else "",
        pages=words["pages"],
        end=words["end"],
    )
