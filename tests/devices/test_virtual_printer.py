"""The virtual twin: papers in a folder, faults on request, its own process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from kiosk.devices.escpos import encode_ticket
from kiosk.devices.faults import PrinterFaults
from kiosk.devices.raster import draw_ticket
from kiosk.devices.transport import query_status, send_job
from kiosk.devices.tray import picture_digest
from kiosk.devices.virtual_printer import VirtualPrinter

ROOT = Path(__file__).parents[2]


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
