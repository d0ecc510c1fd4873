"""What is USB's own: finding the printer, taking it over, and what the cable says of the paper."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.devices.links.libusb import LibusbLink
from kiosk.devices.links.serial_port import SerialLink
from kiosk.devices.links.tcp import TcpLink
from kiosk.devices.links.usb_class import UsbClassLink, read_port_status
from kiosk.devices.models import printer_model
from tests.devices.twins import QUICK, UsbTwin, line_to, make_twin

VENDOR, PRODUCT, SERIAL = UsbTwin.IDENTITY


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[UsbTwin]:
    started = UsbTwin(tmp_path)
    started.start()
    yield started
    started.stop()


@pytest.mark.parametrize("which", [(), (VENDOR, PRODUCT), (VENDOR, PRODUCT, SERIAL)])
def test_the_printer_is_found_taken_from_the_kernel_and_given_back(twin: UsbTwin, which: tuple):
    link = LibusbLink(*which, backend=twin)
    link.open(1)
    assert twin.claimed
    assert not twin.kernel_driver
    link.close()
    assert not twin.claimed


@pytest.mark.parametrize("which", [(VENDOR, PRODUCT + 1), (VENDOR, PRODUCT, "another")])
def test_another_printer_is_left_alone(twin: UsbTwin, which: tuple):
    with pytest.raises(OSError, match="no such USB printer"):
        LibusbLink(*which, backend=twin).open(1)


def test_what_is_no_printer_is_never_taken_for_one(tmp_path: Path):
    keyboard = UsbTwin(tmp_path, interface_class=3)
    with pytest.raises(OSError, match="no such USB printer"):
        LibusbLink(backend=keyboard).open(1)


def test_a_printer_held_by_another_program_is_offline(twin: UsbTwin):
    printer = line_to(twin, printer_model("generic-80mm"))
    other = twin.make_link()
    other.open(1)
    assert printer.send(b"\x1b@").problem == "printer_offline"
    other.close()
    assert printer.status().can_print


def test_a_mute_printer_is_out_of_paper_when_its_cable_says_so(twin: UsbTwin):
    mute = printer_model("generic-80mm").model_copy(update={"status": "none"})
    printer = line_to(twin, mute, QUICK)
    twin.port_status = 0x30
    assert printer.status().problem_code == "printer_paper_out"
    assert printer.send(b"\x1b@").state == "not_printed"
    twin.port_status = 0x18
    assert printer.status().can_print


@pytest.mark.parametrize(
    ("status", "paper"), [(0x18, True), (0x38, False), (0x30, False), (0x00, None), (0xFF, None)]
)
def test_a_port_status_that_makes_no_sense_says_nothing(status: int, paper: bool | None):
    assert read_port_status(status) is paper


@pytest.mark.parametrize("kind", ["usb", "serial", "libusb"])
def test_a_mute_printer_on_a_cable_takes_every_byte(tmp_path: Path, kind: str):
    twin = make_twin(kind, tmp_path)
    twin.faults.silent = True
    mute = printer_model("generic-80mm").model_copy(update={"status": "none"})
    outcome = line_to(twin, mute).send(b"\x1b@A\n\x1dV\x00")
    assert (outcome.state, outcome.confirmed_by) == ("confirmed", "line")
    assert len(twin.wait_for_jobs(1)) == 1
    twin.stop()


@pytest.mark.parametrize(
    "link",
    [
        TcpLink("127.0.0.1", 9),
        UsbClassLink("/dev/usb/lp99"),
        LibusbLink(),
        SerialLink("/dev/ttyUSB99", 9600, "none"),
    ],
)
def test_a_line_never_opened_can_be_closed_and_carries_nothing(link):
    with pytest.raises(OSError):  # noqa: PT011  (each line has words of its own)
        link.send(b"\x1b@", 0.1)
    link.drop()
    link.close()


def test_a_network_printer_that_hangs_up_before_it_has_every_byte_is_no_clean_end():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        link = TcpLink(*listener.getsockname())
        link.open(1)
        printer, _ = listener.accept()
        link.send(b"\x1b@", 1)
        printer.close()  # with bytes unread: a reset
        with pytest.raises(OSError, match=r"reset|aborted|closed|pipe|not connected"):
            link.flush(1)
        link.close()
