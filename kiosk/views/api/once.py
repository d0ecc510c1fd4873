"""A change by somebody without an account: once for one key, and not too often from one address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from kiosk.domain.errors import DomainError
from kiosk.services.booking.once import Answer, once
from kiosk.views.door import JSON, LONGEST_KEY, dump, settings
from kiosk.views.guessing import count_guess, refuse_guesser

CREATED = 201


def created_once(office_id: int, act: Callable[[], Any]) -> Response:
    """The answer 201 with what `act` made, or that of the first time the same was asked with the same key.

    Raises TooMany("too_many_tries"), DomainError("idempotency_key_malformed"), Conflict("idempotency_key_reused").
    """
    address = f"booking:{request.remote_addr or ''}"
    refuse_guesser(address)
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise DomainError("idempotency_key_malformed", most=LONGEST_KEY)

    def make() -> Answer:
        count_guess(address)
        return Answer(CREATED, dump(act()))

    wish = b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))
    answer = once(office_id, key, wish, settings().key, g.now, make)
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, answer.status, headers, mimetype=JSON)
