"""Who books, without knowing it: a phone number becomes a keyed hash at the door and is then forgotten."""

from __future__ import annotations

import hashlib
import hmac

from kiosk.domain.people import normalise_phone


def person_key(key: bytes, office_id: int, phone: str) -> str:
    """The same for every way of writing a number, different in every office and installation.

    Without the installation's key nobody can try all numbers against it. Raises DomainError("phone_malformed").
    """
    number = normalise_phone(phone)
    return hmac.new(key, f"person:{office_id}:{number}".encode(), hashlib.sha256).hexdigest()
