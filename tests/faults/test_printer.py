"""A printer that fails: the number stays valid, the kiosk is told, and the paper comes, marked if it is a repeat."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from kiosk.devices.tray import Paper
from kiosk.devices.virtual_printer import VirtualPrinter
from tests.faults.books import read_books
from tests.faults.running import Centre, digest, eventually
from tests.faults.test_kill_server import SEED

pytestmark = [pytest.mark.faults, pytest.mark.slow]

MID_JOB = 2_000
"""Bytes of a ticket (about 10,000) after which something happens to it."""


@pytest.fixture(scope="module")
def open_centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre for all these stories: a server takes seconds to start."""
    with Centre(tmp_path_factory.mktemp("printing")) as centre:
        centre.start("serve", "worker")
        yield centre


@pytest.fixture
def working(open_centre: Centre) -> Centre:
    """The centre with its worker up, a printer that is well, an empty queue and an empty tray."""
    open_centre.printer.faults.apply({})
    if not open_centre.runs("worker"):
        open_centre.start("worker")
    open_centre.take()
    eventually(
        lambda: all(job["state"] == "confirmed" for job in read_books(open_centre.url).jobs), "an empty queue"
    )
    open_centre.printer.jobs, open_centre.printer.torn = [], []
    return open_centre


def trouble_with(centre: Centre, ticket: dict[str, Any]) -> str:
    """The problem the kiosk is shown, once there is one; the ticket is as valid as any."""
    shown = eventually(
        lambda: (s := centre.printing(ticket["id"]))["state"] == "trouble" and s, "the kiosk to be told"
    )
    assert shown["message"], "a problem without words"
    status, follow, _ = centre.ask("GET", f"/api/v1/follow/{ticket['follow_url'].rpartition('/')[2]}")
    assert (status, follow["state"], follow["label"]) == (200, "waiting", ticket["label"])
    return shown["problem"]


def comes_out(centre: Centre, *tickets: dict[str, Any], repeat: int = 0) -> None:
    """These tickets' papers are the next in the tray, in this order; the first as that many-th repeat."""
    for place, ticket in enumerate(tickets):
        times = repeat if place == 0 else 0
        eventually(lambda ticket=ticket: centre.printing(ticket["id"])["state"] == "printed", "the paper")
        assert centre.job(ticket["id"])["repeat"] == times
    papers = centre.papers(1)[-len(tickets) :]
    expected = [centre.paper(t["id"], repeat if n == 0 else 0) for n, t in enumerate(tickets)]
    assert papers == expected
    if repeat:
        assert expected[0] != centre.paper(tickets[0]["id"]), "the mark does not show"


def test_a_printer_that_is_off(working: Centre):
    working.printer.stop()
    first, second = working.take(), working.take()
    assert trouble_with(working, first) == "printer_offline"
    working.printer.start()
    comes_out(working, first, second)
    assert len(working.printer.jobs) == 2


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("paper_out", "printer_paper_out"), ("cover_open", "printer_cover_open"), ("silent", "printer_unknown")],
)
def test_a_printer_that_cannot_print(working: Centre, fault: str, problem: str):
    """Asked before the first byte, it says so, or says nothing: no byte leaves, and no mark is needed later."""
    received = working.printer.received_bytes
    setattr(working.printer.faults, fault, True)
    first, second = working.take(), working.take()
    assert trouble_with(working, first) == problem
    assert working.printer.received_bytes - received < MID_JOB
    setattr(working.printer.faults, fault, False)
    comes_out(working, first, second)
    assert len(working.printer.jobs) == 2
    assert working.printer.torn == []


@pytest.mark.parametrize("fault", ["reset_after", "close_after"])
def test_a_printer_that_breaks_off_in_the_middle(working: Centre, fault: str):
    setattr(working.printer.faults, fault, MID_JOB)
    first = working.take()
    second = working.take()
    assert trouble_with(working, first) in {"printer_offline", "printer_unknown"}
    comes_out(working, first, second, repeat=1)


def test_paper_that_ends_in_the_middle(working: Centre):
    working.printer.faults.paper_out_after = MID_JOB
    first, second = working.take(), working.take()
    assert trouble_with(working, first) == "printer_paper_out"
    assert working.job(first["id"])["state"] in ("sent", "repeated")
    working.printer.faults.paper_out = False
    comes_out(working, first, second, repeat=1)


class FallsSilent(list[Paper]):
    """A tray whose printer says no more once a paper has fallen into it: the job's confirmation never comes."""

    def __init__(self, printer: VirtualPrinter) -> None:
        super().__init__(printer.jobs)
        self._printer = printer

    def append(self, paper: Paper) -> None:
        super().append(paper)
        self._printer.faults.silent = True


def test_a_printer_that_falls_silent_over_a_job(working: Centre):
    """The paper came, but nobody heard so: the second copy says that it is one."""
    working.printer.jobs = FallsSilent(working.printer)
    ticket = working.take()
    assert trouble_with(working, ticket) == "printer_unknown"
    assert working.papers(1) == [working.paper(ticket["id"])]
    working.printer.jobs = list(working.printer.jobs)
    working.printer.faults.silent = False
    comes_out(working, ticket, repeat=1)
    assert len(working.printer.jobs) == 2


def test_a_worker_killed_in_the_middle_of_a_job(working: Centre):
    working.printer.faults.cover_open_after = MID_JOB
    ticket = working.take()
    eventually(lambda: working.printer.faults.cover_open, "the job to be half printed")
    working.kill("worker")
    assert working.job(ticket["id"])["state"] in ("sent", "repeated")
    later = working.take()
    working.printer.faults.cover_open = False
    working.start("worker")
    comes_out(working, ticket, later, repeat=1)


def test_a_worker_killed_again_and_again(working: Centre):
    """At any moment whatever: every ticket gets a whole paper, at most one without a mark, and in order."""
    print(f"KIOSK_TEST_SEED={SEED}")
    dice = random.Random(SEED)
    tickets = []
    for _ in range(3):
        received = working.printer.received_bytes + dice.randint(1, 3 * MID_JOB)
        tickets += [working.take() for _ in range(3)]
        eventually(lambda received=received: working.printer.received_bytes >= received, "bytes on paper")
        working.kill("worker")
        working.start("worker")
    for ticket in tickets:
        eventually(lambda ticket=ticket: working.printing(ticket["id"])["state"] == "printed", "the paper")

    jobs = {job["ticket_id"]: job["repeat"] for job in read_books(working.url).jobs}
    names = {working.paper(t["id"], n): (t["id"], n) for t in tickets for n in range(jobs[t["id"]] + 1)}
    out = [names[digest(paper)] for paper in working.printer.jobs]
    assert len(set(out)) == len(out), "two papers of a ticket look the same"
    last_of = {ticket: place for place, (ticket, _) in enumerate(out)}
    assert list(last_of) == sorted(last_of) == [ticket["id"] for ticket in tickets]
    assert out == sorted(out)
