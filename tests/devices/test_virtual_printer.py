"""The virtual twin: papers in a folder, faults on request, its own process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from kiosk.devices.control import STATE, read_state, write_control
from kiosk.devices.escpos import encode_ticket
from kiosk.devices.faults import PrinterFaults
from kiosk.devices.models import printer_model
from kiosk.devices.printer import PrinterStatus, PrintOutcome, open_printer
from kiosk.devices.raster import draw_ticket
from kiosk.devices.tray import picture_digest
from kiosk.devices.virtual_printer import VirtualPrinter

ROOT = Path(__file__).parents[2]


def send_job(host: str, port: int, job: bytes) -> PrintOutcome:
    return open_printer(f"tcp://{host}:{port}", printer_model("generic-80mm")).send(job)


def query_status(host: str, port: int) -> PrinterStatus:
    return open_printer(f"tcp://{host}:{port}", printer_model("generic-80mm")).status()


def wait_until(true, timeout: float = 3.0) -> bool:
    deadline = time.monotonic() + timeout
    while not (reached := bool(true())) and time.monotonic() < deadline:
        time.sleep(0.01)
    return reached


def test_each_paper_is_a_picture_and_a_description(printer, make_slip):
    ticket = draw_ticket(make_slip())
    for _ in range(2):
        assert send_job(printer.host, printer.port, encode_ticket(ticket)).state == "confirmed"
    assert sorted(path.name for path in printer.output_dir.iterdir()) == [
        "0001.png",
        "0001.txt",
        "0002.png",
        "0002.txt",
    ]
    with Image.open(printer.output_dir / "0002.png") as picture:
        assert picture.tobytes() == ticket.tobytes()
    told = (printer.output_dir / "0002.txt").read_text("utf-8")
    assert told.startswith("printer: Máy in 1\npaper: 0002\nwhole: yes\nsize: 576 x ")
    assert f"sha256: {picture_digest(ticket)}" in told
    assert told.rstrip().endswith("GS V 66 0")


def test_numbers_go_on_after_a_restart(tmp_path):
    for expected in (1, 2):
        with VirtualPrinter(tmp_path) as printer:
            send_job(printer.host, printer.port, b"\x1b@A\n\x1dV\x00")
            assert [paper.number for paper in printer.wait_for_jobs(1)] == [expected]
    assert "[text]\nA\n" in (tmp_path / "0002.txt").read_text("utf-8")


def test_a_torn_paper_is_kept_apart(printer, make_slip):
    job = encode_ticket(draw_ticket(make_slip()))
    printer.faults.reset_after = len(job) // 2
    assert send_job(printer.host, printer.port, job).state == "doubtful"
    assert wait_until(lambda: printer.torn)
    assert [path.name for path in printer.output_dir.iterdir()] == ["torn"]
    assert "whole: no, torn" in (printer.output_dir / "torn" / "0001.txt").read_text("utf-8")


def test_a_client_that_leaves_in_the_middle_spoils_only_its_own_paper(printer, make_slip):
    """Its unfinished raster command must not swallow the next ticket."""
    ticket = draw_ticket(make_slip())
    printer.faults.close_after = 2000
    send_job(printer.host, printer.port, encode_ticket(ticket))
    assert send_job(printer.host, printer.port, encode_ticket(ticket)).state == "confirmed"
    assert [paper.strip.image.tobytes() for paper in printer.wait_for_jobs(1)] == [ticket.tobytes()]


@pytest.mark.parametrize(
    "state",
    [
        {"paper": True},
        {"paper_out": 1},
        {"late_by": -1},
        {"late_by": True},
        {"close_after": "7"},
        {"close_after": -1},
        {"slow": True},
        {"slow": 1.5},
    ],
)
def test_a_wrong_fault_is_named_and_changes_nothing(state):
    faults = PrinterFaults(cover_open=True)
    with pytest.raises(ValueError, match=next(iter(state))):
        faults.apply(state)
    assert faults == PrinterFaults(cover_open=True)


def test_a_state_heals_what_it_does_not_name():
    faults = PrinterFaults(cover_open=True, late_by=1.0)
    faults.apply({"paper_out": True})
    assert faults == PrinterFaults(paper_out=True)


def test_faults_follow_the_control_file(tmp_path, capfd):
    control = tmp_path / "faults.json"
    with VirtualPrinter(tmp_path / "tray", control=control) as printer:
        problem = lambda: query_status(printer.host, printer.port).problem_code  # noqa: E731
        assert problem() is None
        control.write_text('{"paper_out": true}')
        assert wait_until(lambda: problem() == "printer_paper_out")
        control.write_text('{"paper_out": tru')
        assert wait_until(lambda: "not usable" in capfd.readouterr().err)
        assert problem() == "printer_paper_out"
        control.unlink()
        assert wait_until(lambda: problem() is None)


def test_it_runs_as_a_process_of_its_own(tmp_path, make_slip):
    control = tmp_path / "faults.json"
    command = [
        sys.executable,
        "-m",
        "kiosk.devices.virtual_printer",
        "--port",
        "0",
        "--output",
        str(tmp_path / "tray"),
    ]
    process = subprocess.Popen(
        [*command, "--control", str(control), "--width", "384"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            told = re.search(r"on 127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert told
            port = int(told[1])
            job = encode_ticket(draw_ticket(make_slip(), 384))
            assert send_job("127.0.0.1", port, job).state == "confirmed"
            assert wait_until((tmp_path / "tray" / "0001.png").exists)
            control.write_text(json.dumps({"cover_open": True}))
            assert wait_until(lambda: send_job("127.0.0.1", port, job).problem == "printer_cover_open")
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0


def test_a_taken_port_is_one_clear_line(printer, tmp_path):
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "kiosk.devices.virtual_printer",
            "--port",
            str(printer.port),
            "--output",
            str(tmp_path),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert f"port {printer.port}" in result.stderr


def test_what_became_of_the_faults_can_be_read_by_others(tmp_path):
    """A fault that strikes once is gone from the printer, though the control file still names it."""
    control, tray = tmp_path / "faults.json", tmp_path / "tray"
    with VirtualPrinter(tray, control=control) as printer:
        assert wait_until(lambda: read_state(tray).get("paper_out") is False)
        write_control(control, {"paper_out_after": 3})
        assert wait_until(lambda: read_state(tray)["paper_out_after"] == 3)
        send_job(printer.host, printer.port, b"\x1b@A\n\x1dV\x00")
        assert wait_until(lambda: read_state(tray)["paper_out"])
        assert read_state(tray)["paper_out_after"] is None


def test_a_fault_that_is_none_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="paper"):
        write_control(tmp_path / "faults.json", {"paper": True})
    assert not (tmp_path / "faults.json").exists()


def test_nothing_is_told_before_the_printer_runs(tmp_path):
    assert read_state(tmp_path) == {}
    (tmp_path / STATE).write_text("{")
    assert read_state(tmp_path) == {}


def test_only_the_newest_papers_stay(tmp_path, monkeypatch):
    """Thousands of papers fill neither the disk nor the memory, and their numbers go on."""
    monkeypatch.setattr("kiosk.devices.virtual_head.REMEMBERED", 2)
    with VirtualPrinter(tmp_path, keep=3) as printer:
        for _ in range(5):
            assert send_job(printer.host, printer.port, b"\x1b@A\n\x1dV\x00").state == "confirmed"
        assert [paper.number for paper in printer.jobs] == [4, 5]
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["0003.png", "0004.png", "0005.png"]
    assert len(list(tmp_path.glob("*.txt"))) == 3
    with VirtualPrinter(tmp_path, keep=3) as printer:
        send_job(printer.host, printer.port, b"\x1b@A\n\x1dV\x00")
        assert [paper.number for paper in printer.wait_for_jobs(1)] == [6]


def fill(line: socket.socket) -> None:
    while True:
        line.sendall(b"\0" * 65_536)


def test_its_memory_is_no_larger_than_a_printers(printer):
    """With its cover open it lets the sender wait, and takes the rest when the cover is shut."""
    printer.faults.cover_open = True
    with socket.create_connection((printer.host, printer.port)) as line:
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            fill(line)
        assert len(printer._memory) < 2 * 65_536
        printer.faults.cover_open = False
        line.settimeout(5)
        line.sendall(b"\x1b@A\n\x1dV\x00")
    assert len(printer.wait_for_jobs(1)) == 1


def test_a_question_in_order_is_answered_when_its_turn_comes(printer):
    with socket.create_connection((printer.host, printer.port)) as line:
        line.settimeout(5)
        printer.faults.paper_out = True
        for byte in b"\x1b@A\n\x1dr\x01":  # byte by byte: however it is cut
            line.sendall(bytes((byte,)))
        line.sendall(b"\x10\x04\x01")
        assert line.recv(1) == b"\x1a"  # this one at once
        printer.faults.paper_out = False
        assert line.recv(1) == b"\x00"


def test_bytes_of_a_picture_that_look_like_a_question_in_order_are_none(printer):
    with socket.create_connection((printer.host, printer.port)) as line:
        line.settimeout(5)
        line.sendall(b"\x1b@\x1dv0\x00\x03\x00\x02\x00" + b"\x1dr\x01" * 2 + b"\x1dr\x01\x10\x04\x01")
        assert sorted(line.recv(1) + line.recv(1)) == [0x00, 0x12]
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_automatic_status_comes_at_the_beginning_and_at_each_change(printer):
    printer.faults.asb = True
    with socket.create_connection((printer.host, printer.port)) as line:
        line.settimeout(5)
        assert line.recv(4) == b"\x10\x00\x00\x0f"
        printer.faults.cover_open = True
        assert line.recv(4) == b"\x38\x00\x00\x0f"
        printer.faults.apply({"asb": True, "paper_out": True})
        assert line.recv(4) == b"\x18\x00\x0f\x0f"
