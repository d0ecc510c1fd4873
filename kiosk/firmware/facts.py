"""What the files of one device are filled in with."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from kiosk.devices.displays.options import MqttOptions, read_options
from kiosk.domain.errors import DomainError
from kiosk.domain.permissions import DeviceKind

TO_FILL_IN = "replace-me"
"""Stands where only the person at the device knows the value."""

CHIPS = {"max7219": 8, "tm1637": 6}
"""What drives the digits of an ESP32 display, and how many it can drive."""
FEWEST_DIGITS = 4
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\]")


@dataclass(frozen=True)
class Broker:
    """The MQTT broker a display listens to."""

    host: str
    topic: str
    port: int = 1883
    username: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False


@dataclass(frozen=True)
class DeviceFacts:
    """One device and what it needs to know: an address of the server, its token, its network.

    `options` are a display's settings with their defaults. Raises DomainError("too_many_digits").
    """

    id: int
    name: str
    kind: DeviceKind
    server: str
    options: dict[str, Any] = field(default_factory=dict)
    broker: Broker | None = None
    chip: str = "max7219"
    digits: int = FEWEST_DIGITS
    token: str = field(default="", repr=False)
    wifi_ssid: str = TO_FILL_IN
    wifi_password: str = field(default=TO_FILL_IN, repr=False)
    ota_password: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)

    def __post_init__(self) -> None:
        most = CHIPS.get(self.chip, 0)
        if not FEWEST_DIGITS <= self.digits <= most:
            raise DomainError("too_many_digits", chip=self.chip, least=FEWEST_DIGITS, most=most)

    @property
    def title(self) -> str:
        """The name in one line, without characters a terminal or a configuration file would obey."""
        return " ".join("".join(c if c.isprintable() else " " for c in self.name).split())

    @property
    def hostname(self) -> str:
        """Its name on the network; unlike the title it stays the same when it is renamed."""
        return f"kiosk-{self.kind}-{self.id}"

    @property
    def is_esp32(self) -> bool:
        """Whether it is a small board of ours that is on the WiFi."""
        if self.kind is DeviceKind.DISPLAY:
            return self.driver in {"poll", "mqtt"}
        return self.kind is DeviceKind.BUTTON

    @property
    def driver(self) -> str:
        """How a display is driven; one that asks the server itself is the simplest."""
        return str(self.options.get("driver", "poll"))


def facts_of(
    card: dict[str, Any], office_key: str, server: str, *, chip: str, digits: int, wifi_ssid: str = TO_FILL_IN
) -> DeviceFacts:
    """The facts of a device given as `manage_devices.devices` lists it.

    Raises DomainError("display_options_malformed", "too_many_digits").
    """
    kind = DeviceKind(card["kind"])
    options = read_options(card["options"]) if kind is DeviceKind.DISPLAY else None
    broker = None
    if isinstance(options, MqttOptions):
        topic = options.topic or f"kiosk/{office_key}/counter/{card['counter_number']}"
        broker = Broker(
            options.host, topic, options.port, options.user or "", options.password or "", options.tls
        )
    return DeviceFacts(
        card["id"], card["name"], kind, server, options.model_dump() if options else {}, broker,
        chip=chip, digits=digits, wifi_ssid=wifi_ssid,
    )  # fmt: skip


def server_address(text: str) -> str:
    """An address such as https://motcua.example.vn that is safe in every kind of file.

    Raises DomainError("server_address_malformed").
    """
    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise DomainError("server_address_malformed", address=text[:80]) from None
    host = parts.netloc.removesuffix(port)
    plain = not (parts.query or parts.fragment or parts.path.strip("/"))
    if parts.scheme not in {"http", "https"} or not plain or not _HOST.fullmatch(host):
        raise DomainError("server_address_malformed", address=text[:80])
    return f"{parts.scheme}://{host}{port}"
