"""VietQR for an account at Vietcombank: codes are made and read on this machine, no bank's service is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.plugin import PaymentProvider, Setting, SettingValues, hookimpl

ACCOUNT = re.compile(r"[0-9A-Za-z]{6,19}")
TERMINAL = re.compile(r"[0-9A-Za-z]{0,25}")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")
SHORTEST_SECRET = 16
PROOFS = (("hmac", "Chữ ký HMAC-SHA256 trên thời điểm và nội dung"), ("key", "Từ khóa bí mật trong tiêu đề"))
SHAPES = (("sepay", "SePay"), ("casso", "Casso"), ("vietqr", "VietQR transaction-sync"))


@hookimpl
def settings_schema() -> list[Setting]:
    """The account, who tells of money on it and how they prove it, and how long a code is shown."""
    return [
        Setting("account", "Số tài khoản", "str", "", "Account number", most=19, required=True),
        Setting("holder", "Chủ tài khoản", "str", "", "Account holder", most=80, required=True),
        Setting("terminal", "Mã điểm thu", "str", "", "Terminal label", most=25),
        Setting(
            "minutes", "Mã QR có hiệu lực (phút)", "int", 15, "Minutes a code is shown", least=1, most=1440
        ),
        Setting("shape", "Bên báo có", "choice", "sepay", "Messenger", choices=SHAPES),
        Setting("proof", "Cách xác thực", "choice", "hmac", "Proof of the sender", choices=PROOFS),
        Setting(
            "header",
            "Tên tiêu đề chữ ký",
            "str",
            "X-SePay",
            "Name of the signature headers",
            "Tiêu đề thật là …-Signature và …-Timestamp.",
            most=41,
        ),
        Setting("secret", "Khóa bí mật", "secret", None, "Secret", required=True),
        Setting(
            "former_secret",
            "Khóa bí mật cũ",
            "secret",
            None,
            "Former secret",
            "Vẫn được chấp nhận trong khi đổi khóa; xóa khi bên báo có đã đổi xong.",
        ),
    ]


@hookimpl
def check_settings(values: SettingValues) -> Mapping[str, str] | None:
    """An account and a terminal that fit into a code, and a secret that is one."""
    if not ACCOUNT.fullmatch(values["account"]):
        return {"account": "Từ 6 đến 19 chữ số hoặc chữ cái không dấu"}
    if not TERMINAL.fullmatch(values["terminal"]):
        return {"terminal": "Chỉ chữ số và chữ cái không dấu"}
    if not HEADER.fullmatch(values["header"]):
        return {"header": "Chữ cái không dấu, chữ số và gạch nối, ví dụ X-SePay"}
    if len(values["secret"] or "") < SHORTEST_SECRET:
        return {"secret": f"Khóa bí mật cần ít nhất {SHORTEST_SECRET} ký tự"}
    if values["former_secret"] and len(values["former_secret"]) < SHORTEST_SECRET:
        return {"former_secret": f"Khóa bí mật cần ít nhất {SHORTEST_SECRET} ký tự"}
    return None


@hookimpl
def payment_providers(office: int, settings: SettingValues) -> Sequence[PaymentProvider] | None:
    """One account; nothing before it is set up."""
    if not settings["account"] or not settings["secret"]:
        return None
    from .provider import VietcombankQr

    return [VietcombankQr(settings)]


@hookimpl
def cli_commands(cli: Any) -> None:
    """`encode` and `decode`, which need no database."""
    from .command_line import decode_command, encode_command

    cli.add_command(encode_command)
    cli.add_command(decode_command)
