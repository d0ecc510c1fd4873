"""One template message by ZNS: the request, and what Zalo's error codes mean to the house."""

from __future__ import annotations

import json

from kiosk.domain.errors import DomainError
from kiosk.domain.people import normalise_phone
from kiosk.plugin import Notice, NotificationChannel, Rejected, Retry, Sent, SettingValues
from kiosk.plugin.web import Reply, post

from .tokens import Tokens

MOBILE_BEGINS = ("+843", "+845", "+847", "+848", "+849")
REST_SECONDS = 60.0
LONGEST_OFFICE = 100

TOKEN_STALE = frozenset({-124, -216, -220})
NOBODY_THERE = frozenset({-108, -110, -114, -118, -119, -139, -140, -141})
"""No such number, no Zalo account, an old app, or a person who wants no such messages."""
TEMPLATE_WRONG = frozenset({-109, -111, -112, -113, -116, -117, -131, -132, -138})
AT_NIGHT = frozenset({-133})
OUT_OF_QUOTA = frozenset({-115, -144, -147})


class ZaloChannel(NotificationChannel):
    """Zalo messages to the account that belongs to a mobile number."""

    key = "zalo"
    title = "Zalo"
    title_en = "Zalo"
    address_kind = "zalo_phone"

    def __init__(self, office: int, settings: SettingValues) -> None:
        self._settings = settings
        self._tokens = Tokens(office, settings)
        self.per_second = settings["per_second"]

    def check_address(self, text: str) -> str:
        """A Vietnamese mobile number as +84…; raises `phone_malformed`, `phone_not_mobile`."""
        number = normalise_phone(text)
        if not number.startswith(MOBILE_BEGINS):
            raise DomainError("phone_not_mobile", field="address")
        return number

    def send(self, notice: Notice, address: str) -> Sent:
        """POST the message; a token that Zalo does not take any more is renewed once.

        `tracking_id` is our id. Zalo writes it into its records; it does not promise to hold back a repetition.
        """
        kind = "post" if notice.occasion.startswith("post") else notice.occasion
        template = self._settings.get(f"template_{kind}")
        if not template:
            raise Rejected("template_missing")
        body = json.dumps(
            {
                "phone": address.removeprefix("+"),
                "template_id": template,
                "template_data": parameters(notice),
                "tracking_id": notice.id,
            },
            ensure_ascii=False,
        ).encode()
        token = self._tokens.access(notice.at)
        reply = self._post(body, token)
        if reply.json().get("error") in TOKEN_STALE:
            reply = self._post(body, self._tokens.access(notice.at, stale=token))
        return _read(reply)

    def _post(self, body: bytes, token: str) -> Reply:
        headers = {"Content-Type": "application/json; charset=utf-8", "access_token": token}
        return post(self._settings["send_url"], body, headers)


def parameters(notice: Notice) -> dict[str, str]:
    """What a template of this occasion may name; the centre registers it at Zalo with exactly these."""
    common = {"ma_so": notice.label, "trung_tam": notice.office[:LONGEST_OFFICE]}
    if notice.occasion.startswith("post"):
        return {**common, "tinh_trang": notice.title}
    if notice.occasion == "called":
        return {**common, "quay": str(notice.counter_number or "")}
    if notice.occasion == "carried_over":
        return {**common, "so_cu": notice.replaces, "ngay": f"{notice.day:%d/%m/%Y}"}
    return common


def _read(reply: Reply) -> Sent:
    if reply.status == 429 or reply.status >= 500:
        raise Retry("zalo_busy", reply.retry_after())
    said = reply.json()
    error = said.get("error")
    if error == 0:
        data = said.get("data")
        number = data.get("msg_id", "") if isinstance(data, dict) else ""
        return Sent(number if isinstance(number, str) else "")
    if error in NOBODY_THERE:
        raise Rejected("not_on_zalo")
    if error in TEMPLATE_WRONG:
        raise Rejected("template_refused")
    if error in AT_NIGHT:
        raise Rejected("not_at_night")
    if error in OUT_OF_QUOTA:
        raise Retry("out_of_quota", REST_SECONDS)
    if error in TOKEN_STALE:
        raise Retry("token_refused", REST_SECONDS)
    raise Retry("zalo_trouble", reply.retry_after())
