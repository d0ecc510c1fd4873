"""Remember the answers to state-changing requests, inside the transaction of the change itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.models import IdempotentRequest

KEPT_FOR = timedelta(hours=72)


def answer_to(actor: str, key: str) -> IdempotentRequest | None:
    """What was answered to that key before."""
    return IdempotentRequest.get_or_none((IdempotentRequest.actor == actor) & (IdempotentRequest.key == key))


def remember(actor: str, key: str, request_hash: str, status: int, body: str, now: datetime) -> None:
    """Keep an answer for repeats."""
    IdempotentRequest.insert(
        actor=actor, key=key, request_hash=request_hash, status=status, body=body, created_at=now
    ).execute()


def forget_old(now: datetime) -> int:
    """Drop answers nobody will ask for again; returns how many."""
    with bookkeeping():
        return IdempotentRequest.delete().where(IdempotentRequest.created_at < now - KEPT_FOR).execute()
