"""Which displays hang on one line, and the thread that keeps them up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kiosk.devices.displays.bus import Bus, BusThread
from kiosk.devices.displays.contract import Display
from kiosk.devices.displays.options import (
    HttpOptions,
    LedOptions,
    MqttOptions,
    Options,
    TemplateOptions,
)
from kiosk.devices.displays.serial_line import LedDisplay, SerialLine, TemplateDisplay


@dataclass(frozen=True, slots=True)
class Wiring:
    """One display that the server drives: its settings, and where it stands."""

    options: Options
    office_key: str
    counter_number: int

    @property
    def topic(self) -> str:
        """The MQTT topic of this counter, unless the settings name another."""
        own = self.options.topic if isinstance(self.options, MqttOptions) else None
        return own or f"kiosk/{self.office_key}/counter/{self.counter_number}"


def bus_of(device: int, options: Options) -> str | None:
    """The line a display hangs on; displays of one name share a thread. None for one that asks for itself."""
    if isinstance(options, LedOptions | TemplateOptions):
        return options.port
    if isinstance(options, MqttOptions | HttpOptions):
        return f"{options.driver}-{device}"
    return None


def open_bus(name: str, displays: Mapping[int, Wiring], now: Callable[[], datetime]) -> BusThread:
    """The thread of one line with its displays by device id, not yet started; nothing is opened or sent yet."""
    line = SerialLine(name)
    opened: dict[int, Display] = {}
    thread = BusThread(name, Bus({}))

    def loser(device: int) -> Callable[[], None]:
        return lambda: thread.lost(device)

    for device, wiring in displays.items():
        options = wiring.options
        if isinstance(options, LedOptions):
            opened[device] = LedDisplay(line, options)
        elif isinstance(options, TemplateOptions):
            opened[device] = TemplateDisplay(line, options)
        elif isinstance(options, MqttOptions):
            # These two are imported where a hall has them: their clients cost the worker a dozen megabytes.
            from kiosk.devices.displays.mqtt import MqttDisplay

            opened[device] = MqttDisplay(options, wiring.topic, loser(device))
        elif isinstance(options, HttpOptions):
            from kiosk.devices.displays.http import HttpDisplay

            opened[device] = HttpDisplay(options, now)
    thread.bus = Bus(opened)
    return thread
