"""Where a printer is: `tcp://192.168.1.50:9100`, `usb://any`, `serial:///dev/ttyUSB0?baud=38400`, …"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from kiosk.domain.errors import DomainError

Kind = Literal["tcp", "usb", "serial", "cups", "file"]
Flow = Literal["rtscts", "dsrdtr", "xonxoff", "none"]

RAW_PORT = 9100
BAUD = 9600
BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_FLOWS: dict[str, Flow] = {"rtscts": "rtscts", "dsrdtr": "dsrdtr", "xonxoff": "xonxoff", "none": "none"}

_USB_ID = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_QUEUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")  # no dash first: the name becomes an argument of lp
_SERIAL_NUMBER = re.compile(r"[!-.0-~]{1,126}")
_PLACE = re.compile(
    r"(?:\[([0-9a-fA-F:.]+(?:%[A-Za-z0-9_.-]+)?)\]|([A-Za-z0-9_][A-Za-z0-9_.-]{0,252}))(?::(\d{1,5}))?"
)


@dataclass(frozen=True, slots=True)
class PrinterAddress:
    """One printer's address, taken apart.

    `path` is the device or folder; `vendor` and `product` are the USB numbers, both 0 for any USB printer.
    """

    kind: Kind
    host: str = ""
    port: int = 0
    path: str = ""
    vendor: int = 0
    product: int = 0
    serial_number: str = ""
    queue: str = ""
    baud: int = BAUD
    flow: Flow = "rtscts"

    @classmethod
    def parse(cls, text: str) -> PrinterAddress:
        """Read an address; raises DomainError("printer_address_malformed") for whatever is not one."""
        try:
            parts = urlsplit(text.strip())
            options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
            address = _READERS[parts.scheme](parts.netloc, unquote(parts.path, errors="strict"), options)
        except (KeyError, ValueError):
            raise DomainError("printer_address_malformed", address=text[:200]) from None
        if options or parts.fragment or not text.isprintable():
            raise DomainError("printer_address_malformed", address=text[:200])
        return address

    def __str__(self) -> str:
        if self.kind == "tcp":
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"tcp://{host}:{self.port}"
        if self.kind == "cups":
            return f"cups://{self.queue}"
        if self.kind == "serial":
            flow = "" if self.flow == "rtscts" else f"&flow={self.flow}"
            return f"serial://{quote(self.path)}?baud={self.baud}{flow}"
        if self.path:
            return f"{self.kind}://{quote(self.path)}"
        if not self.vendor and not self.product:
            return "usb://any"
        serial = f"/{quote(self.serial_number, safe='')}" if self.serial_number else ""
        return f"usb://{self.vendor:04x}:{self.product:04x}{serial}"


def _tcp(place: str, path: str, options: dict[str, str]) -> PrinterAddress:
    found = _PLACE.fullmatch(place)
    if found is None or path not in ("", "/"):
        raise ValueError(place)
    host, port = found[1] or found[2], int(found[3] or RAW_PORT)
    _refuse(bool(found[1]) != (":" in host) or not 0 < port < 65_536)
    return PrinterAddress("tcp", host=host, port=port)


def _usb(place: str, path: str, options: dict[str, str]) -> PrinterAddress:
    if not place:
        return PrinterAddress("usb", path=_device(path))
    serial = path.removeprefix("/")
    if place == "any":
        _refuse(bool(serial))
        return PrinterAddress("usb")
    numbers = _USB_ID.fullmatch(place)
    if numbers is None or (serial and not _SERIAL_NUMBER.fullmatch(serial)):
        raise ValueError(place)
    vendor, product = (int(number, 16) for number in numbers.groups())
    _refuse(not vendor)
    return PrinterAddress("usb", vendor=vendor, product=product, serial_number=serial)


def _serial(place: str, path: str, options: dict[str, str]) -> PrinterAddress:
    _refuse(bool(place))
    baud, flow = int(options.pop("baud", BAUD)), _FLOWS[options.pop("flow", "rtscts")]
    _refuse(baud not in BAUDS)
    return PrinterAddress("serial", path=_device(path), baud=baud, flow=flow)


def _cups(place: str, path: str, options: dict[str, str]) -> PrinterAddress:
    _refuse(path not in ("", "/") or not _QUEUE.fullmatch(place))
    return PrinterAddress("cups", queue=place)


def _file(place: str, path: str, options: dict[str, str]) -> PrinterAddress:
    _refuse(bool(place))
    return PrinterAddress("file", path=_whole_path(path))


def _device(path: str) -> str:
    _refuse(not path.startswith("/dev/"))
    return _whole_path(path)


def _whole_path(path: str) -> str:
    parts = path.rstrip("/").split("/")
    _refuse(parts[0] != "" or len(parts) < 2 or any(part in ("", ".", "..") for part in parts[1:]))
    _refuse(not path.isprintable())
    return "/".join(parts)


def _refuse(wrong: bool) -> None:
    if wrong:
        raise ValueError("not an address")


_READERS = {"tcp": _tcp, "usb": _usb, "serial": _serial, "cups": _cups, "file": _file}
