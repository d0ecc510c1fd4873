"""Devices that stand for all devices when the files are checked: together they use every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kiosk.domain.permissions import DeviceKind
from kiosk.firmware.facts import DeviceFacts, facts_of

SERVER = "https://motcua.example.vn"
TOKEN = "sample-token-of-no-device"  # noqa: S105 - opens nothing anywhere
NAME = "Máy lấy số “Sảnh A” — cửa chính $HOME"
"""A name as people give it, with letters that configuration files would trip over."""

_LED = {
    "driver": "rs485",
    "port": "/dev/serial/by-path/platform-usb-0:1.2:1.0-port0",
    "digits": 4,
    "address": 5,
}
_FRAME = r"\x02{address:02d}{digits:>4}{blink}\x03{xor}"
_BOARD = {"driver": "template", "port": "socket://192.168.1.60:4001", "frame": _FRAME}


def samples() -> dict[str, tuple[DeviceFacts, str]]:
    """By name: a device and the platform it runs on."""
    return {
        "kiosk-debian": (_device(DeviceKind.KIOSK), "debian"),
        "kiosk-raspberry-pi": (_device(DeviceKind.KIOSK), "raspberry-pi"),
        "board-debian": (_device(DeviceKind.BOARD), "debian"),
        "button": (_device(DeviceKind.BUTTON), ""),
        "display-max7219": (_device(DeviceKind.DISPLAY, digits=8), ""),
        "display-tm1637": (_device(DeviceKind.DISPLAY, chip="tm1637", digits=6), ""),
        "display-mqtt": (
            _device(
                DeviceKind.DISPLAY,
                driver={"driver": "mqtt", "host": "192.168.1.61", "user": "display", "password": TOKEN},
            ),
            "",
        ),
        "display-rs485": (_device(DeviceKind.DISPLAY, driver=_LED), ""),
        "display-template": (_device(DeviceKind.DISPLAY, driver=_BOARD), ""),
    }


def _device(
    kind: DeviceKind, *, driver: Mapping[str, object] | None = None, chip: str = "max7219", digits: int = 4
) -> DeviceFacts:
    card = {"id": 7, "name": NAME, "kind": kind, "options": driver or {}, "counter_number": 5}
    facts = facts_of(card, "demo", SERVER, chip=chip, digits=digits, wifi_ssid="Một cửa")
    return replace(facts, token=TOKEN, wifi_password=TOKEN, ota_password=TOKEN)
