"""The code at the door: shown by the kiosk, good for some minutes, so that whoever scans it stands in front of it."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from kiosk.domain.errors import Conflict

CHANGES_SECONDS = 300
GOOD_FOR = 3
"""Periods: the present one and those in which somebody may have scanned and is still typing."""
SIGNED = re.compile(r"([0-9]{1,9})-([0-9]{1,12})-([0-9a-f]{16})")


def door_code(key: bytes, office_id: int, now: datetime) -> str:
    """The code to show now."""
    return _signed(key, office_id, _period(now))


def office_at_door(key: bytes, code: str, now: datetime) -> int:
    """The office whose door shows this code. Raises Conflict("door_code_stale") for an old and a made-up one alike."""
    found = SIGNED.fullmatch(code)
    if found is None:
        raise Conflict("door_code_stale")
    office_id, period = int(found[1]), int(found[2])
    fresh = 0 <= _period(now) - period < GOOD_FOR
    if not fresh or not hmac.compare_digest(_signed(key, office_id, period), code):
        raise Conflict("door_code_stale")
    return office_id


def _period(now: datetime) -> int:
    return int(now.timestamp()) // CHANGES_SECONDS


def _signed(key: bytes, office_id: int, period: int) -> str:
    mac = hmac.new(key, f"door:{office_id}:{period}".encode(), hashlib.sha256).hexdigest()[:16]
    return f"{office_id}-{period}-{mac}"
