"""Presses, cuts, lost answers, faults of the printer and kills in any order: every number once, none lost."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.agent import spool
from kiosk.devices.printer import PrintOutcome
from kiosk.devices.status import PrinterStatus
from tests.agent.conftest import Machine
from tests.agent.fake_server import FakeServer

WELL = PrinterStatus(online=True)
SERVER = st.sampled_from(["fine", "refuse", "lose_request", "lose_answer", "stop"])
PAPER = st.sampled_from(
    ["confirmed", "not_printed", "doubtful_out", "doubtful_lost", "killed_out", "killed_lost"]
)
STEP = st.one_of(
    st.tuples(st.just("press"), st.integers(1, 3)),
    st.tuples(st.just("press"), st.integers(1, 3)),
    st.tuples(st.just("again"), st.integers(0, 5)),
    st.tuples(st.just("server"), SERVER),
    st.tuples(st.just("sync"), st.none()),
    st.tuples(st.just("kill"), st.none()),
    st.tuples(st.just("print"), PAPER),
    st.tuples(st.just("print"), PAPER),
)


class Killed(BaseException):
    """The power goes while the printer works."""


class Tray:
    """A printer that ends each job as it is told, and remembers what came out: (label, repeat)."""

    model = SimpleNamespace(key="any")
    slow_line = False

    def __init__(self) -> None:
        self.papers: list[tuple[str, int]] = []
        self.next = "confirmed"

    def status(self) -> PrinterStatus:
        return WELL

    def send(self, data: bytes) -> PrintOutcome:
        state, _, where = self.next.partition("_")
        if self.next == "confirmed" or where == "out":
            self.papers.append(tuple(json.loads(data)))
        if state == "killed":
            raise Killed
        return PrintOutcome(
            {"not": "not_printed"}.get(state, state), None if state == "confirmed" else "printer_error", WELL
        )


class Story:
    """One schedule: what was pressed and answered, and the machine and server it was played on."""

    def __init__(self, folder: Path) -> None:
        self.server = FakeServer().start()
        self.server.printer = {
            "id": 3,
            "name": "P",
            "model": "generic-80mm",
            "address": "file:///x",
            "dots": None,
        }
        self.machine = Machine(folder, self.server)
        self.tray = Tray()
        self.answers: dict[str, dict[str, Any]] = {}
        self.wishes: list[tuple[str, int]] = []
        self.start()
        self.machine.sync()
        self.machine.get("/api/v1/kiosk/menu")

    def start(self) -> None:
        self.machine.start()
        printer = self.machine.agent.printer
        with self.machine.agent.link.store.change() as db:
            spool.recover(db, self.machine.agent.link.moment.now())
        printer._printer, printer._settings = self.tray, {"name": "P", "dots": None}
        printer._problem = None

    def play(self, what: str, how: Any) -> None:
        getattr(self, f"do_{what}")(how)

    def do_press(self, line: int) -> None:
        key = f"wish-number-{len(self.wishes)}"
        self.wishes.append((key, line))
        self._press(key, line)

    def do_again(self, back: int) -> None:
        if self.wishes:
            self._press(*self.wishes[-1 - back % len(self.wishes)])

    def _press(self, key: str, line: int) -> None:
        response = self.machine.press(key, line=line)
        if response.status_code == 201:
            known = self.answers.setdefault(key, response.json)
            assert known["label"] == response.json["label"], "one wish, one number, whenever it is asked for"
        else:
            assert response.json["error"]["code"] == "no_numbers_today"

    def do_server(self, mode: str) -> None:
        self.server.stop()
        self.server.mode = "fine" if mode == "stop" else mode
        if mode != "stop":
            self.server.start()

    def do_sync(self, _: None) -> None:
        self.machine.sync()

    def do_kill(self, _: None) -> None:
        self.machine.kill()
        self.start()

    def do_print(self, outcome: str) -> None:
        self.tray.next = outcome
        spool.retry_now(self.machine.agent.link.store, self.machine.agent.link.moment.now())
        try:
            self.machine.agent.printer.print_one()
        except Killed:
            self.do_kill(None)

    def end(self) -> None:
        """The server comes back for good, and everything is printed."""
        self.do_server("fine")
        self.tray.next = "confirmed"
        for _ in range(3):
            self.machine.sync()
            for _ in range(60):
                if self.machine.rows("SELECT 1 FROM owed"):
                    self.do_print("confirmed")


@pytest.mark.faults
@given(steps=st.lists(STEP, max_size=25))
@settings(
    max_examples=150,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_number_once_whatever_happens(
    steps: list[tuple[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.agent.printing.encode_job", _encode)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        story = Story(Path(folder))
        try:
            for step in steps:
                story.play(*step)
            story.end()
            check(story)
        finally:
            story.machine.kill()
            story.server.stop()


def check(story: Story) -> None:
    tickets = story.server.tickets
    numbers = Counter((t["line"], t["number"]) for t in tickets)
    assert set(numbers.values()) <= {1}, "no number twice"
    waiting = [t for t in tickets if t["state"] == "waiting"]
    labels = {f"{'TCD'[t['line'] - 1]}{t['number']:03}" for t in waiting}
    answered = {answer["label"] for answer in story.answers.values()}
    assert len(answered) == len(story.answers), "no two people hold the same number"
    assert answered <= labels, "whoever was answered is in the queue"
    unanswered = {key for key, _ in story.wishes} - set(story.answers)
    assert len(labels - answered) <= len(unanswered), "one wish has one number at most"
    offline = [t["number"] for t in tickets if t["offline"] and t["line"] == 1]
    assert offline == sorted(offline), "handed in in order"
    assert story.machine.rows("SELECT 1 FROM ticket WHERE state IN ('waiting', 'refused')") == []
    assert story.machine.rows("SELECT 1 FROM owed") == [], "the spool is never stuck"
    papers = Counter(story.tray.papers)
    assert all(times == 1 for times in papers.values()), "a second paper bears the mark"
    assert labels <= {label for label, _ in story.tray.papers}, "every number in the queue has its paper"


def _encode(kind: str, facts: dict[str, Any], repeat: int, *_: Any) -> Any:
    return SimpleNamespace(data=json.dumps([facts["label"], repeat]).encode(), millimetres=lambda _: 90)
