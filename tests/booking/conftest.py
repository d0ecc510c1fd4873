"""A line that can be booked in half hours, two visitors each, in the town hall of the API's tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from kiosk.services.booking.slots import set_booking
from kiosk.services.hall_settings import change_hall
from kiosk.views.guessing import forget_guesses
from tests.api.desk import Clock, Desk, answered, build, opened_app

PHONES = [f"09{n:08d}" for n in range(12_345_678, 12_345_698)]


class Booking:
    """The desk with a line to book, and what visitors do there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.line = desk.place.justice
        set_booking(desk.place.office.id, self.line.id, {"enabled": True}, desk.clock.now(), "user:1")

    def at(self, hour: int, minute: int = 0, days: int = 0) -> datetime:
        """A moment of the test's day, or of one some days later."""
        day = self.desk.clock.now() + timedelta(days=days)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def be(self, hour: int, minute: int = 0) -> None:
        """It is this time now."""
        self.desk.clock.moment = self.at(hour, minute)

    def try_to_book(self, at: datetime, phone: str = PHONES[0], **more: Any) -> Any:
        """Ask for a time; the answer as it came."""
        body = {"line": self.line.id, "starts_at": at.isoformat(), "phone": phone, **more}
        return self.desk.who("nobody").post("/api/v1/booking/demo", body)

    def book(self, at: datetime, phone: str = PHONES[0], **more: Any) -> dict[str, Any]:
        """A booked time."""
        return answered(self.try_to_book(at, phone, **more), 201)

    def check_in(self, code: str) -> Any:
        """Type or scan it at the kiosk."""
        return self.desk.who("kiosk").post("/api/v1/kiosk/check-in", {"code": code})

    def open_remote(self, **values: Any) -> None:
        """Let numbers be taken from afar."""
        office = self.desk.place.office.id
        change_hall(office, "remote", {"enabled": True, **values}, self.desk.clock.now(), "user:1")

    def take(self, phone: str = PHONES[0], **more: Any) -> Any:
        """Ask for a number from afar; the answer as it came."""
        body = {"line": self.line.id, "phone": phone, **more}
        return self.desk.who("nobody").post("/api/v1/remote/demo/tickets", body)


@pytest.fixture
def booking(database: Database, data_dir: Path, noon: datetime) -> Iterator[Booking]:
    """On SQLite and on PostgreSQL, on a Monday at 9:42."""
    held = Clock(noon)
    forget_guesses()
    with opened_app(database, data_dir, held) as app:
        yield Booking(Desk(app, build(noon), held, data_dir))
