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
from random import Random
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
HALL = range(len(WIDTHS))
ROOM = 40 << 20
"""Bytes that memory may grow by over a run: what the generator of the schedules keeps, and the caches of drawn lines
and numbers, which are bounded and fill up slowly."""

SECONDS = (1, 1, 3, 3, 9, 9, 31, 31, 130, 601, 901, 54_000)
"""A moment, a retry, fail-over, stale news, a ticket that is over, midnight near, nobody waits, tomorrow."""
MISFORTUNES = (
    *((flag, True) for flag in FLAGS),
    *((fault, None) for fault in (*BREAKS, *BREAKS, "power", "power", "off")),
    *(("late_by", seconds) for seconds in (0.01, 0.05, 0.2)),
    *(("slow", bytes_a_second) for bytes_a_second in (4_000, 30_000, 200_000)),
)
PLACES = ("byte", "byte", "byte", "question", "paper")
EVENTS = ("heal", "heal", "heal", "heal", "stranger", "give_up", "spoil")
fair = st.binary(min_size=8, max_size=8)
"""Hypothesis chooses the kinds of steps; how they go is a fair throw, for it likes to do the same again and again."""


class Schedules(RuleBasedStateMachine):
    """Whatever may happen at two kiosks, one thing after the other."""

    hall: ClassVar[Hall]
    totals: ClassVar[Counter[str]]
    resident: ClassVar[list[int]]

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []
        self.is_begun = False

    @initialize(throw=fair)
    def open(self, throw: bytes) -> None:
        """Morning, or shortly before midnight; there is a paper to print."""
        self.dice = dice = Random(throw)
        late, kiosk = self.note("open", late=dice.random() < 0.3, kiosk=dice.choice(HALL))
        morning = datetime.fromisoformat("2026-11-23T09:42:00+07:00")
        self.hall.open(morning + timedelta(hours=14, minutes=13) if late else morning)
        self.is_begun = True
        self.hall.press(kiosk)

    @rule()
    def daily_work(self) -> None:
        """What is meant to happen, and what people do."""
        self.dice.choice([self.press, self.press, self.work, self.people])(self.dice)

    @rule()
    def trouble(self) -> None:
        """What is not meant to happen."""
        self.dice.choice([self.befall, self.lie_in_wait, self.lie_in_wait, self.kill])(self.dice)

    @rule()
    def time(self) -> None:
        """What time brings."""
        self.dice.choice([self.wait, self.wait_for_help])(self.dice)

    def press(self, dice: Random) -> None:
        """Numbers are taken, and papers perhaps printed."""
        kiosk, number, turns = self.note(
            "press", kiosk=dice.choice(HALL), number=dice.randint(1, 3), turns=dice.randint(0, 2)
        )
        for _ in range(number):
            self.hall.press(kiosk)
        for _ in range(turns):
            self.hall.turn(kiosk)

    def work(self, dice: Random) -> None:
        """The spooler prints what is owed, or looks how a printer is."""
        first, look = self.note("work", first=dice.choice(HALL), look=dice.random() < 0.3)
        for printer in (first, 1 - first):
            self.hall.turn(printer, look=look)

    def befall(self, dice: Random) -> None:
        """A fault now, before the next job."""
        printer, what = self.note("befall", printer=dice.choice(HALL), what=dice.choice(MISFORTUNES))
        self.hall.posts[printer].befall(*what)
        self.hall.turn(printer)

    def lie_in_wait(self, dice: Random) -> None:
        """A fault in the middle of a job, after its last byte, while a question is asked, or when a paper falls."""
        when = dice.choice(PLACES)
        where = (
            dice.randint(0, 8) if when == "question" else dice.choice([0, 1, dice.random(), dice.random()])
        )
        printer, what, when, where = self.note(
            "lie_in_wait",
            printer=dice.choice(HALL),
            what=dice.choice(MISFORTUNES),
            when=when,
            where=where,
        )
        self.hall.press(printer)
        self.hall.posts[printer].misfortune = Misfortune(*what, when, where)
        self.hall.turn(printer)

    def kill(self, dice: Random) -> None:
        """The worker ends somewhere in its next steps."""
        printer, death, where = self.note(
            "kill",
            printer=dice.choice(HALL),
            death=dice.choice(DEATHS),
            where=dice.choice([1, dice.random(), dice.random()]),
        )
        self.hall.press(printer)
        self.hall.fate.death, self.hall.fate.where = death, where
        self.hall.turn(printer)

    def people(self, dice: Random) -> None:
        """Help comes; another program takes the line; a ticket ends while its paper waits; a slip is spoilt."""
        printer, event = self.note("people", printer=dice.choice(HALL), event=dice.choice(EVENTS))
        {
            "heal": self.hall.posts[printer].heal,
            "stranger": self.hall.posts[printer].let_stranger_in,
            "give_up": self.hall.give_up,
            "spoil": self.hall.spoil,
        }[event]()

    def wait(self, dice: Random) -> None:
        """Time passes."""
        (seconds,) = self.note("wait", seconds=dice.choice(SECONDS))
        self.hall.held.pass_(seconds=seconds)

    def wait_for_help(self, dice: Random) -> None:
        """So long that another printer may stand in."""
        (printer,) = self.note("wait_for_help", printer=dice.choice(HALL))
        self.hall.turn(printer, look=True)
        self.hall.held.pass_(seconds=9)
        self.hall.turn(1 - printer, look=True)
        self.hall.turn(printer, look=True)
        self.hall.turn(1 - printer)

    def note(self, step: str, /, **how: Any) -> tuple[Any, ...]:
        """Keep the story, to tell it when it ends badly; gives back how the step goes."""
        self.story.append(f"{step}({', '.join(f'{name}={value!r}' for name, value in how.items())})")
        return tuple(how.values())

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
