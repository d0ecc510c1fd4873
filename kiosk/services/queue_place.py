"""Where a new number stands: how many are called before it, and how long that may take."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.domain.hall import DaySettings
from kiosk.domain.queueing import Head
from kiosk.models import Line, Ticket
from kiosk.services.forecasting import hall_load
from kiosk.services.hours import line_day
from kiosk.services.queue_order import line_order, waiting_in

MOST_ORDERED = 300
"""Among more people than this, whoever comes last is told that all are ahead: their exact order would take longer."""


def place_of(
    transaction: OfficeTransaction, ticket: Ticket, line: Line, settings: DaySettings
) -> tuple[int, int, int]:
    """How many of the line are called before a ticket that is about to wait there, and the wait in minutes.

    For another day nobody can say: the people ahead there, and no range.
    """
    load = hall_load(transaction.office_id, ticket.day, transaction.now)
    ahead = load.waiting.get(line.id, 0)
    if ahead <= MOST_ORDERED:
        ahead = _ahead(transaction, ticket, line)
    if ticket.day != transaction.day:
        return ahead, 0, 0
    hours = line_day(transaction.office_id, transaction.day, transaction.zone, settings, line.hours)
    return ahead, *load.forecast(line.id, ahead, hours)


def _ahead(transaction: OfficeTransaction, ticket: Ticket, line: Line) -> int:
    """How many the line's rule calls first, as the queue stands."""
    waiting = waiting_in([line.id], ticket.day).get(line.id, {})
    since = min(ticket.waiting_since, transaction.now)
    mine = Head(ticket.lane, 0, ticket.place, ticket.arrival, ticket.issued_at, since)
    lane = sorted([*waiting.get(ticket.lane, []), mine], key=lambda head: head.order)
    called = line_order(line, {**waiting, ticket.lane: lane}, ticket.day, transaction.now)
    return called.index(0)
