"""Coming at a known time, over the API: free slots, appointments, and numbers taken before coming."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.errors import DomainError, NotFound
from kiosk.services import look
from kiosk.services.booking.book import Wanted, book, cancel_booking, move_booking
from kiosk.services.booking.listing import appointment_card
from kiosk.services.booking.person import person_key
from kiosk.services.booking.remote import take_from_afar
from kiosk.services.booking.slots import bookable_line
from kiosk.services.issue_ticket import TicketHouse, Wish
from kiosk.views.api.answers import answer
from kiosk.views.api.booking_shapes import (
    AppointmentMoveBody,
    BookingBody,
    OfficePath,
    RemoteBody,
    SlotsQuery,
)
from kiosk.views.api.once import created_once
from kiosk.views.api.shapes import TokenPath
from kiosk.views.door import public, public_address, settings
from kiosk.views.guessing import count_guess, refuse_guesser

api = APIBlueprint("api_booking", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="booking")])


@api.get("/booking/<string:office>/slots", summary="Times that can be booked")
@public
def slots(path: OfficePath, query: SlotsQuery) -> Response:
    """The days of a line, and the times of one of them with their free places."""
    line = bookable_line(look.office_by_key(path.office)["id"], query.line)
    days = line.days(g.now)
    times = line.slots(query.day, g.now) if query.day in days and query.day is not None else []
    return answer(
        {
            "days": [day.isoformat() for day in days],
            "slots": [{**asdict(slot), "starts_at": slot.starts_at.isoformat()} for slot in times],
        }
    )


@api.post("/booking/<string:office>", summary="Book a time")
@public
def book_slot(path: OfficePath, body: BookingBody) -> Response:
    """Book a free time; the answer has the code to bring along."""
    office = look.office_by_key(path.office)
    starts_at = _aware(body.starts_at)

    def act() -> dict[str, Any]:
        key = person_key(settings().key, office["id"], body.phone)
        wanted = Wanted(body.line, starts_at, key, body.procedure, body.language)
        return _card(book(office["id"], wanted, g.now).token)

    return created_once(office["id"], act)


@api.get("/appointments/<string:token>", summary="One's own appointment")
@public
def appointment(path: TokenPath) -> Response:
    """The booked time the token belongs to."""
    return _guarded(lambda: answer(_card(path.token)))


@api.post("/appointments/<string:token>/moves", summary="Give a booked time up, or take another")
@public
def appointment_move(path: TokenPath, body: AppointmentMoveBody) -> Response:
    """cancel, or move to another free time of the same line."""

    def act() -> Response:
        if body.move == "cancel":
            cancel_booking(path.token, g.now)
        elif body.move == "move" and body.starts_at is not None:
            move_booking(path.token, _aware(body.starts_at), g.now)
        else:
            raise DomainError("unknown_move", thing="appointment", move=body.move, allowed=["cancel", "move"])
        return answer(_card(path.token))

    return _guarded(act)


@api.post("/remote/<string:office>/tickets", summary="Take a number before coming")
@public
def take(path: OfficePath, body: RemoteBody) -> Response:
    """A number that keeps its place and is called once its holder has checked in."""
    office = look.office_by_key(path.office)

    def act() -> dict[str, Any]:
        key = person_key(settings().key, office["id"], body.phone)
        wish = Wish(**body.model_dump(exclude={"phone"}), remote=True, person_key=key, paper=False)
        house = TicketHouse(settings().key, public_address(office))
        return look.issued_card(take_from_afar(office["id"], wish, g.now, house), house.base_url)

    return created_once(office["id"], act)


def _card(token: str) -> dict[str, Any]:
    card = appointment_card(token)
    base = public_address(card["office"])
    return {
        "code": card["code"],
        "state": card["state"],
        "at": card["starts_at"].isoformat(),
        "minutes": card["minutes"],
        "line": card["line"],
        "title": card["title"],
        "title_en": card["title_en"],
        "ticket": card["ticket"]["label"] if card["ticket"] else None,
        "follow_url": f"{base}/appointment/{token}",
    }


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise DomainError("date_malformed", field="starts_at")
    return moment


def _guarded(act: Callable[[], Response]) -> Response:
    address = request.remote_addr or ""
    refuse_guesser(address)
    try:
        return act()
    except NotFound:
        count_guess(address)
        raise
