"""Write a fact to the journal: the next sequence number of the office, chained to the one before."""

from __future__ import annotations

from kiosk.database import OfficeTransaction, to_micros
from kiosk.domain.chain import canonical, entry_hash
from kiosk.domain.events import Event
from kiosk.models import Journal
from kiosk.models.prepared import insert


def announce(transaction: OfficeTransaction, event: Event) -> int:
    """Append `event` to the journal of the open office transaction and return its sequence number."""
    seq = transaction.last_seq + 1
    facts = canonical(event.facts())
    at = to_micros(transaction.now)
    digest = entry_hash(transaction.last_hash, seq, at, event.kind, transaction.actor, facts)
    entry = {
        "office": transaction.office_id,
        "seq": seq,
        "at": at,
        "kind": event.kind,
        "actor": transaction.actor,
        "facts": facts,
        "previous_hash": transaction.last_hash,
        "hash": digest,
    }
    insert(Journal, entry)
    transaction.last_seq, transaction.last_hash, transaction.touched = seq, digest, True
    return seq
