"""The papers this kiosk still has to print, and what became of them: rows that survive any end of the agent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.agent.store import Connection, Row, Store, dump
from kiosk.domain.printing import PRINT_MOVES, PrintState

RETRY_AFTER = timedelta(seconds=3)
LONGEST_RETRY = timedelta(seconds=30)
TEST_WANTED_FOR = timedelta(minutes=30)
KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True)
class Job:
    """A paper to print now. `repeat` counts the copies that may be out already."""

    id: int
    kind: str
    facts: dict[str, Any]
    repeat: int
    attempts: int


def add(
    db: Connection,
    kind: str,
    facts: dict[str, Any],
    now: datetime,
    *,
    own: int | None = None,
    server: int | None = None,
    ticket: int | None = None,
    repeat: int = 0,
) -> None:
    """Owe one more paper, after all those owed already."""
    state = PrintState.REPEATED if repeat else PrintState.QUEUED
    at = now.isoformat()
    db.execute(
        "INSERT INTO job (server, ticket, own, kind, facts, state, repeat, created_at, changed_at, next_try_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (server, ticket, own, kind, dump(facts), state, repeat, at, at, at),
    )  # fmt: skip


def take_over(db: Connection, jobs: list[dict[str, Any]], now: datetime) -> int:
    """Add the server's papers that are new here; one known already is told of once more. Returns how many are new."""
    new = 0
    for job in jobs:
        known = db.execute("SELECT id FROM job WHERE server = ?", (job["id"],)).fetchone()
        if known is not None:
            db.execute("UPDATE job SET told = 0, version = MAX(version, 1) WHERE id = ?", (known["id"],))
            continue
        add(
            db, job["kind"], job.get("slip") or job.get("facts") or {}, now,
            server=job["id"], ticket=job.get("ticket"), repeat=job.get("repeat", 0),
        )  # fmt: skip
        new += 1
    return new


def drop(db: Connection, ids: list[int]) -> None:
    """The server took these papers away; one that is just being printed is out of reach."""
    for server in ids:
        db.execute("DELETE FROM job WHERE server = ? AND state IN ('queued', 'repeated')", (server,))


def recover(db: Connection, now: datetime) -> None:
    """After a start: a paper that was on its way when the agent ended may be out, its next copy bears the mark."""
    for row in db.execute("SELECT id, repeat FROM job WHERE state = 'sent'").fetchall():
        _keep(db, row["id"], PRINT_MOVES.apply(PrintState.SENT, "doubt"), now, repeat=row["repeat"] + 1)


def next_job(store: Store, now: datetime) -> Job | None:
    """The oldest paper owed, if its time has come; a later one never overtakes it."""
    row = store.row("SELECT * FROM owed ORDER BY id LIMIT 1")
    if row is None or row["next_try_at"] > now.isoformat():
        return None
    return Job(row["id"], row["kind"], _json(row["facts"]), row["repeat"], row["attempts"])


def mark_sent(store: Store, job: Job, now: datetime) -> bool:
    """Before a byte leaves us. False when the paper was taken away meanwhile."""
    with store.change() as db:
        row = db.execute("SELECT state FROM owed WHERE id = ?", (job.id,)).fetchone()
        if row is None:
            return False
        _keep(db, job.id, PRINT_MOVES.apply(PrintState(row["state"]), "send"), now, attempts=job.attempts + 1)
    return True


def mark_confirmed(store: Store, job: Job, height_mm: int, now: datetime) -> None:
    """The printer says it is on paper."""
    with store.change() as db:
        state = PRINT_MOVES.apply(PrintState.SENT, "confirm")
        _keep(db, job.id, state, now, problem=None, height_mm=height_mm, next_try_at=now)


def mark_waiting(
    store: Store, job: Job, problem: str, height_mm: int, now: datetime, *, doubtful: bool
) -> None:
    """Try again later: unmarked if nothing left us, as a repeat if it may be on paper already."""
    later = now + min(RETRY_AFTER * (1 + job.attempts), LONGEST_RETRY)
    with store.change() as db:
        if doubtful:
            state = PRINT_MOVES.apply(PrintState.SENT, "doubt")
            _keep(
                db,
                job.id,
                state,
                now,
                problem=problem,
                next_try_at=later,
                repeat=job.repeat + 1,
                height_mm=height_mm,
            )
        else:
            state = PrintState.REPEATED if job.repeat else PrintState.QUEUED
            _keep(db, job.id, state, now, problem=problem, next_try_at=later)


