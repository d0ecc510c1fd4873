"""Eight processes book the same half hour at once: nobody gets a place that is not there."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

import pytest

from kiosk.domain.errors import Conflict
from kiosk.models import Appointment, Journal
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from kiosk.services.booking.book import Wanted, book
from kiosk.services.booking.slots import set_booking
from kiosk.services.verify_log import verify_office
from tests.contention.conftest import crowd, place
from tests.contention.crowd import PROCESSES, Crowd, Place
from tests.factories import make_counter, make_line, make_office

__all__ = ["crowd", "place"]

pytestmark = [pytest.mark.contention, pytest.mark.slow]

PEOPLE_EACH = 10
CAPACITY = 7


def book_for_many(place: Place, wanted: tuple[int, int, list[datetime], int]) -> list[str]:
    """Book each time for so many people; what came of it."""
    office, line, times, part = wanted
    return [
        _book(place, office, Wanted(line, at, f"{part}-{person}"))
        for at in times
        for person in range(PEOPLE_EACH)
    ]


def _book(place: Place, office: int, wanted: Wanted) -> str:
    try:
        with gate.breath():
            return book(office, wanted, place.opening).code
    except Conflict as refusal:
        return refusal.code


def test_capacity_is_never_exceeded(crowd: Crowd, place: Place) -> None:
    office = make_office()
    manage_plugins.enable(office.id, "justice", place.opening, "system:test")
    line = make_line(office=office)
    make_counter(1, [line], office)
    set_booking(office.id, line.id, {"enabled": True, "capacity": CAPACITY}, place.opening, "user:1")
    eight = place.opening.replace(hour=8, minute=0) + timedelta(days=2)
    times = [eight, eight + timedelta(days=1)]
    tasks = [(office.id, line.id, times, part) for part in range(PROCESSES)]
    outcome = list(chain.from_iterable(crowd.run(place, book_for_many, tasks)))

    assert len(outcome) == PROCESSES * PEOPLE_EACH * len(times)
    refusals = [each for each in outcome if "_" in each]
    assert set(refusals) == {"slot_full"}
    codes = {each for each in outcome if "_" not in each}
    assert len(codes) == CAPACITY * len(times) == Appointment.select().count()
    for at in times:
        assert Appointment.select().where(Appointment.starts_at == at).count() == CAPACITY
    assert Journal.select().where(Journal.kind == "appointment.booked").count() == len(codes)
    assert verify_office(office.id).broken is None
