"""A booked time as an iCalendar file (RFC 5545), for the calendar of a phone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.views.door import words

LONGEST_LINE = 73
"""Octets of a line before it is folded (RFC 5545 3.1 allows 75 with the line break)."""


def calendar_file(card: dict[str, Any], address: str, now: datetime) -> bytes:
    """One event, with a reminder an hour before; it names the office and the line and nobody."""
    begin: datetime = card["starts_at"]
    office = card["office"]
    summary = words("Lịch hẹn: %(what)s", what=card["title"])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//mot-cua//kiosk//VI",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{card['token']}@mot-cua",
        f"DTSTAMP:{_moment(now)}",
        f"DTSTART:{_moment(begin)}",
        f"DTEND:{_moment(begin + timedelta(minutes=card['minutes']))}",
        f"SUMMARY:{_text(summary)}",
        f"LOCATION:{_text(', '.join(part for part in (office['title'], office['address']) if part))}",
        f"DESCRIPTION:{_text(words('Mã hẹn: %(code)s', code=card['code']))}",
        f"URL:{address}",
        f"STATUS:{'CONFIRMED' if card['state'] in {'booked', 'arrived'} else 'CANCELLED'}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(summary)}",
        "TRIGGER:-PT1H",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """The line in pieces that are no longer than allowed and split no letter."""
    pieces, piece = [], b""
    for letter in line:
        encoded = letter.encode()
        if len(piece) + len(encoded) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
