"""A display, or a gateway to displays, that takes the state as a POST with JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import requests

from kiosk.devices.displays.contract import DisplayFault, DisplayState
from kiosk.devices.displays.options import HttpOptions

SIGNATURE = "X-Kiosk-Signature"
REFUSALS = range(300, 500)


class HttpDisplay:
    """One address, a connection for each state."""

    def __init__(self, options: HttpOptions, now: Callable[[], datetime]) -> None:
        self._options, self._now = options, now
        self._session = requests.Session()
        self._session.trust_env = False  # neither a proxy nor a password from the worker's surroundings

    def show(self, state: DisplayState) -> bool:
        """POST the state; confirmed by any 2xx. Raises DisplayFault."""
        own = self._options
        # The moment of sending is inside what is signed, so that an old message cannot be played again later.
        body = json.dumps({**asdict(state), "sent_at": self._now().isoformat()}).encode()
        headers = {"Content-Type": "application/json", **self._credentials(body)}
        try:
            with self._session.post(
                own.url, body, headers=headers, timeout=own.timeout_s, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
        except requests.RequestException as error:
            raise DisplayFault("display_offline") from error
        if status in REFUSALS:
            raise DisplayFault("display_refused")
        if status >= 500:
            raise DisplayFault("display_offline")
        return True

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def _credentials(self, body: bytes) -> dict[str, str]:
        secret = (self._options.secret or "").encode()
        if self._options.auth == "bearer":
            return {"Authorization": f"Bearer {self._options.secret}"}
        if self._options.auth == "hmac":
            return {SIGNATURE: f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"}
        return {}
