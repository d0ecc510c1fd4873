"""The printer at the machine: own papers and the server's, through cuts, kills and an empty roll."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk import clock
from kiosk.agent import spool
from kiosk.devices.virtual_printer import VirtualPrinter
from tests.agent.conftest import Machine
from tests.agent.fake_server import FakeServer


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "tray") as running:
        yield running


@pytest.fixture
def printing(machine: Machine, server: FakeServer, virtual: VirtualPrinter) -> Machine:
    """A kiosk with a printer of its own; its thread is not running, each step is taken by hand."""
    server.printer = {
        "id": 3, "name": "Máy in 07", "model": "generic-80mm", "address": f"tcp://127.0.0.1:{virtual.port}",
        "dots": None,
    }  # fmt: skip
    machine.sync()
    ready(machine)
    return machine


def ready(machine: Machine) -> None:
    """What the printer's thread does when it starts."""
    with machine.agent.link.store.change() as db:
        spool.recover(db, machine.agent.link.moment.now())
    machine.agent.printer._use(machine.agent.printer._wanted())
    machine.agent.printer.look()


def print_all(machine: Machine) -> None:
    """Let the printer's thread work until nothing more can be printed now."""
    while machine.agent.printer.print_one():
        pass


def states(machine: Machine) -> list[tuple[str, int]]:
    return [
        (row["state"], row["repeat"]) for row in machine.rows("SELECT state, repeat FROM job ORDER BY id")
    ]


