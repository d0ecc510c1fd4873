"""Who waits, in lanes, and whose turn it is: the queue as the rules see it.

What the rules decide is in `kiosk.domain.queueing`; here is where their heads, rules and rounds come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.database import to_micros
from kiosk.domain.queueing import (
    LANES,
    CounterRule,
    Decision,
    Head,
    LineHeads,
    LineRule,
    decide_at_counter,
    order,
    order_at_counter,
)
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.models.prepared import Prepared, Slot

ASSIGNED_FOR = timedelta(minutes=20)
"""A number sent to one counter or officer waits for them so long; then any counter of its line may call it."""

HEAD = (Ticket.id, Ticket.place, Ticket.arrival, Ticket.issued_at, Ticket.waiting_since)


def _in_order(query: Any) -> Any:
    return query.order_by(Ticket.place, Ticket.arrival, Ticket.issued_at)


def _callable(now: Any, freed: Any) -> Any:
    unassigned = Ticket.for_counter.is_null() & Ticket.for_user.is_null()
    here = Ticket.not_before.is_null() | (Ticket.not_before <= now)
    return here & (unassigned | (Ticket.waiting_since <= freed))


def _lane_head() -> Any:
    waiting = (
        (Ticket.line == Slot("line"))
        & (Ticket.state == TicketState.WAITING)
        & (Ticket.lane == Slot("lane"))
        & (Ticket.day == Slot("day"))
        & _callable(Slot("now"), Slot("freed"))
    )
    return _in_order(Ticket.select(*HEAD).where(waiting)).limit(1).tuples()


def _assigned(whom: Any) -> Any:
    """Who waits for one counter or officer; asked apart, for with OR the database reads the whole day."""
    here = Ticket.not_before.is_null() | (Ticket.not_before <= Slot("now"))
    waiting = (
        (whom == Slot("whom")) & (Ticket.day == Slot("day")) & (Ticket.state == TicketState.WAITING) & here
    )
    return (
        Ticket.select(Ticket.place, Ticket.waiting_since, Ticket.arrival, Ticket.id)
        .where(waiting)
        .order_by(Ticket.place, Ticket.waiting_since, Ticket.arrival)
        .limit(1)
        .tuples()
    )


LANE_HEAD = Prepared(_lane_head)
FOR_COUNTER = Prepared(lambda: _assigned(Ticket.for_counter))
FOR_USER = Prepared(lambda: _assigned(Ticket.for_user))
SERVED = Prepared(
    lambda: (
        Line.select(Line.id, Line.rule, Line.round)
        .join(CounterLine)
        .where(CounterLine.counter == Slot("counter"))
        .order_by(Line.id)
        .tuples()
    )
)


def decide(
    counter: Counter,
    user: int | None,
    lines: Sequence[int],
    day: date,
    now: datetime,
    exclude: Sequence[int] = (),
) -> Decision | int | None:
    """Whom a counter calls among these lines: a decision of the rules, the id of a ticket sent to this counter or
    officer (these come first), or None when nobody waits."""
    if not exclude:
        sent = [FOR_COUNTER.first(whom=counter.id, day=day, now=now)]
        if user is not None:
            sent.append(FOR_USER.first(whom=user, day=day, now=now))
        if found := [row for row in sent if row is not None]:
            return int(min(found)[-1])
    heads = [_line_heads(row, day, now, exclude) for row in SERVED.all(counter=counter.id) if row[0] in lines]
    return decide_at_counter(CounterRule.from_json(counter.rule), heads, made_of(counter.round, day), now)


def _line_heads(row: tuple[Any, ...], day: date, now: datetime, exclude: Sequence[int]) -> LineHeads:
    line, rule, made = row
    heads = []
    for lane in LANES:
        first = _head(line, lane, day, now, exclude)
        if first is not None:
            heads.append(Head(lane, *first))
    return LineHeads(line, LineRule.from_json(rule), made_of(made, day), heads)


def _head(line: int, lane: str, day: date, now: datetime, exclude: Sequence[int]) -> Any:
    if not exclude:
        return LANE_HEAD.first(line=line, lane=lane, day=day, now=now, freed=now - ASSIGNED_FOR)
    waiting = (
        (Ticket.line == line)
        & (Ticket.state == TicketState.WAITING)
        & (Ticket.lane == lane)
        & (Ticket.day == day)
        & Ticket.id.not_in(list(exclude))
        & _callable(to_micros(now), to_micros(now - ASSIGNED_FOR))
    )
    return _in_order(Ticket.select(*HEAD).where(waiting)).tuples().first()


def made_of(stored: Mapping[str, Any], day: date) -> Mapping[str, int]:
    """The calls of the present round as a row keeps them; a new day begins a new round."""
    return stored.get("made", {}) if stored.get("day") == day.isoformat() else {}


def round_of(made: Mapping[str, int], day: date) -> dict[str, Any]:
    """The round as a row keeps it."""
    return {"day": day.isoformat(), "made": dict(made)} if made else {}


def waiting_in(lines: Sequence[int], day: date) -> dict[int, dict[str, list[Head]]]:
    """Everybody who waits on these lines on a day, by line and lane, each lane in its order.

    Those who asked to be called later, or wait for one counter, are among them: they hold their place.
    """
    rows = _in_order(
        Ticket.select(Ticket.line, Ticket.lane, *HEAD).where(
            (Ticket.line << list(lines)) & (Ticket.state == TicketState.WAITING) & (Ticket.day == day)
        )
    ).tuples()
    waiting: dict[int, dict[str, list[Head]]] = defaultdict(lambda: defaultdict(list))
    for line, lane, *head in rows:
        waiting[line][lane].append(Head(lane, *head))
    return waiting


def line_order(line: Line, waiting: Mapping[str, Sequence[Head]], day: date, now: datetime) -> list[int]:
    """The tickets of one line in the order in which its rule calls them."""
    rule = LineRule.from_json(line.rule)
    return [choice.head.ticket for choice in order(rule.lanes, waiting, made_of(line.round, day), now)]


def counter_order(
    counter: Counter,
    lines: Sequence[Line],
    waiting: Mapping[int, Mapping[str, Sequence[Head]]],
    day: date,
    now: datetime,
    most: int,
) -> list[Decision]:
    """The tickets of a counter's lines in the order in which it alone would call them, each with its reasons."""
    heads = [
        LineHeads(line.id, LineRule.from_json(line.rule), made_of(line.round, day), ()) for line in lines
    ]
    rule = CounterRule.from_json(counter.rule)
    return list(order_at_counter(rule, heads, waiting, made_of(counter.round, day), now, most))
