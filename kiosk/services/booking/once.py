"""A change by somebody without an account, made once for one key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict
from kiosk.services import idempotency
from kiosk.services.booking.book import CITIZEN


@dataclass(frozen=True)
class Answer:
    """What was answered, now or (`replayed`) before."""

    status: int
    body: str
    replayed: bool = False


def once(
    office_id: int, key: str, wish: bytes, secret: bytes, now: datetime, act: Callable[[], Answer]
) -> Answer:
    """Do `act`, or answer as the first time. The change and its answer are kept together.

    What is kept of the wish is a keyed hash: from a plain one, a phone number in it could be guessed. Without a key
    nothing is kept. Raises Conflict("idempotency_key_reused") and whatever `act` raises.
    """
    if not key:
        return act()
    digest = hmac.new(secret, wish, hashlib.sha256).hexdigest()
    with office_transaction(office_id, now, CITIZEN):
        earlier = idempotency.answer_to(CITIZEN, key)
        if earlier is not None:
            if earlier.request_hash != digest:
                raise Conflict("idempotency_key_reused")
            return Answer(earlier.status, earlier.body, replayed=True)
        answer = act()
        idempotency.remember(CITIZEN, key, digest, answer.status, answer.body, now)
    return answer
