"""Addresses of printers: what is one, what is none, and that each comes back as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.devices.address import PrinterAddress
from kiosk.devices.cups import CupsPrinter
from kiosk.devices.file_printer import FilePrinter
from kiosk.devices.line_printer import LinePrinter
from kiosk.devices.models import printer_model
from kiosk.devices.printer import open_printer
from kiosk.domain.errors import DomainError

GOOD = {
    "tcp://192.168.1.50:9100": {"kind": "tcp", "host": "192.168.1.50", "port": 9100},
    "tcp://may-in.local:9101": {"kind": "tcp", "host": "may-in.local", "port": 9101},
    "tcp://[fe80::1%eth0]:9100": {"kind": "tcp", "host": "fe80::1%eth0", "port": 9100},
    "usb:///dev/usb/lp0": {"kind": "usb", "path": "/dev/usb/lp0"},
    "usb://04b8:0e15": {"kind": "usb", "vendor": 0x04B8, "product": 0x0E15},
    "usb://04b8:0e15/J5ZK00123": {"kind": "usb", "vendor": 0x04B8, "serial_number": "J5ZK00123"},
    "usb://any": {"kind": "usb", "vendor": 0, "product": 0, "path": ""},
    "serial:///dev/ttyUSB0?baud=38400": {
        "kind": "serial",
        "path": "/dev/ttyUSB0",
        "baud": 38400,
        "flow": "rtscts",
    },
    "serial:///dev/ttyS1?baud=9600&flow=dsrdtr": {"kind": "serial", "baud": 9600, "flow": "dsrdtr"},
    "cups://Quay_1": {"kind": "cups", "queue": "Quay_1"},
    "file:///var/spool/kiosk-papers": {"kind": "file", "path": "/var/spool/kiosk-papers"},
    "file:///srv/phi%E1%BA%BFu%20in": {"kind": "file", "path": "/srv/phiếu in"},
}


@pytest.mark.parametrize("text", GOOD)
def test_an_address_is_understood_and_written_as_it_was(text: str):
    address = PrinterAddress.parse(text)
    assert {name: getattr(address, name) for name in GOOD[text]} == GOOD[text]
    assert str(address) == text
    assert PrinterAddress.parse(str(address)) == address


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("tcp://192.168.1.50", "tcp://192.168.1.50:9100"),
        (" tcp://192.168.1.50/ ", "tcp://192.168.1.50:9100"),
        ("tcp://[::1]", "tcp://[::1]:9100"),
        ("serial:///dev/ttyUSB0", "serial:///dev/ttyUSB0?baud=9600"),
        ("usb://04B8:0E15", "usb://04b8:0e15"),
    ],
)
def test_what_goes_without_saying_may_be_left_out(short: str, whole: str):
    assert str(PrinterAddress.parse(short)) == whole


@pytest.mark.parametrize(
    "text",
    [
        "",
        "192.168.1.50",
        "192.168.1.50:9100",
        "http://192.168.1.50:9100",
        "tcp://",
        "tcp://:9100",
        "tcp://host:0",
        "tcp://host:65536",
        "tcp://host:ninety",
        "tcp://host:9100/path",
        "tcp://user@host:9100",
        "tcp://-host",
        "tcp://ho st",
        "tcp://::1",
        "tcp://[host]",
        "tcp://[::1",
        "tcp://host?x=1",
        "tcp://host#x",
        "tcp://ho\nst",
        "usb://",
        "usb://any/SERIAL",
        "usb://04b8",
        "usb://0000:0e15",
        "usb://04b8:0e15:1",
        "usb://04b8:0e15/a/b",
        "usb:///etc/passwd",
        "usb:///dev/../etc/passwd",
        "serial:///dev/ttyUSB0?baud=9601",
        "serial:///dev/ttyUSB0?baud=fast",
        "serial:///dev/ttyUSB0?flow=maybe",
        "serial:///dev/ttyUSB0?parity=odd",
        "serial:///dev/ttyUSB0?baud",
        "serial://ttyUSB0",
        "serial:///tmp/tty",
        "cups://",
        "cups://-oraw",
        "cups://two words",
        "cups://queue/more",
        "cups://queue?x=1",
        "file://",
        "file:///",
        "file://host/share",
        "file:///var/../etc",
        "file:///var//spool",
        "file:///a%00b",
        "file:///%ff",
    ],
)
def test_what_is_no_address_is_refused_with_one_code(text: str):
    with pytest.raises(DomainError) as refusal:
        open_printer(text, printer_model("generic-80mm"))
    assert refusal.value.code == "printer_address_malformed"


@pytest.mark.parametrize(
    ("text", "kind", "slow"),
    [
        ("tcp://127.0.0.1:9", LinePrinter, False),
        ("usb:///dev/usb/lp7", LinePrinter, False),
        ("usb://04b8:0e15/X", LinePrinter, False),
        ("serial:///dev/ttyUSB7?baud=19200", LinePrinter, True),
        ("cups://Quay_1", CupsPrinter, False),
        ("file:///var/spool/no-such-folder", FilePrinter, False),
    ],
)
def test_every_kind_has_its_printer_and_nothing_is_opened_yet(text: str, kind: type, slow: bool):
    printer = open_printer(text, printer_model("generic-80mm"))
    assert isinstance(printer, kind)
    assert printer.slow_line == slow
    assert printer.model.key == "generic-80mm"


@pytest.mark.parametrize("text", ["usb:///dev/usb/lp99", "serial:///dev/ttyUSB99", "usb://fffe:0001"])
def test_a_device_that_is_not_there_is_offline(text: str):
    printer = open_printer(text, printer_model("generic-80mm"))
    assert printer.status().problem_code == "printer_offline"
    outcome = printer.send(b"\x1b@")
    assert (outcome.state, outcome.problem) == ("not_printed", "printer_offline")


def test_a_device_file_that_is_no_printer_does_not_raise(tmp_path: Path):
    printer = open_printer("serial:///dev/null", printer_model("generic-80mm"))
    assert printer.send(b"\x1b@").state == "not_printed"
