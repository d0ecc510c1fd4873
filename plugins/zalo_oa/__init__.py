"""Tells visitors by Zalo Notification Service: template messages of the centre's Official Account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.plugin import NotificationChannel, Setting, SettingValues, hookimpl
from kiosk.plugin.web import address_problem

from .channel import ZaloChannel

SEND_URL = "https://business.openapi.zalo.me/message/template"
TOKEN_URL = "https://oauth.zaloapp.com/v4/oa/access_token"  # noqa: S105  (an address, no secret)
TEMPLATES = (
    ("template_near", "Mã mẫu tin “sắp đến lượt”", "Template: nearly your turn", "ma_so, trung_tam"),
    ("template_called", "Mã mẫu tin “mời đến quầy”", "Template: please come", "ma_so, quay, trung_tam"),
    (
        "template_carried_over",
        "Mã mẫu tin “chuyển sang ngày sau”",
        "Template: moved to another day",
        "ma_so, so_cu, ngay, trung_tam",
    ),
    (
        "template_post",
        "Mã mẫu tin “kết quả gửi qua bưu chính”",
        "Template: result by post",
        "ma_so, tinh_trang, trung_tam",
    ),
)


@hookimpl
def settings_schema() -> list[Setting]:
    """The application at Zalo, its tokens, the approved templates, and where the services are."""
    templates = [
        Setting(key, title, "str", "", english, f"Tham số: {names}. Để trống: không gửi loại này.", most=40)
        for key, title, english, names in TEMPLATES
    ]
    return [
        Setting("app_id", "Mã ứng dụng (App ID)", "str", "", "App ID", required=True, most=40),
        Setting("secret_key", "Khóa ứng dụng (Secret key)", "secret", None, "Secret key", required=True),
        Setting(
            "refresh_token",
            "Refresh token lấy từ Zalo",
            "secret",
            None,
            "Refresh token",
            "Chỉ nhập khi cài đặt lần đầu hoặc khi Zalo báo token hết hiệu lực; sau đó máy tự gia hạn.",
            required=True,
        ),
        Setting("oa_secret_key", "Khóa OA để kiểm tra webhook", "secret", None, "OA secret key"),
        *templates,
        Setting("send_url", "Địa chỉ gửi ZNS", "str", SEND_URL, "ZNS address"),
        Setting("token_url", "Địa chỉ gia hạn token", "str", TOKEN_URL, "Token address"),
        Setting("per_second", "Số tin mỗi giây", "int", 10, "Messages a second", least=1, most=100),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """Encrypted addresses, and at least one template to send."""
    for key in ("send_url", "token_url"):
        if (problem := address_problem(values[key])) is not None:
            return {key: problem}
    if not any(values.get(key) for key, *_ in TEMPLATES):
        return {"template_called": "Cần ít nhất một mẫu tin đã được Zalo duyệt"}
    return None


@hookimpl
def notification_channels(office: int, settings: SettingValues) -> Sequence[NotificationChannel] | None:
    """One channel; the tokens are read when it sends."""
    return [ZaloChannel(office, settings)]
