"""One message to the gateway: the request, its signature, and what the answers mean."""

from __future__ import annotations

import hashlib
import hmac
import json

from kiosk.domain.errors import DomainError
from kiosk.domain.people import normalise_phone
from kiosk.plugin import Notice, NotificationChannel, Rejected, Retry, Sent, SettingValues
from kiosk.plugin.web import Reply, post

from .text import segments, sms_text

MOBILE_BEGINS = ("+843", "+845", "+847", "+848", "+849")
REST_SECONDS = 60.0
"""For what only an admin can mend."""
TAKEN = (200, 201, 202, 409)
"""409: the gateway knows this id, so it has the message."""
NOT_NOW = (408, 425, 429)
WORDS_OF_THE_GATEWAY = frozenset({"number_refused", "text_refused", "number_blocked"})


class SmsChannel(NotificationChannel):
    """SMS under the centre's brand name."""

    key = "sms"
    title = "Tin nhắn SMS"
    title_en = "SMS"
    address_kind = "phone"

    def __init__(self, settings: SettingValues) -> None:
        self._settings = settings
        self.per_second = settings["per_second"]

    def check_address(self, text: str) -> str:
        """A Vietnamese mobile number as +84…; raises `phone_malformed`, `phone_not_mobile`."""
        number = normalise_phone(text)
        if not number.startswith(MOBILE_BEGINS):
            raise DomainError("phone_not_mobile", field="address")
        return number

    def send(self, notice: Notice, address: str) -> Sent:
        """POST the message under its id, which the gateway answers alike however often it comes."""
        own = self._settings
        text = sms_text(notice, keep_diacritics=own["unicode"])
        body = json.dumps(
            {
                "id": notice.id,
                "to": address.removeprefix("+"),
                "from": own["brandname"],
                "text": text,
                "unicode": own["unicode"],
                "segments": segments(text),
            },
            ensure_ascii=False,
        ).encode()
        timestamp = str(int(notice.at.timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": notice.id,
            "X-Kiosk-Client": own["client"],
            "X-Kiosk-Timestamp": timestamp,
            "X-Kiosk-Signature": signature(own["secret"], timestamp, body),
        }
        return _read(post(own["url"], body, headers))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 (RFC 2104) of "<timestamp>.<body>" in hexadecimal."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def _read(reply: Reply) -> Sent:
    if reply.status in TAKEN:
        reference = reply.json().get("reference", "")
        return Sent(reference if isinstance(reference, str) else "")
    if reply.status in NOT_NOW or reply.status >= 500:
        raise Retry("gateway_busy", reply.retry_after())
    if reply.status in {400, 422}:
        said = reply.json().get("error")
        if isinstance(said, str) and said in WORDS_OF_THE_GATEWAY:
            raise Rejected(said)
        raise Rejected("message_refused")
    raise Retry("gateway_refuses_us", max(REST_SECONDS, reply.retry_after()))
