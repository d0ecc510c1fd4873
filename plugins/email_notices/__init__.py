"""Tells visitors by e-mail, through the centre's own mail server (SMTP, RFC 5321; STARTTLS, RFC 3207)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.domain.errors import DomainError
from kiosk.domain.people import check_email
from kiosk.plugin import NotificationChannel, Setting, SettingValues, hookimpl

from .channel import LOOPBACK, EmailChannel


@hookimpl
def settings_schema() -> list[Setting]:
    """The mail server and who the letters come from."""
    securities = (("starttls", "STARTTLS"), ("tls", "TLS"), ("none", "Không mã hóa (chỉ trên cùng máy)"))
    return [
        Setting("host", "Máy chủ thư", "str", "", "Mail server", required=True),
        Setting("port", "Cổng", "int", 587, "Port", least=1, most=65_535),
        Setting("security", "Mã hóa", "choice", "starttls", "Encryption", choices=securities),
        Setting("username", "Tên đăng nhập", "str", "", "User name", "Để trống: không đăng nhập."),
        Setting("password", "Mật khẩu", "secret", None, "Password"),
        Setting("sender", "Địa chỉ gửi", "str", "", "Sender address", required=True),
        Setting("sender_name", "Tên người gửi", "str", "Bộ phận Một cửa", "Sender name", most=80),
        Setting("per_second", "Số thư mỗi giây", "int", 5, "Letters a second", least=1, most=100),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """The sender must be an address, and only a server on this machine is spoken to in the clear."""
    try:
        check_email(values["sender"])
    except DomainError:
        return {"sender": "Cần một địa chỉ thư điện tử, ví dụ motcua@tinh.gov.vn"}
    if values["security"] == "none" and values["host"] not in LOOPBACK:
        return {"security": "Máy chủ thư ở máy khác phải dùng STARTTLS hoặc TLS"}
    return None


@hookimpl
def notification_channels(office: int, settings: SettingValues) -> Sequence[NotificationChannel] | None:
    """One channel; its letters need no more than the settings."""
    return [EmailChannel(settings)]
