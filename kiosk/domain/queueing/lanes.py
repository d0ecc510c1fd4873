"""The lanes of a line: visitors of one kind, who among themselves are called in the order in which they came."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.errors import DomainError
from kiosk.domain.queueing.priority import Priority


class Lane(StrEnum):
    """A kind of visitor within a line."""

    PRIORITY = "priority"
    APPOINTMENT = "appointment"
    RETURNING = "returning"
    NORMAL = "normal"
    BULK = "bulk"


LANES = tuple(Lane)


class Purpose(StrEnum):
    """Why somebody comes: with an application, for a result, or with what was missing."""

    APPLY = "apply"
    PICKUP = "pickup"
    SUPPLEMENT = "supplement"


def parse_purpose(value: str | None) -> Purpose:
    """The purpose of a visit; nothing said is APPLY. Raises DomainError("unknown_purpose")."""
    try:
        return Purpose(value or Purpose.APPLY)
    except ValueError:
        raise DomainError(
            "unknown_purpose", purpose=str(value)[:40], allowed=[str(p) for p in Purpose]
        ) from None


def lane_of(
    priority: Priority, purpose: Purpose, dossiers: int, *, appointment: bool = False, bulk_from: int = 0
) -> Lane:
    """The lane a visitor waits in; the law's classes come before all others.

    `bulk_from` is the number of dossiers from which a carrier waits apart; 0 keeps carriers among the others.
    """
    if priority is not Priority.NORMAL:
        return Lane.PRIORITY
    if appointment:
        return Lane.APPOINTMENT
    if purpose is not Purpose.APPLY:
        return Lane.RETURNING
    if bulk_from and dossiers >= bulk_from:
        return Lane.BULK
    return Lane.NORMAL
