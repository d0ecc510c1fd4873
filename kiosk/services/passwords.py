"""Passwords are kept as argon2id hashes; nothing in the product can read one back."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from kiosk.domain.errors import DomainError

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's second profile: 19 MiB and two passes, so that sixty counters can sign in at 07:30 on a small machine."""

_NOBODYS = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """The hash to store. Raises DomainError("password_too_short", "password_too_long")."""
    if len(password) < SHORTEST:
        raise DomainError("password_too_short", field="password", least=SHORTEST)
    if len(password) > LONGEST:
        raise DomainError("password_too_long", field="password", most=LONGEST)
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. An unknown account (None) takes as long as a wrong password."""
    try:
        return (
            _hasher.verify(password_hash or _NOBODYS, password[: LONGEST + 1]) and password_hash is not None
        )
    except (VerifyMismatchError, InvalidHashError):
        return False


def random_password() -> str:
    """A password to hand to a person, easy to type: four groups of four letters and digits (about 79 bits)."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
