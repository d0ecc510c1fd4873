"""Kiosks, boards, displays and call buttons of an office; pairing codes and tokens are in `pair_device`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from kiosk.database import connection, office_transaction
from kiosk.devices.displays.options import check_options
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import DeviceChanged, DeviceReload
from kiosk.domain.names import clean_name
from kiosk.domain.permissions import AT_A_COUNTER, DeviceKind
from kiosk.models import Counter, Device, Journal, LeasedNumber, Printer
from kiosk.services.announce import announce
from kiosk.services.drive_displays import POLLS
from kiosk.services.manage_places import clean_area

LONGEST_NAME = 80
SILENT_AFTER = timedelta(seconds=60)
"""A paired device that has not spoken for so long has lost contact."""
MOST_HISTORY = 50
FEWEST_NUMBERS, MOST_NUMBERS = 0, 60


def devices(office_id: int, now: datetime) -> list[dict[str, Any]]:
    """All devices by kind and name; `state` is new, waiting (for its pairing code), paired, expired or revoked."""
    with connection():
        printers = {row.id: row for row in Printer.select().where(Printer.office == office_id)}
        counters = {row.id: row.number for row in Counter.select().where(Counter.office == office_id)}
        rows = list(Device.select().where(Device.office == office_id).order_by(Device.kind, Device.name))
    return [_card(row, printers, counters, now) for row in rows]


def device_card(office_id: int, device_id: int, now: datetime) -> dict[str, Any]:
    """One device with its health, the numbers it holds, and what the journal says of it, newest first.

    Raises NotFound("unknown_device").
    """
    with connection():
        row = find_device(office_id, device_id)
        printers = {each.id: each for each in Printer.select().where(Printer.office == office_id)}
        counters = {each.id: each.number for each in Counter.select().where(Counter.office == office_id)}
        held = (
            LeasedNumber.select()
            .where((LeasedNumber.device == row.id) & (LeasedNumber.state == "held"))
            .count()
        )
        card = _card(row, printers, counters, now)
        return {**card, "health": row.health, "numbers_held": held, "history": _history(row)}


def add_device(
    office_id: int,
    name: str,
    kind: str,
    now: datetime,
    actor: str,
    *,
    area: str = "main",
    printer: int | None = None,
    counter: int | None = None,
    options: dict[str, Any] | None = None,
) -> int:
    """Add a device, not paired yet, and return its id.

    Raises DomainError("unknown_device_kind", "area_malformed", "counter_wanted", "display_options_malformed",
    "lease_size_out_of_range", those of clean_name), Conflict("device_name_taken"), NotFound("unknown_printer",
    "unknown_counter").
    """
    name, area = clean_name(name, LONGEST_NAME), clean_area(area)
    if kind not in set(DeviceKind):
        raise DomainError("unknown_device_kind", kind=kind[:40], allowed=[str(known) for known in DeviceKind])
    options = _check_options(DeviceKind(kind), options or {})
    with office_transaction(office_id, now, actor) as transaction:
        _device_name_is_free(office_id, name)
        device = Device.create(
            office=office_id,
            name=name,
            kind=kind,
            area=area,
            printer=_find_printer(office_id, printer),
            counter=_find_counter(office_id, DeviceKind(kind), counter),
            options=options,
            created_at=now,
        )
        announce(transaction, DeviceChanged(device=device.id, device_kind=kind, change="added"))
    return device.id


def change_device(
    office_id: int,
    device_id: int,
    name: str,
    area: str,
    printer: int | None,
    now: datetime,
    actor: str,
    *,
    counter: int | None = None,
    options: dict[str, Any] | None = None,
) -> None:
    """Rename a device, move it, or give it another printer, counter or (unless None) options; its pairing stays.

    Raises NotFound("unknown_device", "unknown_printer", "unknown_counter"), Conflict("device_name_taken"),
    DomainError as add_device.
    """
    name, area = clean_name(name, LONGEST_NAME), clean_area(area)
    with office_transaction(office_id, now, actor) as transaction:
        device = find_device(office_id, device_id)
        if name != device.name:
            _device_name_is_free(office_id, name)
        device.name, device.area, device.printer = name, area, _find_printer(office_id, printer)
        device.counter = _find_counter(office_id, DeviceKind(device.kind), counter)
        if options is not None:
            device.options = _check_options(DeviceKind(device.kind), options, device.options)
        device.save(only=[Device.name, Device.area, Device.printer, Device.counter, Device.options])
        announce(transaction, DeviceChanged(device=device.id, device_kind=device.kind, change="changed"))


def want_reload(office_id: int, device_id: int, now: datetime, actor: str) -> None:
    """Have a kiosk or board load its page anew as soon as nobody is in the middle of something.

    Raises NotFound("unknown_device").
    """
    with office_transaction(office_id, now, actor) as transaction:
        device = find_device(office_id, device_id)
        device.reload_at = transaction.now
        device.save(only=[Device.reload_at])
        announce(transaction, DeviceReload(device=device.id, device_kind=device.kind))


def find_device(office_id: int, device_id: int) -> Device:
    """The row of an office's device. Raises NotFound("unknown_device")."""
    device = Device.get_or_none((Device.id == device_id) & (Device.office == office_id))
    if device is None:
        raise NotFound("unknown_device", device=device_id)
    return device


