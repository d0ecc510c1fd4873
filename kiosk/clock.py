"""The one place where the product asks what time it is; everything below the door gets the answer handed in."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
