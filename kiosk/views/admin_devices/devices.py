"""Kiosks, boards, displays and call buttons: the list, one device's page, and what an admin does with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import AT_A_COUNTER, DeviceKind
from kiosk.services import manage_devices, manage_places, manage_printers, manage_users
from kiosk.services.pair_device import new_pairing_code, replace_device, revoke
from kiosk.views.admin_devices import display_form
from kiosk.views.admin_devices.ago import ago_of
from kiosk.views.door import current_office, page, public_address, staff
from kiosk.views.forms import attempt, attempt_secret, clock_of, text, whole_or_none

blueprint = Blueprint("devices", __name__, url_prefix="/devices")

DEVICES = "/admin/devices"
WITH_A_PAGE = frozenset({DeviceKind.KIOSK, DeviceKind.BOARD})
"""These show a page of ours, which can be loaded anew from here."""

Code = tuple[int, str, datetime]
"""(device, its pairing code, when that lapses)"""


@blueprint.get("")
@staff("admin.devices")
def devices() -> str:
    """Every device with its state, and the form for a new one."""
    return _show_list()


@blueprint.post("")
@staff("admin.devices")
def add_device() -> Any:
    """Add a device; its pairing code is shown once."""
    actor = g.actor

    def act() -> Code:
        device = manage_devices.add_device(
            actor.office_id,
            text("name"),
            text("kind"),
            g.now,
            actor.name,
            area=text("area"),
            printer=whole_or_none("printer"),
            counter=whole_or_none("counter"),
        )
        return device, *new_pairing_code(actor.office_id, device, g.now, actor.name)

    return attempt_secret(act, _show_code, _show_list)


@blueprint.get("/<int:device>")
@staff("admin.devices")
def device(device: int) -> str:
    """One device: how it is, what it did, what can be done with it. Raises NotFound("unknown_device")."""
    return _show(device)


@blueprint.post("/<int:device>")
@staff("admin.devices")
def change_device(device: int) -> Any:
    """Another name, place, printer or way to be shown something."""
    actor = g.actor
    kind = _card(device)["kind"]

    def act() -> None:
        manage_devices.change_device(
            actor.office_id,
            device,
            text("name"),
            text("area"),
            whole_or_none("printer"),
            g.now,
            actor.name,
            counter=whole_or_none("counter"),
            options=_options(device, kind),
        )

    def show(**shown: Any) -> str:
        return _show(device, **display_form.at_fault(kind, shown))

    return attempt(act, show, f"{DEVICES}/{device}", "Đã lưu thiết bị.")


@blueprint.post("/<int:device>/code")
@staff("admin.devices")
def pair_again(device: int) -> Any:
    """A new pairing code, shown once; the old pairing holds until it is used."""
    actor = g.actor

    def act() -> Code:
        return device, *new_pairing_code(actor.office_id, device, g.now, actor.name)

    return attempt_secret(act, _show_code, lambda **shown: _show(device, **shown))


@blueprint.post("/<int:device>/replace")
@staff("admin.devices")
def replace(device: int) -> Any:
    """Another machine takes the place: the old one's right ends at once, a code for the new one is shown once."""
    actor = g.actor

    def act() -> Code:
        return device, *replace_device(actor.office_id, device, g.now, actor.name)

    return attempt_secret(act, _show_code, lambda **shown: _show(device, **shown))


@blueprint.post("/<int:device>/revoke")
@staff("admin.devices")
def revoke_device(device: int) -> Any:
    """End a device's right at once."""
    actor = g.actor

    def act() -> None:
        revoke(actor.office_id, device, g.now, actor.name)

    return attempt(
        act,
        lambda **shown: _show(device, **shown),
        f"{DEVICES}/{device}",
        "Đã thu hồi quyền của thiết bị.",
    )


@blueprint.post("/<int:device>/reload")
@staff("admin.devices")
def reload_page(device: int) -> Any:
    """Have its page loaded anew, as soon as nobody stands before it."""
    actor = g.actor

    def act() -> None:
        manage_devices.want_reload(actor.office_id, device, g.now, actor.name)

    return attempt(
        act,
        lambda **shown: _show(device, **shown),
        f"{DEVICES}/{device}",
        "Đã yêu cầu tải lại trang; máy tải lại khi không có ai đang dùng.",
    )


@blueprint.post("/<int:device>/test")
@staff("admin.devices")
def test_print(device: int) -> Any:
    """A test paper on the device's printer. Raises NotFound("unknown_device")."""
    office = current_office()
    printer = _card(device)["printer"]

    def act() -> None:
        if printer is None:
            raise NotFound("unknown_printer", printer=0)
        manage_printers.queue_test_print(office["id"], printer, public_address(office), g.now)

    return attempt(act, lambda **shown: _show(device, **shown), f"{DEVICES}/{device}", "Đã gửi phiếu in thử.")


def _show_list(**shown: Any) -> str:
    office = current_office()
    return page("admin/devices.html", devices=_all(), **_choices(office), **shown)


def _show(device: int, **shown: Any) -> str:
    office = current_office()
    card = _card(device)
    return page(
        "admin/device.html",
        device=card,
        users=manage_users.names_by_id(office["id"]),
        lines={str(line["id"]): line["prefix"] for line in manage_places.lines(office["id"])},
        has_page=card["kind"] in WITH_A_PAGE,
        drivers=display_form.drivers(card["options"]) if card["kind"] == DeviceKind.DISPLAY else [],
        **_choices(office),
        **shown,
    )


def _show_code(made: Code) -> str:
    device, code, expires_at = made
    return _show(device, secret={"code": code, "expires_at": expires_at})


def _choices(office: dict[str, Any]) -> dict[str, Any]:
    """What the forms offer, and how moments are written."""
    lines = manage_places.lines(office["id"])
    return {
        "printers": manage_printers.printers(office["id"]),
        "counters": manage_places.counters(office["id"]),
        "kinds": [str(kind) for kind in DeviceKind],
        "at_a_counter": [str(kind) for kind in AT_A_COUNTER],
        "areas": sorted({line["area"] for line in lines} | {each["area"] for each in _all()} | {"main"}),
        "when": clock_of(office["zone"]),
        "ago": ago_of(g.now, office["zone"]),
    }


def _all() -> list[dict[str, Any]]:
    if "hardware" not in g:
        g.hardware = manage_devices.devices(g.actor.office_id, g.now)
    found: list[dict[str, Any]] = g.hardware
    return found


def _card(device: int) -> dict[str, Any]:
    return manage_devices.device_card(g.actor.office_id, device, g.now)


def _options(device: int, kind: str) -> dict[str, Any] | None:
    """The options as the form has them; None where the form has none."""
    if kind == DeviceKind.DISPLAY and "option-driver" in request.form:
        return display_form.read(_card(device)["options"])
    if kind == DeviceKind.KIOSK and "lease_size" in request.form:
        size = whole_or_none("lease_size")
        return {} if size is None else {"lease_size": size}
    return None
