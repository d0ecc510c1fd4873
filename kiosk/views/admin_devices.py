"""Kiosks and boards with their pairing, and ticket printers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.permissions import DeviceKind
from kiosk.services import manage_devices, manage_places
from kiosk.services.pair_device import new_pairing_code, revoke
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import attempt, attempt_secret, clock_of, text, whole, whole_or_none

blueprint = Blueprint("devices", __name__)

DEVICES, PRINTERS = "/admin/devices", "/admin/printers"


def _show_devices(edit: int | None = None, **shown: Any) -> str:
    office = current_office()
    devices = manage_devices.devices(office["id"], g.now)
    areas = {line["area"] for line in manage_places.lines(office["id"])} | {
        device["area"] for device in devices
    }
    return page(
        "admin/devices.html",
        devices=devices,
        edited=next((device for device in devices if device["id"] == edit), None),
        printers=manage_devices.printers(office["id"]),
        kinds=[str(kind) for kind in DeviceKind],
        areas=sorted(areas | {"main"}),
        when=clock_of(office["zone"]),
        **shown,
    )


def _show_printers(edit: int | None = None, **shown: Any) -> str:
    office = current_office()
    printers = manage_devices.printers(office["id"])
    return page(
        "admin/printers.html",
        printers=printers,
        edited=next((printer for printer in printers if printer["id"] == edit), None),
        widths=manage_devices.PAPER_DOTS,
        when=clock_of(office["zone"]),
        **shown,
    )


def _show_code(made: tuple[int, str, datetime]) -> str:
    device, code, expires_at = made
    return _show_devices(secret={"device": device, "code": code, "expires_at": expires_at})


@blueprint.get("/devices")
@staff("admin.devices")
def devices() -> str:
    """All kiosks and boards, with the form for a new one or for the one being edited."""
    return _show_devices(request.args.get("edit", type=int))


@blueprint.post("/devices")
@staff("admin.devices")
def add_device() -> Any:
    """Add a device; its pairing code is shown once."""
    actor = g.actor

    def act() -> tuple[int, str, datetime]:
        device = manage_devices.add_device(
            actor.office_id,
            text("name"),
            text("kind"),
            g.now,
            actor.name,
            area=text("area"),
            printer=whole_or_none("printer"),
        )
        return device, *new_pairing_code(actor.office_id, device, g.now, actor.name)

    return attempt_secret(act, _show_code, _show_devices)


@blueprint.post("/devices/<int:device>")
@staff("admin.devices")
def change_device(device: int) -> Any:
    """Another name, area or printer."""
    actor = g.actor

    def act() -> None:
        manage_devices.change_device(
            actor.office_id, device, text("name"), text("area"), whole_or_none("printer"), g.now, actor.name
        )

    return attempt(act, lambda **shown: _show_devices(device, **shown), DEVICES, "Đã lưu thiết bị.")


@blueprint.post("/devices/<int:device>/code")
@staff("admin.devices")
def pair_again(device: int) -> Any:
    """A new pairing code, shown once; the old pairing holds until it is used."""
    actor = g.actor

    def act() -> tuple[int, str, datetime]:
        return device, *new_pairing_code(actor.office_id, device, g.now, actor.name)

    return attempt_secret(act, _show_code, lambda **shown: _show_devices(device, **shown))


@blueprint.post("/devices/<int:device>/revoke")
@staff("admin.devices")
def revoke_device(device: int) -> Any:
    """End a device's right at once."""
    actor = g.actor

    def act() -> None:
        revoke(actor.office_id, device, g.now, actor.name)

    return attempt(
        act, lambda **shown: _show_devices(device, **shown), DEVICES, "Đã thu hồi quyền của thiết bị."
    )


@blueprint.get("/printers")
@staff("admin.devices")
def printers() -> str:
    """All printers with their condition, and the form for a new one or for the one being edited."""
    return _show_printers(request.args.get("edit", type=int))


@blueprint.post("/printers")
@staff("admin.devices")
def add_printer() -> Any:
    """A new printer."""
    actor = g.actor

    def act() -> None:
        manage_devices.add_printer(
            actor.office_id,
            text("name"),
            text("host"),
            whole("port"),
            g.now,
            actor.name,
            width=whole("width"),
        )

    return attempt(act, _show_printers, PRINTERS, "Đã thêm máy in.")


@blueprint.post("/printers/<int:printer>")
@staff("admin.devices")
def change_printer(printer: int) -> Any:
    """Another name or address."""
    actor = g.actor

    def act() -> None:
        manage_devices.change_printer(
            actor.office_id,
            printer,
            text("name"),
            text("host"),
            whole("port"),
            whole("width"),
            g.now,
            actor.name,
        )

    return attempt(act, lambda **shown: _show_printers(printer, **shown), PRINTERS, "Đã lưu máy in.")
