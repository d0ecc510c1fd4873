"""A counter's console: who waits, who is being served, how the line stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kiosk.database import local_day_of
from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import Actor
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.i18n import translate
from kiosk.models import Counter, CounterLine, Journal, Line, Posting, Ticket, User
from kiosk.services.counter_state import PAUSE_REASONS, counter_state
from kiosk.services.look.hall import places
from kiosk.services.look.office import office, printer_state
from kiosk.services.look.ticket import ticket_card
from kiosk.services.look.waiting import waiting_at
from kiosk.services.look.words_of_rules import lane_title, purpose_title
from kiosk.services.serve_ticket import return_until
from kiosk.services.visit.park import PARK_REASONS
from kiosk.services.visit.undo import UNDO_WITHIN, UNDOABLE

MOST_ABSENT = 20
MOST_ENTRIES = 60


def counters(office_id: int, actor: Actor) -> list[dict[str, Any]]:
    """Every counter of the office with its lines; `mine` says whether this actor may serve there."""
    rows = Counter.select().where(Counter.office == office_id).order_by(Counter.number)
    served: dict[int, list[dict[str, Any]]] = {}
    pairs = (
        CounterLine.select(CounterLine, Line).join(Line).where(Line.office == office_id).order_by(Line.prefix)
    )
    for pair in pairs:
        line = pair.line
        served.setdefault(pair.counter_id, []).append(
            {"id": line.id, "prefix": line.prefix, "title": line.title, "title_en": line.title_en}
        )
    return [
        {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "area": row.area,
            "open": row.open,
            "lines": served.get(row.id, []),
            "mine": actor.may_serve_at(row.id),
        }
        for row in rows
    ]


def counter_console(
    office_id: int, counter_id: int, actor: Actor, now: datetime, language: str
) -> dict[str, Any]:
    """Everything the console shows, sentences in `language`. Raises NotFound("unknown_counter")."""
    counter = Counter.get_or_none((Counter.id == counter_id) & (Counter.office == office_id))
    if counter is None:
        raise NotFound("unknown_counter", counter=counter_id)
    day = local_day_of(now, office(office_id)["zone"])
    lines = list(
        Line.select().join(CounterLine).where(CounterLine.counter == counter_id).order_by(Line.prefix)
    )
    ids = [line.id for line in lines]
    user = actor.user.id if actor.user else None
    numbers = dict(Counter.select(Counter.id, Counter.number).where(Counter.office == office_id).tuples())

    def card(ticket: Ticket) -> dict[str, Any]:
        return {
            **ticket_card(ticket, now, numbers),
            "lane_title": lane_title(ticket.lane, language),
            "purpose_title": purpose_title(ticket.purpose, language),
        }

    queue = waiting_at(counter, lines, user, day, now, language)
    current = _one(card, (Ticket.counter == counter_id) & (Ticket.state << list(AT_COUNTER)))
    done = (Ticket.day == day) & (Ticket.counter == counter_id) & (Ticket.state == TicketState.FINISHED)
    ranges = places(office_id, now)
    shown = [
        {
            **card(ticket),
            "why": why,
            "wait_minutes": list(ranges[ticket.id][1:]) if ticket.id in ranges else None,
        }
        for ticket, why in queue.shown
    ]
    return {
        "id": counter.id,
        "number": counter.number,
        "title": counter.title,
        "open": counter.open,
        "state": counter_state(counter),
        "paused": _paused(counter),
        "lines": [
            {
                "id": line.id,
                "prefix": line.prefix,
                "title": line.title,
                "title_en": line.title_en,
                "department": line.department,
                "waiting": queue.by_line.get(line.id, 0),
            }
            for line in lines
        ],
        "current": current,
        "next": next((each for each in shown if each["why"]), None),
        "waiting": shown,
        "waiting_count": sum(queue.by_line.values()),
        "longest_wait_seconds": queue.longest_seconds,
        "parked": _parked(card, counter_id, ids, day),
        "absent": _absent(card, ids, day, now),
        "undo": _undoable(office_id, counter_id, now),
        "done_today": Ticket.select().where(done).count(),
        "reasons": {
            "pause": _titles(PAUSE_REASONS, language),
            "park": _titles(PARK_REASONS, language),
        },
        "targets": _targets(office_id, counter_id),
        "may_pick": actor.may("ticket.pick"),
        "printer": printer_state(None, office_id, now),
        "now": now.isoformat(),
    }


def _rows(condition: Any) -> Any:
    return Ticket.select(Ticket, Line).join(Line, on=Ticket.line).where(condition)


def _one(card: Any, condition: Any) -> dict[str, Any] | None:
    ticket = _rows(condition).first()
    return card(ticket) if ticket else None


def _paused(counter: Counter) -> dict[str, Any] | None:
    if counter_state(counter) != "paused":
        return None
    return {"reason": counter.pause_reason, "since": counter.paused_at.isoformat()}


def _parked(card: Any, counter_id: int, lines: list[int], day: date) -> list[dict[str, Any]]:
    """Visits that pause: those parked here first."""
    parked = (Ticket.day == day) & (Ticket.state == TicketState.PARKED)
    mine = (Ticket.counter == counter_id) | (Ticket.line << lines)
    rows = sorted(
        _rows(parked & mine), key=lambda ticket: (ticket.counter_id != counter_id, ticket.park["at"])
    )
    return [card(ticket) for ticket in rows]


def _absent(card: Any, lines: list[int], day: date, now: datetime) -> list[dict[str, Any]]:
    """Those who were called, not there, and may still come back."""
    gone = (Ticket.day == day) & (Ticket.state == TicketState.NO_SHOW) & (Ticket.line << lines)
    found = []
    for ticket in _rows(gone).order_by(Ticket.ended_at.desc()).limit(MOST_ABSENT):
        until = return_until(ticket)
        if until is not None and until >= now:
            found.append({**card(ticket), "return_until": until.isoformat()})
    return found


def _undoable(office_id: int, counter_id: int, now: datetime) -> dict[str, Any] | None:
    """The newest move at this counter that may still be taken back."""
    entries = (
        Journal.select().where(Journal.office == office_id).order_by(Journal.seq.desc()).limit(MOST_ENTRIES)
    )
    for entry in entries:
        if entry.at < now - UNDO_WITHIN:
            return None
        if not entry.kind.startswith("ticket."):
            continue
        facts = json.loads(entry.facts)
        if facts.get("counter") not in {None, counter_id}:
            continue
        ticket = Ticket.get_or_none(Ticket.id == facts["ticket"])
        last = ticket.last_move if ticket else None
        if last and last["seq"] == entry.seq and last["counter"] == counter_id and last["move"] in UNDOABLE:
            return {
                "ticket": ticket.id,
                "label": ticket.label,
                "move": last["move"],
                "seq": entry.seq,
                "until": (entry.at + UNDO_WITHIN).isoformat(),
            }
    return None


def _titles(reasons: Mapping[str, str], language: str) -> list[dict[str, str]]:
    return [{"key": key, "title": translate(title, language)} for key, title in reasons.items()]


def _targets(office_id: int, counter_id: int) -> dict[str, Any]:
    """Where a visit may be sent on."""
    lines = Line.select().where((Line.office == office_id) & (Line.open == True)).order_by(Line.prefix)  # noqa: E712
    counters_open = (
        Counter.select()
        .where((Counter.office == office_id) & (Counter.open == True) & (Counter.id != counter_id))  # noqa: E712
        .order_by(Counter.number)
    )
    posted = (
        Posting.select(Posting, User, Counter)
        .join(User)
        .switch(Posting)
        .join(Counter)
        .where((User.office == office_id) & (User.active == True))  # noqa: E712  (SQL, not Python)
        .order_by(Counter.number)
    )
    officers = {
        row.user_id: {"id": row.user_id, "name": row.user.display_name, "counter": row.counter.number}
        for row in reversed(list(posted))
    }
    return {
        "lines": [
            {"id": line.id, "prefix": line.prefix, "title": line.title, "title_en": line.title_en}
            for line in lines
        ],
        "counters": [{"id": row.id, "number": row.number, "title": row.title} for row in counters_open],
        "officers": sorted(officers.values(), key=lambda each: each["counter"]),
    }
