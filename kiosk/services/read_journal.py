"""Read the journal with a cursor: each reader gets every fact in order, at least once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kiosk.database import bookkeeping
from kiosk.models import Cursor, Journal, Office

BATCH = 100


def deliver(reader: str, hear: Callable[[dict[str, Any]], bool], kinds: str, now: datetime) -> int:
    """Give `reader` what happened since its cursor, office by office; stop at a fact it fails on.

    `hear` returns False when it failed; the fact is then told again later. Returns how many facts were passed.
    """
    passed = 0
    for office in Office.select(Office.id, Office.last_seq):
        cursor, _ = Cursor.get_or_create(office=office.id, reader=reader, defaults={"seq": 0})
        while cursor.seq < office.last_seq:
            entries = list(
                Journal.select()
                .where((Journal.office == office.id) & (Journal.seq > cursor.seq))
                .order_by(Journal.seq)
                .limit(BATCH)
            )
            reached, failed = _hear(entries, hear, kinds, cursor.seq)
            passed += reached - cursor.seq
            _advance(office.id, reader, reached, cursor.failures + 1 if failed else 0)
            cursor.seq = reached
            if failed or not entries:
                break
    return passed


def _hear(
    entries: list[Journal], hear: Callable[[dict[str, Any]], bool], kinds: str, seq: int
) -> tuple[int, bool]:
    for entry in entries:
        if entry.kind.startswith(kinds) and not hear(journal_event(entry)):
            return seq, True
        seq = entry.seq
    return seq, False


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
