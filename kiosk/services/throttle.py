"""Make guessing slow: failures counted in the database, so that every server process knows of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.domain.errors import TooMany
from kiosk.models import LoginThrottle

FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
MOST_DOUBLINGS = 10
FORGIVEN_AFTER = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Guesser:
    """An account or an address that may fail `patience` times before it has to wait."""

    kind: str
    value: str
    patience: int

    @property
    def subject(self) -> str:
        """What is kept: a hash, for a name typed wrongly may be a password."""
        return hashlib.sha256(f"{self.kind}:{self.value}".encode()).hexdigest()


def refuse_blocked(guessers: list[Guesser], now: datetime) -> None:
    """Raises TooMany("too_many_tries", retry_after in seconds) while one of them has to wait."""
    rows = LoginThrottle.select().where(LoginThrottle.subject << [g.subject for g in guessers])
    waits = [row.blocked_until - now for row in rows if row.blocked_until and row.blocked_until > now]
    if waits:
        raise TooMany("too_many_tries", retry_after=int(max(waits).total_seconds()) + 1)


def count_failure(guesser: Guesser, now: datetime) -> None:
    """Count one failure; counted in the database itself, so that parallel tries are all counted."""
    subject = guesser.subject
    with bookkeeping():
        LoginThrottle.delete().where(
            (LoginThrottle.subject == subject) & (LoginThrottle.updated_at < now - FORGIVEN_AFTER)
        ).execute()
        LoginThrottle.insert(subject=subject, failures=1, updated_at=now).on_conflict(
            conflict_target=[LoginThrottle.subject],
            update={LoginThrottle.failures: LoginThrottle.failures + 1, LoginThrottle.updated_at: now},
        ).execute()
        over = LoginThrottle.get_by_id(subject).failures - guesser.patience
        if over >= 0:
            block = min(FIRST_BLOCK * 2 ** min(over, MOST_DOUBLINGS), LONGEST_BLOCK)
            LoginThrottle.update(blocked_until=now + block).where(LoginThrottle.subject == subject).execute()


def forgive(guesser: Guesser) -> None:
    """It was right this time."""
    with bookkeeping():
        LoginThrottle.delete().where(LoginThrottle.subject == guesser.subject).execute()


def forget_old(now: datetime) -> None:
    """Drop what nobody will ask for again."""
    with bookkeeping():
        LoginThrottle.delete().where(LoginThrottle.updated_at < now - KEPT_FOR).execute()
