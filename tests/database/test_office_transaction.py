"""One writer per office: a gapless journal, all or nothing, and a clock that is believed only forwards."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest

from kiosk.database import (
    CLOCK_TOLERANCE,
    bell,
    connection,
    current_transaction,
    office_transaction,
    to_micros,
)
from kiosk.domain.chain import GENESIS, Entry, verify
from kiosk.domain.errors import NotFound, Unavailable
from kiosk.domain.events import LineChanged
from kiosk.models import Journal, Line, Office
from kiosk.services.announce import announce
from tests.factories import HANOI, make_line, make_office


class PaperJam(Exception):
    """Something that goes wrong in the middle."""


def write(office: Office, now: datetime, times: int = 1) -> None:
    """Announce that line 1 opened, so many times in one transaction."""
    with office_transaction(office.id, now, "user:1") as transaction:
        for _ in range(times):
            announce(transaction, LineChanged(line=1, prefix="T", open=True))


def chain_of(office: Office) -> list[Entry]:
    return [
        Entry(
            row["seq"], row["at"], row["kind"], row["actor"], row["facts"], row["previous_hash"], row["hash"]
        )
        for row in Journal.select(
            Journal.seq,
            Journal.at.cast("BIGINT").alias("at"),
            Journal.kind,
            Journal.actor,
            Journal.facts,
            Journal.previous_hash,
            Journal.hash,
        )
        .where(Journal.office == office)
        .order_by(Journal.seq)
        .dicts()
    ]


def head_of(office: Office) -> tuple[int, str]:
    fresh = Office.get_by_id(office.id)
    return fresh.last_seq, fresh.last_hash


def test_the_journal_runs_1_2_3_and_its_chain_holds(database, noon):
    office = make_office()
    write(office, noon, times=3)
    write(office, noon + timedelta(seconds=1), times=2)

    entries = chain_of(office)
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].previous_hash == GENESIS
    assert head_of(office) == (5, entries[-1].hash)
    assert verify(entries, *head_of(office)) is None


def test_offices_number_for_themselves(database, noon):
    here, there = make_office("here"), make_office("there")
    write(here, noon, times=2)
    write(there, noon)
    write(here, noon)
    assert [entry.seq for entry in chain_of(here)] == [1, 2, 3]
    assert [entry.seq for entry in chain_of(there)] == [1]
    assert verify(chain_of(there), *head_of(there)) is None


def test_writers_at_once_leave_no_gap(database, noon):
    office = make_office()
    failures: list[Exception] = []

    def officer() -> None:
        try:
            with connection():
                for _ in range(10):
                    write(office, noon)
        except Exception as error:
            failures.append(error)

    officers = [threading.Thread(target=officer) for _ in range(4)]
    for each in officers:
        each.start()
    for each in officers:
        each.join()
    assert failures == []
    assert [entry.seq for entry in chain_of(office)] == list(range(1, 41))
    assert verify(chain_of(office), *head_of(office)) is None


def test_a_failure_leaves_nothing_behind(database, noon):
    office = make_office()
    write(office, noon)
    before = head_of(office)

    def fail_halfway() -> None:
        with office_transaction(office.id, noon, "user:1") as transaction:
            make_line(prefix="X", office=office)
            announce(transaction, LineChanged(line=1, prefix="X", open=True))
            raise PaperJam

    with pytest.raises(PaperJam):
        fail_halfway()
    assert head_of(office) == before
    assert Line.select().count() == 0
    assert current_transaction() is None
    write(office, noon)
    assert [entry.seq for entry in chain_of(office)] == [1, 2]


def test_a_nested_transaction_of_the_same_office_is_the_same_one(database, noon):
    office = make_office()
    with (
        office_transaction(office.id, noon, "user:1") as outer,
        office_transaction(office.id, noon, "user:2") as inner,
    ):
        assert inner is outer
        announce(inner, LineChanged(line=1, prefix="T", open=True))
    assert [entry.actor for entry in chain_of(office)] == ["user:1"]


def test_a_failure_in_a_nested_one_undoes_the_whole(database, noon):
    office = make_office()

    def fail_inside() -> None:
        with office_transaction(office.id, noon, "user:1") as outer:
            announce(outer, LineChanged(line=1, prefix="T", open=True))
            with office_transaction(office.id, noon, "user:1"):
                raise PaperJam

    with pytest.raises(PaperJam):
        fail_inside()
    assert chain_of(office) == []


def test_one_transaction_changes_one_office(database, noon):
    here, there = make_office("here"), make_office("there")
    with (
        pytest.raises(RuntimeError, match="one office"),
        office_transaction(here.id, noon, "user:1"),
        office_transaction(there.id, noon, "user:1"),
    ):
        pass
    write(there, noon)
    assert len(chain_of(there)) == 1


def test_an_office_that_is_not_there(database, noon):
    with pytest.raises(NotFound) as refusal, office_transaction(404, noon, "user:1"):
        pass
    assert refusal.value.code == "unknown_office"


def test_a_clock_that_went_back_is_not_believed(database, noon):
    office = make_office()
    write(office, noon)
    with pytest.raises(Unavailable) as refusal:
        write(office, noon - CLOCK_TOLERANCE - timedelta(seconds=1))
    assert refusal.value.code == "clock_went_back"
    assert len(chain_of(office)) == 1


def test_a_clock_set_right_by_a_little_is_believed(database, noon):
    office = make_office()
    write(office, noon)
    write(office, noon - CLOCK_TOLERANCE)
    write(office, noon + timedelta(seconds=1))
    assert [entry.at for entry in chain_of(office)] == [
        to_micros(noon),
        to_micros(noon),  # time stands still in the journal rather than running back
        to_micros(noon + timedelta(seconds=1)),
    ]


def test_a_clock_that_creeps_back_in_small_steps_is_not_believed(database, noon):
    """Each step is measured from the newest moment ever seen, not from the step before."""
    office = make_office()
    write(office, noon)
    write(office, noon - CLOCK_TOLERANCE)
    with pytest.raises(Unavailable):
        write(office, noon - 2 * CLOCK_TOLERANCE)


@pytest.mark.parametrize(
    ("local", "day"),
    [
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=HANOI), date(2026, 11, 23)),
        (datetime(2026, 11, 24, 0, 0, 1, tzinfo=HANOI), date(2026, 11, 24)),
        (datetime(2026, 11, 24, 6, 59, tzinfo=HANOI), date(2026, 11, 24)),
    ],
)
def test_the_business_day_is_the_office_s_own(database, local, day):
    office = make_office()
    with office_transaction(office.id, local, "user:1") as transaction:
        assert transaction.day == day
        assert transaction.local().hour == local.hour


def test_the_business_day_never_goes_back(database):
    office = make_office()
    after_midnight = datetime(2026, 11, 24, 0, 0, 30, tzinfo=HANOI)
    write(office, after_midnight)
    with office_transaction(office.id, after_midnight - timedelta(minutes=1), "user:1") as transaction:
        assert transaction.day == date(2026, 11, 24)


def test_reading_alone_leaves_the_office_as_it_is(database, noon):
    office = make_office()
    with office_transaction(office.id, noon, "user:1"):
        pass
    assert Office.get_by_id(office.id).last_at is None


def test_the_bell_rings_after_commit_and_only_then(database, noon):
    office = make_office()

    def fail_after_announcing() -> None:
        with office_transaction(office.id, noon, "user:1") as transaction:
            announce(transaction, LineChanged(line=1, prefix="T", open=True))
            raise PaperJam

    listener = bell().listen()
    try:
        with office_transaction(office.id, noon, "user:1") as transaction:
            announce(transaction, LineChanged(line=1, prefix="T", open=True))
            assert not listener.wait(0)
        assert listener.wait(2)

        with pytest.raises(PaperJam):
            fail_after_announcing()
        assert not listener.wait(0.05)
    finally:
        listener.close()
