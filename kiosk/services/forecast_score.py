"""Whether forecasts were honest: how many waits of a day fell inside the range their visitors were told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from kiosk.database import bookkeeping
from kiosk.domain.forecast import is_inside, width_after
from kiosk.models import ForecastScore, Pace, Ticket, Turn
from kiosk.services.forecasting import WHOLE_LINE


def score_day(office_id: int, day: date, now: datetime) -> int:
    """Measure a day's forecasts line by line, once, and let each line's ranges learn; returns the lines measured.

    What is compared is the range printed on the paper and the first call. Left out is who was not simply in the
    queue: numbers from afar, for a booked time, put off by their holder, given for another day, or sent on before
    their first call.
    """
    if (
        ForecastScore.select()
        .where((ForecastScore.office == office_id) & (ForecastScore.day == day))
        .exists()
    ):
        return 0
    waits: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for line, low, high, issued_at, called_at in _first_calls(office_id, day):
        waits[line].append((low, high, (called_at - issued_at).total_seconds()))
    with bookkeeping():
        for line, told in waits.items():
            _keep(office_id, line, day, told, now)
    return len(waits)


def _first_calls(office_id: int, day: date) -> list[Any]:
    plain = (
        (Ticket.office == office_id)
        & (Ticket.day == day)
        & (Ticket.remote == False)  # noqa: E712  (SQL, not Python)
        & Ticket.due_at.is_null()
        & (Ticket.postponed == 0)
        & (Ticket.wait_high > 0)
        & (Turn.outcome != "undone")
        & (Turn.waiting_from == Ticket.issued_at)
        & (Turn.parked_seconds == 0)
    )
    rows = (
        Ticket.select(
            Ticket.id, Turn.line, Ticket.wait_low, Ticket.wait_high, Ticket.issued_at, Turn.called_at
        )
        .join(Turn, on=(Turn.ticket == Ticket.id))
        .where(plain)
        .order_by(Turn.id)
        .tuples()
    )
    first = {row[0]: row[1:] for row in reversed(list(rows))}
    return list(first.values())


def _keep(office_id: int, line: int, day: date, told: list[tuple[int, int, float]], now: datetime) -> None:
    inside = sum(is_inside(low, high, waited) for low, high, waited in told)
    early = sum(waited // 60 < low for low, _, waited in told)
    errors = [waited - (low + high) / 2 * 60 for low, high, waited in told]
    ForecastScore.create(
        office=office_id,
        line=line,
        day=day,
        tickets=len(told),
        inside=inside,
        early=early,
        late=len(told) - inside - early,
        mean_error_seconds=sum(errors) / len(errors),
    )
    pace = Pace.get_or_none((Pace.line == line) & (Pace.procedure == WHOLE_LINE))
    if pace is not None:
        Pace.update(width=width_after(pace.width, inside, len(told)), updated_at=now).where(
            (Pace.line == line) & (Pace.procedure == WHOLE_LINE)
        ).execute()
