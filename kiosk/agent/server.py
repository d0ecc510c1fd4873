"""The way to the server: a kept-alive session a thread, short patience, and three ways it can end."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from kiosk import __version__

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 3.0
MOST_BYTES = 8 << 20
GATEWAY = frozenset({502, 503, 504})
API = "/api/v1"


class Away(Exception):
    """The server cannot be reached. `asked`: it may have heard the request all the same."""

    def __init__(self, why: str, *, asked: bool) -> None:
        super().__init__(why)
        self.asked = asked


class Unpaired(Exception):
    """The server does not know this kiosk, or not any more; `code` says which."""

    def __init__(self, code: str, answer: Answer) -> None:
        super().__init__(code)
        self.code = code
        self.answer = answer


@dataclass(frozen=True)
class Answer:
    """What the server said, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    data: Any = None

    @property
    def fine(self) -> bool:
        """Whether it did what was asked."""
        return self.status < 300 or self.status == 304

    @property
    def code(self) -> str:
        """The code of a refusal."""
        error = self.data.get("error") if isinstance(self.data, dict) else None
        return str(error.get("code", "unexpected")) if isinstance(error, dict) else "unexpected"


class Server:
    """The server at one address, asked with this device's token."""

    def __init__(self, address: str, token: str, instance: str) -> None:
        self.address = address.rstrip("/")
        self._token = token
        self._instance = instance
        self._of_thread = threading.local()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Answer:
        """Ask and read the whole answer. Raises Away and Unpaired; a refusal for any other reason is an answer."""
        sent = {"X-Kiosk-Instance": self._instance, **(headers or {})}
        if self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        answer = self._ask(method, path, body, sent, seconds)
        if answer.status in {401, 403} and answer.code in UNPAIRED and self._token:
            raise Unpaired(answer.code, answer)
        return answer

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str], seconds: float) -> Answer:
        began = time.monotonic()
        try:
            with self._session().request(
                method, self.address + path, json=body, headers=headers, allow_redirects=False, stream=True,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
            ) as response:  # fmt: skip
                content = _read(response, began + CONNECT_SECONDS + seconds)
                return _understand(path, response, content)
        except requests.ConnectTimeout as error:
            raise Away(type(error).__name__, asked=False) from None
        except requests.ConnectionError as error:
            # A kept-alive line that breaks may have carried the request; a refused one has not.
            raise Away(type(error).__name__, asked="NewConnectionError" not in repr(error)) from None
        except (requests.RequestException, OSError, ValueError) as error:
            raise Away(type(error).__name__, asked=True) from None

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._of_thread, "session", None)
        if session is None:
            session = self._of_thread.session = requests.Session()
            session.trust_env = (
                False  # the kiosk's server is on its own network, never behind a stranger's proxy
            )
            session.verify = os.environ.get("SSL_CERT_FILE") or True  # the centre's own authority
            session.headers["User-Agent"] = f"kiosk-agent/{__version__}"
        return session


UNPAIRED = frozenset({"token_unknown", "token_revoked", "token_expired", "wrong_instance", "not_paired"})


def _read(response: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(65_536):
        body += chunk
        if time.monotonic() > deadline or len(body) > MOST_BYTES:
            raise ValueError("an answer without an end")
    return bytes(body)


def _understand(path: str, response: requests.Response, body: bytes) -> Answer:
    """Sort out who answered: a proxy without its server, or a stranger's sign-in page, is nobody."""
    if response.status_code in GATEWAY:
        raise Away(f"status {response.status_code}", asked=True)
    data = None
    if path.startswith(API) and response.status_code not in {204, 304}:
        if "json" not in response.headers.get("Content-Type", ""):
            raise Away("an answer that is not the server's", asked=True)
        data = json.loads(body)
    if 300 <= response.status_code < 400 and response.status_code != 304:
        raise Away("led elsewhere", asked=True)
    return Answer(response.status_code, response.headers, body, data)


def response_json(body: bytes) -> Any:
    """The JSON of an answer. Raises ValueError."""
    import json

    return json.loads(body)
