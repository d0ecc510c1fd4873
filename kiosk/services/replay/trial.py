"""A trial of rules: the same day three times, as it was, under the rules of now, and under those to be tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kiosk.database import connection, look_at_office
from kiosk.domain.errors import DomainError
from kiosk.domain.queueing import LANES, CounterRule, LineRule
from kiosk.domain.replay import Day, Rules, as_it_was, replay
from kiosk.domain.waits import waits_of
from kiosk.models import Counter, Line
from kiosk.services.replay.read_day import read_day

SIDES = ("really", "now", "tried")


def rules_in_force(office_id: int) -> Rules:
    """The rules of all lines and counters as they are now."""
    with connection():
        lines = Line.select(Line.id, Line.rule).where(Line.office == office_id).tuples()
        counters = Counter.select(Counter.id, Counter.rule).where(Counter.office == office_id).tuples()
        return Rules(
            {line: LineRule.from_json(rule) for line, rule in lines},
            {counter: CounterRule.from_json(rule) for counter, rule in counters},
        )


def try_rules(
    office_id: int,
    day: date,
    lines: Mapping[int, LineRule],
    counters: Mapping[int, CounterRule],
    now: datetime,
) -> dict[str, Any]:
    """How people would have waited on a day, had these rules held instead of their lines' and counters' own.

    {day, closing, visitors, groups: [{line, lane (None: the whole line), now, tried, really}], all: {now, tried,
    really}, focus: {lines, now, tried, really}, hours: [{hour, now, tried, really}]}, waits as `Waits.to_json` or
    None where nobody was in that lane. `focus` and `hours` are of the lines whose calling would change, or of all.
    Raises DomainError("replay_empty_day") for a day on which nobody was called.
    """
    with connection():
        zone = look_at_office(office_id, now, "").zone
        past = read_day(office_id, day, zone, now)
    if not past.counters:
        raise DomainError("replay_empty_day", field="day", day=day.isoformat())
    present = rules_in_force(office_id)
    tried = Rules({**present.lines, **lines}, {**present.counters, **counters})
    played = {"really": as_it_was(past), "now": replay(past, present), "tried": replay(past, tried)}
    judged = {"really": present, "now": present, "tried": tried}
    figures = {side: waits_of(played[side], judged[side], past.closing) for side in SIDES}
    looked_at = _focus(past, lines, counters)
    focus = {
        side: waits_of(
            [each for each in played[side] if each.arrival.line in looked_at], judged[side], past.closing
        )
        for side in SIDES
    }
    return {
        "day": day.isoformat(),
        "closing": past.closing.isoformat(),
        "visitors": len(past.arrivals),
        "all": {side: figures[side]["all"].to_json() for side in SIDES},
        "focus": {"lines": sorted(looked_at), **{side: focus[side]["all"].to_json() for side in SIDES}},
        "hours": _hours(focus),
        "groups": _groups(past, figures),
    }


def _focus(day: Day, lines: Mapping[int, Any], counters: Mapping[int, Any]) -> set[int]:
    there = {each.line for each in day.arrivals}
    served = {line for each in day.counters if each.id in counters for line in each.lines}
    return (set(lines) | served) & there or there


def _hours(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    hours = sorted({hour for side in SIDES for hour in figures[side]["hours"]})
    return [{"hour": hour, **{side: figures[side]["hours"].get(hour) for side in SIDES}} for hour in hours]


def _groups(day: Day, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each line as a whole and then its lanes, in the order of lanes."""
    groups = []
    for line in sorted({each.line for each in day.arrivals}):
        for lane in (None, *map(str, LANES)):
            kind, key = ("lines", line) if lane is None else ("lanes", (line, lane))
            waits = {side: figures[side][kind].get(key) for side in SIDES}
            if any(waits.values()):
                told = {side: each.to_json() if each else None for side, each in waits.items()}
                groups.append({"line": line, "lane": lane, **told})
    return groups
