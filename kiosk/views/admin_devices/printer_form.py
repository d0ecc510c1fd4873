"""A printer as a form: its address in parts, its model, who prints on it, who stands in, how long its roll is."""

from __future__ import annotations

from typing import Any

from kiosk.devices.address import BAUDS, RAW_PORT, PrinterAddress
from kiosk.devices.models import printer_models
from kiosk.domain.errors import DomainError
from kiosk.services.manage_printers import PAPER_DOTS, PrinterWish
from kiosk.views.forms import text, whole_or_none

CONNECTIONS = ("tcp", "usb", "serial", "cups", "file")
SPEEDS = BAUDS
ANY_USB = "any"
MM_IN_A_METRE = 1000
NARROW = min(PAPER_DOTS)

FIELD_NAMES = {"roll_mm": "roll_m"}
"""The form's names of fields that the service names otherwise."""


def read() -> PrinterWish:
    """The printer as typed. Raises DomainError("printer_address_malformed", those of the fields)."""
    metres = whole_or_none("roll_m")
    return PrinterWish(
        name=text("name"),
        address=_address(),
        model=text("model"),
        dots=whole_or_none("dots"),
        agent=whole_or_none("agent"),
        failover=text("failover"),
        backup=whole_or_none("backup"),
        roll_mm=None if metres is None else metres * MM_IN_A_METRE,
    )


def values(printer: dict[str, Any]) -> dict[str, Any]:
    """What the form shows of a printer that exists."""
    names = ("name", "model", "dots", "agent", "failover", "backup")
    return {
        **{name: printer[name] for name in names},
        "roll_m": printer["roll_mm"] // MM_IN_A_METRE,
        **_parts(printer["address"]),
    }


def models_by_maker() -> list[tuple[str, list[Any]]]:
    """(maker, its models) by name, those of no maker in particular first."""
    makers: dict[str, list[Any]] = {}
    for model in sorted(printer_models().values(), key=lambda model: model.name):
        makers.setdefault(model.maker, []).append(model)
    return sorted(makers.items(), key=lambda each: (not each[1][0].key.startswith("generic"), each[0]))


def _address() -> str:
    """The address that the parts make, as the service reads it."""
    kind = text("connection")
    if kind == "tcp":
        return str(PrinterAddress("tcp", host=text("host").strip(), port=whole_or_none("port") or RAW_PORT))
    if kind == "usb":
        place = text("usb").strip() or ANY_USB
        return f"usb://{place}"
    if kind == "serial":
        speed = whole_or_none("baud") or SPEEDS[0]
        return str(PrinterAddress("serial", path=text("line").strip(), baud=speed))
    if kind == "cups":
        return f"cups://{text('queue').strip()}"
    if kind == "file":
        return str(PrinterAddress("file", path=text("folder").strip()))
    raise DomainError("printer_address_malformed", field="connection")


def _parts(address: str) -> dict[str, Any]:
    try:
        found = PrinterAddress.parse(address)
    except DomainError:  # a row from another version; the form asks anew
        return {"connection": "tcp"}
    place = address.partition("://")[2]
    shown: dict[str, dict[str, Any]] = {
        "tcp": {"host": found.host, "port": found.port},
        "usb": {"usb": found.path or place},
        "serial": {"line": found.path, "baud": found.baud},
        "cups": {"queue": found.queue},
        "file": {"folder": found.path},
    }
    return {"connection": found.kind, **shown[found.kind]}
