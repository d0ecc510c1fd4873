"""Every refusal the product can utter: a stable code, the facts of the case, and an HTTP status.

The sentence a person reads is looked up by code in the language catalogue (`kiosk/i18n`), so that a
script can rely on the code and a citizen on the words.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A refusal with a stable code; nothing was changed.

    `code` is snake_case and never renamed; `fields` are the facts of the case (never personal data).
    """

    status: ClassVar[int] = 422

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.code}({facts})" if facts else self.code


class Unauthenticated(DomainError):
    """Nobody we know is asking: no sign-in, a wrong or an expired one."""

    status = 401


class Forbidden(DomainError):
    """We know who asks, and this is not theirs to do."""

    status = 403


class NotFound(DomainError):
    """The thing named does not exist in this office."""

    status = 404


class Conflict(DomainError):
    """The request is well-formed, but the state of things does not allow it now."""

    status = 409


class TooMany(DomainError):
    """Asked too often; `retry_after` (seconds) says when to try again."""

    status = 429


class Unavailable(DomainError):
    """A device or a part of the house cannot do this now; nothing was lost."""

    status = 503
