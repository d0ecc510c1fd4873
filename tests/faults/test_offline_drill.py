"""The drill: the server is gone for a while and two kiosks go on giving numbers; afterwards every number exists once.

`KIOSK_DRILL_SECONDS` says for how long (two minutes is the full drill; the gate takes a short one).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk import clock
from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.services import manage_devices, manage_printers
from kiosk.services.manage_printers import PrinterWish
from kiosk.services.pair_device import new_pairing_code
from tests.conftest import opened
from tests.faults.books import Row, read_books
from tests.faults.recorder import Line
from tests.faults.running import Centre, _free_port, eventually

pytestmark = [pytest.mark.faults, pytest.mark.slow]

SECONDS = float(os.environ.get("KIOSK_DRILL_SECONDS", "8"))
PRESS_EVERY = 1.2
"""Seconds between two presses at one kiosk, as visitors come in a rush hour."""
SAME_MOMENT = 0.5
"""Seconds by which two kiosks may differ: each knows the server's clock from its answers."""
BY = "user:1"


class KioskPc:
    """A kiosk PC: the agent as the command starts it, and a printer plugged into it."""

    def __init__(self, centre: Centre, name: str) -> None:
        self.centre, self.name = centre, name
        self.folder = centre.folder / name
        self.port = _free_port()
        self.printer = VirtualPrinter(self.folder / "papers", name=name).start()
        self.given: list[dict[str, Any]] = []
        self._agent: subprocess.Popen[bytes] | None = None
        office, now = centre.facts["office_id"], clock.now()
        with opened(centre.url, centre.data):
            self.device = manage_devices.add_device(office, name, "kiosk", now, BY)
            wish = PrinterWish(
                f"Máy in {name}", f"tcp://127.0.0.1:{self.printer.port}", agent=self.device, failover="none"
            )
            printer = manage_printers.add_printer(office, wish, now, BY)
            manage_devices.change_device(office, self.device, name, "main", printer, now, BY)
            self.code, _ = new_pairing_code(office, self.device, now, BY)

    def start(self) -> None:
        """`kiosk agent --server URL --pair CODE`; a code used before says nothing new."""
        command = [sys.executable, "-m", "kiosk", "agent", "--server", f"http://127.0.0.1:{self.centre.port}"]
        command += [
            "--pair",
            self.code,
            "--data",
            str(self.folder / "state"),
            "--bind",
            f"127.0.0.1:{self.port}",
        ]
        with (self.folder / "agent.log").open("ab") as log:
            self._agent = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        eventually(self.is_ready, "the agent")

    def is_ready(self) -> bool:
        """Whether the page can be pressed: the menu is there and the printer is well."""
        assert self._agent is not None
        assert self._agent.poll() is None, (self.folder / "agent.log").read_text("utf-8")
        with suppress(OSError):
            status, menu = self._ask("GET", "/api/v1/kiosk/menu")
            return status == 200 and menu["printer"] is not None and menu["printer"]["ready"]
        return False

    def kill(self) -> None:
        """Kill -9."""
        if self._agent is not None:
            os.killpg(self._agent.pid, signal.SIGKILL)
            self._agent.wait(timeout=10)
            self._agent = None

    def press(self, line: int) -> dict[str, Any]:
        """One visitor; the page asks again with the same key, as the real one does."""
        key = uuid.uuid4().hex
        status, ticket = self._ask("POST", "/api/v1/tickets", {"line": line, "paper": True}, key)
        again, same = self._ask("POST", "/api/v1/tickets", {"line": line, "paper": True}, key)
        assert (status, again) == (201, 201), (ticket, same)
        assert same["label"] == ticket["label"], "one wish, one number"
        self.given.append({**ticket, "pressed_at": time.monotonic()})
        return ticket

    def _ask(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, Any]:
        line = Line(self.port)
        try:
            return line.ask(method, path, body, key)[:2]
        finally:
            line.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[tuple[Centre, list[KioskPc]]]:
    """A centre with two kiosk PCs of its own."""
    with Centre(tmp_path) as centre:
        centre.start("serve", "worker")
        kiosks = [KioskPc(centre, name) for name in ("Cửa đông", "Cửa tây")]
        try:
            for kiosk in kiosks:
                kiosk.start()
            yield centre, kiosks
        finally:
            for kiosk in kiosks:
                kiosk.kill()
                kiosk.printer.stop()