def give_up(store: Store, job_id: int, move: str, now: datetime) -> None:
    """End a paper that cannot be drawn ("fail") or that nobody waits for ("expire")."""
    with store.change() as db:
        row = db.execute("SELECT state FROM owed WHERE id = ?", (job_id,)).fetchone()
        if row is not None:
            problem = "printer_error" if move == "fail" else None
            _keep(db, job_id, PRINT_MOVES.apply(PrintState(row["state"]), move), now, problem=problem)


def expire_stale(store: Store, zone: str, now: datetime) -> int:
    """Give up tickets of another day, numbers the server refused and tests nobody waits for. Returns how many."""
    today = now.astimezone(ZoneInfo(zone)).date()
    rows = store.rows(
        "SELECT job.*, ticket.state AS handed FROM job LEFT JOIN ticket ON ticket.id = job.own "
        "WHERE job.state IN ('queued', 'repeated')"
    )
    stale = [row["id"] for row in rows if _is_stale(row, zone, today.isoformat(), now)]
    for job in stale:
        give_up(store, job, "expire", now)
    return len(stale)


def retry_now(store: Store, now: datetime) -> None:
    """The printer is well again: nothing needs to wait out its delay."""
    at = now.isoformat()
    if store.row("SELECT 1 FROM owed WHERE next_try_at > ?", at):
        with store.change() as db:
            db.execute(
                "UPDATE job SET next_try_at = ? WHERE id IN (SELECT id FROM owed) AND next_try_at > ?",
                (at, at),
            )


def outcomes(store: Store) -> tuple[list[dict[str, Any]], list[tuple[int, int]]]:
    """What the server has to be told of its papers, and the receipt to hand to `told` when it has heard."""
    rows = store.rows("SELECT * FROM job WHERE server IS NOT NULL AND version > told ORDER BY id LIMIT 200")
    said = [
        {
            "job": row["server"], "state": row["state"], "height_mm": row["height_mm"], "problem": row["problem"],
            # As the next copy would bear it: should we never be heard of again, this one may be out.
            "repeat": row["repeat"] + (row["state"] == PrintState.SENT), "at": row["changed_at"],
        }
        for row in rows
        if row["state"] != PrintState.QUEUED
    ]  # fmt: skip
    return said, [(row["id"], row["version"]) for row in rows]


def told(db: Connection, receipt: list[tuple[int, int]], now: datetime) -> None:
    """The server heard these; papers that are done with are forgotten after two days."""
    for job, version in receipt:
        db.execute("UPDATE job SET told = ? WHERE id = ?", (version, job))
    db.execute(
        "DELETE FROM job WHERE id NOT IN (SELECT id FROM owed) AND changed_at < ? "
        "AND (server IS NULL OR told >= version)",
        ((now - KEPT_FOR).isoformat(),),
    )


def holds(store: Store) -> list[int]:
    """The server's papers that we still mean to print."""
    return [row["server"] for row in store.rows("SELECT server FROM owed WHERE server IS NOT NULL")]


def owed(store: Store) -> int:
    """How many papers are still to be printed."""
    row = store.row("SELECT COUNT(*) AS n FROM owed")
    return int(row["n"]) if row else 0


def printing_state(row: Row | None) -> dict[str, Any]:
    """How a paper stands, as the kiosk page is told: none, queued, printed or trouble with the problem's code."""
    if row is None or row["state"] == PrintState.EXPIRED:
        return {"state": "none", "problem": None}
    if row["state"] == PrintState.CONFIRMED:
        return {"state": "printed", "problem": None}
    return {"state": "trouble" if row["problem"] else "queued", "problem": row["problem"]}


def _is_stale(row: Row, zone: str, today: str, now: datetime) -> bool:
    if row["handed"] == "refused":
        return True
    if row["kind"] == "test":
        return now - datetime.fromisoformat(row["created_at"]) > TEST_WANTED_FOR
    taken = str(_json(row["facts"]).get("issued_at") or row["created_at"])
    return datetime.fromisoformat(taken).astimezone(ZoneInfo(zone)).date().isoformat() < today


def _keep(db: Connection, job_id: int, state: PrintState, now: datetime, **values: Any) -> None:
    """Write down a move; `values` are further columns, those left out stay as they are."""
    later = values.pop("next_try_at", None)
    row = dict(db.execute("SELECT * FROM job WHERE id = ?", (job_id,)).fetchone())
    row |= {"state": str(state), "changed_at": now.isoformat(), **values}
    if later is not None:
        row["next_try_at"] = later.isoformat()
    db.execute(
        "UPDATE job SET state = :state, changed_at = :changed_at, next_try_at = :next_try_at, repeat = :repeat, "
        "attempts = :attempts, problem = :problem, height_mm = :height_mm, version = version + 1 WHERE id = :id",
        row,
    )


def _json(text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    return value
