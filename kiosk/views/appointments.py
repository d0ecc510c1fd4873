"""The booked times of a day, for the staff: who is expected when, and who has come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, g, request

from kiosk.domain.errors import NotFound
from kiosk.services import look
from kiosk.services.booking.arrive import arrive
from kiosk.services.booking.book import cancel_booking
from kiosk.services.booking.listing import appointment_card, appointments_of
from kiosk.services.issue_ticket import TicketHouse
from kiosk.views.door import current_office, page, public_address, settings, staff
from kiosk.views.forms import attempt, text

blueprint = Blueprint("appointments", __name__)


@blueprint.get("/appointments")
@staff("appointment.manage")
def listing() -> str:
    """Today's, or those of `?day=`."""
    return _show()


@blueprint.post("/appointments/arrive")
@staff("appointment.manage")
def check_in() -> Any:
    """Check somebody in at the desk, by the code they say."""
    office = current_office()
    house = TicketHouse(settings().key, public_address(office))

    def act() -> None:
        arrive(office["id"], text("code"), g.actor, g.now, house)

    return attempt(act, _show, "/appointments", "Đã ghi nhận người đến.")


@blueprint.post("/appointments/<token>/cancel")
@staff("appointment.manage")
def cancel(token: str) -> Any:
    """Give a time up for somebody who called."""
    actor = g.actor

    def act() -> None:
        if appointment_card(token)["office"]["id"] != actor.office_id:
            raise NotFound("unknown_appointment")
        cancel_booking(token, g.now, actor.name)

    return attempt(act, _show, f"/appointments?day={request.args.get('day', '')}", "Đã hủy lịch hẹn.")


def _show(**shown: Any) -> str:
    office = current_office()
    today = look.today(office, g.now)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today
    return page(
        "take/appointments.html",
        day=day,
        today=today,
        before=day - timedelta(days=1) if day > date.min else day,
        after=day + timedelta(days=1) if day < date.max else day,
        rows=appointments_of(office["id"], day),
        zone=ZoneInfo(office["zone"]),
        **shown,
    )