def test_a_number_given_alone_is_printed_at_once(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    server.stop()
    ticket = printing.press(line=1, paper=True).json
    assert ticket["printing"] == {"state": "queued", "problem": None}
    print_all(printing)
    assert len(virtual.jobs) == 1
    assert printing.get("/api/v1/tickets/local-1/printing").json == {
        "state": "printed",
        "problem": None,
        "message": "",
    }
    server.start()
    printing.sync()
    assert [(t["number"], t["printed"]) for t in server.tickets] == [(901, True)]


def test_papers_received_before_the_cut_still_print(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    jobs = [server.owe("T001", 1), server.owe("T002", 2)]
    printing.sync()
    server.stop()
    assert printing.get("/api/v1/tickets/1/printing").json["state"] == "queued"
    print_all(printing)
    assert len(virtual.jobs) == 2
    assert printing.get("/api/v1/tickets/2/printing").json["state"] == "printed"
    printing.kill()
    printing.start()
    server.start()
    printing.sync()
    assert [(one["job"], one["state"], one["repeat"]) for one in server.outcomes] == [
        (job, "confirmed", 0) for job in jobs
    ]
    assert all(one["height_mm"] > 50 for one in server.outcomes)
    printing.sync()
    assert len(server.outcomes) == 2, "what the server has heard is not told again"


def test_an_outcome_whose_answer_was_lost_is_told_again(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    server.owe("T001", 1)
    printing.sync()
    print_all(printing)
    server.mode = "lose_answer"
    printing.sync()
    server.mode = "fine"
    printing.sync()
    assert [one["state"] for one in server.outcomes] == ["confirmed", "confirmed"]
    assert len(virtual.jobs) == 1


def test_killed_between_the_first_byte_and_the_answer_the_copy_bears_the_mark(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    server.stop()
    printing.press(line=1)
    store, moment = printing.agent.link.store, printing.agent.link.moment
    assert spool.mark_sent(store, spool.next_job(store, moment.now()), moment.now())
    printing.kill()
    printing.start()
    ready(printing)
    assert states(printing) == [("repeated", 1)]
    print_all(printing)
    assert states(printing) == [("confirmed", 1)]


def test_a_paper_on_its_way_is_told_of_as_one_that_may_be_out(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    job = server.owe("T001", 1)
    printing.sync()
    store, moment = printing.agent.link.store, printing.agent.link.moment
    spool.mark_sent(store, spool.next_job(store, moment.now()), moment.now())
    printing.sync()
    assert [(one["job"], one["state"], one["repeat"]) for one in server.outcomes] == [(job, "sent", 1)]


def test_an_empty_roll_refuses_the_press_before_any_number_is_given(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    virtual.faults.paper_out = True
    printing.agent.printer.look()
    menu = printing.get("/api/v1/kiosk/menu").json
    assert menu["printer"]["ready"] is False
    assert menu["printer"]["problem"] == "printer_paper_out"
    assert menu["printer"]["message"]
    asked = len(server.asked)
    for _ in range(2):
        answer = printing.press(line=1, paper=True)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "printer_not_ready")
        assert server.asked[asked:] == [], "the server was not even asked"
    assert printing.press(line=1, paper=False).status_code == 201
    server.stop()
    answer = printing.press(line=1, paper=False)
    assert answer.json["printing"]["state"] == "none"
    assert states(printing) == []
    virtual.faults.paper_out = False
    printing.agent.printer.look()
    assert printing.press(line=1, paper=True).json["printing"]["state"] == "queued"


def test_order_is_kept_and_doubt_is_marked(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    server.stop()
    labels = [printing.press(line=1).json["label"] for _ in range(3)]
    virtual.faults.reset_after = 900
    print_all(printing)
    assert states(printing) == [("repeated", 1), ("queued", 0), ("queued", 0)]
    print_all(printing)
    assert len(virtual.jobs) == 0, "a later paper never overtakes"
    printing.agent.printer.look()
    print_all(printing)
    assert states(printing) == [("confirmed", 1), ("confirmed", 0), ("confirmed", 0)]
    assert len(labels) == len(virtual.jobs) == 3


def test_the_paper_of_a_request_that_was_replaced_is_never_taken_over(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    server.mode = "lose_answer"
    label = printing.press(line=1).json["label"]
    assert label == "T901"
    assert [job["slip"]["label"] for job in server.jobs.values()] == ["T001"], (
        "the server owes a paper for the ghost"
    )
    server.mode = "fine"
    printing.sync()
    print_all(printing)
    assert len(virtual.jobs) == 1
    assert [t["state"] for t in server.tickets] == ["cancelled", "waiting"]


def test_a_press_that_goes_wrong_during_a_sync_still_has_one_paper(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    def press() -> None:
        server.mode = "lose_answer"
        assert printing.press(line=1).json["label"] == "T901"
        server.mode = "fine"

    server.before["/api/v1/agent/sync"] = press
    printing.sync()
    print_all(printing)
    printing.sync()
    print_all(printing)
    assert len(virtual.jobs) == 1
    assert [(t["number"], t["state"]) for t in server.tickets] == [(1, "cancelled"), (901, "waiting")]
    assert printing.press(line=1).json["label"] == "T002", "online again"


def test_what_the_server_takes_away_is_not_printed(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    job = server.owe("T001", 1)
    printing.sync()
    server.jobs[job]["gone"] = True
    printing.sync()
    print_all(printing)
    assert (virtual.jobs, states(printing)) == ([], [])


def test_yesterdays_papers_and_old_tests_are_given_up(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.owe("T001", 1)
    server.owe("", None, kind="test")
    printing.sync()
    store = printing.agent.link.store
    assert spool.expire_stale(store, "Asia/Ho_Chi_Minh", clock.now()) == 0
    assert spool.expire_stale(store, "Asia/Ho_Chi_Minh", clock.now() + timedelta(minutes=31)) == 1
    assert spool.expire_stale(store, "Asia/Ho_Chi_Minh", clock.now() + timedelta(days=1)) == 1
    printing.sync()
    assert [one["state"] for one in server.outcomes] == ["expired", "expired"]


def test_a_paper_that_cannot_be_drawn_holds_up_nobody(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    broken = server.owe("T001", 1)
    server.jobs[broken]["slip"] = {"label": "T001"}
    server.owe("T002", 2)
    printing.sync()
    print_all(printing)
    printing.sync()
    assert [(one["job"], one["state"]) for one in server.outcomes] == [
        (broken, "failed"),
        (broken + 1, "confirmed"),
    ]


def test_the_thread_prints_by_itself_and_reports(
    printing: Machine, server: FakeServer, virtual: VirtualPrinter
) -> None:
    printing.agent.printer.start()
    server.owe("T001", 1)
    printing.sync()
    assert len(virtual.wait_for_jobs(1)) == 1
    wait_until(lambda: states(printing) == [("confirmed", 0)])
    printing.sync()
    assert server.syncs[-1]["printer"]["problem"] is None
    assert server.syncs[-1]["printer"]["status"]["online"] is True
    printing.agent.printer.stop()
    printing.agent.printer.join(10)


def wait_until(met: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 10
    while not met():
        assert time.monotonic() < deadline
        time.sleep(0.02)
