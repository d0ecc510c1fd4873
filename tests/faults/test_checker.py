"""The checker itself: it must see every kind of harm, or its silence means nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.books import Books, faults_in
from tests.faults.history import Request, lies_in


def books_of_two() -> Books:
    """Two tickets of one line, the first of which was called."""
    tickets = [
        {
            "id": n,
            "office_id": 1,
            "home_id": 1,
            "line_id": 1,
            "day": "2026-11-23",
            "number": n,
            "label": f"T{n:03}",
            "called_seq": 3 if n == 1 else None,
            "counter_id": 7 if n == 1 else None,
        }
        for n in (1, 2)
    ]
    facts = [{"ticket": 1}, {"ticket": 2}, {"ticket": 1}]
    journal = [
        {
            "office_id": 1,
            "seq": seq,
            "at": seq,
            "kind": "ticket.called" if seq == 3 else "ticket.issued",
            "facts": json.dumps({**fact, "line": 1, "priority": "normal"}),
            "previous_hash": f"h{seq - 1}",
            "hash": f"h{seq}",
        }
        for seq, fact in enumerate(facts, start=1)
    ]
    return Books(
        tickets,
        journal,
        [{"id": 1, "key": "demo", "last_seq": 3, "last_hash": "h3"}],
        [{"line_id": 1, "day": "2026-11-23", "last": 2}],
        requests=[{"key": f"issue-{n}", "body": json.dumps({"id": n})} for n in (1, 2)],
    )


def history_of_two() -> dict[str, Request]:
    """The same as its clients heard it."""
    return {
        "issue-1": Request("issue", ({"id": 1, "number": 1, "label": "T001"},), (), 0),
        "issue-2": Request("issue", ({"id": 2, "number": 2, "label": "T002"},), (), 1),
        "call-1": Request("call", ({"id": 1, "label": "T001", "counter": {"id": 7}},), (), 0),
        "call-2": Request("call", (None,), (), 0),
    }


def test_good_books_are_good():
    assert faults_in(books_of_two()) == []
    assert lies_in(history_of_two(), books_of_two()) == []


def out_of_turn(books: Books) -> None:
    books.journal[2]["facts"] = json.dumps({"ticket": 2, "line": 1, "priority": "normal"})
    books.tickets[0]["called_seq"], books.tickets[1]["called_seq"] = None, 3


HARM: dict[str, Callable[[Books], Any]] = {
    "missing or given twice": lambda books: books.tickets[1].update(number=1),
    "labels given twice": lambda books: books.tickets[1].update(label="T001"),
    "the series stand at": lambda books: books.series[0].update(last=3),
    "the tickets are not those": lambda books: books.tickets.pop(),
    "the journal is not 1 to": lambda books: books.journal.pop(1),
    "does not follow": lambda books: books.journal[1].update(previous_hash="h9"),
    "not the one the office knows": lambda books: books.offices[0].update(last_hash="h2"),
    "runs backwards": lambda books: books.journal[1].update(at=9),
    "out of turn": out_of_turn,
    "not called when": lambda books: books.tickets[0].update(called_seq=None),
    "called twice": lambda books: books.journal.append({**books.journal[2], "seq": 4}),
    "issued twice": lambda books: books.journal.append({**books.journal[0], "seq": 4}),
}


@pytest.mark.parametrize("words", HARM)
def test_harm_to_the_books_is_seen(words: str):
    books = books_of_two()
    HARM[words](books)
    assert any(words in fault for fault in faults_in(books)), faults_in(books)


LIES: dict[str, Callable[[dict[str, Request], Books], Any]] = {
    "acknowledged and is lost": lambda history, books: books.tickets.pop(),
    "is now T009": lambda history, books: books.tickets[1].update(label="T009"),
    "was given to": lambda history, books: history.update({"issue-3": history["issue-1"]}),
    "another answer": lambda history, books: history.update(
        {"issue-1": Request("issue", history["issue-1"].answers + history["issue-2"].answers, (), 1)}
    ),
    "T002 belongs to nobody": lambda history, books: history.pop("issue-2"),
    "T001 belongs to nobody": lambda history, books: (
        books.requests.pop(0),
        history.update({"issue-1": Request("issue", (), (), 1)}),
    ),
    "the call of T001 was acknowledged": lambda history, books: books.tickets[0].update(called_seq=None),
    "was called by": lambda history, books: history.update({"call-3": history["call-1"]}),
}


@pytest.mark.parametrize("words", LIES)
def test_a_lie_to_a_client_is_seen(words: str):
    history, books = history_of_two(), books_of_two()
    LIES[words](history, books)
    assert any(words in lie for lie in lies_in(history, books)), lies_in(history, books)


def test_a_ticket_nobody_heard_of_is_explained_by_a_request_nobody_answered():
    history = history_of_two()
    history["issue-2"] = Request("issue", (), (), 1)
    assert lies_in(history, books_of_two()) == []
