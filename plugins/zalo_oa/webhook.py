"""Whether a call to a webhook comes from Zalo.

Zalo sends `X-ZEvent-Signature: mac=<hex>`: SHA-256 of application id, raw body, timestamp and the account's secret key,
one after the other. The house has no use for Zalo's events yet; a page that takes them must ask this first.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

BELIEVED_FOR = timedelta(minutes=5)
"""An older event may be one that somebody recorded."""


def is_from_zalo(
    signature: str, body: bytes, timestamp: str, app_id: str, oa_secret_key: str, now: datetime
) -> bool:
    """Whether the signature fits the raw body and the timestamp (milliseconds since 1970) is of these minutes."""
    if not oa_secret_key or not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 16:
        return False
    if abs(now.timestamp() - int(timestamp) / 1000) > BELIEVED_FOR.total_seconds():
        return False
    wanted = hashlib.sha256(app_id.encode() + body + timestamp.encode() + oa_secret_key.encode()).hexdigest()
    given = signature.strip().lower().removeprefix("mac=")
    return hmac.compare_digest(wanted.encode(), given.encode())
