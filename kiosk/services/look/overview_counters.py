"""The counters as their manager sees them: who sits there, in which state, with whom, since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, CounterLine, Line, Posting, Ticket, User
from kiosk.services.counter_state import counter_state
from kiosk.services.look.overview_times import DayTimes, Spell


def counter_rows(
    office_id: int, spells: Iterable[Spell], times: DayTimes, now: datetime
) -> list[dict[str, Any]]:
    """Every counter by number. `served` counts today's visits that ended there, forgotten ones among them."""
    officers = _officers(office_id, spells)
    present = _present(office_id, now)
    served = _served_lines(office_id)
    return [
        {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "area": row.area,
            "state": counter_state(row),
            "paused": _paused(row, now),
            "officer": officers.get(row.id),
            "lines": served.get(row.id, []),
            "ticket": present.get(row.id),
            "served": len(times.counters[row.id].services) + times.counters[row.id].left_out,
            **times.counters[row.id].to_json(),
        }
        for row in Counter.select().where(Counter.office == office_id).order_by(Counter.number)
    ]


def lines_of_counters(rows: Iterable[Mapping[str, Any]]) -> dict[int, dict[str, int]]:
    """How many counters of each line are open, paused and closed."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"open": 0, "paused": 0, "closed": 0})
    for row in rows:
        for line in row["lines"]:
            found[line["id"]][row["state"]] += 1
    return found


def _served_lines(office_id: int) -> dict[int, list[dict[str, Any]]]:
    served: dict[int, list[dict[str, Any]]] = defaultdict(list)
    pairs = (
        CounterLine.select(CounterLine.counter, Line.id, Line.prefix)
        .join(Line)
        .where(Line.office == office_id)
        .order_by(Line.prefix)
        .tuples()
    )
    for counter, line, prefix in pairs:
        served[counter].append({"id": line, "prefix": prefix})
    return served


def _paused(row: Counter, now: datetime) -> dict[str, Any] | None:
    if counter_state(row) != "paused":
        return None
    since = row.paused_at or now
    return {
        "reason": row.pause_reason,
        "since": since.isoformat(),
        "seconds": max(0, int((now - since).total_seconds())),
    }


def _officers(office_id: int, spells: Iterable[Spell]) -> dict[int, str]:
    """Who called there last today; where nobody did, whoever alone is posted there."""
    names: dict[int, str] = dict(
        User.select(User.id, User.display_name).where(User.office == office_id).tuples()
    )
    posted: dict[int, list[int]] = defaultdict(list)
    rows = (
        Posting.select(Posting.counter, Posting.user)
        .join(User)
        .where((User.office == office_id) & (User.active == True))  # noqa: E712  (SQL, not Python)
        .tuples()
    )
    for counter, user in rows:
        posted[counter].append(user)
    found = {counter: names[users[0]] for counter, users in posted.items() if len(users) == 1}
    found |= {spell.counter: names[spell.user] for spell in spells if spell.user in names}
    return found


def _present(office_id: int, now: datetime) -> dict[int, dict[str, Any]]:
    """The visit at each counter: on the way there, or being served; of whatever day."""
    rows = (
        Ticket.select(Ticket, Line.prefix)
        .join(Line, on=Ticket.line)
        .where((Ticket.office == office_id) & (Ticket.state << list(AT_COUNTER)))
    )
    found = {}
    for ticket in rows:
        since = ticket.started_at if ticket.state == TicketState.SERVING else ticket.called_at
        found[ticket.counter_id] = {
            "id": ticket.id,
            "label": ticket.label,
            "line": ticket.line_id,
            "state": str(ticket.state),
            "lane": str(ticket.lane),
            "since": (since or now).isoformat(),
            "seconds": max(0, int((now - (since or now)).total_seconds())),
        }
    return found
