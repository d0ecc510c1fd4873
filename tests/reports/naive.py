"""A second counter, written from the form's column heads alone: it shares no code with the product's.

It goes day by day where the product replays facts, and looks at nothing but plain facts.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

CLOSINGS = ("finish", "return", "withdraw")


def count_naively(dossiers: Any, first: date, last: date, as_of: datetime) -> dict[str, Counter]:
    """Figures by department, under the product's names; departments without any are left out."""
    figures: dict[str, Counter] = {}
    for dossier in dossiers:
        facts = [f for f in dossier.facts if f.at <= as_of and f.on <= last]
        if facts and any(f.move == "receive" for f in facts):
            figures.setdefault(dossier.department, Counter()).update(_one(dossier, facts, first, last))
    return figures


def _one(dossier: Any, facts: list[Any], first: date, last: date) -> Counter:
    got: Counter = Counter()
    received = next(f.on for f in facts if f.move == "receive")
    endings = [f for f in facts if f.move in CLOSINGS]
    ended = endings[0].on if endings else None
    sent = [f.on for f in facts if f.move == "hand_over" and dossier.delivery == "post"]
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
    waits = [f.move for f in facts if f.move in ("supplement", "complete")][-1:] == ["supplement"]
    if ended is None:
        got["in_progress"] += 1
        got["in_time" if waits or due is None or last <= due else "overdue"] += 1
    else:
        got["resolved"] += 1
        days_late = 0 if due is None else (ended - due) // timedelta(days=1)
        if endings[0].move == "finish":
            got["early" if days_late < 0 else "on_time" if days_late == 0 else "late"] += 1
        else:
            got["returned" if endings[0].move == "return" else "withdrawn"] += 1
            got["late" if days_late > 0 and not waits else "on_time"] += 1
    got["supplements"] += any(f.move == "supplement" and f.on >= first for f in facts)
    got["linked"] += any(f.move == "forward" for f in facts)
    return got
