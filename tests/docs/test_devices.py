"""docs/devices.md: faults, problems, states and figures are those of the code."""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest

from kiosk.devices.faults import PrinterFaults
from kiosk.devices.status import PrinterStatus
from kiosk.domain.numbering import OFFLINE_BANDS
from kiosk.domain.printing import FAILOVER_AFTER, LOW_PAPER_MM, PrintState
from kiosk.jobs.spooler import IDLE_CHECK_SECONDS
from kiosk.services import pair_device, print_queue
from kiosk.services.agent.leases import LEASE_SIZE
from kiosk.services.manage_printers import PAPER_DOTS
from kiosk.services.printer_condition import BELIEVED_FOR


@pytest.fixture(scope="session")
def devices(doc):
    return doc("devices.md")


def first_cells(devices, head):
    return [row[0].strip("`") for row in devices.rows(head)]


def test_every_fault_of_the_virtual_printer_is_listed(devices):
    listed = {row[0].strip("`"): row[1] for row in devices.rows("| fault | value | what the printer does |")}
    kinds = {"bool": "true or false", "float": "seconds", "int | None": "bytes"}  # of a job, or a second
    assert listed == {field.name: kinds[field.type] for field in dataclasses.fields(PrinterFaults)}


def test_every_problem_a_printer_can_have_is_listed(devices):
    names = [field.name for field in dataclasses.fields(PrinterStatus)]
    problems = {
        PrinterStatus(**dict(zip(names, bits, strict=True))).problem_code
        for bits in product((False, True), repeat=len(names))
    }
    assert set(first_cells(devices, "| code | meaning | what to do |")) == problems - {None}


def test_every_state_of_a_paper_is_listed(devices):
    assert first_cells(devices, "| state | meaning |") == [str(state) for state in PrintState]


def test_figures_are_those_of_the_code(devices):
    text = " ".join(devices.text.split())
    narrow, wide = PAPER_DOTS
    for figure in (
        f"80 mm paper ({wide} dots) or 58 mm paper ({narrow} dots)",
        f"tried again after {print_queue.RETRY_AFTER.seconds} seconds,",
        f"at most {print_queue.LONGEST_RETRY.seconds}.",
        f"forgotten after {print_queue.KEPT_FOR.days} days",
        f"asked every {IDLE_CHECK_SECONDS:.0f} seconds",
        f"older than {print_queue.WANTED_FOR.seconds // 60} minutes",
        f"unable for {FAILOVER_AFTER.seconds} seconds",
        f"not been asked for {BELIEVED_FOR.seconds} seconds",
        f"With {LOW_PAPER_MM // 1000} metres left",
        f"numbers, {LEASE_SIZE} unless",
        " and then ".join(f"{band.start} to {band.stop - 1}" for band in OFFLINE_BANDS),
        f"code of {pair_device.CODE_LENGTH} characters, once.",
        f"It is good for {pair_device.CODE_LIFETIME.seconds // 60} minutes",
        f"in a cookie for {pair_device.TOKEN_LIFETIME.days} days",
    ):
        assert figure in text
