"""The journal is append-only by the database's own word, and what is changed all the same is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import DatabaseError

from kiosk.database import is_postgres
from kiosk.domain.chain import verify
from kiosk.models import Journal, Office
from tests.database.test_office_transaction import chain_of, head_of, write
from tests.factories import make_office


@pytest.fixture
def office(database, noon) -> Office:
    """An office with four entries."""
    office = make_office()
    for second in range(4):
        write(office, noon + timedelta(seconds=second))
    return office


REFUSED = {
    "update": "UPDATE journal SET facts = '{}' WHERE seq = 2",
    "update of every row": "UPDATE journal SET kind = 'line.changed'",
    "delete": "DELETE FROM journal WHERE seq = 4",
    "delete of every row": "DELETE FROM journal",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_fact_cannot_be_changed_or_deleted(database, office, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        database.execute_sql(statement)
    assert verify(chain_of(office), *head_of(office)) is None


def test_postgres_does_not_empty_it_either(database, office):
    if not is_postgres():
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"):
        database.execute_sql("TRUNCATE journal")


def test_a_number_is_given_once(database, office):
    first = Journal.select().where(Journal.seq == 1).dicts().get()
    with pytest.raises(DatabaseError):
        Journal.insert(**{**first, "facts": "{}"}).execute()


def test_a_fact_cannot_be_replaced(database, office):
    """SQLite's REPLACE deletes without asking the delete trigger."""
    second = Journal.select().where(Journal.seq == 2).dicts().get()
    upsert = Journal.insert(**{**second, "facts": "{}"})
    upsert = (
        upsert.on_conflict(conflict_target=[Journal.office, Journal.seq], update={Journal.facts: "{}"})
        if is_postgres()
        else upsert.on_conflict_replace()
    )
    with pytest.raises(DatabaseError, match="append-only"):
        upsert.execute()
    assert verify(chain_of(office), *head_of(office)) is None


def test_an_office_with_a_history_cannot_be_deleted(database, office):
    with pytest.raises(DatabaseError):
        Office.delete().where(Office.id == office.id).execute()


def tamper(database, statement: str) -> None:
    """What somebody with the database's own password can do: switch the triggers off first."""
    if is_postgres():
        database.execute_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
    else:
        for verb in ("update", "delete"):
            database.execute_sql(f"DROP TRIGGER journal_no_{verb}")
    database.execute_sql(statement)


@pytest.mark.parametrize(
    ("statement", "seq", "reason"),
    [
        ("UPDATE journal SET facts = '{\"line\":2}' WHERE seq = 2", 2, "altered"),
        ("UPDATE journal SET at = at - 1 WHERE seq = 3", 3, "altered"),
        ("UPDATE journal SET actor = 'user:2' WHERE seq = 1", 1, "altered"),
        ("UPDATE journal SET kind = 'line.changes' WHERE seq = 4", 4, "altered"),
        ("UPDATE journal SET hash = 'f' WHERE seq = 2", 2, "altered"),
        ("UPDATE journal SET previous_hash = 'f' WHERE seq = 2", 2, "not_linked"),
        ("DELETE FROM journal WHERE seq = 2", 2, "missing"),
        ("DELETE FROM journal WHERE seq = 1", 1, "missing"),
        ("DELETE FROM journal WHERE seq = 4", 4, "truncated"),
        ("DELETE FROM journal", 1, "truncated"),
    ],
)
def test_tampering_is_found_where_it_was_done(database, office, statement, seq, reason):
    tamper(database, statement)
    broken = verify(chain_of(office), *head_of(office))
    assert broken is not None
    assert (broken.seq, broken.reason) == (seq, reason)


def test_a_tail_cut_off_together_with_a_new_head_seq_is_found_by_the_hash(database, office):
    tamper(database, "DELETE FROM journal WHERE seq = 4")
    _, head_hash = head_of(office)
    broken = verify(chain_of(office), 3, head_hash)
    assert broken is not None
    assert broken.reason == "head_differs"


def test_it_keeps_every_letter_and_microsecond(database, noon):
    office = make_office()
    write(office, noon + timedelta(microseconds=1))
    entry = Journal.get(Journal.office == office)
    assert entry.at == noon + timedelta(microseconds=1)
    assert entry.facts == '{"line":1,"open":true,"prefix":"T"}'
