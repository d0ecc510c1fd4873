"""Every status bit a printer can send, and those that only look like one."""

from __future__ import annotations

import json

import pytest

from kiosk.devices.answers import is_automatic_status, is_real_time_answer
from kiosk.devices.faults import PrinterFaults
from kiosk.devices.status import UNKNOWN, UNREACHABLE, PrinterStatus, PrintOutcome

WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


def test_a_well_printer_can_print():
    status = PrinterStatus.from_answers(WELL)
    assert status == PrinterStatus(online=True)
    assert status.can_print


@pytest.mark.parametrize(
    ("question", "bit", "field", "problem"),
    [
        (1, 0x08, None, "printer_offline"),
        (2, 0x04, "cover_open", "printer_cover_open"),
        (2, 0x20, "paper_out", "printer_paper_out"),
        (2, 0x40, "other_error", "printer_error"),
        (3, 0x08, "cutter_error", "printer_error"),
        (3, 0x20, "fatal_error", "printer_error"),
        (3, 0x40, "recoverable_error", "printer_error"),
        (4, 0x04, "paper_near_end", None),
        (4, 0x08, "paper_near_end", None),
        (4, 0x0C, "paper_near_end", None),
        (4, 0x20, "paper_out", "printer_paper_out"),
        (4, 0x40, "paper_out", "printer_paper_out"),
        (4, 0x60, "paper_out", "printer_paper_out"),
    ],
)
def test_each_bit_has_its_meaning(question, bit, field, problem):
    status = PrinterStatus.from_answers(WELL | {question: 0x12 | bit})
    told = {name for name in PrinterStatus.__slots__ if name != "online" and getattr(status, name)}
    assert told == ({field} if field else set())
    assert status.online == (problem != "printer_offline")
    assert status.problem_code == problem
    assert status.can_print == (problem is None)


@pytest.mark.parametrize("bit", [0x04, 0x20, 0x40])
def test_bits_of_drawer_and_feed_button_mean_nothing_to_us(bit):
    assert PrinterStatus.from_answers(WELL | {1: 0x12 | bit}).can_print


def test_an_error_with_a_cause_is_told_by_its_cause():
    status = PrinterStatus.from_answers(WELL | {2: 0x52, 3: 0x1A})
    assert (status.cutter_error, status.other_error) == (True, False)


@pytest.mark.parametrize("missing", [1, 2, 3, 4])
def test_one_missing_answer_makes_the_whole_unknown(missing):
    status = PrinterStatus.from_answers({n: byte for n, byte in WELL.items() if n != missing})
    assert status.unknown
    assert status.problem_code == "printer_unknown"


@pytest.mark.parametrize("byte", [0x00, 0x10, 0x14, 0xFF, 0x92, 0x13])
def test_a_malformed_answer_is_no_answer(byte):
    assert PrinterStatus.from_answers(WELL | {4: byte}).problem_code == "printer_unknown"


def test_a_known_trouble_outweighs_a_missing_answer():
    assert PrinterStatus.from_answers({1: 0x1A, 2: 0x16}).problem_code == "printer_cover_open"


def test_silence_is_unknown_and_never_ready():
    assert PrinterStatus.from_answers({}) == UNKNOWN
    assert UNKNOWN.problem_code == "printer_unknown"
    assert not UNKNOWN.can_print
    assert UNREACHABLE.problem_code == "printer_offline"


def test_no_byte_is_both_an_answer_and_automatic_status():
    answers = {byte for byte in range(256) if is_real_time_answer(byte)}
    automatic = {byte for byte in range(256) if is_automatic_status(byte)}
    assert not answers & automatic
    assert {0x12, 0x1A, 0x16, 0x32, 0x72, 0x7E} <= answers
    assert {0x10, 0x18, 0x30, 0x3C} <= automatic
    assert not {0x11, 0x13, 0x37, 0x00} & (answers | automatic)  # XON, XOFF, header of a process ID


@pytest.mark.parametrize(
    "faults", [{}, {"cover_open": True}, {"paper_out": True}, {"paper_near_end": True}, {"cutter_jam": True}]
)
def test_automatic_status_tells_the_same_as_the_answers(faults):
    printer = PrinterFaults(**faults)
    asked = PrinterStatus.from_answers({n: printer.answer(n) for n in (1, 2, 3, 4)})
    assert PrinterStatus.from_automatic(printer.automatic()) == asked


@pytest.mark.parametrize(
    ("byte", "bit", "field"),
    [
        (1, 0x08, "cutter_error"),
        (1, 0x20, "fatal_error"),
        (1, 0x40, "recoverable_error"),
        (0, 0x20, "cover_open"),
        (2, 0x03, "paper_near_end"),
        (2, 0x0C, "paper_out"),
    ],
)
def test_each_bit_of_automatic_status_has_its_meaning(byte, bit, field):
    block = bytearray((0x10, 0, 0, 0x0F))
    block[byte] |= bit
    assert PrinterStatus.from_automatic(block) == PrinterStatus(online=True, **{field: True})


def test_a_mute_printer_is_ready_while_it_can_be_reached():
    assert PrinterStatus(online=True, mute=True).can_print
    assert not PrinterStatus(mute=True).can_print
    assert PrinterStatus(online=True, mute=True, paper_out=True).problem_code == "printer_paper_out"


@pytest.mark.parametrize("name", PrinterStatus.__slots__)
def test_a_status_comes_back_from_json(name):
    status = PrinterStatus(**{name: True})
    assert PrinterStatus.from_dict(json.loads(json.dumps(status.as_dict()))) == status


def test_flags_of_another_version_do_no_harm():
    assert PrinterStatus.from_dict({"online": True, "toner": True}) == PrinterStatus(online=True)
    assert PrinterStatus.from_dict({"online": "yes"}) == UNREACHABLE


@pytest.mark.parametrize(
    "outcome",
    [
        PrintOutcome("confirmed", None, PrinterStatus(online=True), "process_id"),
        PrintOutcome("doubtful", "printer_unknown"),
    ],
)
def test_an_outcome_comes_back_from_json(outcome):
    assert PrintOutcome.from_dict(json.loads(json.dumps(outcome.as_dict()))) == outcome
