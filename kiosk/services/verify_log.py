"""Recompute an office's hash chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.database import connection, to_micros
from kiosk.domain.chain import Break, Entry, verify
from kiosk.models import Journal, Office

PAGE = 5_000


@dataclass(frozen=True)
class Verdict:
    """How many entries an office's journal has, its newest hash, and where it is broken, if it is."""

    entries: int
    head: str
    broken: Break | None


def verify_office(office_id: int) -> Verdict:
    """Walk the journal from its first entry; memory stays flat however long it is."""
    with connection():
        office = Office.get_by_id(office_id)
        broken = verify(_entries(office_id, office.last_seq), office.last_seq, office.last_hash)
    return Verdict(office.last_seq, office.last_hash, broken)


def _entries(office_id: int, last: int) -> Iterator[Entry]:
    for first in range(1, last + 1, PAGE):
        rows = (
            Journal.select()
            .where((Journal.office == office_id) & Journal.seq.between(first, min(first + PAGE - 1, last)))
            .order_by(Journal.seq)
        )
        for row in rows:
            yield Entry(
                row.seq, to_micros(row.at), row.kind, row.actor, row.facts, row.previous_hash, row.hash
            )
