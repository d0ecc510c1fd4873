"""CUPS as a printer: what its commands say is believed, and no more."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from kiosk.devices.cups import CupsPrinter
from kiosk.devices.models import printer_model

SCHEDULER = '''#!{python}
"""lp, lpstat and cancel of a small CUPS: its state is a JSON file, its printer a folder."""
import json, sys
from pathlib import Path

home = Path({home!r})
state = json.loads((home / "state.json").read_text())
name, given = Path(sys.argv[0]).name, sys.argv[1:]
with (home / "calls").open("a") as calls:
    calls.write(json.dumps([name, *given]) + "\\n")
if state.get("hangs") == name:
    import time
    time.sleep(60)
if state.get("fails") == name:
    sys.exit(1)
if name == "lp":
    (home / "job").write_bytes(sys.stdin.buffer.read())
    state["waits"] = state.get("looks", 2)
    print("request id is Quay_1-7 (1 file(s))" if not state.get("says_nothing") else "")
elif name == "cancel":
    state["waits"] = 0
elif "-p" in given:
    print(f"printer Quay_1 {{state.get('is', 'is idle.  enabled since Mon 23 Nov 2026')}}")
    print("\\tForm mounted:\\n\\tAlerts: " + state.get("alerts", "none"))
    print("Quay_1 " + state.get("takes", "accepting requests") + " since Mon 23 Nov 2026")
elif "not-completed" in given:
    if state.get("waits"):
        state["waits"] -= 1
        print("Quay_1-7                kiosk           10240   Mon 23 Nov 2026")
elif state.get("history", True):
    for job, end in ((77, "aborted-by-system"), (7, state.get("end", "job-completed-successfully"))):
        print(f"Quay_1-{{job}}      kiosk   10240   Mon 23 Nov 2026\\n\\tStatus:\\n\\tAlerts: {{end}}")
(home / "state.json").write_text(json.dumps(state))
'''


class Scheduler:
    """The commands on the PATH, their state, and what was asked of them."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.set()
        for name in ("lp", "lpstat", "cancel"):
            (home / name).write_text(SCHEDULER.format(python=sys.executable, home=str(home)))
            (home / name).chmod(0o755)

    def set(self, **state: object) -> None:
        (self._home / "state.json").write_text(json.dumps(state))

    @property
    def job(self) -> bytes | None:
        file = self._home / "job"
        return file.read_bytes() if file.exists() else None

    @property
    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self._home / "calls").read_text().splitlines()]


@pytest.fixture
def scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Scheduler(tmp_path)


@pytest.fixture
def printer() -> CupsPrinter:
    return CupsPrinter(printer_model("generic-80mm"), "Quay_1", queue_timeout=1.0)


def test_a_job_goes_out_raw_and_is_confirmed_when_it_was_handed_over(scheduler, printer):
    assert printer.status().mute
    outcome = printer.send(b"\x1b@\xff")
    assert (outcome.state, outcome.confirmed_by) == ("confirmed", "line")
    assert scheduler.job == b"\x1b@\xff"
    assert ["lp", "-d", "Quay_1", "-o", "raw", "-t", "kiosk", "-"] in scheduler.calls


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ({"is": "disabled since Mon -\n\treason unknown"}, "printer_offline"),
        ({"takes": "not accepting requests"}, "printer_offline"),
        ({"fails": "lpstat"}, "printer_offline"),
        ({"alerts": "offline-report"}, "printer_offline"),
        ({"alerts": "media-empty-error"}, "printer_paper_out"),
        ({"alerts": "cover-open-report"}, "printer_cover_open"),
    ],
)
def test_a_queue_that_cannot_print_is_given_nothing(scheduler, printer, state, problem):
    scheduler.set(**state)
    assert printer.status().problem_code == problem
    outcome = printer.send(b"job")
    assert (outcome.state, outcome.problem) == ("not_printed", problem)
    assert scheduler.job is None


def test_paper_near_its_end_still_prints_and_is_told(scheduler, printer):
    scheduler.set(alerts="media-low-report")
    assert printer.send(b"job").status.paper_near_end


def test_without_cups_the_printer_is_offline(printer, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    outcome = printer.send(b"job")
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_offline")


@pytest.mark.parametrize(
    "state",
    [
        {"fails": "lp"},
        {"says_nothing": True},
        {"end": "aborted-by-system"},
        {"end": "job-canceled-by-user"},
        {"end": "job-canceled-at-device job-completed-with-errors"},
    ],
)
def test_what_is_not_said_to_be_done_is_in_doubt(scheduler, printer, state):
    scheduler.set(**state)
    assert printer.send(b"job").state == "doubtful"


def test_a_job_that_stays_in_the_queue_is_taken_back(scheduler, printer):
    scheduler.set(looks=1000)
    assert printer.send(b"job").state == "doubtful"
    assert ["cancel", "Quay_1-7"] in scheduler.calls


def test_a_scheduler_without_a_memory_is_believed_when_the_queue_is_empty(scheduler, printer):
    scheduler.set(history=False)
    assert printer.send(b"job").state == "confirmed"


@pytest.mark.parametrize(("command", "state"), [("lp", "doubtful"), ("lpstat", "not_printed")])
def test_a_command_that_hangs_is_ended(scheduler, printer, monkeypatch, command, state):
    monkeypatch.setattr("kiosk.devices.cups.COMMAND_TIMEOUT", 0.5)
    scheduler.set(hangs=command)
    assert printer.send(b"job").state == state
