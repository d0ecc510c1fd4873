"""What an office's database says afterwards: read by plain SQL and judged without a line of the product."""

from __future__ import annotations

import hashlib
import heapq
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
        given[ticket["line_id"], str(ticket["day"])].append(ticket["number"])
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


def _calls(books: Books) -> Iterator[str]:
    """Play the journal again: each call must have taken the first of the line as it stood at that moment."""
    waiting: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    called: dict[int, int] = {}
    issued: set[int] = set()
    for entry in books.journal:
        facts = json.loads(entry["facts"])
        if entry["kind"] == "ticket.issued":
            if facts["ticket"] in issued:
                yield f"ticket {facts['ticket']} was issued twice"
            issued.add(facts["ticket"])
            rank = 1 if facts["priority"] == "normal" else 0
            heapq.heappush(waiting[facts["line"]], (rank, entry["seq"], facts["ticket"]))
        elif entry["kind"] == "ticket.called":
            line = waiting[facts["line"]]
            if facts["ticket"] in called:
                yield f"ticket {facts['ticket']} was called twice"
            elif not line or line[0][2] != facts["ticket"]:
                yield f"entry {entry['seq']}: ticket {facts['ticket']} was called out of turn"
            waiting[facts["line"]] = [place for place in line if place[2] != facts["ticket"]]
            heapq.heapify(waiting[facts["line"]])
            called[facts["ticket"]] = entry["seq"]
    if issued != {ticket["id"] for ticket in books.tickets}:
        yield "the tickets are not those of the journal"
    stored = {t["id"]: t["called_seq"] for t in books.tickets if t["called_seq"] is not None}
    if stored != called:
        yield "the tickets were not called when the journal says"
