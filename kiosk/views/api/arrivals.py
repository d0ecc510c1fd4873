"""Saying that one is here: at a kiosk by code or scan, at the door by one's own phone."""

from __future__ import annotations

import base64
import io
from typing import Any

import segno
from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.permissions import Actor
from kiosk.services import look
from kiosk.services.booking.arrive import Arrived, arrive
from kiosk.services.booking.door import CHANGES_SECONDS, door_code, office_at_door
from kiosk.services.booking.listing import booking_rules
from kiosk.services.hall_settings import hall_settings
from kiosk.services.issue_ticket import TicketHouse
from kiosk.views.api.answers import answer
from kiosk.views.api.booking_shapes import ArriveBody, CheckInBody
from kiosk.views.door import idempotent, public, public_address, right, settings
from kiosk.views.guessing import count_guess, refuse_guesser

api = APIBlueprint("api_arrivals", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="booking")])

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004 asks for four)."""


@api.post("/kiosk/check-in", summary="Check in at a kiosk")
@right("ticket.issue")
@idempotent
def kiosk_check_in(body: CheckInBody) -> Response:
    """A booked time becomes a number with its paper; a number from afar may be called from now on."""
    office = look.office(g.actor.office_id)
    house = _house(office)
    return answer(_arrived(arrive(office["id"], body.code, g.actor, g.now, house), house), 201)


@api.post("/arrive", summary="Check in at the door by phone")
@public
def arrive_at_door(body: ArriveBody) -> Response:
    """The same on one's own phone, in front of the code at the door; there is no paper."""
    address = request.remote_addr or ""
    refuse_guesser(address)
    try:
        office = look.office(office_at_door(settings().key, body.door, g.now))
        house = _house(office)
        arrived = arrive(office["id"], body.code, Actor(office["id"]), g.now, house, paper=False)
    except (NotFound, Conflict) as error:
        if error.code in {"check_in_unknown", "door_code_stale"}:
            count_guess(address)
        raise
    return answer(_arrived(arrived, house), 201)


@api.get("/kiosk/door", summary="The code at the door")
@right("ticket.issue")
def door() -> Response:
    """What a kiosk shows to people with a phone: whether there is anything to check in, and the addresses to scan."""
    office = look.office(g.actor.office_id)
    remote = hall_settings(office["id"]).remote.enabled
    booking = any(line["rule"].enabled for line in booking_rules(office["id"]))
    base = public_address(office)
    arrive_url = f"{base}/arrive/{door_code(settings().key, office['id'], g.now)}"
    book_url = f"{base}/book/{office['key']}"
    return answer(
        {
            "remote": remote,
            "appointments": booking,
            "arrive": {"url": arrive_url, "picture": _picture(arrive_url)} if remote or booking else None,
            "book": {"url": book_url, "picture": _picture(book_url)} if booking else None,
            "seconds": CHANGES_SECONDS,
        }
    )


def _arrived(arrived: Arrived, house: TicketHouse) -> dict[str, Any]:
    return {**look.issued_card(arrived.issued, house.base_url), "arrival": arrived.how}


def _house(office: dict[str, Any]) -> TicketHouse:
    return TicketHouse(settings().key, public_address(office))


def _picture(address: str) -> str:
    """A QR code as an address that an `img` shows."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=QUIET_ZONE, light="#ffffff", dark="#182026", omitsize=True, xmldecl=False
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
