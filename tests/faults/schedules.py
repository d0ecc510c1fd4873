"""A hall with two printers, driven step by step through whatever befalls them: real queue, real spooler, real lines.

What is held by the test: the clock, the moment the worker is killed, and what happens to a printer at which byte.
"""

from __future__ import annotations

import shutil
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kiosk.database import bookkeeping, connection
from kiosk.devices.links.tcp import TcpLink
from kiosk.devices.printer import Patience, PrinterStatus, PrintOutcome, open_printer
from kiosk.devices.tray import Paper
from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.domain.permissions import RIGHTS, Actor, DeviceKind, PairedDevice, Role, SignedInUser
from kiosk.jobs import spooler
from kiosk.models import Printer, PrintJob, Ticket
from kiosk.services import print_queue, printer_condition
from kiosk.services.issue_ticket import TicketHouse, Wish, issue_ticket
from kiosk.services.serve_ticket import move_ticket
from tests.api.desk import build
from tests.conftest import opened
from tests.factories import make_device, make_printer
from tests.faults.papers import Drawings, Ledger, read_jobs, unjustified
from tests.faults.running import digest

SHORT = Patience(connect=0.5, answer=0.12, send=0.3)
"""A printer of this machine answers within a millisecond; on a busy one, within this."""
WIDTHS = (576, 384)
HOUSE = TicketHouse(b"a-key-of-the-tests", "http://127.0.0.1:8123")
FLAGS = (
    "paper_out", "cover_open", "cutter_jam", "offline", "silent", "lies", "no_process_id", "no_in_order",
    "asb", "one_client", "unfinished_waits", "paper_near_end",
)  # fmt: skip
BREAKS = ("paper_out_after", "cover_open_after", "close_after", "reset_after")
DEATHS = ("chosen", "noted", "byte", "asked", "judged", "kept", "moving")
"""Where the worker is killed: a job is picked, its sending is written down, k bytes are out, a question is asked,
the outcome is known, it is kept, papers move to another printer (within that transaction)."""
ROUNDS = 15
"""So many times a well printer is looked after at most before nothing is owed any more."""
REMEMBERED = 4
"""Papers a virtual printer keeps at hand: a picture takes half a megabyte, and nothing here may grow."""
TIDY = timedelta(seconds=spooler.TIDY_SECONDS)


class Killed(BaseException):
    """The worker was ended by kill -9, here and now."""


@dataclass
class Misfortune:
    """A fault to come: `when` is "byte" (a share of the next job), "question" (the n-th from now) or "paper"."""

    what: str
    value: Any
    when: str
    where: float