def test_two_kiosks_go_on_while_the_server_is_gone(hall: tuple[Centre, list[KioskPc]]) -> None:
    centre, kiosks = hall
    lines = [line["id"] for line in centre.facts["lines"][:8]]
    for kiosk in kiosks:
        eventually(lambda kiosk=kiosk: len(numbers_held(centre, kiosk)) >= 20 * len(lines), "numbers to hold")
        assert kiosk.press(lines[0]).get("offline", False) is False

    centre.kill("serve")
    until = time.monotonic() + SECONDS
    crowd = [threading.Thread(target=presses, args=(kiosk, lines, until)) for kiosk in kiosks]
    for thread in crowd:
        thread.start()
    # One of the kiosks loses its power in the middle of it, and goes on where it was.
    crowd[1].join()
    kiosks[1].kill()
    kiosks[1].start()
    assert kiosks[1].press(lines[1])["offline"] is True
    crowd[0].join()
    given = [ticket for kiosk in kiosks for ticket in kiosk.given]
    offline = [ticket for ticket in given if ticket.get("offline")]
    assert len(offline) == len(given) - 2 >= 4

    centre.start("serve")
    eventually(lambda: len(offline_rows(centre)) == len(offline), "everything to be handed in")
    rows = read_books(centre.url).tickets
    assert Counter(row["label"] for row in rows) == Counter(ticket["label"] for ticket in given), "each once"
    marked = {row["label"] for row in rows if row["offline"]}
    assert marked == {ticket["label"] for ticket in offline}
    facts = [
        json.loads(entry["facts"])
        for entry in read_books(centre.url).journal
        if entry["kind"] == "ticket.issued"
    ]
    assert {fact["label"] for fact in facts if "offline_at" in fact} == marked, "the log says which"
    for kiosk in kiosks:
        for line in lines:
            mine = [
                row
                for row in rows
                if row["device_id"] == kiosk.device and row["line_id"] == line and row["offline"]
            ]
            by_hour = [row["number"] for row in sorted(mine, key=lambda row: row["issued_at"])]
            assert by_hour == sorted(by_hour), "numbers rise with the hour"
    pressed = {ticket["label"]: ticket["pressed_at"] for ticket in given}
    for line in lines:
        moments = [pressed[label] for label in waiting_order(rows, line)]
        late = [earlier - later for earlier, later in pairwise(moments) if earlier > later]
        assert not late or max(late) < SAME_MOMENT, "people are called in the order in which they pressed"
    for kiosk in kiosks:
        eventually(lambda kiosk=kiosk: papers(kiosk) >= len(kiosk.given), "every paper")
        assert papers(kiosk) == len(kiosk.given)
        assert not kiosk.printer.torn
    held = [set(numbers_held(centre, kiosk)) for kiosk in kiosks]
    assert not held[0] & held[1], "no number is held by two"
    assert not (held[0] | held[1]) & {(row["line_id"], row["number"]) for row in rows}, (
        "what was given is not held"
    )
    assert centre.run("verify-log").returncode == 0
    print(
        f"drill: {SECONDS:g} s without a server, {len(offline)} numbers given offline, {len(rows)} tickets in all"
    )


def presses(kiosk: KioskPc, lines: list[int], until: float) -> None:
    """Visitors, until the time is up."""
    turn = 0
    while time.monotonic() < until:
        kiosk.press(lines[turn % len(lines)])
        turn += 1
        threading.Event().wait(PRESS_EVERY)


def offline_rows(centre: Centre) -> list[Row]:
    return [row for row in read_books(centre.url).tickets if row["offline"]]


def numbers_held(centre: Centre, kiosk: KioskPc) -> list[tuple[int, int]]:
    """(line, number) that a kiosk may give, as the server has it."""
    entries = [entry for entry in read_books(centre.url).leases if entry["device_id"] == kiosk.device]
    return [(row["line_id"], row["number"]) for row in entries if row["state"] == "held"]


def waiting_order(rows: list[Row], line: int) -> list[str]:
    """The labels of a line as they would be called."""
    waiting = [row for row in rows if row["line_id"] == line]
    return [
        row["label"]
        for row in sorted(
            waiting, key=lambda row: (row["lane"] != "priority", row["arrival"], row["issued_at"])
        )
    ]


def papers(kiosk: KioskPc) -> int:
    """Whole papers in the tray of a kiosk's printer."""
    return len(list(kiosk.printer.output_dir.glob("*.png")))
