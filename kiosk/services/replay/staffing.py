"""When somebody called at a counter on a past day: from its turns, its pauses, and from who was left waiting."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from kiosk.domain.replay import Span
from kiosk.models import Journal

ABSENT_AFTER = timedelta(minutes=10)
"""A counter that calls nobody for so long while somebody waits on one of its lines is not staffed."""


class Spell(NamedTuple):
    """One turn at a counter as staffing needs it."""

    line: int
    waiting_from: datetime
    called_at: datetime
    ended_at: datetime


def spans_of(
    spells: Sequence[Spell], everybody: Iterable[Spell], pauses: Iterable[Span], closing: datetime
) -> tuple[Span, ...]:
    """When a counter was staffed: `spells` are its own in order, `everybody`'s are those on its lines.

    A gap between two calls counts as staffed unless somebody waited through it.
    """
    waited = [(each.waiting_from, each.called_at) for each in everybody]
    begins, ends = spells[0].called_at, spells[0].ended_at
    spans: list[Span] = []
    for spell in spells[1:]:
        if _left_waiting(waited, ends, spell.called_at):
            spans.append((begins, ends))
            begins = spell.called_at
        ends = max(ends, spell.ended_at)
    spans.append((begins, ends if _left_waiting(waited, ends, closing) else max(ends, closing)))
    for pause in pauses:
        spans = [part for span in spans for part in _without(span, pause)]
    return tuple(spans)


def pauses_of(office_id: int, first: datetime, last: datetime) -> dict[int, list[Span]]:
    """When each counter was paused or closed between two moments, as the journal tells."""
    rows = (
        Journal.select(Journal.at, Journal.facts)
        .where(
            (Journal.office == office_id)
            & (Journal.kind == "counter.state")
            & (Journal.at >= first)
            & (Journal.at < last)
        )
        .order_by(Journal.seq)
        .tuples()
    )
    found: dict[int, list[Span]] = defaultdict(list)
    stopped: dict[int, datetime] = {}
    for at, facts in rows:
        told = json.loads(facts)
        counter = told["counter"]
        if told["state"] != "open":
            stopped.setdefault(counter, at)
        elif counter in stopped:
            found[counter].append((stopped.pop(counter), at))
    for counter, at in stopped.items():
        found[counter].append((at, last))
    return found


def _left_waiting(waited: Iterable[Span], begins: datetime, ends: datetime) -> bool:
    """Whether somebody waited from before a gap for longer than a present officer lets them."""
    if ends - begins <= ABSENT_AFTER:
        return False
    return any(came <= begins and called > begins + ABSENT_AFTER for came, called in waited)


def _without(span: Span, pause: Span) -> list[Span]:
    """What is left of a span outside a pause."""
    (begins, ends), (stops, resumes) = span, pause
    parts = [(begins, min(ends, stops)), (max(begins, resumes), ends)]
    return [part for part in parts if part[0] < part[1]] if stops < ends and begins < resumes else [span]
