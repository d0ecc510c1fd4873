"""What comes in from outside: JSON bodies read strictly, sizes bounded, text that no database could hold refused."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Request, request
from werkzeug.exceptions import BadRequest

from kiosk.domain.errors import DomainError

MOST_BYTES = 64 * 1024
"""No form or call of this product is larger; uploads will name their own limit."""


class Malformed(DomainError):
    """The request cannot be read."""

    status: ClassVar[int] = 400


class NotJson(DomainError):
    """The body says it is something other than JSON."""

    status: ClassVar[int] = 415


class StrictRequest(Request):
    """A request whose JSON is either read or refused with a reason."""

    max_content_length = MOST_BYTES

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body; an empty one is an empty object.

        Raises Malformed("malformed_json") and NotJson("not_json").
        """
        data = self.get_data()
        if not data:
            return {}
        if not self.is_json and not force:
            raise NotJson("not_json", content_type=(self.mimetype or "")[:60])
        if b"\x00" in data or b"\\u0000" in data:
            raise Malformed("malformed_json")
        try:
            return super().get_json(force=True, silent=False, cache=cache)
        except (BadRequest, RecursionError, UnicodeDecodeError):
            raise Malformed("malformed_json") from None


def refuse_unprintable_address() -> None:
    """Refuse an address or query with a NUL in it, which PostgreSQL cannot store. Raises Malformed("bad_request")."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        raise Malformed("bad_request")
