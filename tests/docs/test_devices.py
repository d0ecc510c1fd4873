"""docs/devices.md: faults, problems, states and figures are those of the code."""

from __future__ import annotations

import dataclasses
import inspect
import re
from itertools import product

import pytest

from kiosk.devices.faults import PrinterFaults
from kiosk.devices.status import PrinterStatus
from kiosk.jobs.spooler import IDLE_CHECK_SECONDS
from kiosk.services import pair_device, print_queue
from kiosk.services.manage_devices import PAPER_DOTS


@pytest.fixture(scope="session")
def devices(doc):
    return doc("devices.md")


def first_cells(devices, head):
    return [row[0].strip("`") for row in devices.rows(head)]


def test_every_fault_of_the_virtual_printer_is_listed(devices):
    listed = {row[0].strip("`"): row[1] for row in devices.rows("| fault | value | what the printer does |")}
    kinds = {"bool": "true or false", "float": "seconds", "int | None": "bytes"}
    assert listed == {field.name: kinds[field.type] for field in dataclasses.fields(PrinterFaults)}


def test_every_problem_a_printer_can_have_is_listed(devices):
    names = [field.name for field in dataclasses.fields(PrinterStatus)]
    problems = {
        PrinterStatus(**dict(zip(names, bits, strict=True))).problem_code
        for bits in product((False, True), repeat=len(names))
    }
    assert set(first_cells(devices, "| code | meaning | what to do |")) == problems - {None}


def test_every_state_of_a_paper_is_listed(devices):
    source = inspect.getsource(print_queue)
    states = set(print_queue.OPEN) | set(re.findall(r'state="(\w+)"', source))
    assert set(first_cells(devices, "| state | meaning |")) == states


def test_figures_are_those_of_the_code(devices):
    text = " ".join(devices.text.split())
    narrow, wide = PAPER_DOTS
    for figure in (
        f"80 mm paper ({wide} dots) or 58 mm paper ({narrow} dots)",
        f"tried again after {print_queue.RETRY_AFTER.seconds} seconds,",
        f"at most {print_queue.LONGEST_RETRY.seconds}.",
        f"forgotten after {print_queue.KEPT_FOR.days} days",
        f"asked every {IDLE_CHECK_SECONDS:.0f} seconds",
        f"code of {pair_device.CODE_LENGTH} characters, once.",
        f"It is good for {pair_device.CODE_LIFETIME.seconds // 60} minutes",
        f"in a cookie for {pair_device.TOKEN_LIFETIME.days} days",
    ):
        assert figure in text
