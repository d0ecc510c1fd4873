"""Read the journal with a cursor: each reader gets every fact in order, at least once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from peewee import fn

from kiosk.database import bookkeeping
from kiosk.models import Cursor, Journal, Office

BATCH = 100
LAG = 500
"""A reader with no news of its own lets its cursor fall behind so far: each step is a promise of the disk."""


def deliver(reader: str, hear: Callable[[dict[str, Any]], bool], kinds: str, now: datetime) -> int:
    """Give `reader` what happened since its cursor, office by office; stop at a fact it fails on.

    `hear` returns False when it failed; the fact is then told again later. Returns how many facts were heard.
    """
    passed = 0
    for office in Office.select(Office.id, Office.last_seq):
        cursor, _ = Cursor.get_or_create(office=office.id, reader=reader, defaults={"seq": 0})
        while cursor.seq < office.last_seq:
            entries = _entries(office, cursor.seq, kinds)
            if not entries and office.last_seq - cursor.seq < LAG:
                break
            heard, failed = _hear(entries, hear)
            passed += heard
            if failed:
                reached = entries[heard].seq - 1
            else:
                reached = entries[-1].seq if len(entries) == BATCH else office.last_seq
            _advance(office.id, reader, reached, cursor.failures + 1 if failed else 0)
            cursor.seq = reached
            if failed:
                break
    return passed


def _entries(office: Office, after: int, kinds: str) -> list[Journal]:
    """The next facts of these kinds: whatever else was written costs nothing but being passed over."""
    wanted = (Journal.office == office.id) & Journal.seq.between(after + 1, office.last_seq)
    wanted &= fn.SUBSTR(Journal.kind, 1, len(kinds)) == kinds
    return list(Journal.select().where(wanted).order_by(Journal.seq).limit(BATCH))


def _hear(entries: list[Journal], hear: Callable[[dict[str, Any]], bool]) -> tuple[int, bool]:
    """How many were heard, and whether the next one failed."""
    for heard, entry in enumerate(entries):
        if not hear(journal_event(entry)):
            return heard, True
    return len(entries), False


def journal_event(entry: Journal) -> dict[str, Any]:
    """A journal entry as a plugin hears it."""
    return {
        "office": entry.office_id,
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        **json.loads(entry.facts),
    }


def _advance(office_id: int, reader: str, seq: int, failures: int) -> None:
    with bookkeeping():
        Cursor.update(seq=seq, failures=failures).where(
            (Cursor.office == office_id) & (Cursor.reader == reader)
        ).execute()
