"""Who waits for a counter, in the order in which it would call them, each with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.domain.ticket import TicketState
from kiosk.i18n import translate
from kiosk.models import Counter, Line, Ticket
from kiosk.services.look.words_of_rules import ASSIGNED, why_next
from kiosk.services.queue_order import ASSIGNED_FOR, counter_order, waiting_in

MOST_SHOWN = 60


@dataclass(frozen=True)
class Waiting:
    """The first of them with reasons ("" for those not callable now), the numbers by line, and the longest wait."""

    shown: list[tuple[Ticket, str]]
    by_line: dict[int, int]
    longest_seconds: int


def waiting_at(
    counter: Counter, lines: Sequence[Line], user: int | None, day: date, now: datetime, language: str
) -> Waiting:
    """The queue of a counter: first those sent to it or its officer, then as the rules say, then those put off."""
    ids = [line.id for line in lines]
    everybody = waiting_in(ids, day)
    by_line = {line: sum(len(lane) for lane in lanes.values()) for line, lanes in everybody.items()}
    heads = [head for lanes in everybody.values() for lane in lanes.values() for head in lane]
    longest = min((head.waiting_since for head in heads), default=None)
    assigned = _assigned(counter, user, day)
    special = _special(ids, day, now)
    callable_now = {
        line: {lane: [head for head in rows if head.ticket not in special] for lane, rows in lanes.items()}
        for line, lanes in everybody.items()
    }
    prefixes = {line.id: line.prefix for line in lines}
    decisions = counter_order(counter, lines, callable_now, day, now, MOST_SHOWN)
    order = [
        (ticket, translate(ASSIGNED, language)) for ticket in assigned if ticket not in _put_off(special)
    ]
    order = [(ticket, words[:1].upper() + words[1:]) for ticket, words in order]
    order += [(decision.ticket, why_next(decision, prefixes, language)) for decision in decisions]
    named = {ticket for ticket, _ in order}
    order += [(head.ticket, "") for head in sorted(heads, key=lambda h: h.order) if head.ticket not in named]
    wanted = order[:MOST_SHOWN]
    rows = {
        row.id: row
        for row in Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where(Ticket.id << [ticket for ticket, _ in wanted])
    }
    return Waiting(
        [(rows[ticket], why) for ticket, why in wanted if ticket in rows],
        by_line,
        max(0, int((now - longest).total_seconds())) if longest else 0,
    )


def _assigned(counter: Counter, user: int | None, day: date) -> list[int]:
    mine = (Ticket.for_counter == counter.id) | (Ticket.for_user == (user or 0))
    waiting = (
        (Ticket.state == TicketState.WAITING) & (Ticket.day == day) & (Ticket.office == counter.office_id)
    )
    rows = Ticket.select(Ticket.id).where(waiting & mine)
    return [row.id for row in rows.order_by(Ticket.place, Ticket.waiting_since, Ticket.arrival)]


def _special(lines: Sequence[int], day: date, now: datetime) -> dict[int, Any]:
    """Those whom the rules do not call now: put off by themselves (their moment), or waiting for one counter (None)."""
    later = Ticket.not_before > now
    sent = (Ticket.for_counter.is_null(False) | Ticket.for_user.is_null(False)) & (
        Ticket.waiting_since > now - ASSIGNED_FOR
    )
    rows = Ticket.select(Ticket.id, Ticket.not_before).where(
        (Ticket.line << list(lines))
        & (Ticket.state == TicketState.WAITING)
        & (Ticket.day == day)
        & (later | sent)
    )
    return {row.id: row.not_before if row.not_before and row.not_before > now else None for row in rows}


def _put_off(special: dict[int, Any]) -> set[int]:
    return {ticket for ticket, until in special.items() if until is not None}
