"""Remember the answers to state-changing requests, inside the transaction of the change itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.models import IdempotentRequest
from kiosk.models.prepared import Prepared, Slot, insert

KEPT_FOR = timedelta(hours=72)

ANSWER = Prepared(
    lambda: (
        IdempotentRequest.select()
        .where((IdempotentRequest.actor == Slot("actor")) & (IdempotentRequest.key == Slot("key")))
        .limit(1)
    )
)


def answer_to(actor: str, key: str) -> IdempotentRequest | None:
    """What was answered to that key before."""
    return ANSWER.first(actor=actor, key=key)


def remember(actor: str, key: str, request_hash: str, status: int, body: str, now: datetime) -> None:
    """Keep an answer for repeats."""
    kept = {"actor": actor, "key": key, "request_hash": request_hash, "status": status, "body": body}
    insert(IdempotentRequest, {**kept, "created_at": now})


def forget_old(now: datetime) -> int:
    """Drop answers nobody will ask for again; returns how many."""
    with bookkeeping():
        return IdempotentRequest.delete().where(IdempotentRequest.created_at < now - KEPT_FOR).execute()
