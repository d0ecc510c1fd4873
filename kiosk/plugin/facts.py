"""What travels through the hooks besides the domain's own things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.domain.queueing import Priority

Answers = Mapping[str, Any]
"""The checked answers to a procedure's intake fields, by field key, defaults filled in."""

SettingValues = Mapping[str, Any]
"""A plugin's settings in the office that asks, by setting key, defaults filled in."""

JournalEvent = Mapping[str, Any]
"""A journal entry: office, seq, at (aware), kind, and the facts of the kind (kiosk/domain/events/)."""


@dataclass(frozen=True)
class Visitor:
    """Who wants a number, as far as it matters for the order: the reason claimed and the age in years, if known."""

    claimed: Priority = Priority.NORMAL
    age: int | None = None
