"""Virtual printers on lines other than the network: device files that are pseudo-terminals, and a USB bus of our own."""

from __future__ import annotations

import errno
import os
import select
import threading
import time
import tty
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from kiosk.devices.line_printer import LinePrinter, Patience
from kiosk.devices.links.libusb import LibusbLink
from kiosk.devices.links.link import Link
from kiosk.devices.links.serial_port import SerialLink
from kiosk.devices.links.tcp import TcpLink
from kiosk.devices.links.usb_class import UsbClassLink
from kiosk.devices.models import PrinterModel
from kiosk.devices.virtual_head import VirtualHead
from kiosk.devices.virtual_printer import VirtualPrinter

QUICK = Patience(connect=1.0, answer=0.25, send=0.5)
BOOT = 0.25
"""Seconds after which a twin that lost its power or its cable has both again."""
_TICK = 0.02


class Twin(VirtualHead):
    """A virtual printer with a thread of its own, and a line that `make_link` opens."""

    def make_link(self) -> Link:
        raise NotImplementedError

    def start(self) -> Twin:
        self.output_dir.mkdir(parents=True, exist_ok=True)
        self._off.clear()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._off.set()
        self._thread.join(5)
        self.power_cycle()

    def strike_after(self, fault: str, bytes_taken: int) -> None:
        """Let this fault strike so many bytes into the next job (lines that stay open do not begin anew)."""
        received = -1
        while received != self.received_bytes:  # the last job's last question may still be on its way
            received = self.received_bytes
            self._off.wait(3 * _TICK)
        self._job_bytes = 0
        setattr(self.faults, fault, bytes_taken)

    def _run(self) -> None:
        raise NotImplementedError


class PtyTwin(Twin):
    """A printer behind a device file. `usb`: losing the line is seen by the client; serial: bytes just vanish."""

    def __init__(self, folder: Path, device: Path, usb: bool) -> None:
        super().__init__(folder, name="usb" if usb else "serial")
        self.device = device
        self.usb = usb

    def make_link(self) -> Link:
        if self.usb:
            return UsbClassLink(str(self.device))
        return SerialLink(str(self.device), 9600, "none", stall=0.5)

    def start(self) -> Twin:
        self._plug_in()
        return super().start()

    def stop(self) -> None:
        super().stop()
        self._unplug()

    def _run(self) -> None:
        while not self._off.is_set():
            if self.work():
                self._lose_line()
            elif self.has_room and select.select([self._head], [], [], _TICK)[0]:
                self.receive(os.read(self._head, 4096))
            elif not self.has_room:
                self._off.wait(_TICK)

    def _lose_line(self) -> None:
        if self.usb:
            self._unplug()
            self._off.wait(BOOT)
            self._plug_in()
            return
        back = time.monotonic() + BOOT
        while (left := back - time.monotonic()) > 0:
            if select.select([self._head], [], [], left)[0]:
                os.read(self._head, 4096)

    def _plug_in(self) -> None:
        self._head, self._tail = os.openpty()
        tty.setraw(self._tail)  # kept open: with its last user a pseudo-terminal forgets its settings
        self.device.unlink(missing_ok=True)
        self.device.symlink_to(os.ttyname(self._tail))
        self.begin(partial(os.write, self._head))

    def _unplug(self) -> None:
        self.end()
        self.device.unlink(missing_ok=True)
        os.close(self._head)
        os.close(self._tail)


