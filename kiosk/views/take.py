"""Pages for the phone at home: take a number, book a time, and say at the door that one is here."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, Response, g, request

from kiosk.domain.errors import Conflict, NotFound
from kiosk.services import look
from kiosk.services.booking.book import CODE_LENGTH
from kiosk.services.booking.door import office_at_door
from kiosk.services.booking.listing import appointment_card, booking_rules
from kiosk.services.booking.slots import bookable_line
from kiosk.services.hall_settings import hall_settings
from kiosk.views.calendar_file import calendar_file
from kiosk.views.door import page, public, public_address, settings
from kiosk.views.guessing import count_guess, refuse_guesser

blueprint = Blueprint("take", __name__)

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004 asks for four)."""


@blueprint.get("/take/<key>")
@public
def take(key: str) -> str:
    """Choose what to come for, then leave a phone number and take a number. Raises NotFound("unknown_office")."""
    office = look.office_by_key(key)
    if not hall_settings(office["id"]).remote.enabled:
        return page("take/closed.html", place=office, kind="take", other=books(office["id"]))
    return _choose(office, "take", lambda line: True)


@blueprint.get("/book/<key>")
@public
def book(key: str) -> str:
    """Choose what to come for, a day and a time. Raises NotFound("unknown_office", "unknown_line")."""
    office = look.office_by_key(key)
    if not books(office["id"]):
        remote = hall_settings(office["id"]).remote.enabled
        return page("take/closed.html", place=office, kind="book", other=remote)
    return _choose(office, "book", lambda line: line["capacity"]["appointments"])


@blueprint.get("/appointment/<token>")
@public
def appointment(token: str) -> str:
    """One's own booked time, with its code; `?day=` looks for another. Raises NotFound("unknown_appointment")."""
    card = _card(token)
    days = _days(card["office"]["id"], card["line"]) if card["state"] == "booked" else None
    return page("take/appointment.html", card=card, place=card["office"], days=days, now=g.now)


@blueprint.get("/appointment/<token>/event.ics")
@public
def event(token: str) -> Response:
    """The booked time for the phone's calendar. Raises NotFound("unknown_appointment")."""
    card = _card(token)
    address = f"{public_address(card['office'])}/appointment/{token}"
    response = Response(calendar_file(card, address, g.now), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="lich-hen.ics"'
    return response


@blueprint.get("/appointment/<token>/qr.svg")
@public
def picture(token: str) -> Response:
    """The QR code of one's own appointment, for the kiosk's scanner. Raises NotFound("unknown_appointment")."""
    card = _card(token)
    drawn = io.BytesIO()
    code = segno.make(f"{public_address(card['office'])}/appointment/{token}", error="m", micro=False)
    code.save(
        drawn, kind="svg", border=QUIET_ZONE, light="#ffffff", dark="#182026", omitsize=True,
        svgclass=None, lineclass=None, xmldecl=False,
    )  # fmt: skip
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@blueprint.get("/arrive/<door>")
@public
def arrive(door: str) -> str:
    """Opened by scanning the code at the door: checks in what this phone follows, or asks for a code."""
    try:
        office = look.office(office_at_door(settings().key, door, g.now))
    except Conflict:
        return page("take/stale.html")
    return page("take/arrive.html", place=office, door=door, longest=CODE_LENGTH + 1)


def _choose(office: dict[str, Any], kind: str, offered: Callable[[dict[str, Any]], bool]) -> str:
    """One page for all steps; how far somebody is stands in the address, so the way back works."""
    menu = look.kiosk_menu(office["id"], None, g.now)
    departments = [each for each in menu["departments"] if offered(each["line"])]
    wanted = request.args.get("line", type=int)
    chosen = next((each for each in departments if each["line"]["id"] == wanted), None)
    procedure = None
    if chosen is not None:
        key = request.args.get("procedure", "")
        procedure = next((each for each in chosen["procedures"] if each["key"] == key), None)
    return page(
        "take/choose.html",
        place=office,
        zone=ZoneInfo(office["zone"]),
        kind=kind,
        departments=departments,
        chosen=chosen,
        procedure=procedure,
        days=_days(office["id"], chosen["line"]["id"]) if chosen and kind == "book" else None,
        remote=hall_settings(office["id"]).remote,
    )


def _days(office_id: int, line_id: int) -> dict[str, Any]:
    """The days that can be booked, the chosen one's times, and the chosen time."""
    line = bookable_line(office_id, line_id)
    days = line.days(g.now)
    day = _asked_day(days)
    slots = line.slots(day, g.now) if day else []
    while day is not None and not slots and "day" not in request.args:
        # Nothing left today: show the first day on which there is.
        day = next((each for each in days if each > day), None)
        slots = line.slots(day, g.now) if day else []
    at = request.args.get("at", "")
    return {
        "all": days,
        "day": day,
        "slots": [
            {"at": slot.starts_at.astimezone(line.zone), "free": slot.free, "key": slot.starts_at.isoformat()}
            for slot in slots
        ],
        "chosen": next(
            (slot.starts_at for slot in slots if slot.starts_at.isoformat() == at and slot.free), None
        ),
        "minutes": line.rule.minutes,
    }


def _asked_day(days: list[date]) -> date | None:
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        asked = None
    return asked if asked in days else next(iter(days), None)


def books(office_id: int) -> bool:
    return any(line["rule"].enabled for line in booking_rules(office_id))


def _card(token: str) -> dict[str, Any]:
    address = request.remote_addr or ""
    refuse_guesser(address)
    try:
        return appointment_card(token)
    except NotFound:
        count_guess(address)
        raise
