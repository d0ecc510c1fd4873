"""Kiosks, boards and ticket printers of an office; pairing codes and tokens are in `pair_device`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from kiosk.database import connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DeviceChanged, PrinterChanged
from kiosk.domain.names import clean_name
from kiosk.domain.permissions import DeviceKind
from kiosk.models import Device, Printer
from kiosk.services.announce import announce
from kiosk.services.manage_places import clean_area

LONGEST_NAME = 80
PAPER_DOTS = (384, 576)
"""Printable width of 58 mm and 80 mm paper at 203 dpi."""

_HOST = re.compile(r"(?!-)[A-Za-z0-9._:-]{1,120}")
HIGHEST_PORT = 65_535


def devices(office_id: int, now: datetime) -> list[dict[str, Any]]:
    """All kiosks and boards by name; `state` is new, waiting (for its pairing code), paired, expired or revoked."""
    with connection():
        printers = {row.id: row.name for row in Printer.select().where(Printer.office == office_id)}
        rows = list(Device.select().where(Device.office == office_id).order_by(Device.kind, Device.name))
    return [
        {
            "id": row.id,
            "name": row.name,
            "kind": row.kind,
            "area": row.area,
            "printer": row.printer_id,
            "printer_name": printers.get(row.printer_id, ""),
            "state": _state(row, now),
            "last_seen_at": row.last_seen_at,
        }
        for row in rows
    ]


def printers(office_id: int) -> list[dict[str, Any]]:
    """All printers by name with their last known condition; `problem` is a code, or None when it prints."""
    with connection():
        rows = list(Printer.select().where(Printer.office == office_id).order_by(Printer.name))
    return [
        {
            "id": row.id,
            "name": row.name,
            "host": row.host,
            "port": row.port,
            "width": row.width,
            "problem": row.problem or None,
            "checked_at": row.checked_at,
        }
        for row in rows
    ]


def add_device(
    office_id: int,
    name: str,
    kind: str,
    now: datetime,
    actor: str,
    *,
    area: str = "main",
    printer: int | None = None,
) -> int:
    """Add a kiosk or a board, not paired yet, and return its id.

    Raises DomainError("unknown_device_kind", "area_malformed", those of clean_name), Conflict("device_name_taken"),
    NotFound("unknown_printer").
    """
    name, area = clean_name(name, LONGEST_NAME), clean_area(area)
    if kind not in set(DeviceKind):
        raise DomainError("unknown_device_kind", kind=kind[:40], allowed=[str(known) for known in DeviceKind])
    with office_transaction(office_id, now, actor) as transaction:
        _device_name_is_free(office_id, name)
        device = Device.create(
            office=office_id,
            name=name,
            kind=kind,
            area=area,
            printer=_find_printer(office_id, printer),
            created_at=now,
        )
        announce(transaction, DeviceChanged(device=device.id, device_kind=kind, change="added"))
    return device.id


def change_device(
    office_id: int, device_id: int, name: str, area: str, printer: int | None, now: datetime, actor: str
) -> None:
    """Rename a device, move it to another area or give it another printer; its pairing stays.

    Raises NotFound("unknown_device", "unknown_printer"), Conflict("device_name_taken"), DomainError as add_device.
    """
    name, area = clean_name(name, LONGEST_NAME), clean_area(area)
    with office_transaction(office_id, now, actor) as transaction:
        device = Device.get_or_none((Device.id == device_id) & (Device.office == office_id))
        if device is None:
            raise NotFound("unknown_device", device=device_id)
        if name != device.name:
            _device_name_is_free(office_id, name)
        device.name, device.area, device.printer = name, area, _find_printer(office_id, printer)
        device.save(only=[Device.name, Device.area, Device.printer])
        announce(transaction, DeviceChanged(device=device.id, device_kind=device.kind, change="changed"))


def add_printer(
    office_id: int, name: str, host: str, port: int, now: datetime, actor: str, *, width: int = 576
) -> int:
    """Add a ticket printer reached over TCP and return its id; until it has answered, its condition is unknown.

    Raises DomainError("printer_address_malformed", "paper_width_unknown", those of clean_name) and
    Conflict("printer_name_taken").
    """
    name, host = clean_name(name, LONGEST_NAME), _check_address(host, port, width)
    with office_transaction(office_id, now, actor) as transaction:
        _printer_name_is_free(office_id, name)
        printer = Printer.create(office=office_id, name=name, host=host, port=port, width=width)
        announce(transaction, PrinterChanged(printer=printer.id, name=name, problem=printer.problem))
    return printer.id


def change_printer(
    office_id: int, printer_id: int, name: str, host: str, port: int, width: int, now: datetime, actor: str
) -> None:
    """Rename a printer or give it another address; its condition is unknown until it has answered there.

    Raises NotFound("unknown_printer"), DomainError and Conflict as add_printer.
    """
    name, host = clean_name(name, LONGEST_NAME), _check_address(host, port, width)
    with office_transaction(office_id, now, actor) as transaction:
        printer = Printer.get_or_none((Printer.id == printer_id) & (Printer.office == office_id))
        if printer is None:
            raise NotFound("unknown_printer", printer=printer_id)
        if name != printer.name:
            _printer_name_is_free(office_id, name)
        if (host, port) != (printer.host, printer.port):
            printer.problem, printer.checked_at = "printer_unknown", None
        printer.name, printer.host, printer.port, printer.width = name, host, port, width
        printer.save()
        announce(transaction, PrinterChanged(printer=printer.id, name=name, problem=printer.problem or None))


def _state(device: Device, now: datetime) -> str:
    if device.pairing_hash and device.pairing_expires_at and device.pairing_expires_at > now:
        return "waiting"
    if device.revoked_at is not None:
        return "revoked"
    if device.token_hash is None:
        return "new"
    if device.token_expires_at is not None and device.token_expires_at <= now:
        return "expired"
    return "paired"


def _check_address(host: str, port: int, width: int) -> str:
    host = host.strip()
    if not _HOST.fullmatch(host) or not 1 <= port <= HIGHEST_PORT:
        raise DomainError("printer_address_malformed", field="host")
    if width not in PAPER_DOTS:
        raise DomainError("paper_width_unknown", field="width", allowed=list(PAPER_DOTS))
    return host


def _find_printer(office_id: int, printer: int | None) -> Printer | None:
    if printer is None:
        return None
    found = Printer.get_or_none((Printer.id == printer) & (Printer.office == office_id))
    if found is None:
        raise NotFound("unknown_printer", printer=printer)
    return found


def _device_name_is_free(office_id: int, name: str) -> None:
    if Device.select(Device.id).where((Device.office == office_id) & (Device.name == name)).exists():
        raise Conflict("device_name_taken", field="name", name=name)


def _printer_name_is_free(office_id: int, name: str) -> None:
    if Printer.select(Printer.id).where((Printer.office == office_id) & (Printer.name == name)).exists():
        raise Conflict("printer_name_taken", field="name", name=name)
