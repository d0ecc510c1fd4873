"""Hand in the numbers given while the server was away: in order, each exactly once, none ever dropped."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kiosk.agent.server import Answer, Away
from kiosk.agent.store import Store

BATCH = 50
PATH = "/api/v1/agent/tickets"
TRY_LATER = frozenset({404, 405, 408, 429})
"""Not this ticket's fault: an older server, or one that has too much to do."""


def waiting(store: Store) -> int:
    """How many numbers the server has not heard of yet."""
    row = store.row("SELECT COUNT(*) AS n FROM ticket WHERE state = 'waiting'")
    return int(row["n"]) if row else 0


def refused(store: Store) -> int:
    """How many the server would not take; they stay here for somebody to look at."""
    row = store.row("SELECT COUNT(*) AS n FROM ticket WHERE state = 'refused'")
    return int(row["n"]) if row else 0


def hand_in(store: Store, ask: Callable[[str, str, Any], Answer]) -> int:
    """Hand in everything that waits; returns how many were settled. Raises Away and Unpaired.

    A batch that is refused as a whole is handed in one by one, so that one bad number holds up nobody.
    """
    settled, most = 0, BATCH
    while batch := _batch(store, most):
        answer = ask("POST", PATH, {"tickets": batch})
        if answer.status >= 500 or answer.status in TRY_LATER:
            raise Away(f"hand-in: status {answer.status}", asked=True)
        if answer.fine:
            results = answer.data["results"]
        elif len(batch) > 1:
            most = 1
            continue
        else:
            results = [{"key": batch[0]["key"], "state": "refused", "ticket": None, "code": answer.code}]
        done = _settle(store, results)
        if not done:
            raise Away("hand-in: nothing was answered", asked=True)
        settled += done
    return settled


def _batch(store: Store, most: int) -> list[dict[str, Any]]:
    rows = store.rows(
        "SELECT facts, EXISTS (SELECT 1 FROM job WHERE own = ticket.id AND state = 'confirmed') AS printed "
        "FROM ticket WHERE state = 'waiting' ORDER BY id LIMIT ?",
        most,
    )
    return [{**json.loads(row["facts"]), "printed": bool(row["printed"])} for row in rows]


def _settle(store: Store, results: list[dict[str, Any]]) -> int:
    done = 0
    with store.change() as db:
        for one in results:
            if one["state"] in {"accepted", "known", "refused"}:
                done += db.execute(
                    "UPDATE ticket SET state = ?, server = ?, code = ? WHERE key = ? AND state = 'waiting'",
                    (one["state"], one["ticket"], one["code"], one["key"]),
                ).rowcount
    return done
