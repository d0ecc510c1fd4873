"""One client for everybody in the hall: each request under the key of who makes it, every answer counted."""

from __future__ import annotations

import uuid
from collections import Counter as Counts
from typing import Any

import requests

PATIENCE = 30


class Desk:
    """Requests to the centre's server; `errors` counts answers nobody expected, by status and code."""

    def __init__(self, url: str) -> None:
        self._url, self._session = f"{url}/api/v1", requests.Session()
        self.errors: Counts[str] = Counts()
        self.requests = 0

    def kiosk(self, token: str, path: str, body: dict[str, Any]) -> Any:
        """A press at a kiosk."""
        return self._post(path, body, {"Authorization": f"Bearer {token}"})

    def staff(self, session: str, path: str, body: dict[str, Any], *, allowed: tuple[str, ...] = ()) -> Any:
        """A press at a counter; refusals with an `allowed` code are part of life and give None."""
        return self._post(path, body, {"Cookie": f"kiosk_session={session}"}, allowed)

    def follow(self, token: str, etag: str) -> tuple[str, Any]:
        """A look at the phone: the new ETag and the answer (None: nothing changed)."""
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._session.get(f"{self._url}/follow/{token}", headers=headers, timeout=PATIENCE)
        self.requests += 1
        if answer.status_code not in {200, 304}:
            self._count(answer)
            return etag, None
        return answer.headers.get("ETag", etag), answer.json() if answer.status_code == 200 else None

    def _post(
        self, path: str, body: dict[str, Any], headers: dict[str, str], allowed: tuple[str, ...] = ()
    ) -> Any:
        self._session.cookies.clear()
        headers["Idempotency-Key"] = str(uuid.uuid4())
        answer = self._session.post(self._url + path, json=body, headers=headers, timeout=PATIENCE)
        self.requests += 1
        if answer.status_code in {200, 201}:
            return answer.json()
        if answer.status_code >= 400 and not (allowed and _code(answer) in allowed):
            self._count(answer)
        return None

    def _count(self, answer: requests.Response) -> None:
        self.errors[f"{answer.status_code} {_code(answer)}"] += 1


def _code(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, LookupError, TypeError):
        return "?"
