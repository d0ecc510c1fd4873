"""A thousand schedules of presses, faults, kills and hours: no ticket lost, none printed twice without the mark.

One exception is documented (docs/adr/0017): a printer that never proved a paper, and says that all is well, is
believed. What it did not print is counted and shown as "lost on trust".
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from kiosk.plugin import gate
from tests.api.desk import Clock, house
from tests.conftest import MEMORY
from tests.faults.papers import judge, read_jobs
from tests.faults.schedules import BREAKS, DEATHS, FLAGS, REMEMBERED, WIDTHS, Hall, Misfortune

pytestmark = [pytest.mark.faults, pytest.mark.slow]

SEED = int(os.environ.get("KIOSK_FAULT_SEED") or secrets.randbelow(2**32))
"""Printed by every run; with the same in KIOSK_FAULT_SEED the same schedules are played again."""
SCHEDULES = int(os.environ.get("KIOSK_FAULT_SCHEDULES") or 100)
STEPS = 10
WEIGHED_EVERY = 10
ROOM = 20 << 20
"""Bytes that memory may grow by over a run: what the generator of the schedules itself keeps."""

printers = st.sampled_from(range(len(WIDTHS)))
shares = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0]))
misfortunes = st.one_of(
    st.tuples(st.sampled_from(FLAGS), st.just(True)),
    st.tuples(st.sampled_from(BREAKS), st.none()),
    st.tuples(st.sampled_from(["power", "off"]), st.none()),
    st.tuples(st.just("late_by"), st.sampled_from([0.01, 0.05, 0.2])),
    st.tuples(st.just("slow"), st.sampled_from([4_000, 30_000, 200_000])),
)
places = st.one_of(
    st.tuples(st.just("byte"), shares),
    st.tuples(st.just("byte"), shares),
    st.tuples(st.just("question"), st.integers(0, 8)),
    st.tuples(st.just("paper"), st.just(0)),
)
times = st.sampled_from([1, 3, 9, 9, 31, 130, 601, 901, 54_000])
"""Seconds: a moment, a retry, fail-over, stale news, a ticket that is over, midnight near, nobody waits, tomorrow."""


class Schedules(RuleBasedStateMachine):
    """Whatever may happen at two kiosks, one thing after the other."""

    hall: ClassVar[Hall]
    totals: ClassVar[Counter[str]]
    resident: ClassVar[list[int]]

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []
        self.is_begun = False

    @initialize(late=st.booleans(), kiosk=printers)
    def open(self, late: bool, kiosk: int) -> None:
        """Morning, or shortly before midnight; there is a paper to print."""
        self.note("open", late=late, kiosk=kiosk)
        morning = datetime.fromisoformat("2026-11-23T09:42:00+07:00")
        self.hall.open(morning + timedelta(hours=14, minutes=13) if late else morning)
        self.is_begun = True
        self.hall.press(kiosk)

    @rule(kiosk=printers, number=st.integers(1, 3), turns=st.integers(0, 2))
    def press(self, kiosk: int, number: int, turns: int) -> None:
        """Numbers are taken, and papers perhaps printed."""
        self.note("press", kiosk=kiosk, number=number, turns=turns)
        for _ in range(number):
            self.hall.press(kiosk)
        for _ in range(turns):
            self.hall.turn(kiosk)

    @rule(who=st.sampled_from([(0,), (1,), (0, 1), (1, 0)]), look=st.booleans())
    def work(self, who: tuple[int, ...], look: bool) -> None:
        """The spooler prints what is owed, or looks how a printer is."""
        self.note("work", who=who, look=look)
        for printer in who:
            self.hall.turn(printer, look=look)

    @rule(printer=printers, what=misfortunes)
    def befall(self, printer: int, what: tuple[str, Any]) -> None:
        """A fault now, before the next job."""
        self.note("befall", printer=printer, what=what)
        self.hall.posts[printer].befall(*what)
        self.hall.turn(printer)

    @rule(printer=printers, what=misfortunes, place=places)
    def lie_in_wait(self, printer: int, what: tuple[str, Any], place: tuple[str, float]) -> None:
        """A fault in the middle of a job, while a question is on its way, or when a paper falls."""
        self.note("lie_in_wait", printer=printer, what=what, place=place)
        self.hall.press(printer)
        self.hall.posts[printer].misfortune = Misfortune(*what, *place)
        self.hall.turn(printer)

    @rule(printer=printers, death=st.sampled_from(DEATHS), where=shares)
    def kill(self, printer: int, death: str, where: float) -> None:
        """The worker ends somewhere in its next steps."""
        self.note("kill", printer=printer, death=death, where=where)
        self.hall.press(printer)
        self.hall.fate.death, self.hall.fate.where = death, where
        self.hall.turn(printer)

    @rule(printer=printers, event=st.sampled_from(["heal", "heal", "heal", "stranger", "give_up", "spoil"]))
    def people(self, printer: int, event: str) -> None:
        """Help comes; another program takes the line; a ticket ends while its paper waits; a slip is spoilt."""
        self.note("people", printer=printer, event=event)
        {
            "heal": self.hall.posts[printer].heal,
            "stranger": self.hall.posts[printer].let_stranger_in,
            "give_up": self.hall.give_up,
            "spoil": self.hall.spoil,
        }[event]()

    @rule(seconds=times)
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.note("wait", seconds=seconds)
        self.hall.held.pass_(seconds=seconds)

    @rule(printer=printers)
    def wait_for_help(self, printer: int) -> None:
        """So long that another printer may stand in."""
        self.note("wait_for_help", printer=printer)
        self.hall.turn(printer, look=True)
        self.hall.held.pass_(seconds=9)
        self.hall.turn(1 - printer, look=True)
        self.hall.turn(printer, look=True)
        self.hall.turn(1 - printer)

    def note(self, step: str, /, **how: Any) -> None:
        """Keep the story, to tell it when it ends badly."""
        self.story.append(f"{step}({', '.join(f'{name}={value!r}' for name, value in how.items())})")

    def teardown(self) -> None:
        """All is well again: what came out, and what do the books say?"""
        if not self.is_begun:
            return
        try:
            self.hall.settle()
            self.judge()
        finally:
            self.hall.close()

    def judge(self) -> None:
        """Look into the trays and the books."""
        jobs = read_jobs(self.hall.url)
        trays = {
            thread.target.id: (width, post.papers)
            for thread, post, width in zip(self.hall.threads, self.hall.posts, WIDTHS, strict=True)
        }
        faults, figures = judge(jobs, trays, self.hall.ledger, self.hall.drawings)
        self.totals.update(figures)
        self.totals["schedules"] += 1
        if self.totals["schedules"] % WEIGHED_EVERY == 0:
            self.resident.append(resident_bytes())
        assert not faults, "\n".join([f"KIOSK_FAULT_SEED={SEED}", *faults, "after:", *self.story])


def resident_bytes() -> int:
    """The memory this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


