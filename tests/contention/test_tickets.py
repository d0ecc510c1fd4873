"""Eight processes issue and call at once: nobody shares a number, nobody is called twice, nobody is passed over."""

from __future__ import annotations

from collections import deque
from itertools import chain
from typing import Any

import pytest

from kiosk.database import office_transaction
from kiosk.models import Line, Office
from kiosk.services import manage_plugins
from kiosk.services.verify_log import verify_office
from tests.contention.crowd import (
    PATIENCE,
    PROCESSES,
    Crowd,
    Place,
    call_everybody,
    take_and_call,
    take_numbers,
)
from tests.factories import make_counter, make_line, make_office, make_printer, make_user
from tests.faults.books import Books, faults_in, read_books

pytestmark = [pytest.mark.contention, pytest.mark.slow]

EACH = 50
ALL = EACH * PROCESSES
GUIDE = 99
"""A counter that serves the line, so that numbers are given, and calls nobody."""


def open_office(place: Place, key: str = "demo") -> Line:
    """An office with one line of justice and a printer, on the opening day."""
    office = make_office(key)
    manage_plugins.enable(office.id, "justice", place.opening, "system:test")
    make_printer(office=office)
    line = make_line(office=office)
    make_counter(GUIDE, [line], office)
    for officer in range(PROCESSES + 1):
        make_user(f"{key}-{officer}", office=office)
    return line


def audit(place: Place, *offices: Office) -> Books:
    """The books, after nothing wrong was found in them."""
    books = read_books(place.url)
    assert faults_in(books) == []
    assert [verify_office(office.id).broken for office in offices] == [None] * len(offices)
    assert sorted(job["ticket_id"] for job in books.jobs) == [ticket["id"] for ticket in books.tickets]
    return books


def test_400_numbers_taken_at_once(crowd: Crowd, place: Place):
    line = open_office(place)
    wish = (line.office_id, line.id, EACH)
    taken = list(chain.from_iterable(crowd.run(place, take_numbers, [wish] * PROCESSES)))

    assert sorted(number for _, number, _ in taken) == list(range(1, ALL + 1))
    assert len({label for _, _, label in taken}) == ALL
    books = audit(place, line.office)
    assert sorted(taken) == [(row["id"], row["number"], row["label"]) for row in books.tickets]


def test_400_calls_by_eight_counters(crowd: Crowd, place: Place):
    line = open_office(place)
    crowd.run(place, take_numbers, [(line.office_id, line.id, EACH)] * PROCESSES)
    counters = [make_counter(number, [line]) for number in range(1, PROCESSES + 1)]
    calls = crowd.run(place, call_everybody, [(line.office_id, counter.id) for counter in counters])

    called = sorted(chain.from_iterable(calls), key=lambda call: call[1])
    books = audit(place, line.office)
    assert len({ticket for ticket, _ in called}) == len(called) == ALL
    assert [ticket for ticket, _ in called] == due_in_rounds(books.tickets)
    assert {row["state"] for row in books.tickets} == {"finished"}
    assert sum(1 for each in calls if each) > 1, "one counter did it all: the others were not there in time"


def due_in_rounds(tickets: list[dict[str, Any]]) -> list[int]:
    """Three with priority, then three others, each in the order in which they came: a line's rule until it is changed."""
    first, others = (
        deque(
            sorted(
                (row for row in tickets if (row["lane"] == "priority") is priority),
                key=lambda row: row["arrival"],
            )
        )
        for priority in (True, False)
    )
    due = []
    while first or others:
        for queue in (first, others):
            due += [queue.popleft()["id"] for _ in range(min(3, len(queue)))]
    return due


def test_taking_and_calling_at_once(crowd: Crowd, place: Place):
    line = open_office(place)
    counters = [make_counter(number, [line]) for number in range(1, PROCESSES + 1)]
    parts = [(line.office_id, line.id, EACH, counter.id) for counter in counters]
    results = crowd.run(place, take_and_call, parts)
    rest = crowd.run(place, call_everybody, [(line.office_id, counter.id) for counter in counters])

    called = list(chain.from_iterable([*(called for _, called in results), *rest]))
    books = audit(place, line.office)
    assert sorted(ticket for ticket, _ in called) == [row["id"] for row in books.tickets]
    assert len(books.tickets) == ALL
    assert dict(called) == {row["id"]: row["called_seq"] for row in books.tickets}


def test_two_offices_storm_the_same_installation(crowd: Crowd, place: Place):
    lines = [open_office(place, key) for key in ("here", "there")]
    wishes = [(line.office_id, line.id, EACH) for line in lines] * (PROCESSES // 2)
    crowd.run(place, take_numbers, wishes)

    books = audit(place, *(line.office for line in lines))
    for line in lines:
        numbers = sorted(row["number"] for row in books.tickets if row["line_id"] == line.id)
        assert numbers == list(range(1, ALL // 2 + 1))


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
def test_an_office_does_not_wait_for_another(crowd: Crowd, place: Place):
    """On SQLite a file has one writer; on PostgreSQL a lock that is held is held in one office only."""
    held, free = open_office(place, "held"), open_office(place, "free")
    wishes = [(line.office_id, line.id, 5) for line in (held, free) for _ in range(PROCESSES // 2)]
    with office_transaction(held.office_id, place.opening, "system:test"):
        futures = crowd.start(place, take_numbers, wishes)
        for future in futures[PROCESSES // 2 :]:
            assert len(future.result(PATIENCE)) == 5
        assert not any(future.done() for future in futures[: PROCESSES // 2])
    for future in futures[: PROCESSES // 2]:
        assert len(future.result(PATIENCE)) == 5
    assert len(audit(place, held.office, free.office).tickets) == 5 * PROCESSES
