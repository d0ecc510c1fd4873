"""The displays that the worker drives, and what it keeps of how they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kiosk.database import bookkeeping
from kiosk.domain.permissions import DeviceKind
from kiosk.models import Counter, Device, Office

POLLS = "poll"
"""The driver of displays that ask for themselves; the worker has nothing to do with those."""


@dataclass(frozen=True)
class Screen:
    """A display over a counter, as an admin described it."""

    device: int
    office: int
    office_key: str
    counter: int
    counter_number: int
    options: dict[str, Any]


@dataclass(frozen=True)
class Note:
    """How a display was at a moment; `seen` says that it, or its broker, confirmed what it got."""

    device: int
    problem: str | None
    seen: bool


def driven_displays() -> list[Screen]:
    """All displays that have a counter, are not revoked, and are told what to show."""
    rows = (
        Device.select(Device, Counter, Office)
        .join(Counter)
        .switch(Device)
        .join(Office)
        .where((Device.kind == DeviceKind.DISPLAY) & Device.revoked_at.is_null())
        .order_by(Device.id)
    )
    return [
        Screen(row.id, row.office_id, row.office.key, row.counter_id, row.counter.number, row.options)
        for row in rows
        if row.options.get("driver", POLLS) != POLLS
    ]


def note_displays(notes: Iterable[Note], now: datetime) -> None:
    """Keep how displays are: bookkeeping in one transaction, and no fact of the office."""
    with bookkeeping():
        for note in notes:
            device = Device.get_or_none(Device.id == note.device)
            if device is None:
                continue
            device.health = {
                **device.health,
                "problem": note.problem,
                "confirmed": note.seen,
                "checked_at": now.isoformat(),
            }
            if note.seen:
                device.last_seen_at = now
            device.save(only=[Device.health, Device.last_seen_at])
