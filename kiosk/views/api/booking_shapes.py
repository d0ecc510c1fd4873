"""Request shapes of bookings and of checking in."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from kiosk.services.booking.arrive import LONGEST_CODE
from kiosk.views.api.shapes import Body, Query


class OfficePath(Query):
    """An office by its key."""

    office: str = Field(max_length=40)


class SlotsQuery(Query):
    """A line, and one of its days."""

    line: int = Field(ge=1, le=2**31 - 1)
    day: date | None = Field(None, description="Without it only the days that can be booked.")


class BookingBody(Body):
    """A time of a line, and a phone number, of which only a keyed hash is kept."""

    line: int = Field(ge=1, le=2**31 - 1)
    starts_at: datetime = Field(strict=False)
    phone: str = Field(max_length=40)
    language: str = Field("vi", max_length=5)
    procedure: str | None = Field(None, max_length=80)


class AppointmentMoveBody(Body):
    """cancel, or move with another time."""

    move: str = Field(max_length=10)
    starts_at: datetime | None = Field(None, strict=False)


class RemoteBody(Body):
    """A wish for a number before coming."""

    line: int | None = Field(None, ge=1, le=2**31 - 1)
    procedure: str | None = Field(None, max_length=80)
    department: str | None = Field(None, max_length=40)
    purpose: str | None = Field(None, max_length=12)
    phone: str = Field(max_length=40)
    language: str = Field("vi", max_length=5)


class CheckInBody(Body):
    """What was typed or scanned."""

    code: str = Field(min_length=1, max_length=LONGEST_CODE)


class ArriveBody(Body):
    """The code the door shows, and that of an appointment or a number."""

    door: str = Field(max_length=60)
    code: str = Field(min_length=1, max_length=LONGEST_CODE)
