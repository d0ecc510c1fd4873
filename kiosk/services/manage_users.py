"""Accounts of the staff: added, changed, given a new password, disabled; never deleted, since the journal names them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from kiosk.database import OfficeTransaction, connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import UserChanged
from kiosk.domain.names import clean_name, sort_key
from kiosk.domain.permissions import EXTRA_RIGHTS, Role, parse_role
from kiosk.models import Counter, Posting, User
from kiosk.services.announce import announce
from kiosk.services.passwords import hash_password, random_password
from kiosk.services.sign_in import end_sessions_of

LANGUAGES = ("vi", "en")

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


def listing(office_id: int) -> list[dict[str, Any]]:
    """All accounts of the office, active ones first, in the Vietnamese order of names."""
    with connection():
        counters: dict[int, list[dict[str, Any]]] = {}
        for row in Posting.select(Posting, Counter).join(Counter).where(Counter.office == office_id):
            counters.setdefault(row.user_id, []).append({"id": row.counter_id, "number": row.counter.number})
        users = list(User.select().where(User.office == office_id))
    users.sort(key=lambda user: (not user.active, sort_key(user.display_name)))
    return [
        {
            "id": user.id,
            "username": user.username,
            "display_name": user.display_name,
            "role": user.role,
            "language": user.language,
            "extra_rights": sorted(EXTRA_RIGHTS & set(user.extra_rights)),
            "active": user.active,
            "counters": sorted(counters.get(user.id, []), key=lambda counter: counter["number"]),
        }
        for user in users
    ]


def names_by_id(office_id: int) -> dict[int, str]:
    """The display name of each account, for pages that say who did something."""
    with connection():
        return {user.id: user.display_name for user in User.select().where(User.office == office_id)}


def nobody_yet() -> bool:
    """Whether this installation has no account at all: its first run."""
    with connection():
        return not User.select(User.id).exists()


def add_user(
    office_id: int,
    username: str,
    display_name: str,
    role: str,
    now: datetime,
    actor: str,
    *,
    password: str | None = None,
    counters: Iterable[int] = (),
    language: str = "vi",
    extra_rights: Iterable[str] = (),
) -> tuple[int, str]:
    """Add an account and return its id and its password (a random one if none is given).

    Raises DomainError("username_malformed", "unknown_role", "unknown_language", "unknown_right", "password_too_short",
    "password_too_long", those of clean_name), Conflict("username_taken"), NotFound("unknown_counter").
    """
    username = clean_username(username)
    display_name = clean_name(display_name, field="display_name")
    checked_role = parse_role(role)
    rights = _check_rights(extra_rights)
    if language not in LANGUAGES:
        raise DomainError("unknown_language", language=language[:8], allowed=list(LANGUAGES))
    password = random_password() if password is None else password
    hashed = hash_password(password)  # takes its time on purpose, so not while the office is locked
    try:
        with office_transaction(office_id, now, actor) as transaction:
            if User.select(User.id).where(User.username == username).exists():
                raise Conflict("username_taken", field="username", username=username)
            user = User.create(
                office=office_id,
                username=username,
                display_name=display_name,
                role=checked_role,
                password_hash=hashed,
                language=language,
                extra_rights=rights,
                created_at=now,
            )
            _post(transaction, user, counters)
            announce(transaction, UserChanged(user=user.id, role=user.role, change="added"))
    except (
        IntegrityError
    ):  # another office took the name at the same moment: names are one list for all offices
        raise Conflict("username_taken", field="username", username=username) from None
    return user.id, password


def change_user(
    office_id: int,
    user_id: int,
    display_name: str,
    role: str,
    counters: Iterable[int],
    now: datetime,
    actor: str,
    *,
    extra_rights: Iterable[str] | None = None,
) -> None:
    """Give an account another name, role or posting; its sign-ins go on and have the new rights at once.

    `extra_rights` are single rights beside those of the role; None leaves them. Raises NotFound("unknown_user",
    "unknown_counter"), DomainError("unknown_role", "unknown_right", those of clean_name), Conflict("last_admin").
    """
    display_name = clean_name(display_name, field="display_name")
    checked_role = parse_role(role)
    rights = None if extra_rights is None else _check_rights(extra_rights)
    with office_transaction(office_id, now, actor) as transaction:
        user = _find(office_id, user_id)
        if checked_role is not Role.ADMIN:
            _keep_an_admin(user)
        user.display_name, user.role = display_name, checked_role
        user.extra_rights = user.extra_rights if rights is None else rights
        user.save(only=[User.display_name, User.role, User.extra_rights])
        _post(transaction, user, counters)
        announce(transaction, UserChanged(user=user.id, role=user.role, change="changed"))


def reset_password(
    office_id: int, user_id: int, now: datetime, actor: str, password: str | None = None
) -> str:
    """Set a new password (random if none is given), end the account's sign-ins, and return the password.

    Raises NotFound("unknown_user"), DomainError("password_too_short", "password_too_long").
    """
    password = random_password() if password is None else password
    hashed = hash_password(password)
    with office_transaction(office_id, now, actor) as transaction:
        user = _find(office_id, user_id)
        user.password_hash = hashed
        user.save(only=[User.password_hash])
        end_sessions_of(user.id, now)
        announce(transaction, UserChanged(user=user.id, role=user.role, change="password_reset"))
    return password


def set_active(office_id: int, user_id: int, active: bool, now: datetime, actor: str) -> None:
    """Disable an account and end its sign-ins at once, or enable it again; no change, no entry.

    Raises NotFound("unknown_user"), Conflict("last_admin").
    """
    with office_transaction(office_id, now, actor) as transaction:
        user = _find(office_id, user_id)
        if user.active == active:
            return
        if not active:
            _keep_an_admin(user)
            end_sessions_of(user.id, now)
        user.active = active
        user.save(only=[User.active])
        announce(
            transaction, UserChanged(user=user.id, role=user.role, change="enabled" if active else "disabled")
        )


def clean_username(text: str) -> str:
    """A sign-in name: 2–60 of a–z, 0–9, dot, dash, underscore. Raises DomainError("username_malformed")."""
    username = text.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise DomainError("username_malformed", field="username")
    return username


def _check_rights(rights: Iterable[str]) -> list[str]:
    wanted = set(rights)
    if wanted - EXTRA_RIGHTS:
        raise DomainError("unknown_right", field="extra_rights", allowed=sorted(EXTRA_RIGHTS))
    return sorted(wanted)


def _find(office_id: int, user_id: int) -> User:
    user = User.get_or_none((User.id == user_id) & (User.office == office_id))
    if user is None:
        raise NotFound("unknown_user", user=user_id)
    return user


def _keep_an_admin(user: User) -> None:
    """An office nobody can administer could only be repaired on the server."""
    if user.role != Role.ADMIN or not user.active:
        return
    others = (User.office == user.office_id) & (User.role == Role.ADMIN) & User.active & (User.id != user.id)
    if not User.select(User.id).where(others).exists():
        raise Conflict("last_admin", user=user.id)


def _post(transaction: OfficeTransaction, user: User, counters: Iterable[int]) -> None:
    wanted = set(counters)
    known = {
        row.id
        for row in Counter.select(Counter.id).where(
            (Counter.office == transaction.office_id) & (Counter.id << list(wanted))
        )
    }
    if wanted - known:
        raise NotFound("unknown_counter", counter=min(wanted - known))
    Posting.delete().where(Posting.user == user.id).execute()
    if wanted:
        Posting.insert_many([{"user": user.id, "counter": counter} for counter in sorted(wanted)]).execute()
