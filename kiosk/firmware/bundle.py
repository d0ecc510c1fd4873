"""Which files of `firmware_configs/` a device gets, and under which name it gets them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import DeviceKind
from kiosk.firmware.facts import DeviceFacts

TEMPLATE = ".j2"
PLATFORMS = ("debian", "raspberry-pi")
SECRETS = "esp32/secrets.yaml"
PRIVATE = frozenset({SECRETS, "root/etc/kiosk/agent.env"})
"""Targets that hold a token or a password."""

AGENT_ONLY = (
    "root/etc/kiosk/",
    "root/etc/chromium/",
    "root/etc/systemd/system/kiosk-agent.service",
    "root/etc/udev/",
    "root/etc/modules-load.d/",
)
"""Parts of a kiosk PC that a board does without: it prints nothing, and is paired on its own screen."""

_DIGITS = ("esp32/digits.yaml", "esp32/digits-max7219.yaml", "esp32/digits-tm1637.yaml")
_ESP32 = ("esp32/common.yaml", "esp32/secrets.yaml.j2")
ESPHOME = {
    "button": ("buttons/call-button.yaml", "esp32/server.yaml", *_ESP32),
    "poll": ("boards/counter-display.yaml", "esp32/server.yaml", *_DIGITS, *_ESP32),
    "mqtt": ("boards/counter-display-mqtt.yaml", "esp32/broker.yaml", *_DIGITS, *_ESP32),
}
"""The main file of an ESP32 and what it includes."""

LED = {
    "rs485": "boards/led-rs485.yaml.j2",
    "serial": "boards/led-rs485.yaml.j2",
    "template": "boards/led-template.yaml.j2",
}


@dataclass(frozen=True)
class Piece:
    """One file: where it lies in `firmware_configs/`, and where in the device's folder."""

    source: str
    target: str

    @property
    def private(self) -> bool:
        """Whether only its owner may read it."""
        return self.target in PRIVATE


def needs_token(device: DeviceFacts) -> bool:
    """Whether one of its files carries a device token; a board is paired on its own screen instead."""
    match device.kind:
        case DeviceKind.KIOSK | DeviceKind.BUTTON:
            return True
        case DeviceKind.DISPLAY:
            return device.driver == "poll"
    return False


def bundle(root: Path, device: DeviceFacts, platform: str = PLATFORMS[0]) -> list[Piece]:
    """The files of a device, by target; `root` is `firmware_configs/`. Raises DomainError("nothing_to_render")."""
    match device.kind:
        case DeviceKind.KIOSK:
            pieces = {**_tree(root, "kiosks/debian"), **_extras(root, platform)}
        case DeviceKind.BOARD:
            pc = {t: p for t, p in _tree(root, "kiosks/debian").items() if not t.startswith(AGENT_ONLY)}
            stick = {
                **_tree(root, "boards/tv-stick/linux"),
                "android-tv.md": Piece("boards/tv-stick/android-tv.md.j2", "android-tv.md"),
            }
            pieces = {**pc, **stick, **_extras(root, platform)}
        case DeviceKind.BUTTON:
            pieces = _each(ESPHOME["button"])
        case DeviceKind.DISPLAY if device.driver in ESPHOME:
            pieces = _each(ESPHOME[device.driver])
        case DeviceKind.DISPLAY if device.driver in LED:
            pieces = _each([LED[device.driver]])
        case _:
            raise DomainError("nothing_to_render", device=device.name, driver=device.driver)
    return [pieces[target] for target in sorted(pieces)]


def _extras(root: Path, platform: str) -> dict[str, Piece]:
    return _tree(root, "kiosks/raspberry-pi") if platform == "raspberry-pi" else {}


def _tree(root: Path, folder: str) -> dict[str, Piece]:
    found = {}
    for path in files(root / folder):
        target = path.relative_to(root / folder).as_posix().removesuffix(TEMPLATE)
        if path.name != "README.md":
            found[target] = Piece(path.relative_to(root).as_posix(), target)
    return found


def _each(sources: Iterable[str]) -> dict[str, Piece]:
    pieces = [Piece(source, source.removesuffix(TEMPLATE)) for source in sources]
    return {piece.target: piece for piece in pieces}


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in order, without what ESPHome leaves behind."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and ".esphome" not in path.parts:
            yield path
