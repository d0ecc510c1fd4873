"""One careful POST to a service outside, for plugins: encrypted, bounded in time and size, and never led elsewhere."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kiosk.plugin.providers import Retry

TIMEOUT_SECONDS = 10.0
"""For the whole conversation, however slowly the other side drips."""
LONGEST_ANSWER = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Reply:
    """What a service said; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a table; {} when it is none."""
        with contextlib.suppress(ValueError):
            value = json.loads(self.body)
            if isinstance(value, dict):
                return value
        return {}

    def retry_after(self, most: float = 3600.0) -> float:
        """Seconds the service wants to be left alone; 0 when it does not say so in seconds."""
        text = self.headers.get("retry-after", "").strip()
        return min(float(text), most) if text.isascii() and text.isdigit() else 0.0


def address_problem(url: str) -> str | None:
    """Why an address may not be used, in Vietnamese for the admin's form; None when it may.

    Plain http is for a service on the same machine only, such as a relay of one's own.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "Địa chỉ không hợp lệ"
    if not parts.hostname or parts.username or parts.query or parts.fragment or port == 0:
        return "Cần một địa chỉ dạng https://máy-chủ/đường-dẫn, không kèm mật khẩu hay tham số"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return None
    return "Phải dùng https (http chỉ dùng cho dịch vụ trên cùng máy)"


def post(url: str, body: bytes, headers: Mapping[str, str], *, timeout: float = TIMEOUT_SECONDS) -> Reply:
    """The answer to a POST, whatever its status; redirections are not followed.

    Raises Retry("unreachable") when there is no whole answer in time, Retry("address_unsafe") for an address that
    `address_problem` refuses.
    """
    if address_problem(url) is not None:
        raise Retry("address_unsafe")
    parts = urlsplit(url)
    connection = _connection(parts, timeout)
    hang_up = threading.Timer(timeout, _shut, [connection])
    hang_up.daemon = True
    hang_up.start()
    try:
        connection.request("POST", parts.path or "/", body, {**headers, "Connection": "close"})
        with connection.getresponse() as answer:
            content = answer.read(LONGEST_ANSWER + 1)
        if len(content) > LONGEST_ANSWER:
            raise Retry("unreachable")
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
    except (OSError, http.client.HTTPException, ValueError):
        # Neither the address nor the words of the error: both may carry a secret.
        raise Retry("unreachable") from None
    finally:
        hang_up.cancel()
        connection.close()


def _connection(parts: SplitResult, timeout: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            host, parts.port, timeout=timeout, context=ssl.create_default_context()
        )
    return http.client.HTTPConnection(host, parts.port, timeout=timeout)


def _shut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
