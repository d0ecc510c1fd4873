"""The settings of a small display as a form: one group of fields for each way to reach it."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from flask import g, request
from pydantic.fields import FieldInfo

from kiosk.devices.displays.options import DRIVERS, check_options, display_options
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import DeviceKind
from kiosk.views.door import words
from kiosk.views.forms import text, whole_or_none

PREFIX = "option-"
DRIVER = "driver"


def drivers(options: dict[str, Any]) -> list[dict[str, Any]]:
    """Every driver with its fields, filled with what is kept: {key, title, help, chosen, fields}."""
    chosen = options.get(DRIVER, "poll")
    titles = _titles()
    return [
        {
            "key": driver,
            "title": titles[driver][0],
            "help": titles[driver][1],
            "chosen": driver == chosen,
            "fields": _fields(driver, options if driver == chosen else {}),
        }
        for driver in DRIVERS
    ]


def read(stored: dict[str, Any]) -> dict[str, Any]:
    """The settings as typed; an empty secret keeps the stored one.

    Raises DomainError("display_options_malformed", those of the fields).
    """
    driver = text(f"{PREFIX}{DRIVER}")
    typed: dict[str, Any] = {DRIVER: driver}
    for key, field in display_options(driver).model_fields.items():
        name = f"{PREFIX}{driver}-{key}"
        kind = _kind(field)
        if kind == "bool":
            typed[key] = name in request.form
        elif kind == "number" or (kind == "choice" and isinstance(field.default, int)):
            typed[key] = whole_or_none(name)
        elif key != DRIVER:
            typed[key] = text(name).strip() or None
    try:
        return check_options({key: value for key, value in typed.items() if value is not None}, stored)
    except DomainError as error:
        g.display_fault = error.fields
        raise


def at_fault(kind: str, shown: dict[str, Any]) -> dict[str, Any]:
    """A refused form with the fault at the form's own field, and said in its words."""
    driver = request.form.get(f"{PREFIX}{DRIVER}", "")
    fields = DRIVERS[driver].model_fields if kind == DeviceKind.DISPLAY and driver in DRIVERS else {}
    field = shown["field"]
    if field not in fields or field == DRIVER:
        return shown
    named = {**shown, "field": f"{PREFIX}{driver}-{field}"}
    if fault := g.get("display_fault"):
        spoken = _words()
        title = (spoken.get(f"{driver}.{field}") or spoken[field])[0]
        reason, _, part = str(fault["reason"]).partition(": ")
        named["problem"] = f"{title}: {_reasons().get(reason, reason)}{f' ({part})' if part else ''}."
    return named


def _fields(driver: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    spoken = _words()
    made = []
    for key, field in DRIVERS[driver].model_fields.items():
        if key == DRIVER:
            continue
        kind = _kind(field)
        title, hint = spoken.get(f"{driver}.{key}") or spoken[key]
        given = kept.get(key, None if field.is_required() else field.default)
        made.append(
            {
                "name": f"{PREFIX}{driver}-{key}",
                "kind": kind,
                "title": title,
                "hint": hint,
                "required": field.is_required(),
                "value": "" if kind == "secret" or given is None else given,
                "kept": bool(given) if kind == "secret" else False,
                "choices": [(one, _choice(key, one)) for one in get_args(field.annotation)]
                if kind == "choice"
                else [],
                "bounds": _bounds(field),
            }
        )
    return made


def _kind(field: FieldInfo) -> str:
    if field.json_schema_extra == {"secret": True}:
        return "secret"
    if get_origin(field.annotation) is Literal:
        return "choice"
    if field.annotation is bool:
        return "bool"
    return "number" if field.annotation is int else "text"


def _bounds(field: FieldInfo) -> dict[str, int]:
    found = {"min": "ge", "max": "le"}
    return {
        name: getattr(rule, attribute)
        for name, attribute in found.items()
        for rule in field.metadata
        if getattr(rule, attribute, None) is not None
    }


def _choice(key: str, value: Any) -> str:
    named = {
        ("parity", "N"): words("Không"),
        ("parity", "E"): words("Chẵn"),
        ("parity", "O"): words("Lẻ"),
        ("show", "digits"): words("Chỉ chữ số: 012"),
        ("show", "label"): words("Cả chữ cái: T012"),
        ("auth", "none"): words("Không cần"),
        ("auth", "bearer"): words("Mã gửi kèm (Bearer)"),
        ("auth", "hmac"): words("Chữ ký HMAC"),
    }
    return named.get((key, value), str(value))


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "poll": (
            words("Màn hình tự hỏi máy chủ"),
            words("Cho màn hình ESP32 hoặc máy tính: không cần cài đặt gì ở đây."),
        ),
        "serial": (
            words("Dây nối tiếp (RS-232, USB)"),
            words("Một màn hình trên một dây, theo giao thức của phần mềm này."),
        ),
        "rs485": (
            words("Dây chung RS-485"),
            words("Nhiều màn hình trên một đôi dây, mỗi màn hình một địa chỉ."),
        ),
        "template": (
            words("Bảng LED của hãng khác"),
            words("Khung lệnh chép từ tài liệu của bảng LED."),
        ),
        "mqtt": (words("MQTT"), words("Gửi tin giữ lại (retained) đến máy chủ MQTT.")),
        "http": (words("HTTP"), words("Gửi trạng thái bằng POST đến một địa chỉ.")),
    }