class FatefulTray(list[Paper]):
    """A tray that a printer may fall silent over, or worse, the moment a paper drops into it."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self._post = post

    def append(self, paper: Paper) -> None:
        super().append(paper)
        self._post.papers.append(digest(paper))
        self._post.strike("paper")


class Post:
    """A virtual printer, what will befall it, and the strangers on its line."""

    def __init__(self, folder: Path, width: int) -> None:
        self.twin = VirtualPrinter(folder, folder.name, width=width, keep=20)
        self.misfortune: Misfortune | None = None
        self.strangers: list[socket.socket] = []
        self.twin.jobs = FatefulTray(self)
        self.papers: list[str] = []
        self.is_on = False

    def clear(self) -> None:
        """A new day: everything well, nothing in the memory, the papers so far taken away."""
        self.heal()
        self.off()
        self.papers = []
        self.on()

    def on(self) -> None:
        """Switch on."""
        if not self.is_on:
            self.twin.start()
            self.is_on = True

    def off(self) -> None:
        """Pull the plug: what is in the memory is lost."""
        if self.is_on:
            self.is_on = False
            self.twin.stop()

    def heal(self) -> None:
        """All is well with the printer and its line."""
        self.misfortune = None
        self.twin.faults.apply({})
        for stranger in self.strangers:
            stranger.close()
        self.strangers.clear()
        self.on()

    def let_stranger_in(self) -> None:
        """Another program takes the line and says nothing."""
        with suppress(OSError):
            self.strangers.append(socket.create_connection((self.twin.host, self.twin.port), 1))

    def strike(self, when: str, job: int = 0) -> None:
        """The moment has come: a question goes out, a paper fell, or a job of so many bytes begins."""
        fate = self.misfortune
        if fate is None or fate.when != when:
            return
        if when == "question" and fate.where > 0:
            fate.where -= 1
            return
        self.misfortune = None
        if when == "paper" and fate.what in ("power", "off"):
            fate.what = "reset_after"  # the printer itself cannot pull its own plug
        self.befall(fate.what, fate.value, round(fate.where * job))

    def befall(self, what: str, value: Any, after: int = 0) -> None:
        """It happens now; a break after so many bytes of the next job."""
        if what in BREAKS:
            setattr(self.twin.faults, what, after)
        elif what == "power":
            self.off()
            self.on()
        elif what == "off":
            self.off()
        else:
            setattr(self.twin.faults, what, value)


class Fate:
    """When the worker dies next, and what it was doing."""

    def __init__(self) -> None:
        self.death = ""
        self.where = 0.0
        self.job = 0

    def ends(self, place: str) -> None:
        """Die here, if this is the place."""
        if self.death == place:
            self.death = ""
            raise Killed(place)

    def between(self, before: str, step: Callable[..., Any], after: str = "") -> Callable[..., Any]:
        """The same step, with death before it or after it."""

        def fateful(*args: Any, **named: Any) -> Any:
            if isinstance(args[0], print_queue.Job):
                self.job = args[0].id
            self.ends(before)
            result = step(*args, **named)
            self.ends(after or "never")
            return result

        return fateful


class FatefulLink(TcpLink):
    """The line to a printer, on which questions and jobs meet what was planned for them."""

    def __init__(self, hall: Hall, host: str, port: int) -> None:
        super().__init__(host, port)
        self._fate = hall.fate
        self._post = next(post for post in hall.posts if post.twin.port == port)

    def send(self, data: bytes, timeout: float) -> None:
        """Hand over the bytes, or as many as the worker lives to hand over."""
        if len(data) <= 3:
            self._post.strike("question")
            self._fate.ends("asked")
            super().send(data, timeout)
            return
        job = data.lstrip(b"\0")
        fate = self._post.misfortune
        if fate and fate.when == "byte" and fate.what not in BREAKS:
            out = len(data) - len(job) + round(fate.where * len(job))
            super().send(data[:out], timeout)
            self._post.strike("byte")
            super().send(data[out:], timeout)
            return
        self._post.strike("byte", len(job))
        if self._fate.death == "byte":
            super().send(data[: round(self._fate.where * len(data))], timeout)
            self._fate.ends("byte")
        super().send(data, timeout)


class Witness:
    """The printer as the spooler knows it; writes down which papers were only taken on trust."""

    def __init__(self, printer: Any, hall: Hall) -> None:
        self.model, self.slow_line = printer.model, printer.slow_line
        self._printer, self._hall = printer, hall
        self._proved = False

    def status(self) -> PrinterStatus:
        """Ask."""
        return self._printer.status()

    def send(self, data: bytes) -> PrintOutcome:
        """Print."""
        outcome = self._printer.send(data)
        self._hall.tally[outcome.state] += 1
        if outcome.confirmed_by == "status" and not self._proved:
            self._hall.ledger.on_trust.add(self._hall.fate.job)
        self._proved |= outcome.confirmed_by in ("process_id", "in_order")
        return outcome


@dataclass
class Hall:
    """Two kiosks with a printer each, and the worker behind them; `open` begins a new schedule on clean books."""

    folder: Path
    migrated: Path
    held: Any
    tally: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.fate = Fate()
        self.drawings = Drawings()
        self.posts = [Post(self.folder / f"tray-{width}", width) for width in WIDTHS]
        for post in self.posts:
            post.on()
        self.data = self.folder / "data"
        self.data.mkdir()
        self.url = f"sqlite:///{self.data / 'kiosk.db'}"
        self._template = self.folder / "founded.db"
        self._found(self.held.moment)

    def _found(self, moment: datetime) -> None:
        shutil.copyfile(self.migrated, self.data / "kiosk.db")
        with opened(self.url, self.data), connection():
            place = build(moment)
            self.office, self.line = place.office.id, place.justice.id
            user = SignedInUser(place.officer.id, "lan", "Lan", Role.OFFICER, "vi", frozenset())
            self.staff = Actor(self.office, user=user, permissions=RIGHTS[Role.OFFICER])
            self.kiosks = []
            for number, (post, width) in enumerate(zip(self.posts, WIDTHS, strict=True), start=1):
                printer = make_printer(
                    f"Máy in {number}", place.office, port=post.twin.port, dots=width, checked_at=moment
                )
                kiosk = make_device(name=f"Kiosk {number}", office=place.office, printer=printer)
                paired = PairedDevice(kiosk.id, kiosk.name, DeviceKind.KIOSK, "", printer.id)
                self.kiosks.append(Actor(self.office, device=paired))
        shutil.copyfile(self.data / "kiosk.db", self._template)

    def rig(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the clock, the lines and the killer in their places."""
        monkeypatch.setattr("kiosk.clock.now", self.held.now)
        monkeypatch.setattr(spooler.log, "disabled", True)  # thousands of traces would be kept by pytest
        monkeypatch.setattr(spooler, "open_printer", partial(open_printer, patience=SHORT))
        monkeypatch.setattr(spooler, "encode_job", self.drawings.encode)
        monkeypatch.setattr("kiosk.devices.conversation._QUIET", 0.02)
        monkeypatch.setattr("kiosk.devices.virtual_printer._TICK", 0.01)
        monkeypatch.setattr("kiosk.devices.virtual_head.REMEMBERED", REMEMBERED)
        monkeypatch.setattr("kiosk.devices.printer.TcpLink", partial(FatefulLink, self))
        for step, before, after in (
            ("mark_sent", "chosen", "noted"),
            ("mark_confirmed", "judged", "kept"),
            ("mark_waiting", "judged", "kept"),
        ):
            monkeypatch.setattr(
                print_queue, step, self.fate.between(before, getattr(print_queue, step), after)
            )
        announce = self.fate.between("moving", printer_condition.announce)
        monkeypatch.setattr(printer_condition, "announce", announce)

    def open(self, moment: datetime) -> None:
        """A new schedule: the books as they were founded, both printers well, a fresh worker."""
        for leftover in self.data.glob("kiosk.db*"):
            leftover.unlink()
        shutil.copyfile(self._template, self.data / "kiosk.db")
        self.held.moment = moment
        self.fate.death = ""
        self.drawings.forget()
        self.ledger = Ledger()
        for post in self.posts:
            post.clear()
        self._bound = ExitStack()
        self._bound.enter_context(opened(self.url, self.data))
        self._bound.enter_context(connection())
        self.start_worker()

    def close(self) -> None:
        """Let go of the books."""
        self._bound.close()

    def start_worker(self) -> None:
        """A new process knows nothing but the books."""
        self.fate.death = ""
        self._tidied: datetime | None = None
        self.threads = [spooler.PrinterThread(target) for target in print_queue.printers()]
        for thread in self.threads:
            thread.printer = Witness(thread.printer, self)

    def press(self, kiosk: int) -> None:
        """Somebody takes a number."""
        issued = issue_ticket(self.office, Wish(line=self.line), self.kiosks[kiosk], self.held.moment, HOUSE)
        assert issued.print_job is not None
        self.ledger.pressed[issued.ticket.id] = issued.print_job

    def give_up(self) -> None:
        """The newest number that still waits is cancelled; its paper may be on its way."""
        newest = Ticket.select().where(Ticket.state == "waiting").order_by(Ticket.id.desc()).first()
        if newest is not None:
            move_ticket(newest.id, "cancel", self.staff, self.held.moment)

    def spoil(self) -> None:
        """The newest paper that nothing was tried on yet becomes one that cannot be drawn."""
        job = PrintJob.select().where(PrintJob.attempts == 0).order_by(PrintJob.id.desc()).first()
        if job is not None and job.state == "queued":
            with bookkeeping():
                PrintJob.update(slip={"label": "T001"}).where(PrintJob.id == job.id).execute()
            self.ledger.spoiled.add(job.id)

    def turn(self, number: int, *, look: bool = False) -> bool:
        """What a printer's thread does between two waits; True when it printed a paper."""
        thread = self.threads[number]
        try:
            if self._tidied is None or self.held.moment - self._tidied >= TIDY:
                self._tidied = self.held.moment
                for each in self.threads:
                    self._expire(each.target.id)
            if not look and thread.print_one():
                return True
            thread.look_at_printer()
        except Killed as death:
            self.tally[f"killed when {death}"] += 1
            self.start_worker()
        return False

    def _expire(self, printer: int) -> None:
        if print_queue.expire_stale(printer, self.held.moment):
            self.ledger.complaints += unjustified(read_jobs(self.url), self.ledger.expired, self.held.moment)

    def settle(self) -> None:
        """Everything is well again: what is owed comes out, and nothing is left in a printer's memory."""
        self.fate.death = ""
        for post in self.posts:
            post.heal()
        for _ in range(ROUNDS):
            for number in range(len(self.posts)):
                while self.turn(number):
                    pass
            if not PrintJob.select().where(PrintJob.state << print_queue.STATES).exists():
                break
            self.held.pass_(seconds=4)
        for printer in Printer.select().order_by(Printer.id):
            # Whatever it still holds comes before its word on this.
            drained = open_printer(printer.address, self.threads[0].model).send(b"\x1b@")
            if drained.confirmed_by != "process_id":
                self.ledger.complaints.append(f"printer {printer.id} is well and does not say so: {drained}")
