"""A recorder's history, held against the books: what was acknowledged must be there, and nothing unasked."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.books import Books


@dataclass(frozen=True)
class Request:
    """All that became of one key: the answers it got, and how often nobody answered."""

    op: str
    answers: tuple[dict[str, Any] | None, ...]
    refusals: tuple[Any, ...]
    unknown: int


def read_history(path: Path) -> dict[str, Request]:
    """The requests by key."""
    lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for text in path.read_text("utf-8").splitlines():
        line = json.loads(text)
        lines[line["key"]].append(line)
    return {key: _request(each) for key, each in lines.items()}


def _request(lines: list[dict[str, Any]]) -> Request:
    phases = Counter(line["phase"] for line in lines)
    return Request(
        lines[0]["op"],
        tuple(line["answer"] for line in lines if line["phase"] == "ok"),
        tuple((line["status"], line["answer"]) for line in lines if line["phase"] == "fail"),
        # A recorder that was killed itself leaves an invoke without an end.
        phases["invoke"] - phases["ok"] - phases["fail"],
    )


def lies_in(history: dict[str, Request], books: Books) -> list[str]:
    """Everything the clients were told that the books do not bear out; empty when all is well."""
    return [*_tickets(history, books), *_calls(history, books)]


def _tickets(history: dict[str, Request], books: Books) -> Iterator[str]:
    rows = {row["id"]: row for row in books.tickets}
    holders: dict[int, str] = {}
    for key, request in history.items():
        if request.op != "issue":
            continue
        if any(answer != request.answers[0] for answer in request.answers):
            yield f"{key}: a repeated request got another answer"
        for answer in request.answers[:1]:
            assert answer is not None
            row = rows.get(answer["id"])
            if row is None:
                yield f"{key}: ticket {answer['label']} was acknowledged and is lost"
            elif (row["number"], row["label"]) != (answer["number"], answer["label"]):
                yield f"{key}: ticket {answer['label']} is now {row['label']}"
            if answer["id"] in holders:
                yield f"{key}: ticket {answer['label']} was given to {holders[answer['id']]} too"
            holders[answer["id"]] = key
    remembered = {
        json.loads(r["body"])["id"]: r["key"] for r in books.requests if r["key"].startswith("issue")
    }
    for ticket in rows.keys() - holders.keys():
        key = remembered.get(ticket, "")
        if key not in history or history[key].answers or not history[key].unknown:
            yield f"ticket {rows[ticket]['label']} belongs to nobody whose request was left without an answer"


def _calls(history: dict[str, Request], books: Books) -> Iterator[str]:
    called = {row["id"]: row["counter_id"] for row in books.tickets if row["called_seq"] is not None}
    callers: dict[int, str] = {}
    for key, request in history.items():
        if request.op != "call":
            continue
        for answer in request.answers[:1]:
            if answer is None:
                continue
            if called.get(answer["id"]) != answer["counter"]["id"]:
                yield f"{key}: the call of {answer['label']} was acknowledged and is lost"
            if answer["id"] in callers:
                yield f"{key}: {answer['label']} was called by {callers[answer['id']]} too"
            callers[answer["id"]] = key