def _words() -> dict[str, tuple[str, str]]:
    return {
        "port": (
            words("Cổng nối tiếp"),
            words("Ví dụ: /dev/ttyUSB0, hoặc socket://192.168.1.60:4001 cho bộ chuyển qua mạng"),
        ),
        "mqtt.port": (words("Cổng"), words("Thường là 1883; có mã hóa là 8883")),
        "baud": (words("Tốc độ (bit/giây)"), ""),
        "parity": (words("Bit kiểm tra"), ""),
        "digits": (words("Số ký tự"), words("Màn hình hiện được bao nhiêu ký tự")),
        "gap_ms": (words("Nghỉ sau mỗi khung (ms)"), ""),
        "address": (words("Địa chỉ trên dây"), words("Số đặt trên màn hình; 0 là mọi màn hình")),
        "show": (words("Hiện"), ""),
        "ack": (words("Màn hình có trả lời từng khung"), ""),
        "ack_ms": (words("Chờ trả lời (ms)"), ""),
        "rts": (words("Bật RTS khi gửi (một số bộ chuyển RS-485 cần)"), ""),
        "frame": (words("Khung lệnh"), words(r"Ví dụ: \x02{address:02d}{digits:>4}\x03{xor}")),
        "checksum_from": (words("Tính tổng kiểm từ byte thứ"), words("Byte đầu tiên là 0")),
        "steady": (words("Mã khi đứng yên"), words("Thay cho {blink} trong khung")),
        "blinking": (words("Mã khi nhấp nháy"), words("Thay cho {blink} trong khung")),
        "host": (words("Máy chủ MQTT"), words("Ví dụ: 192.168.1.10")),
        "tls": (words("Mã hóa (TLS)"), ""),
        "ca_file": (words("Tệp chứng thư"), words("Để trống nếu dùng chứng thư của hệ thống")),
        "user": (words("Tên đăng nhập MQTT"), ""),
        "password": (words("Mật khẩu MQTT"), ""),
        "topic": (words("Chủ đề"), words("Để trống: kiosk/<trung tâm>/counter/<số quầy>")),
        "url": (words("Địa chỉ nhận"), words("Ví dụ: http://192.168.1.61/state")),
        "auth": (words("Xác thực"), ""),
        "secret": (words("Mã bí mật"), ""),
        "timeout_s": (words("Chờ trả lời (giây)"), ""),
    }


def _reasons() -> dict[str, str]:
    return {
        "required": words("chưa điền"),
        "unknown_choice": words("không có lựa chọn này"),
        "out_of_range": words("ngoài khoảng cho phép"),
        "too_long": words("quá dài"),
        "malformed": words("chưa đúng dạng"),
        "wrong_type": words("chưa đúng dạng"),
        "nobody_answers": words("địa chỉ 0 là mọi màn hình, không màn hình nào trả lời"),
        "shows_no_number": words("phải có {digits} hoặc {label}"),
        "not_one_byte": words("có ký tự không gửi được bằng một byte"),
        "braces_unbalanced": words("dấu { và } không khớp"),
        "unknown_placeholder": words("không có chỗ điền này"),
        "unknown_format": words("không có cách viết số này"),
    }
