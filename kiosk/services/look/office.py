"""The office, its printers, and in the demo its ready-made devices."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from kiosk.config import Settings
from kiosk.database import local_day_of
from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import DeviceKind
from kiosk.models import Device, Office, Printer
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.printer_condition import can_print

BY_KEY = Prepared(lambda: Office.select().where(Office.key == Slot("key")).limit(1))


def office(office_id: int | None) -> dict[str, Any]:
    """One office. Raises NotFound("unknown_office")."""
    row = Office.get_or_none(Office.id == office_id)
    if row is None:
        raise NotFound("unknown_office", office=office_id)
    return _card(row)


def office_by_key(key: str) -> dict[str, Any]:
    """The office a key such as "demo" names. Raises NotFound("unknown_office")."""
    return _card(office_row(key))


def office_row(key: str) -> Office:
    """The row of the office a key names. Raises NotFound("unknown_office")."""
    row = BY_KEY.first(key=key)
    if row is None:
        raise NotFound("unknown_office", office=key[:40])
    return row


def offices() -> list[dict[str, Any]]:
    """Every office of the installation."""
    return [_card(row) for row in Office.select().order_by(Office.id)]


def first_office() -> dict[str, Any] | None:
    """The office whose name a page shows before anybody signed in."""
    row = Office.select().order_by(Office.id).first()
    return _card(row) if row else None


def today(place: dict[str, Any], now: datetime) -> date:
    """The calendar day in an office, as given by `office`."""
    return local_day_of(now, place["zone"])


def _card(row: Office) -> dict[str, Any]:
    names = ("id", "key", "title", "subtitle", "zone", "public_url")
    return {name: getattr(row, name) for name in names}


def printer_state(device_id: int | None, office_id: int, now: datetime) -> dict[str, Any] | None:
    """The printer a device prints on (the office's first, for staff); `problem` is an error code or None."""
    printer = None
    if device_id is not None:
        row = (
            Device.select(Device, Printer)
            .join(Printer, JOIN.LEFT_OUTER)
            .where(Device.id == device_id)
            .first()
        )
        printer = row.printer if row and row.printer_id else None
    else:
        printer = Printer.select().where(Printer.office == office_id).order_by(Printer.id).first()
    if printer is None:
        return None
    problem = printer.problem or (None if can_print(printer, now) else "printer_unknown")
    return {
        "name": printer.name,
        "ready": problem is None,
        "problem": problem,
        "paper_low": printer.paper_low,
    }


def demo_device(settings: Settings, kind: DeviceKind) -> str | None:
    """In the demo, the token of its first device of a kind; None anywhere else."""
    if not settings.demo:
        return None
    try:
        facts = json.loads((settings.data / "demo.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return next((d["token"] for d in facts.get("devices", []) if d["kind"] == kind), None)
