"""Ticket printers: the list, one printer's page with its papers, its roll and a test print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from kiosk.devices.models import printer_models
from kiosk.domain.permissions import DeviceKind
from kiosk.services import manage_devices, manage_printers
from kiosk.views.admin_devices import printer_form
from kiosk.views.admin_devices.ago import ago_of
from kiosk.views.door import current_office, page, public_address, staff
from kiosk.views.forms import attempt, clock_of

blueprint = Blueprint("printers", __name__, url_prefix="/printers")

PRINTERS = "/admin/printers"
OPEN = ("queued", "sent", "repeated")
"""States of papers that are still owed."""


@blueprint.get("")
@staff("admin.devices")
def printers() -> str:
    """Every printer with its condition, and the form for a new one."""
    return _show_list()


@blueprint.post("")
@staff("admin.devices")
def add_printer() -> Any:
    """A new printer."""
    actor = g.actor

    def act() -> None:
        manage_printers.add_printer(actor.office_id, printer_form.read(), g.now, actor.name)

    return attempt(act, _named(_show_list), PRINTERS, "Đã thêm máy in.")


@blueprint.get("/<int:printer>")
@staff("admin.devices")
def printer(printer: int) -> str:
    """One printer: how it is, its roll, its papers. Raises NotFound("unknown_printer")."""
    return _show(printer)


@blueprint.post("/<int:printer>")
@staff("admin.devices")
def change_printer(printer: int) -> Any:
    """Another name, address, model or stand-in."""
    actor = g.actor
    manage_printers.printer_card(actor.office_id, printer)

    def act() -> None:
        manage_printers.change_printer(actor.office_id, printer, printer_form.read(), g.now, actor.name)

    show = _named(lambda **shown: _show(printer, **shown))
    return attempt(act, show, f"{PRINTERS}/{printer}", "Đã lưu máy in.")


@blueprint.post("/<int:printer>/roll")
@staff("admin.devices")
def new_roll(printer: int) -> Any:
    """Somebody put in a full roll."""
    actor = g.actor

    def act() -> None:
        manage_printers.new_roll(actor.office_id, printer, g.now, actor.name)

    show = _named(lambda **shown: _show(printer, **shown))
    return attempt(act, show, f"{PRINTERS}/{printer}", "Đã ghi nhận cuộn giấy mới.")


@blueprint.post("/<int:printer>/test")
@staff("admin.devices")
def test_print(printer: int) -> Any:
    """A test paper with all the letters, a ruler and a code."""
    office = current_office()

    def act() -> None:
        manage_printers.queue_test_print(office["id"], printer, public_address(office), g.now)

    show = _named(lambda **shown: _show(printer, **shown))
    return attempt(act, show, f"{PRINTERS}/{printer}", "Đã gửi phiếu in thử.")


def _show_list(**shown: Any) -> str:
    office = current_office()
    return page(
        "admin/printers.html",
        printers=manage_printers.printers(office["id"]),
        values=shown.pop("entered", {"connection": "tcp", "model": "generic-80mm", "failover": "auto"}),
        **_choices(office),
        **shown,
    )


def _show(printer: int, **shown: Any) -> str:
    office = current_office()
    card = manage_printers.printer_card(office["id"], printer)
    papers = card["papers"]
    return page(
        "admin/printer.html",
        printer=card,
        printers=manage_printers.printers(office["id"]),
        users_of_it=[each for each in _devices() if each["printer"] == printer],
        owed=[paper for paper in papers if paper["state"] in OPEN][::-1],
        done=[paper for paper in papers if paper["state"] not in OPEN],
        values=shown.pop("entered", None) or printer_form.values(card),
        **_choices(office),
        **shown,
    )


def _choices(office: dict[str, Any]) -> dict[str, Any]:
    """What the form offers, and how moments are written."""
    return {
        "models": printer_models(),
        "makers": printer_form.models_by_maker(),
        "kiosks": [each for each in _devices() if each["kind"] == DeviceKind.KIOSK],
        "connections": printer_form.CONNECTIONS,
        "speeds": printer_form.SPEEDS,
        "narrow": printer_form.NARROW,
        "when": clock_of(office["zone"]),
        "ago": ago_of(g.now, office["zone"]),
    }


def _devices() -> list[dict[str, Any]]:
    if "hardware" not in g:
        g.hardware = manage_devices.devices(g.actor.office_id, g.now)
    found: list[dict[str, Any]] = g.hardware
    return found


def _named(show: Any) -> Any:
    """Show a refused form with the fault at the form's own field."""
    return lambda **shown: show(
        **{**shown, "field": printer_form.FIELD_NAMES.get(shown["field"], shown["field"])}
    )
