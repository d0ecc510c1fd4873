"""What an office's database says afterwards: read by plain SQL and judged without a line of the product."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
TABLES = {
    "tickets": "SELECT * FROM ticket ORDER BY id",
    "journal": "SELECT * FROM journal ORDER BY office_id, seq",
    "offices": "SELECT * FROM office ORDER BY id",
    "series": "SELECT * FROM number_series ORDER BY line_id, day",
    "leases": "SELECT * FROM leased_number ORDER BY line_id, day, number",
    "jobs": "SELECT * FROM print_job ORDER BY id",
    "requests": "SELECT * FROM idempotent_request ORDER BY created_at",
}


@dataclass
class Books:
    """The tables that tell who got which number and who was called when."""

    tickets: list[Row] = field(default_factory=list)
    journal: list[Row] = field(default_factory=list)
    offices: list[Row] = field(default_factory=list)
    series: list[Row] = field(default_factory=list)
    leases: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)


def read_books(url: str) -> Books:
    """Read everything in one look at the database."""
    with _connection(url) as connection:
        return Books(**{name: _rows(connection, query) for name, query in TABLES.items()})


@contextmanager
def _connection(url: str) -> Iterator[Any]:
    if url.startswith("sqlite:///"):
        from pysqlite3 import dbapi2 as sqlite

        connection = sqlite.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True, timeout=10)
    else:
        import psycopg

        connection = psycopg.connect(url)
    try:
        yield connection
    finally:
        connection.close()


def _rows(connection: Any, query: str) -> list[Row]:
    cursor = connection.cursor()
    cursor.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def faults_in(books: Books) -> list[str]:
    """Everything that may never be so, in words; empty when all is well."""
    return [*_numbering(books), *_journal(books), *_calls(books)]


def _numbering(books: Books) -> Iterator[str]:
    given: dict[tuple[int, str], list[int]] = defaultdict(list)
    labels: dict[tuple[int, str], list[str]] = defaultdict(list)
    for ticket in books.tickets:
        given[ticket["home_id"], str(ticket["day"])].append(ticket["number"])
        labels[ticket["office_id"], str(ticket["day"])].append(ticket["label"])
    for where, numbers in given.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"line and day {where}: numbers {_odd(numbers)} are missing or given twice"
    for where, seen in labels.items():
        if len(set(seen)) != len(seen):
            yield f"office and day {where}: {len(seen) - len(set(seen))} labels given twice"
    last = {(row["line_id"], str(row["day"])): row["last"] for row in books.series}
    if last != {where: len(numbers) for where, numbers in given.items()}:
        yield f"the series stand at {last}, the tickets say otherwise"


def _odd(numbers: Iterable[int]) -> list[int]:
    numbers = sorted(numbers)
    missing = set(range(1, len(numbers) + 1)) - set(numbers)
    twice = {n for n, following in pairwise(numbers) if n == following}
    return sorted(missing | twice)


def _journal(books: Books) -> Iterator[str]:
    for office in books.offices:
        entries = [entry for entry in books.journal if entry["office_id"] == office["id"]]
        if [entry["seq"] for entry in entries] != list(range(1, office["last_seq"] + 1)):
            yield f"office {office['key']}: the journal is not 1 to {office['last_seq']}"
        before = hashlib.sha256(b"").hexdigest() if not entries else entries[0]["previous_hash"]
        for entry in entries:
            if entry["previous_hash"] != before:
                yield f"office {office['key']}: entry {entry['seq']} does not follow the one before"
            before = entry["hash"]
        if entries and before != office["last_hash"]:
            yield f"office {office['key']}: the newest entry is not the one the office knows"
        if any(a["at"] > b["at"] for a, b in pairwise(entries)):
            yield f"office {office['key']}: the journal runs backwards"


BOUND_MINUTES = {"priority": 20, "normal": 60}
ROUND = {"priority": 3, "normal": 3}
DAY = 86_400_000_000
HANOI = 7 * 3_600_000_000


@dataclass
class Queue:
    """A line as it should be, by the rule it has until an admin changes it: three with priority, three others."""

    lanes: dict[str, list[tuple[int, int, int]]] = field(
        default_factory=lambda: {"priority": [], "normal": []}
    )
    made: dict[str, int] = field(default_factory=dict)
    day: int = 0

    def turn(self, at: int) -> int | None:
        """Whose turn it is; whoever is past the bound of their lane goes before all others."""
        if (day := (at + HANOI) // DAY) != self.day:
            self.day, self.made = day, {}
        heads = {lane: min(rows) for lane, rows in self.lanes.items() if rows}
        over = {lane: at - head[1] - BOUND_MINUTES[lane] * 60_000_000 for lane, head in heads.items()}
        late = [lane for lane in heads if over[lane] > 0]
        if not heads:
            return None
        if all(self.made.get(lane, 0) >= ROUND[lane] for lane in heads):
            self.made = {}
        lane = (
            max(late, key=lambda each: over[each])
            if late
            else next(each for each in heads if self.made.get(each, 0) < ROUND[each])
        )
        self.made[lane] = self.made.get(lane, 0) + 1
        return heads[lane][2]


def _calls(books: Books) -> Iterator[str]:
    """Play the journal again: each call must have taken the one whose turn it was at that moment."""
    queues: dict[int, Queue] = defaultdict(Queue)
    called: dict[int, int] = {}
    issued: set[int] = set()
    for entry in books.journal:
        facts = json.loads(entry["facts"])
        if entry["kind"] == "ticket.issued":
            if facts["ticket"] in issued:
                yield f"ticket {facts['ticket']} was issued twice"
            issued.add(facts["ticket"])
            lane = "normal" if facts["priority"] == "normal" else "priority"
            queues[facts["line"]].lanes[lane].append((entry["seq"], entry["at"], facts["ticket"]))
        elif entry["kind"] == "ticket.called":
            queue = queues[facts["line"]]
            if facts["ticket"] in called:
                yield f"ticket {facts['ticket']} was called twice"
            elif queue.turn(entry["at"]) != facts["ticket"]:
                yield f"entry {entry['seq']}: ticket {facts['ticket']} was called out of turn"
            for lane, rows in queue.lanes.items():
                queue.lanes[lane] = [row for row in rows if row[2] != facts["ticket"]]
            called[facts["ticket"]] = entry["seq"]
    if issued != {ticket["id"] for ticket in books.tickets}:
        yield "the tickets are not those of the journal"
    stored = {t["id"]: t["called_seq"] for t in books.tickets if t["called_seq"] is not None}
    if stored != called:
        yield "the tickets were not called when the journal says"
