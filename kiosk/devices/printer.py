"""The one contract every printer keeps, whatever line it hangs on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kiosk.devices.address import PrinterAddress
from kiosk.devices.cups import CupsPrinter
from kiosk.devices.file_printer import FilePrinter
from kiosk.devices.line_printer import LinePrinter, Patience
from kiosk.devices.links.link import Link
from kiosk.devices.links.tcp import TcpLink
from kiosk.devices.status import PrinterStatus, PrintOutcome

if TYPE_CHECKING:
    from kiosk.devices.models import PrinterModel

__all__ = ["Patience", "PrintOutcome", "Printer", "PrinterStatus", "open_printer"]


class Printer(Protocol):
    """One printer, kept by one thread for as long as it exists; each call opens its line and closes it again."""

    model: PrinterModel

    @property
    def slow_line(self) -> bool:
        """Tell whether the line is too slow for pictures (serial)."""

    def status(self) -> PrinterStatus:
        """Ask how it is; never raises."""

    def send(self, data: bytes) -> PrintOutcome:
        """Print one job and say how it ended; device faults never raise."""


def open_printer(address: str, model: PrinterModel, patience: Patience | None = None) -> Printer:
    """Return the printer at this address; nothing is opened yet.

    Raises DomainError("printer_address_malformed").
    """
    at = PrinterAddress.parse(address)
    if at.kind == "cups":
        return CupsPrinter(model, at.queue)
    if at.kind == "file":
        return FilePrinter(model, Path(at.path))
    return LinePrinter(model, _link_to(at), slow_line=at.kind == "serial", patience=patience)


def _link_to(at: PrinterAddress) -> Callable[[], Link]:
    # USB and serial are loaded where they are used: a server with network printers needs neither.
    if at.kind == "tcp":
        return partial(TcpLink, at.host, at.port)
    if at.kind == "serial":
        from kiosk.devices.links.serial_port import SerialLink

        return partial(SerialLink, at.path, at.baud, at.flow)
    if at.path:
        from kiosk.devices.links.usb_class import UsbClassLink

        return partial(UsbClassLink, at.path)
    from kiosk.devices.links.libusb import LibusbLink

    return partial(LibusbLink, at.vendor, at.product, at.serial_number)
