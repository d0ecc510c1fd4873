"""What comes in from outside: JSON bodies read strictly, sizes bounded, text that no database could hold refused."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from flask import Request, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import IntegerConverter, Map

from kiosk.domain.errors import DomainError

MOST_BYTES = 64 * 1024
"""No form or call of this product is larger; uploads will name their own limit."""


class Malformed(DomainError):
    """The request cannot be read."""

    status: ClassVar[int] = 400


class IdConverter(IntegerConverter):
    """`<int:…>` in an address: an id that both databases can hold; nothing else leads anywhere."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:  # noqa: A002  (werkzeug's name)
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})


class NotJson(DomainError):
    """The body says it is something other than JSON."""

    status: ClassVar[int] = 415


class StrictRequest(Request):
    """A request whose JSON is either read or refused with a reason."""

    max_content_length = MOST_BYTES

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body; an empty one is an empty object.

        Raises Malformed("malformed_json"), NotJson("not_json"), and DomainError("not_an_object") for a JSON text.
        """
        data = self.get_data()
        if not data:
            return {}
        if not self.is_json and not force:
            raise NotJson("not_json", content_type=(self.mimetype or "")[:60])
        if b"\x00" in data or b"\\u0000" in data:
            raise Malformed("malformed_json")
        try:
            body = super().get_json(force=True, silent=False, cache=cache)
            if b"\\u" in data:
                json.dumps(
                    body, ensure_ascii=False
                ).encode()  # half a surrogate pair is no letter (RFC 7493, 2.1)
        except (BadRequest, RecursionError, UnicodeError):
            raise Malformed("malformed_json") from None
        if isinstance(body, str):
            # flask-openapi3 would read JSON inside a JSON text, past the checks above.
            raise DomainError("not_an_object", field="body")
        return body


def refuse_unprintable_address() -> None:
    """Refuse an address or query with a NUL in it, which PostgreSQL cannot store. Raises Malformed("bad_request")."""
    if "\x00" in request.path or any("\x00" in value for value in request.args.values()):
        raise Malformed("bad_request")
