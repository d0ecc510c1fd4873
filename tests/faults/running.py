"""A whole centre on this machine, to be hurt: gunicorn with two processes, the worker, a virtual printer over TCP."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from kiosk import clock, migrate
from kiosk.config import Settings
from kiosk.demo import place
from kiosk.devices.models import printer_model
from kiosk.devices.slips import encode_job
from kiosk.devices.tray import Paper, picture_digest
from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from tests.conftest import opened
from tests.faults.books import Row, read_books
from tests.faults.recorder import Line

Seen = TypeVar("Seen")
PATIENCE = 120.0
"""Seconds after which something awaited is taken to be never coming; generous, for a machine with other work."""


def eventually(look: Callable[[], Seen], what: str, patience: float = PATIENCE) -> Seen:
    """Look until there is something true to see, and return it."""
    deadline = time.monotonic() + patience
    while not (seen := look()):
        assert time.monotonic() < deadline, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(0.02)
    return seen


class Centre:
    """The demo's office with the real processes; every process belongs to this test and ends with it."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.data = folder / "centre"
        self.data.mkdir()
        self.port = _free_port()
        self.printer = VirtualPrinter(folder / "papers", name="Máy in 01")
        self.settings = Settings(
            data=self.data, database=url, bind=f"127.0.0.1:{self.port}", public_url="", secret_key=""
        )
        self.url = self.settings.database_url
        self._parts: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Centre:
        self.printer.start()
        self.facts = self._found()
        self.token = next(d["token"] for d in self.facts["devices"] if d["kind"] == "kiosk")
        self.line = next(line["id"] for line in self.facts["lines"] if line["department"] == "justice")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for part in list(self._parts):
                self.stop(part)
        finally:
            self.printer.stop()

    def _paper(self) -> place.Paper:
        return place.Paper(self.printer.port, self.printer.output_dir, self.folder / "faults.json")

    def _found(self) -> dict[str, Any]:
        with opened(self.url, self.data):
            house = PluginHouse.load(self.settings)
            gate.use(house)
            try:
                migrate.upgrade(self.data, house.migrations())
                facts = place.build(clock.now())
                place.add_devices(facts, [self._paper()], clock.now())
            finally:
                gate.use(None)
        return facts

    @property
    def environment(self) -> dict[str, str]:
        """What a command of this installation needs to be told."""
        return {
            **os.environ,
            "KIOSK_DATA": str(self.data),
            "KIOSK_DATABASE": self.settings.database,
            "KIOSK_BIND": self.settings.bind,
            "KIOSK_WORKERS": "2",
            "KIOSK_THREADS": "16",
            "KIOSK_LOG_LEVEL": "WARNING",
        }

    def start(self, *parts: str) -> None:
        """Start "serve", "worker" or both; the server is awaited."""
        for part in parts:
            assert part not in self._parts
            with (self.folder / f"{part}.log").open("ab") as log:
                self._parts[part] = subprocess.Popen(
                    [sys.executable, "-m", "kiosk", part],
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        if "serve" in parts:
            eventually(self.is_up, "the server")

    def runs(self, part: str) -> bool:
        """Whether a part was started and not ended by us."""
        return part in self._parts

    def is_up(self) -> bool:
        """Whether somebody answers at the door."""
        assert self._parts["serve"].poll() is None, (self.folder / "serve.log").read_text("utf-8")
        line = Line(self.port)
        try:
            return line.ask("GET", "/health")[0] == 200
        except OSError:
            return False
        finally:
            line.close()

    def pid(self, part: str) -> int:
        """The process of a part; for the server, gunicorn's master."""
        return self._parts[part].pid

    def kill(self, part: str) -> None:
        """Kill -9: the part and everything it started, all at once."""
        process = self._parts.pop(part)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)

    def stop(self, part: str) -> None:
        """End a part gently, or else as above."""
        self._parts[part].send_signal(signal.SIGTERM)
        try:
            self._parts[part].wait(timeout=30)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill(part)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product on this installation."""
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any, dict[str, str]]:
        """What the paired kiosk is told."""
        line = Line(self.port, self.token)
        try:
            return line.ask(method, path, body, key)
        finally:
            line.close()

    def take(self, key: str = "") -> dict[str, Any]:
        """A number of the justice line."""
        status, ticket, _ = self.ask("POST", "/api/v1/tickets", {"line": self.line}, key)
        assert status == 201, ticket
        return ticket

    def printing(self, ticket: int) -> dict[str, Any]:
        """What the kiosk is told about a ticket's paper."""
        status, shown, _ = self.ask("GET", f"/api/v1/tickets/{ticket}/printing")
        assert status == 200, shown
        return shown

    def job(self, ticket: int) -> Row:
        """The row of a ticket's paper."""
        (row,) = [row for row in read_books(self.url).jobs if row["ticket_id"] == ticket]
        return row

    def paper(self, ticket: int, repeat: int = 0) -> str:
        """The digest of the ticket's picture, drawn here, with or without the repeat mark."""
        encoded = encode_job(
            "ticket", json.loads(self.job(ticket)["slip"]), repeat, printer_model("generic-80mm")
        )
        assert encoded.picture is not None
        return picture_digest(encoded.picture)

    def papers(self, count: int) -> list[str]:
        """The digests of the whole papers in the tray, in order, once there are so many."""
        eventually(lambda: len(self.printer.jobs) >= count, f"{count} papers")
        return [digest(paper) for paper in self.printer.jobs]


def digest(paper: Paper) -> str:
    """A paper by its dots."""
    return picture_digest(paper.strip.image)


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = path.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(path.parent.name))
    return sorted(found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
