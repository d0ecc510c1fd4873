"""Sign in, stay signed in, sign out. The cookie holds a random token; the database only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.domain.errors import TooMany, Unauthenticated
from kiosk.domain.permissions import RIGHTS, Actor, Role, SignedInUser
from kiosk.models import LoginThrottle, Posting, Session, User
from kiosk.services import passwords

FREE_FAILURES = 5
FREE_FAILURES_PER_ADDRESS = 30
"""One office shares an address, so an address is given more patience than an account."""
FIRST_BLOCK = timedelta(seconds=30)
LONGEST_BLOCK = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=1)
SEEN_EVERY = timedelta(minutes=1)
"""A session's last sight is written at most this often: reading a page should not write."""


@dataclass(frozen=True)
class SignIn:
    """A new session: the token for the cookie, whom it is for and when it ends."""

    token: str
    user: SignedInUser
    office_id: int
    expires_at: datetime


def token_hash(token: str) -> str:
    """How a bearer or session token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(username: str, password: str, address: str, now: datetime, lifetime: timedelta) -> SignIn:
    """Open a session.

    Raises Unauthenticated("wrong_password") for an unknown, disabled or wrongly named account alike, and
    TooMany("too_many_tries", retry_after in seconds) after repeated failures of the account or the address.
    """
    username = username.strip().lower()
    subjects = (
        (_subject("user", username), FREE_FAILURES),
        (_subject("address", address), FREE_FAILURES_PER_ADDRESS),
    )
    _refuse_blocked([subject for subject, _ in subjects], now)
    user = User.get_or_none((User.username == username) & (User.active == True))  # noqa: E712  (SQL, not Python)
    if not passwords.verify(user.password_hash if user else None, password):
        for subject, patience in subjects:
            _count_failure(subject, patience, now)
        raise Unauthenticated("wrong_password")
    token = secrets.token_urlsafe(32)
    expires_at = now + lifetime
    with bookkeeping():
        LoginThrottle.delete().where(LoginThrottle.subject == subjects[0][0]).execute()
        Session.create(
            token_hash=token_hash(token), user=user, created_at=now, last_seen_at=now, expires_at=expires_at
        )
    return SignIn(token, _signed_in(user), user.office_id, expires_at)


def sign_out(token: str, now: datetime) -> None:
    """End a session; an unknown one is fine."""
    with bookkeeping():
        Session.update(revoked_at=now).where(
            (Session.token_hash == token_hash(token)) & Session.revoked_at.is_null()
        ).execute()


def end_sessions_of(user_id: int, now: datetime) -> None:
    """End every session of an account: disabled, another role, a new password."""
    Session.update(revoked_at=now).where((Session.user == user_id) & Session.revoked_at.is_null()).execute()


def who_is(token: str, now: datetime) -> Actor:
    """The member of staff behind a session token.

    Raises Unauthenticated("session_unknown", "session_expired", "session_ended").
    """
    session = Session.select(Session, User).join(User).where(Session.token_hash == token_hash(token)).first()
    if session is None:
        raise Unauthenticated("session_unknown")
    if session.revoked_at is not None or not session.user.active:
        raise Unauthenticated("session_ended")
    if session.expires_at <= now:
        raise Unauthenticated("session_expired")
    if now - session.last_seen_at > SEEN_EVERY:
        with bookkeeping():
            Session.update(last_seen_at=now).where(Session.id == session.id).execute()
    user = _signed_in(session.user)
    return Actor(session.user.office_id, user=user, permissions=RIGHTS[user.role])


def _signed_in(user: User) -> SignedInUser:
    counters = frozenset(row.counter_id for row in Posting.select().where(Posting.user == user.id))
    return SignedInUser(user.id, user.username, user.display_name, Role(user.role), user.language, counters)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def _refuse_blocked(subjects: list[str], now: datetime) -> None:
    rows = LoginThrottle.select().where(LoginThrottle.subject << subjects)
    waits = [row.blocked_until - now for row in rows if row.blocked_until and row.blocked_until > now]
    if waits:
        raise TooMany("too_many_tries", retry_after=int(max(waits).total_seconds()) + 1)


def _count_failure(subject: str, patience: int, now: datetime) -> None:
    with bookkeeping():
        row = LoginThrottle.get_or_none(LoginThrottle.subject == subject)
        earlier = row.failures if row and now - row.updated_at < FORGIVEN_AFTER else 0
        failures = earlier + 1
        block = None
        if failures >= patience:
            block = now + min(FIRST_BLOCK * 2 ** (failures - patience), LONGEST_BLOCK)
        values = {"failures": failures, "blocked_until": block, "updated_at": now}
        LoginThrottle.insert(subject=subject, **values).on_conflict(
            conflict_target=[LoginThrottle.subject], update=values
        ).execute()
