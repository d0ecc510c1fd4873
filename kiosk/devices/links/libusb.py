"""A USB printer without any kernel driver, through libusb: found by its USB class, whoever made it."""

from __future__ import annotations

import errno
import time
from contextlib import suppress
from typing import Any

import libusb_package
import usb.core
import usb.util

from kiosk.devices.links.usb_class import read_port_status

PRINTER_CLASS = 7
_GET_PORT_STATUS = 1  # USB Device Class Definition for Printing Devices, 4.2.2
_PIECE = 8_192
_LONGEST = 3  # times the timeout that a printer may take a job by little and little
_TICK = 0.01
_SLICE = 0.25  # seconds; a read that times out may lose a packet on some host controllers, so few are made


class LibusbLink:
    """One USB printer; the kernel's own driver is sent away from it and stays away until it is plugged in anew."""

    def __init__(
        self, vendor: int = 0, product: int = 0, serial_number: str = "", backend: Any = None
    ) -> None:
        self._vendor = vendor
        self._product = product
        self._serial_number = serial_number
        self._backend = backend
        self._device: Any = None
        self._interface: Any = None
        self._into: Any = None
        self._out_of: Any = None

    def open(self, timeout: float) -> None:
        """Find the printer and claim it; one that is away, or not ours to use, is an OSError."""
        backend = self._backend or libusb_package.get_libusb1_backend()
        found = usb.core.find(find_all=True, backend=backend, custom_match=self._is_ours)
        self._device = next(iter(found), None)
        if self._device is None:
            raise OSError(errno.ENODEV, "no such USB printer")
        try:
            self._claim()
        except NotImplementedError as error:
            raise OSError(errno.ENOSYS, "this system does not let libusb have the printer") from error

    def send(self, data: bytes, timeout: float) -> None:
        """Write all, piece by piece; a transfer that ran out of time tells how much of it was taken."""
        rest = memoryview(data)
        end = time.monotonic() + _LONGEST * timeout
        while rest:
            left = min(timeout, end - time.monotonic())
            if left <= 0:
                raise TimeoutError("the printer takes the job too slowly")
            rest = rest[self._open_end(self._into).write(bytes(rest[:_PIECE]), _ms(left)) :]

    def receive(self, timeout: float) -> bytes:
        """Return what came; empty packets are nothing."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            if self._out_of is None:  # a printer that only listens
                time.sleep(left)
                break
            with suppress(usb.core.USBTimeoutError):
                if chunk := bytes(self._out_of.read(self._out_of.wMaxPacketSize, _ms(min(left, _SLICE)))):
                    return chunk
                time.sleep(min(left, _TICK))
        return b""

    def flush(self, timeout: float) -> None:
        """Nothing waits: each transfer ended when the printer had it."""

    def paper_sensor(self) -> bool | None:
        """Ask for the port status of the printer class."""
        try:
            [status] = self._device.ctrl_transfer(
                0xA1, _GET_PORT_STATUS, 0, self._interface.bInterfaceNumber << 8, 1, 1000
            )
        except (OSError, ValueError):
            return None
        return read_port_status(status)

    def drop(self) -> None:
        """Nothing waits, see `flush`."""

    def close(self) -> None:
        """Give the printer back."""
        if self._device is not None:
            with suppress(OSError, NotImplementedError):
                usb.util.dispose_resources(self._device)
        self._device = self._interface = self._into = self._out_of = None

    def _is_ours(self, device: Any) -> bool:
        if self._vendor and (device.idVendor, device.idProduct) != (self._vendor, self._product):
            return False
        try:
            if not any(interface.bInterfaceClass == PRINTER_CLASS for setup in device for interface in setup):
                return False
            return not self._serial_number or device.serial_number == self._serial_number
        except (OSError, ValueError):  # a device that may not be asked is somebody else's
            return False

    def _claim(self) -> None:
        setup = self._configuration()
        printers = [interface for interface in setup if interface.bInterfaceClass == PRINTER_CLASS]
        # Of the alternate settings, one that can answer.
        printers.sort(key=lambda interface: _end(interface, usb.util.ENDPOINT_IN) is None)
        if not printers or (into := _end(printers[0], usb.util.ENDPOINT_OUT)) is None:
            raise OSError(errno.ENODEV, "the USB printer has no way in")
        self._interface, self._into = printers[0], into
        self._out_of = _end(self._interface, usb.util.ENDPOINT_IN)
        number = self._interface.bInterfaceNumber
        if self._device.is_kernel_driver_active(number):
            self._device.detach_kernel_driver(number)
        usb.util.claim_interface(self._device, number)
        if sum(other.bInterfaceNumber == number for other in printers) > 1:
            self._interface.set_altsetting()

    def _configuration(self) -> Any:
        try:
            return self._device.get_active_configuration()
        except usb.core.USBError:  # fresh from the plug; setting it again would reset a printer that prints
            self._device.set_configuration()
            return self._device.get_active_configuration()

    def _open_end(self, end: Any) -> Any:
        if end is None:
            raise OSError("the line is not open")
        return end


def _end(interface: Any, direction: int) -> Any:
    return usb.util.find_descriptor(
        interface,
        custom_match=lambda end: (
            usb.util.endpoint_direction(end.bEndpointAddress) == direction
            and usb.util.endpoint_type(end.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ),
    )


def _ms(seconds: float) -> int:
    return max(1, int(seconds * 1000))
