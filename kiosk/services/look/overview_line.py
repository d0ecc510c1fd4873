"""One line and one visit as the manager sees them: everybody there, in the order in which they will be called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import JOIN

from kiosk.database import look_at_office
from kiosk.domain.errors import NotFound
from kiosk.domain.ticket import OPEN_STATES, TicketState
from kiosk.models import Counter, Line, Ticket
from kiosk.services.look.hall import Place, places
from kiosk.services.look.ticket import ticket_card
from kiosk.services.look.words_of_rules import lane_title, purpose_title

NOBODY_AHEAD = Place(0, 0, 0)
STATE_ORDER = (
    TicketState.SERVING,
    TicketState.CALLED,
    TicketState.WAITING,
    TicketState.PARKED,
    TicketState.EXPECTED,
)


def line_visits(office_id: int, line_id: int, now: datetime, language: str) -> list[dict[str, Any]]:
    """Today's open visits of a line: at counters, waiting in call order, parked, expected.

    Raises NotFound("unknown_line").
    """
    if not Line.select().where((Line.id == line_id) & (Line.office == office_id)).exists():
        raise NotFound("unknown_line", line=line_id)
    day = look_at_office(office_id, now, "").day
    here = (Ticket.line == line_id) & (Ticket.day == day) & (Ticket.state << list(OPEN_STATES))
    shown = _cards(office_id, here, now, language)
    return sorted(
        shown, key=lambda each: (STATE_ORDER.index(each["state"]), each["people_ahead"], each["id"])
    )


def visit(office_id: int, ticket_id: int, now: datetime, language: str) -> dict[str, Any]:
    """One visit. Raises NotFound("unknown_ticket")."""
    here = (Ticket.id == ticket_id) & (Ticket.office == office_id)
    found = list(_cards(office_id, here, now, language))
    if not found:
        raise NotFound("unknown_ticket", ticket=ticket_id)
    return found[0]


def _cards(office_id: int, condition: Any, now: datetime, language: str) -> Iterable[dict[str, Any]]:
    standing = places(office_id, now)
    rows = (
        Ticket.select(Ticket, Line, Counter)
        .join(Line, on=Ticket.line)
        .switch(Ticket)
        .join(Counter, JOIN.LEFT_OUTER, on=Ticket.counter)
        .where(condition)
    )
    for ticket in rows:
        place = standing.get(ticket.id, NOBODY_AHEAD)
        yield {
            **ticket_card(ticket, now),
            "lane_title": lane_title(ticket.lane, language),
            "purpose_title": purpose_title(ticket.purpose, language),
            "people_ahead": place.ahead,
            "wait_minutes": [place.low, place.high],
        }
