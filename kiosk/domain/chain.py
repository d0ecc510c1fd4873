"""The journal's hash chain: each entry carries the hash of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""The "previous hash" of an office's first entry."""


@dataclass(frozen=True)
class Entry:
    """One journal entry as it is hashed; `at` is microseconds since 1970 in UTC."""

    seq: int
    at: int
    kind: str
    actor: str
    facts: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold, and how."""

    seq: int
    reason: str


def canonical(facts: dict[str, Any]) -> str:
    """Facts as the one text that is stored and hashed: sorted keys, no spaces, real letters."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def entry_hash(previous_hash: str, seq: int, at: int, kind: str, actor: str, facts: str) -> str:
    """SHA-256 (hex) over the previous hash and everything the entry says."""
    text = "\n".join((previous_hash, str(seq), str(at), kind, actor, facts))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(entries: Iterable[Entry], head_seq: int, head_hash: str) -> Break | None:
    """The first place where the chain is broken, or None.

    `head_seq` and `head_hash` are what the office says its newest entry is: without them a cut-off
    tail would pass unnoticed.
    """
    expected_seq, previous = 1, GENESIS
    for entry in entries:
        if entry.seq != expected_seq:
            return Break(expected_seq, "missing")
        if entry.previous_hash != previous:
            return Break(entry.seq, "not_linked")
        if entry.hash != entry_hash(previous, entry.seq, entry.at, entry.kind, entry.actor, entry.facts):
            return Break(entry.seq, "altered")
        expected_seq, previous = entry.seq + 1, entry.hash
    if expected_seq - 1 != head_seq:
        return Break(expected_seq, "truncated")
    if previous != head_hash:
        return Break(head_seq, "head_differs")
    return None
