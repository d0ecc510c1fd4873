"""A second counter, written from the form's column heads alone: it shares no code with the product's.

It goes day by day where the product replays facts, and looks at nothing but plain facts.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

CLOSINGS = ("finish", "return", "withdraw", "stop")
ENDED = {"return": "returned", "withdraw": "withdrawn", "stop": "stopped"}


def count_naively(dossiers: Any, first: date, last: date, as_of: datetime) -> dict[str, Counter]:
    """Figures by department, under the product's names; departments without any are left out."""
    figures: dict[str, Counter] = {}
    for dossier in dossiers:
        facts = [f for f in _put_right([f for f in dossier.facts if f.at <= as_of]) if f.on <= last]
        if facts and any(f.move == "receive" for f in facts):
            figures.setdefault(dossier.department, Counter()).update(_one(dossier, facts, first, last))
    return figures


def _put_right(facts: list[Any]) -> list[Any]:
    """The entries as the latest correction of each leaves them."""
    ordered = sorted(facts, key=lambda f: f.seq)
    for correction in [f for f in ordered if f.move == "correct"]:
        place = next(n for n, f in enumerate(ordered) if f.seq == correction.corrects)
        wrong = ordered[place]
        ordered[place] = type(wrong)(wrong.seq, wrong.at, correction.on, wrong.move, correction.due_on)
        if correction.voids:
            del ordered[place]
    return [f for f in ordered if f.move != "correct"]


def _by_law(facts: list[Any]) -> tuple[date | None, bool]:
    """The due date as if nobody had been promised another, and whether somebody was."""
    lawful, said_sorry = facts[0].due_on, False
    for before, fact in pairwise(facts):
        moved = fact.due_on != before.due_on
        if fact.move == "apologise":
            said_sorry = True
        elif said_sorry and moved and fact.move == "resume":
            lawful += fact.due_on - before.due_on
        elif moved or not said_sorry:
            lawful, said_sorry = fact.due_on, False
    return lawful, said_sorry


def _one(dossier: Any, facts: list[Any], first: date, last: date) -> Counter:
    got: Counter = Counter()
    received = next(f.on for f in facts if f.move == "receive")
    endings = [f for f in facts if f.move in CLOSINGS]
    ended = endings[0].on if endings else None
    way = dossier.delivery
    for f in facts:
        way = {"deliver_by_post": "post", "deliver_at_counter": "counter"}.get(f.move, way)
    sent = [f.on for f in facts if f.move == "hand_over" and way == "post"]
    by_post = dossier.channel == "post" and received >= first
    back_by_post = bool(sent) and sent[0] >= first
    got["post_received"] += by_post
    got["post_returned"] += back_by_post
    got["post_total"] += by_post or back_by_post
    if ended is not None and ended < first:
        return got

    got["received"] += 1
    got["carried_over" if received < first else "in_period"] += 1
    if dossier.channel == "online" and received >= first:
        got["in_period_online"] += 1
        got[{3: "level_3", 4: "level_4"}.get(dossier.level, "online_other")] += 1
    elif received >= first:
        got["in_period_direct"] += 1

    due = facts[-1].due_on
    clock = [f.move for f in facts if f.move in ("supplement", "complete", "suspend", "resume")]
    waits = clock[-1:] in (["supplement"], ["suspend"])
    if ended is None:
        got["in_progress"] += 1
        got["in_time" if waits or due is None or last <= due else "overdue"] += 1
    else:
        got["resolved"] += 1
        days_late = 0 if due is None else (ended - due) // timedelta(days=1)
        if endings[0].move == "finish":
            got["early" if days_late < 0 else "on_time" if days_late == 0 else "late"] += 1
        else:
            got[ENDED[endings[0].move]] += 1
            got["late" if days_late > 0 and not waits else "on_time"] += 1
    if not (waits and (ended is None or endings[0].move != "finish")):
        by_law, said_sorry = _by_law(facts)
        if by_law is not None and (ended or last) > by_law:
            got["past_due_apologised" if said_sorry else "past_due_unapologised"] += 1
    got["supplements"] += any(f.move == "supplement" and f.on >= first for f in facts)
    got["linked"] += any(f.move == "forward" for f in facts)
    return got
