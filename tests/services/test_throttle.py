"""Guessing stays slow however long somebody goes on, and however many processes they ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from peewee import Database

from kiosk.domain.errors import TooMany
from kiosk.models import LoginThrottle
from kiosk.services.throttle import (
    FORGIVEN_AFTER,
    LONGEST_BLOCK,
    Guesser,
    count_failure,
    forgive,
    refuse_blocked,
)

LAN = Guesser("user", "lan", 5)


@pytest.fixture(autouse=True)
def opened(database: Database):
    """A connection for the whole test."""
    with database.connection_context():
        yield


def wait_of(now: datetime) -> int:
    """Seconds somebody has to wait; 0 when they need not."""
    try:
        refuse_blocked([LAN], now)
    except TooMany as error:
        return int(error.fields["retry_after"])
    return 0


def test_a_few_slips_cost_nothing_and_then_each_costs_more(noon: datetime) -> None:
    waits = []
    for _ in range(8):
        count_failure(LAN, noon)
        waits.append(wait_of(noon))
    assert waits == [0, 0, 0, 0, 31, 61, 121, 241]


def test_two_hundred_failures_still_block_for_the_longest_time(noon: datetime) -> None:
    for _ in range(200):
        count_failure(LAN, noon)
    assert wait_of(noon) == LONGEST_BLOCK.total_seconds() + 1
    assert LoginThrottle.get_by_id(LAN.subject).failures == 200


def test_time_and_a_right_password_forgive(noon: datetime) -> None:
    for _ in range(6):
        count_failure(LAN, noon)
    later = noon + FORGIVEN_AFTER + timedelta(minutes=1)
    count_failure(LAN, later)
    assert LoginThrottle.get_by_id(LAN.subject).failures == 1
    forgive(LAN)
    assert LoginThrottle.select().count() == 0


def test_no_name_is_kept(noon: datetime) -> None:
    count_failure(LAN, noon)
    assert "lan" not in LoginThrottle.get().subject
