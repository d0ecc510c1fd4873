"""The numbers this kiosk holds of each line's day: leased by the server, given only while it is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.agent.store import Connection, Store


@dataclass(frozen=True)
class Number:
    """A number that may be given: it is ours until we hand it in or give it back."""

    line: int
    day: str
    number: int
    label: str
    check_code: str


def take(db: Connection, line: int, day: date) -> Number | None:
    """Use up the lowest number held of a line's day; None when there is none."""
    row = db.execute(
        "SELECT * FROM lease WHERE line = ? AND day = ? AND state = 'held' ORDER BY number LIMIT 1",
        (line, day.isoformat()),
    ).fetchone()
    if row is None:
        return None
    db.execute("UPDATE lease SET state = 'used' WHERE line = ? AND day = ? AND number = ?", tuple(row)[:3])
    return Number(row["line"], row["day"], row["number"], row["label"], row["check_code"])


def left(store: Store, day: date) -> dict[int, int]:
    """How many numbers of each line can still be given on a day."""
    rows = store.rows(
        "SELECT line, COUNT(*) AS n FROM lease WHERE day = ? AND state = 'held' GROUP BY line",
        day.isoformat(),
    )
    return {row["line"]: row["n"] for row in rows}


def put(db: Connection, lease: dict[str, Any]) -> None:
    """Take over what the server says this kiosk holds of a day; a number that was given stays given.

    `lease` is an answer of POST /agent/leases. What it does not name any more is not ours any more.
    """
    day = lease["day"]
    named = set()
    for line in lease["lines"]:
        for one in line["numbers"]:
            named.add((line["line"], one["number"]))
            db.execute(
                "INSERT INTO lease (line, day, number, label, check_code) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET label = excluded.label, check_code = excluded.check_code",
                (line["line"], day, one["number"], one["label"], one["check_code"]),
            )
    for row in db.execute(
        "SELECT line, number FROM lease WHERE day = ? AND state = 'held'", (day,)
    ).fetchall():
        if tuple(row) not in named:
            db.execute("DELETE FROM lease WHERE day = ? AND line = ? AND number = ?", (day, *row))


def give_back(db: Connection, *, before: date | None) -> list[dict[str, Any]]:
    """Set aside the numbers that will not be given, of earlier days or (None) all; they are never given again.

    Returns them, and those set aside before, as POST /agent/leases takes them.
    """
    end = before.isoformat() if before is not None else "9999-12-31"
    db.execute("UPDATE lease SET state = 'returning' WHERE state = 'held' AND day < ?", (end,))
    rows = db.execute(
        "SELECT line, day, number FROM lease WHERE state = 'returning' ORDER BY day, line, number"
    )
    return [dict(row) for row in rows.fetchall()]


def given_back(db: Connection, returns: list[dict[str, Any]]) -> None:
    """The server has them again."""
    for one in returns:
        db.execute(
            "DELETE FROM lease WHERE line = ? AND day = ? AND number = ? AND state = 'returning'",
            (one["line"], one["day"], one["number"]),
        )


def keep_after_all(db: Connection, returns: list[dict[str, Any]]) -> None:
    """The server never heard of it: they may be given again."""
    for one in returns:
        db.execute(
            "UPDATE lease SET state = 'held' WHERE line = ? AND day = ? AND number = ? AND state = 'returning'",
            (one["line"], one["day"], one["number"]),
        )
