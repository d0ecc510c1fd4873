"""Sign in, stay signed in, sign out. The cookie holds a random token; the database only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.database import bookkeeping
from kiosk.domain.errors import Unauthenticated
from kiosk.domain.permissions import EXTRA_RIGHTS, RIGHTS, Actor, Role, SignedInUser
from kiosk.models import Posting, Session, User
from kiosk.models.prepared import Prepared, Slot
from kiosk.services import passwords
from kiosk.services.throttle import Guesser, count_failure, forgive, refuse_blocked

FREE_FAILURES = 5
FREE_FAILURES_PER_ADDRESS = 30
"""One office shares an address, so an address is given more patience than an account."""
KEPT_FOR = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=1)
"""A session's last sight is written at most this often: reading a page should not write."""

BY_TOKEN = Prepared(
    lambda: Session.select(Session, User).join(User).where(Session.token_hash == Slot("token_hash")).limit(1)
)
POSTINGS = Prepared(lambda: Posting.select(Posting.counter).where(Posting.user == Slot("user")).tuples())


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
    guessers = [
        Guesser("user", username, FREE_FAILURES),
        Guesser("address", address, FREE_FAILURES_PER_ADDRESS),
    ]
    refuse_blocked(guessers, now)
    user = User.get_or_none((User.username == username) & (User.active == True))  # noqa: E712  (SQL, not Python)
    if not passwords.verify(user.password_hash if user else None, password):
        for guesser in guessers:
            count_failure(guesser, now)
        raise Unauthenticated("wrong_password")
    token = secrets.token_urlsafe(32)
    expires_at = now + lifetime
    with bookkeeping():
        forgive(guessers[0])
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
    session = BY_TOKEN.first(token_hash=token_hash(token))
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
    extra = EXTRA_RIGHTS & set(session.user.extra_rights)
    return Actor(session.user.office_id, user=user, permissions=RIGHTS[user.role] | extra)


def _signed_in(user: User) -> SignedInUser:
    counters = frozenset(counter for (counter,) in POSTINGS.all(user=user.id))
    return SignedInUser(user.id, user.username, user.display_name, Role(user.role), user.language, counters)


def forget_old(now: datetime) -> None:
    """Drop sessions nobody will ask for again."""
    with bookkeeping():
        Session.delete().where(Session.expires_at < now - KEPT_FOR).execute()
