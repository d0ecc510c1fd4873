"""Every line, every fault, every moment: what is confirmed is on paper, and what is "not printed" never left us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.devices.escpos import encode_ticket
from kiosk.devices.line_printer import LinePrinter
from kiosk.devices.models import PrinterModel, printer_model
from kiosk.devices.raster import draw_ticket
from kiosk.devices.status import PrintOutcome
from kiosk.devices.tray import Paper
from kiosk.domain.document import TicketSlip
from tests.devices.twins import BOOT, TcpTwin, Twin, line_to, make_twin

pytestmark = [pytest.mark.faults, pytest.mark.slow]

LINES = ["tcp", "usb", "libusb", "serial"]
STANDING = {
    "paper_out": "printer_paper_out",
    "cover_open": "printer_cover_open",
    "cutter_jam": "printer_error",
    "offline": "printer_offline",
    "silent": "printer_unknown",
}
QUESTIONS = 2 * (16 + 3 * 4) + 3
"""Bytes of two looks at a printer, and of the question whether it waits for the rest of a command."""


class Desk:
    """A printer, its twin, and the next ticket that is to come out of it: no two look the same."""

    def __init__(
        self, twin: TcpTwin | Twin, printer: LinePrinter, make_slip: Callable[..., TicketSlip]
    ) -> None:
        self.twin = twin
        self.printer = printer
        self._make_slip = make_slip
        self._sent: list[bytes] = []
        self._lay_out()

    def send(self) -> PrintOutcome:
        """Print the ticket; the outcome says no more than what happened."""
        picture, received = self._picture.tobytes(), self.twin.received_bytes
        outcome = self.printer.send(self.job)
        self._sent.append(picture)
        self._lay_out()
        if outcome.state == "confirmed":
            self.twin.wait_for_jobs(len(self._sent), timeout=0.2)
            assert picture in self._papers(), "confirmed, and no whole paper came out"
        if outcome.state == "not_printed":
            assert self.twin.received_bytes - received <= QUESTIONS, "bytes of the job left us"
            assert picture not in self._papers()
        return outcome

    def whole(self) -> int:
        """How many whole tickets lie in the tray."""
        return sum(paper in self._sent for paper in self._papers())

    def _papers(self) -> list[bytes]:
        return [paper.strip.image.tobytes() for paper in self.twin.jobs]

    def _lay_out(self) -> None:
        self._picture = draw_ticket(self._make_slip(label=f"C{len(self._sent):03}"), 576)
        self.job = encode_ticket(self._picture)

    def prints_again(self) -> None:
        """With the fault gone, the next tries lead to a whole paper, soon."""
        self.twin.faults.apply({})
        outcomes = []
        deadline = time.monotonic() + BOOT + 5
        while not outcomes or (outcomes[-1].state != "confirmed" and time.monotonic() < deadline):
            outcomes.append(self.send())
        assert outcomes[-1].state == "confirmed", [(outcome.state, outcome.problem) for outcome in outcomes]


@pytest.fixture(scope="module")
def model() -> PrinterModel:
    return printer_model("generic-80mm")


@pytest.fixture(params=LINES)
def desk(request: pytest.FixtureRequest, tmp_path: Path, make_slip, model) -> Iterator[Desk]:
    twin = make_twin(request.param, tmp_path)
    yield Desk(twin, line_to(twin, model), make_slip)
    twin.stop()


class Tray(list[Paper]):
    """Does something when a paper falls into it."""

    def __init__(self, event: Callable[[], None]) -> None:
        super().__init__()
        self._event = event

    def append(self, paper: Paper) -> None:
        super().append(paper)
        self._event()


def test_a_well_printer_confirms_each_paper(desk: Desk):
    for _ in range(3):
        outcome = desk.send()
        assert (outcome.state, outcome.problem, outcome.confirmed_by) == ("confirmed", None, "process_id")
    assert desk.printer.status().can_print
    assert desk.twin.torn == []


@pytest.mark.parametrize(
    ("faults", "proof"),
    [
        ({"no_process_id": True}, "in_order"),
        ({"no_process_id": True, "no_in_order": True}, "status"),
        ({"late_by": 0.04}, "process_id"),
        ({"paper_near_end": True}, "process_id"),
        ({"asb": True}, "process_id"),
        ({"asb": True, "no_process_id": True, "paper_near_end": True}, "in_order"),
    ],
)
def test_a_printer_with_its_ways_is_believed_for_what_it_can_say(desk: Desk, faults: dict, proof: str):
    desk.twin.faults.apply(faults)
    assert (outcome := desk.send()).state == "confirmed"
    assert outcome.confirmed_by == proof
    assert desk.printer.status().paper_near_end == faults.get("paper_near_end", False)


@pytest.mark.parametrize("fault", STANDING)
def test_a_fault_before_the_job_keeps_it_here(desk: Desk, fault: str):
    setattr(desk.twin.faults, fault, True)
    outcome = desk.send()
    assert (outcome.state, outcome.problem) == ("not_printed", STANDING[fault])
    assert desk.printer.status().problem_code == STANDING[fault]
    desk.prints_again()
    assert desk.whole() == 1


@pytest.mark.parametrize("part", [0.0, 0.0009, 0.5, 0.999])
@pytest.mark.parametrize("fault", ["paper_out_after", "cover_open_after", "close_after", "reset_after"])
def test_a_fault_in_the_middle_leaves_a_doubt_and_no_whole_ticket(desk: Desk, fault: str, part: float):
    desk.send()
    desk.twin.strike_after(fault, int(part * len(desk.job)))
    assert desk.send().state == "doubtful"
    assert desk.whole() == 1
    desk.prints_again()


@pytest.mark.parametrize("fault", STANDING)
@pytest.mark.parametrize("asb", [False, True])
def test_a_fault_that_comes_and_stays_while_it_prints(desk: Desk, fault: str, asb: bool):
    """Whenever it comes: at once, among the first bytes, among the last ones."""
    desk.send()
    for moment in (0.02, 0.15, 0.3):
        desk.twin.faults.apply({"slow": 4 * len(desk.job), "asb": asb})  # a quarter of a second on paper
        timer = threading.Timer(moment, setattr, (desk.twin.faults, fault, True))
        timer.start()
        desk.send()
        timer.join()
        desk.prints_again()


@pytest.mark.parametrize("fault", STANDING)
def test_a_fault_as_the_paper_falls(desk: Desk, fault: str):
    """The paper came; whether we heard of it or not, nothing says that it did not leave us."""
    desk.send()
    desk.twin.jobs = Tray(lambda: setattr(desk.twin.faults, fault, True))
    assert desk.send().state == ("doubtful" if fault == "silent" else "confirmed")
    assert desk.whole() == 1
    desk.twin.jobs = list(desk.twin.jobs)
    desk.prints_again()


@pytest.mark.parametrize("fault", ["close_after", "reset_after"])
def test_a_line_cut_right_behind_the_last_byte(desk: Desk, fault: str):
    """The case the repeat mark exists for."""
    desk.send()
    desk.twin.strike_after(fault, len(desk.job))
    assert desk.send().state == "doubtful"
    assert desk.whole() == 2
    desk.prints_again()


def test_answers_that_always_come_too_late_print_nothing(desk: Desk):
    desk.twin.faults.late_by = 0.4
    assert desk.send().problem == "printer_unknown"
    desk.prints_again()
    assert desk.whole() == 1


def test_a_slow_head_is_waited_for(desk: Desk):
    """Once it has proved a paper, a printer may take longer than one answer to print the next."""
    desk.send()
    desk.twin.faults.slow = int(len(desk.job) / 0.5)
    assert desk.send().confirmed_by == "process_id"


def test_a_command_cut_off_does_not_swallow_the_next_ticket(desk: Desk):
    """Many printers go on waiting for the rest of a picture, whatever became of the line."""
    desk.twin.faults.unfinished_waits = True
    desk.send()
    desk.twin.strike_after("close_after", len(desk.job) // 2)
    assert desk.send().state == "doubtful"
    deadline = time.monotonic() + BOOT + 5
    while (outcome := desk.send()).state != "confirmed" and time.monotonic() < deadline:
        pass
    assert outcome.state == "confirmed"


def test_a_printer_that_lies_is_found_out_by_its_silence(desk: Desk):
    """It says that all is well and prints nothing: what it used to prove it proves no more."""
    desk.send()
    desk.twin.faults.apply({"paper_out": True, "lies": True})
    assert desk.send().state == "doubtful"
    assert desk.whole() == 1


def test_a_printer_that_takes_no_more_bytes_ends_in_doubt(desk: Desk, monkeypatch):
    """Its cover opens over a long job, and its memory is full."""
    monkeypatch.setattr("kiosk.devices.virtual_head.MEMORY", 4096)
    desk.send()
    desk.twin.strike_after("cover_open_after", 100)
    assert desk.printer.send(desk.job * 400).state == "doubtful"
    desk.prints_again()


def test_a_printer_that_is_away_is_offline(desk: Desk):
    desk.twin.stop()
    if desk.twin.name == "libusb":
        desk.twin.plugged = False
    outcome = desk.printer.send(desk.job)
    expected = "printer_unknown" if desk.twin.name == "serial" else "printer_offline"
    assert outcome.state == "not_printed"
    assert outcome.problem in (expected, "printer_offline")
    desk.twin.start()
