"""Tells visitors by SMS, through a gateway that takes one signed JSON request a message (docs/operations.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kiosk.plugin import NotificationChannel, Setting, SettingValues, hookimpl
from kiosk.plugin.web import address_problem

from .channel import SmsChannel

BRANDNAME = re.compile(r"[A-Za-z0-9 ._-]{3,11}")
"""At most eleven characters: GSM 03.40, 9.1.2.5."""
SHORTEST_SECRET = 16


@hookimpl
def settings_schema() -> list[Setting]:
    """The gateway, the secret both sides sign with, and the brand name."""
    return [
        Setting("url", "Địa chỉ cổng SMS", "str", "", "Gateway address", "https://…", required=True),
        Setting("client", "Mã khách hàng", "str", "", "Client id", required=True, most=80),
        Setting("secret", "Khóa ký", "secret", None, "Signing secret", required=True),
        Setting("brandname", "Tên thương hiệu", "str", "", "Brand name", required=True, most=11),
        Setting(
            "unicode",
            "Gửi có dấu",
            "bool",
            False,
            "Keep diacritics",
            "Tin có dấu chỉ 70 ký tự một đoạn, nên thường tốn 2 đoạn.",
        ),
        Setting("per_second", "Số tin mỗi giây", "int", 5, "Messages a second", least=1, most=100),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """An encrypted address, a secret that is one, and a brand name a phone can show."""
    if (problem := address_problem(values["url"])) is not None:
        return {"url": problem}
    if len(values["secret"] or "") < SHORTEST_SECRET:
        return {"secret": f"Khóa ký cần ít nhất {SHORTEST_SECRET} ký tự"}
    if not BRANDNAME.fullmatch(values["brandname"]):
        return {"brandname": "Từ 3 đến 11 chữ cái không dấu, chữ số, dấu cách, chấm hoặc gạch"}
    return None


@hookimpl
def notification_channels(office: int, settings: SettingValues) -> Sequence[NotificationChannel] | None:
    """One channel; its messages need no more than the settings."""
    return [SmsChannel(settings)]
