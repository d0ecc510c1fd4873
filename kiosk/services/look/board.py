"""What a board shows, and which rooms a fact belongs to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from kiosk import clock
from kiosk.database import local_day_of
from kiosk.domain.errors import NotFound
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Journal, Line, Office, Ticket
from kiosk.services.look.hall import line_figures

LAST_CALLS = 8
WHOLE_OFFICE = "all"


def board_snapshot(office_id: int, area: str, now: datetime) -> dict[str, Any]:
    """The last calls and waiting figures of an area; an area without a line shows the whole office."""
    place = Office.get_or_none(Office.id == office_id)
    if place is None:
        raise NotFound("unknown_office", office=office_id)
    # The sequence first: a call that comes in between is then sent again rather than missed.
    seq = place.last_seq
    day = local_day_of(now, place.zone)
    in_area = Line.office == office_id
    if area != WHOLE_OFFICE and Line.select().where(in_area & (Line.area == area)).exists():
        in_area &= Line.area == area
    lines = list(Line.select().where(in_area))
    ids = [line.id for line in lines]
    called = (
        Ticket.select(Ticket, Line, Counter)
        .join(Line, on=Ticket.line)
        .switch(Ticket)
        .join(Counter, on=Ticket.counter)
        .where(
            (Ticket.office == office_id)
            & (Ticket.day == day)
            & Ticket.called_seq.is_null(False)
            & (Ticket.line << ids)
        )
        .order_by(Ticket.called_seq.desc())
        .limit(LAST_CALLS)
    )
    return {
        "kind": "snapshot",
        "seq": seq,
        "at": now.isoformat(),
        "office": {"title": place.title, "subtitle": place.subtitle, "zone": place.zone},
        "area": area,
        "calls": [_call(ticket) for ticket in called],
        **waiting_figures(office_id, ids, day),
    }


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


def waiting_figures(office_id: int, lines: list[int], day: Any) -> dict[str, Any]:
    """How many wait on these lines, the range of waits over them, and how many counters are open."""
    waiting = dict(
        Ticket.select(Ticket.line, fn.COUNT(Ticket.id))
        .where((Ticket.line << lines) & (Ticket.state == TicketState.WAITING) & (Ticket.day == day))
        .group_by(Ticket.line)
        .tuples()
    )
    figures = line_figures(office_id, clock.now())
    ranges = [(figures[line].low, figures[line].high) for line in waiting if line in figures]
    counters = Counter.select().where((Counter.office == office_id) & (Counter.open == True))  # noqa: E712
    return {
        "waiting": sum(waiting.values()),
        "wait_minutes": [
            min((low for low, _ in ranges), default=0),
            max((high for _, high in ranges), default=0),
        ],
        "counters_open": counters.count(),
    }


def room_of_line(office_id: int) -> dict[int, dict[str, Any]]:
    """For each line: its titles, area, and the counters that serve it. What the live channel needs to route a fact."""
    lines = {
        line.id: {"title": line.title, "title_en": line.title_en, "area": line.area, "counters": []}
        for line in Line.select().where(Line.office == office_id)
    }
    for pair in CounterLine.select().join(Line).where(Line.office == office_id):
        lines[pair.line_id]["counters"].append(pair.counter_id)
    return lines


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
