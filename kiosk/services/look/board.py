"""What a board shows, and which rooms a fact belongs to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from kiosk.database import local_day_of
from kiosk.domain.errors import NotFound
from kiosk.domain.hall import BoardSettings, VoiceSettings
from kiosk.models import Counter, CounterLine, Journal, Line, Office, Ticket
from kiosk.services.hall_settings import hall_settings
from kiosk.services.look.board_figures import area_counters, area_lines, waiting_figures
from kiosk.services.look.notices import notices_shown

LAST_CALLS = 12
WHOLE_OFFICE = "all"


def board_snapshot(office_id: int, area: str, now: datetime) -> dict[str, Any]:
    """All a board shows of an area; an area without a line shows the whole office. Raises NotFound("unknown_office")."""
    place = Office.get_or_none(Office.id == office_id)
    if place is None:
        raise NotFound("unknown_office", office=office_id)
    # The sequence first: a call that comes in between is then sent again rather than missed.
    seq = place.last_seq
    day = local_day_of(now, place.zone)
    lines = area_lines(office_id, area)
    settings = hall_settings(office_id)
    return {
        "kind": "snapshot",
        "seq": seq,
        "at": now.isoformat(),
        "office": {"title": place.title, "subtitle": place.subtitle, "zone": place.zone},
        "area": area,
        "calls": last_calls(office_id, [line.id for line in lines], day),
        **waiting_figures(office_id, lines, area_counters(office_id, area), day, now),
        "notices": notices_shown(office_id, area, day),
        "voice": _voice(settings.voice),
        "board": _board(settings.board),
    }


def last_calls(office_id: int, lines: list[int], day: Any) -> list[dict[str, Any]]:
    """The newest calls of these lines on a day, newest first."""
    called = (
        Ticket.select(Ticket, Line, Counter)
        .join(Line, on=Ticket.line)
        .switch(Ticket)
        .join(Counter, on=Ticket.counter)
        .where(
            (Ticket.office == office_id)
            & (Ticket.day == day)
            & Ticket.called_seq.is_null(False)
            & (Ticket.line << lines)
        )
        .order_by(Ticket.called_seq.desc())
        .limit(LAST_CALLS)
    )
    return [_call(ticket) for ticket in called]


def _call(ticket: Ticket) -> dict[str, Any]:
    return {
        "ticket": ticket.id,
        "label": ticket.label,
        "department_title": ticket.line.title,
        "department_title_en": ticket.line.title_en,
        "line_title": ticket.line.title,
        "counter_number": ticket.counter.number,
        "state": str(ticket.state),
        "language": ticket.language,
        "at": ticket.called_at.isoformat(),
    }


def _voice(settings: VoiceSettings) -> dict[str, Any]:
    """What a board needs to speak; which voice it is stays with the server."""
    return {
        "enabled": settings.enabled,
        "volume": settings.volume,
        "english": settings.english,
        "chime": settings.chime,
        "quiet": [list(pair) for pair in settings.quiet],
    }


def _board(settings: BoardSettings) -> dict[str, Any]:
    return asdict(settings)


def room_of_line(office_id: int) -> dict[int, dict[str, Any]]:
    """For each line: its titles, area, and the counters that serve it. What the live channel needs to route a fact."""
    lines = {
        line.id: {"title": line.title, "title_en": line.title_en, "area": line.area, "counters": []}
        for line in Line.select().where(Line.office == office_id)
    }
    for pair in CounterLine.select().join(Line).where(Line.office == office_id):
        lines[pair.line_id]["counters"].append(pair.counter_id)
    return lines


def board_figures(office_id: int, area: str, now: datetime) -> dict[str, Any]:
    """The part of a board's snapshot that follows every move in the hall."""
    zone = Office.select(Office.zone).where(Office.id == office_id).scalar()
    lines, counters = area_lines(office_id, area), area_counters(office_id, area)
    return waiting_figures(office_id, lines, counters, local_day_of(now, zone), now)


def counter_room(office_id: int, counter_id: int) -> dict[str, Any]:
    """Where the journal stands, for a console that then fetches its own state. Raises NotFound("unknown_counter")."""
    if not Counter.select().where((Counter.id == counter_id) & (Counter.office == office_id)).exists():
        raise NotFound("unknown_counter", counter=counter_id)
    return {"kind": "snapshot", "seq": last_seq(office_id)}


def last_seq(office_id: int) -> int:
    """The newest sequence number of an office's journal."""
    return int(Office.select(Office.last_seq).where(Office.id == office_id).scalar() or 0)


def facts_since(office_id: int, seq: int, limit: int) -> list[Journal]:
    """Journal entries after `seq`, in order."""
    return list(
        Journal.select()
        .where((Journal.office == office_id) & (Journal.seq > seq))
        .order_by(Journal.seq)
        .limit(limit)
    )
