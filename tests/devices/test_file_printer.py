"""A folder as a printer: whole files or none."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kiosk.devices.models import printer_model
from kiosk.devices.printer import Printer, open_printer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "papers").mkdir()
    return tmp_path / "papers"


@pytest.fixture
def printer(folder: Path) -> Printer:
    return open_printer(f"file://{folder}", printer_model("generic-80mm"))


def test_each_job_is_a_file_and_their_names_sort_as_they_came(printer: Printer, folder: Path):
    assert printer.status().can_print
    for job in (b"first", b"second", b"third"):
        outcome = printer.send(job)
        assert (outcome.state, outcome.confirmed_by) == ("confirmed", "file")
    files = sorted(folder.iterdir())
    assert [file.suffix for file in files] == [".bin"] * 3
    assert [file.read_bytes() for file in files] == [b"first", b"second", b"third"]


def test_a_folder_that_is_away_is_offline_and_not_made(printer: Printer, folder: Path):
    folder.rmdir()
    assert printer.status().problem_code == "printer_offline"
    outcome = printer.send(b"job")
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_offline")
    assert not folder.exists()


@pytest.mark.parametrize(
    ("number", "problem"), [(errno.ENOSPC, "printer_paper_out"), (errno.EIO, "printer_offline")]
)
def test_a_disk_that_takes_no_more_leaves_no_half_file(printer, folder, monkeypatch, number, problem):
    def fail(file: int) -> None:
        raise OSError(number, "the disk")

    monkeypatch.setattr(os, "fsync", fail)
    outcome = printer.send(b"job")
    assert (outcome.state, outcome.problem) == ("not_printed", problem)
    assert list(folder.iterdir()) == []


def test_a_file_whose_name_may_be_lost_is_in_doubt(printer, folder, monkeypatch):
    """The second fsync is the folder's."""
    calls = []

    def fail_once(file: int) -> None:
        calls.append(file)
        if len(calls) == 2:
            raise OSError(errno.EIO, "the disk")

    monkeypatch.setattr(os, "fsync", fail_once)
    assert printer.send(b"job").state == "doubtful"
    assert [file.read_bytes() for file in folder.iterdir()] == [b"job"]