@pytest.fixture
def hall(migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hall]:
    """The hall, in a folder that is no disk where there is one: a schedule makes hundreds of promises to it."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-schedules-", dir=MEMORY if MEMORY.is_dir() else None))
    gate.use(house())
    built = Hall(folder, migrated_sqlite, Clock(datetime.fromisoformat("2026-11-23T09:00:00+07:00")))
    built.rig(monkeypatch)
    yield built
    for post in built.posts:
        post.off()
    gate.use(None)
    shutil.rmtree(folder)


def test_whatever_befalls_the_printers(hall: Hall, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nKIOSK_FAULT_SEED={SEED} KIOSK_FAULT_SCHEDULES={SCHEDULES}")
    Schedules.hall, Schedules.totals, Schedules.resident = hall, Counter(), []
    run_state_machine_as_test(
        seed(SEED)(Schedules),
        settings=settings(
            max_examples=SCHEDULES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    part = max(1, len(Schedules.resident) // 5)
    first, last = max(Schedules.resident[:part]), min(Schedules.resident[-part:])
    with capsys.disabled():
        for figures in (Schedules.totals, hall.tally):
            print(", ".join(f"{number} {what}" for what, number in figures.items()))
        print(f"memory {first >> 20} MB in the first fifth, {last >> 20} MB in the last")
    assert last - first < ROOM, f"{last - first} bytes more than after the first {part} schedules"
    assert all(max(len(post.twin.jobs), len(post.twin.torn)) <= REMEMBERED for post in hall.posts)
