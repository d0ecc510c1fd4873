"""Eight processes register parcels at once: no number is given twice, none is left out."""

from __future__ import annotations

from itertools import chain

import pytest

from kiosk.domain.dossier import DossierState
from kiosk.domain.permissions import RIGHTS, Actor, Role
from kiosk.domain.post.s10 import make_number
from kiosk.models import NumberPool, Parcel
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from kiosk.services.post.numbers import allot_numbers
from kiosk.services.post.register_parcel import ParcelWish, register_parcel
from kiosk.services.verify_log import verify_office
from tests.contention.crowd import PROCESSES, Crowd, Place
from tests.factories import make_dossier, make_office

pytestmark = [pytest.mark.contention, pytest.mark.slow]

EACH = 15
ALL = EACH * PROCESSES
FIRST = 49_160_000
TO = {"name": "Trần Văn An", "ward": "xã Tân Tiến", "province": "Bắc Giang"}


def register(place: Place, part: tuple[int, tuple[str, ...]]) -> list[str]:
    """Register a parcel for each dossier of one's part."""
    office, codes = part
    officer = Actor(office, permissions=RIGHTS[Role.OFFICER])
    numbers = []
    for code in codes:
        with gate.breath():
            numbers.append(register_parcel(ParcelWish(code, TO), officer, place.opening).number)
    return numbers


def test_120_parcels_registered_at_once(crowd: Crowd, place: Place):
    office = make_office()
    manage_plugins.enable(office.id, "bcci_post", place.opening, "system:test")
    manager = Actor(office.id, permissions=RIGHTS[Role.MANAGER])
    # Two pools, so that the seam between them is drawn from as well.
    for start in (FIRST, FIRST + ALL // 2):
        allot_numbers("EL", f"{start}", f"{start + ALL // 2 - 1}", manager, place.opening)
    day = place.opening.date()
    codes = [
        make_dossier(office=office, delivery="post", state=DossierState.FINISHED, closed_on=day).code
        for _ in range(ALL)
    ]
    taken = crowd.run(place, register, [(office.id, tuple(codes[n::PROCESSES])) for n in range(PROCESSES)])
    expected = {make_number("EL", FIRST + n) for n in range(ALL)}
    assert sorted(chain.from_iterable(taken)) == sorted(expected)
    assert {row.number for row in Parcel.select()} == expected
    assert [pool.next > pool.last for pool in NumberPool.select()] == [True, True]
    assert verify_office(office.id).broken is None