def _card(
    row: Device, printers: dict[int, Printer], counters: dict[int, int], now: datetime
) -> dict[str, Any]:
    printer = printers.get(row.printer_id)
    state = _state(row, now)
    # A display that the worker drives says nothing of itself; whether it can be reached is in its health.
    speaks = row.kind != DeviceKind.DISPLAY or row.options.get("driver", POLLS) == POLLS
    heard = row.last_seen_at is not None and now - row.last_seen_at <= SILENT_AFTER
    silent = state == "paired" and speaks and not heard
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "area": row.area,
        "counter": row.counter_id,
        "counter_number": counters.get(row.counter_id),
        "printer": row.printer_id,
        "printer_name": printer.name if printer else "",
        "printer_problem": (printer.problem or None) if printer else None,
        "state": state,
        "silent": silent,
        "last_seen_at": row.last_seen_at,
        "software": row.software,
        "options": row.options,
        "reload_at": row.reload_at,
    }


def _history(row: Device) -> list[dict[str, Any]]:
    kinds = ["device.changed", "device.refused", "device.reload", "help.wanted"]
    entries = (
        Journal.select()
        .where(
            (Journal.office == row.office_id)
            & (Journal.kind << kinds)
            & Journal.facts.contains(f'"device":{row.id},')
        )
        .order_by(Journal.seq.desc())
        .limit(MOST_HISTORY)
    )
    return [
        {
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "actor": entry.actor,
            **json.loads(entry.facts),
        }
        for entry in entries
    ]


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


def _check_options(
    kind: DeviceKind, options: dict[str, Any], stored: dict[str, Any] | None = None
) -> dict[str, Any]:
    if kind is DeviceKind.DISPLAY:
        return check_options(options, stored=stored or {})
    size = options.get("lease_size")
    if size is None:
        return {}
    if (
        kind is not DeviceKind.KIOSK
        or not isinstance(size, int)
        or not FEWEST_NUMBERS <= size <= MOST_NUMBERS
    ):
        raise DomainError(
            "lease_size_out_of_range", field="lease_size", least=FEWEST_NUMBERS, most=MOST_NUMBERS
        )
    return {"lease_size": size}


def _find_counter(office_id: int, kind: DeviceKind, counter: int | None) -> Counter | None:
    if counter is None:
        if kind in AT_A_COUNTER:
            raise DomainError("counter_wanted", field="counter")
        return None
    found = Counter.get_or_none((Counter.id == counter) & (Counter.office == office_id))
    if found is None:
        raise NotFound("unknown_counter", counter=counter)
    return found if kind in AT_A_COUNTER else None


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
