"""How fast the rules are: whom to call among thousands under any rule, and a full day under other rules."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import Any

from kiosk import clock, database
from kiosk.bench.place import BY, Place
from kiosk.bench.plan import Sizes
from kiosk.bench.wire import milliseconds
from kiosk.database import look_at_office
from kiosk.domain.queueing import LANES, CounterRule, LineRule, Mix, Mode, Part
from kiosk.models import Counter, CounterLine, Line, Ticket, Turn
from kiosk.services.manage_rules import set_counter_rule, set_line_rule
from kiosk.services.queue_order import decide
from kiosk.services.replay import try_rules

ROOMY = 480
"""Minutes nobody in the measurement has waited, so that the mode itself has to decide."""
LINES, COUNTERS, LINES_A_COUNTER = 20, 60, 3
SECONDS_BETWEEN = 20
BATCH = 500


def hall(place: Place, sizes: Sizes, progress: Any) -> dict[str, Any]:
    """Decisions of a counter with two lines under every way of mixing; then yesterday under other rules."""
    now = clock.now()
    today = look_at_office(place.office_id, now, BY).day
    _people_wait(place, sizes.crowd, today, now)
    took: dict[str, float | None] = {}
    for n, mode in enumerate(Mode):
        took[f"decide_{mode}_p95_ms"] = milliseconds(_decisions(place, mode, sizes.decisions, today), 0.95)
        progress("decisions, every way of calling", n + 1, len(Mode))
    day = today - timedelta(days=1)
    lines = _past_day(place, sizes.visitors, day, now - timedelta(days=1))
    tried = {line: LineRule(Mix(Mode.WEIGHTED, (Part("priority", 3), Part("normal", 1)))) for line in lines}
    began = time.perf_counter()
    told = try_rules(place.office_id, day, tried, {}, clock.now())
    return {
        **took,
        "waiting": sizes.crowd,
        "decide_worst_p95_ms": max(each for each in took.values() if each is not None),
        "replay_s": round(time.perf_counter() - began, 3),
        "replayed": told["visitors"],
    }


def _decisions(place: Place, mode: Mode, times: int, today: date) -> list[float]:
    """Seconds each decision took; nobody is called, so all of them have the whole crowd before them."""
    lines = [place.line, place.warm_line]
    lanes = Mix(mode, tuple(Part(lane) for lane in LANES), dict.fromkeys(LANES, ROOMY))
    mixed = Mix(mode, tuple(Part(str(line)) for line in lines), {str(line): ROOMY for line in lines})
    for line in lines:
        set_line_rule(place.office_id, line, LineRule(lanes), clock.now(), BY)
    set_counter_rule(place.office_id, place.counters[0], CounterRule(mixed), clock.now(), BY)
    took = []
    with database.connection():
        counter = Counter.get_by_id(place.counters[0])
        for _ in range(times):
            began = time.perf_counter()
            decision = decide(counter, None, lines, today, clock.now())
            took.append(time.perf_counter() - began)
            if decision is None:
                raise RuntimeError("nobody was waiting")
    return took


def _people_wait(place: Place, people: int, today: date, now: datetime) -> None:
    """Tickets in every lane of two lines, and a counter that serves both."""
    with database.connection():
        CounterLine.insert(counter=place.counters[0], line=place.warm_line).execute()
        rows = [
            {
                **_ticket(place, (place.line, place.warm_line)[n % 2], today, n, now),
                "lane": LANES[n % len(LANES)],
                "waiting_since": now - timedelta(seconds=(people - n) * 3),
            }
            for n in range(people)
        ]
        _insert(Ticket, rows)


def _past_day(place: Place, visitors: int, day: date, noon: datetime) -> list[int]:
    """A day that is over in a centre of twenty lines and sixty counters; the lines."""
    with database.connection():
        lines = [
            Line.insert(
                office=place.office_id, department="justice", prefix=f"Y{chr(65 + n)}", title="Y"
            ).execute()
            for n in range(LINES)
        ]
        counters = [Counter.insert(office=place.office_id, number=500 + n).execute() for n in range(COUNTERS)]
        served = {
            counter: {lines[(n + k) % LINES] for k in range(LINES_A_COUNTER)}
            for n, counter in enumerate(counters)
        }
        _insert(
            CounterLine,
            [{"counter": counter, "line": line} for counter in counters for line in served[counter]],
        )
        first = noon - timedelta(seconds=SECONDS_BETWEEN * visitors)
        _insert(
            Ticket,
            [
                {
                    **_ticket(
                        place,
                        lines[n % LINES],
                        day,
                        10_000 + n,
                        first + timedelta(seconds=SECONDS_BETWEEN * n),
                    ),
                    "state": "finished",
                    "priority": "elderly" if n % 7 == 0 else "normal",
                }
                for n in range(visitors)
            ],
        )
        tickets = Ticket.select().where((Ticket.office == place.office_id) & (Ticket.day == day))
        _insert(Turn, [_turn(ticket, counters) for ticket in tickets.order_by(Ticket.id)])
    return lines


def _ticket(place: Place, line: int, day: date, n: int, at: datetime) -> dict[str, Any]:
    return {
        "office": place.office_id,
        "home": line,
        "line": line,
        "day": day,
        "number": 1_000 + n,
        "label": f"Z{n}",
        "arrival": n,
        "token": f"bench-{day}-{n}",
        "check_code": "BENCH",
        "issued_at": at,
        "waiting_since": at,
        "wait_low": 0,
        "wait_high": 0,
    }


def _turn(ticket: Ticket, counters: list[int]) -> dict[str, Any]:
    """Called a quarter of an hour later, for about the time that keeps sixty counters busy."""
    called = ticket.issued_at + timedelta(minutes=15)
    return {
        "office": ticket.office_id,
        "ticket": ticket.id,
        "line": ticket.line_id,
        "counter": counters[ticket.arrival % COUNTERS],
        "day": ticket.day,
        "lane": ticket.lane,
        "purpose": ticket.purpose,
        "waiting_from": ticket.waiting_since,
        "called_at": called,
        "started_at": called,
        "ended_at": called
        + timedelta(seconds=SECONDS_BETWEEN * COUNTERS * (80 + ticket.arrival % 41) // 100),
        "outcome": "finished",
    }


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    for n in range(0, len(rows), BATCH):
        model.insert_many(rows[n : n + BATCH]).execute()