class UsbTwin(Twin, usb.backend.IBackend):
    """A printer on a USB bus of its own: what libusb would be asked is asked here."""

    IDENTITY = (0x04B8, 0x0E15, "J5ZK00123")

    def __init__(self, folder: Path, interface_class: int = 7, kernel_driver: bool = True) -> None:
        super().__init__(folder, name="libusb")
        self.interface_class = interface_class
        self.kernel_driver = kernel_driver
        self.port_status = 0x18
        self.claimed = False
        self.plugged = True
        self._lock = threading.RLock()
        self._said = bytearray()

    def make_link(self) -> Link:
        return LibusbLink(backend=self)

    def start(self) -> Twin:
        self.begin(self._said.extend)
        return super().start()

    def _run(self) -> None:
        while not self._off.wait(_TICK):
            self._work()

    def _work(self) -> None:
        with self._lock:
            if self.work():
                self.plugged = False
                self.end()
                self._said.clear()
                threading.Timer(BOOT, self._plug_in).start()

    def _plug_in(self) -> None:
        with self._lock:
            self.begin(self._said.extend)
            self.plugged = self.kernel_driver = True

    # What pyusb asks of a backend.

    def enumerate_devices(self) -> list[object]:
        return [self] if self.plugged else []

    def get_device_descriptor(self, device: object) -> SimpleNamespace:
        vendor, product, _ = self.IDENTITY
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=vendor, idProduct=product, bcdDevice=0x100, iManufacturer=0, iProduct=0,
            iSerialNumber=3, bNumConfigurations=1, bus=1, address=5, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, device: object, number: int) -> SimpleNamespace:
        if number:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=b"", extralen=0,
        )  # fmt: skip

    def get_interface_descriptor(
        self, device: object, number: int, alternate: int, setup: int
    ) -> SimpleNamespace:
        if number or alternate:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=self.interface_class, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=b"", extralen=0,
        )  # fmt: skip

    def get_endpoint_descriptor(self, device: object, end: int, *place: int) -> SimpleNamespace:
        if end > 1:
            raise IndexError
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(0x01, 0x82)[end], bmAttributes=2, wMaxPacketSize=64,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=b"", extralen=0,
        )  # fmt: skip

    def open_device(self, device: object) -> object:
        self._present()
        return self

    def close_device(self, handle: object) -> None:
        self.claimed = False

    def get_configuration(self, handle: object) -> int:
        return 1

    def is_kernel_driver_active(self, handle: object, interface: int) -> bool:
        return self.kernel_driver

    def detach_kernel_driver(self, handle: object, interface: int) -> None:
        self.kernel_driver = False

    def claim_interface(self, handle: object, interface: int) -> None:
        self._present()
        if self.kernel_driver or self.claimed:
            raise usb.core.USBError("Resource busy", errno=errno.EBUSY)
        self.claimed = True

    def release_interface(self, handle: object, interface: int) -> None:
        self.claimed = False

    def bulk_write(self, handle: object, end: int, interface: int, data: Any, timeout: int) -> int:
        self._wait_until(lambda: self.has_room, timeout)
        with self._lock:
            self.receive(data.tobytes())
        self._work()
        return len(data)

    def bulk_read(self, handle: object, end: int, interface: int, into: Any, timeout: int) -> int:
        self._wait_until(lambda: bool(self._said), timeout)
        with self._lock:
            count = min(len(into), len(self._said))
            into[:count] = type(into)("B", self._said[:count])
            del self._said[:count]
        return count

    def ctrl_transfer(
        self, handle: object, kind: int, request: int, value: int, index: int, data: Any, t: int
    ) -> int:
        self._present()
        if (kind, request) == (0xA1, 1):
            data[0] = self.port_status
            return 1
        if (kind, request) == (0x80, 6):  # a descriptor of text
            text = (
                (0x0409).to_bytes(2, "little") if not value & 0xFF else self.IDENTITY[2].encode("utf-16-le")
            )
            answer = bytes((2 + len(text), 3)) + text
            data[: len(answer)] = type(data)("B", answer)
            return len(answer)
        raise usb.core.USBError("Pipe error", errno=errno.EPIPE)

    def _present(self) -> None:
        if not self.plugged:
            raise usb.core.USBError("No such device", errno=errno.ENODEV)

    def _wait_until(self, true: Callable[[], bool], timeout: int) -> None:
        deadline = time.monotonic() + timeout / 1000
        while True:
            self._present()
            if true():
                return
            if time.monotonic() >= deadline:
                raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT)
            self._off.wait(0.002)


class TcpTwin(VirtualPrinter):
    """The network one, with the same handles as the others."""

    def make_link(self) -> Link:
        return TcpLink(self.host, self.port)

    def strike_after(self, fault: str, bytes_taken: int) -> None:
        setattr(self.faults, fault, bytes_taken)


def make_twin(kind: str, folder: Path) -> TcpTwin | Twin:
    """Start a virtual printer on this kind of line."""
    if kind == "tcp":
        return TcpTwin(folder / "tray", name="tcp").start()  # type: ignore[return-value]
    if kind == "libusb":
        return UsbTwin(folder / "tray").start()
    return PtyTwin(folder / "tray", folder / "lp0", usb=kind == "usb").start()


def line_to(twin: TcpTwin | Twin, model: PrinterModel, patience: Patience = QUICK) -> LinePrinter:
    """The printer of the product, on the line of this twin."""
    return LinePrinter(model, twin.make_link, patience=patience)
