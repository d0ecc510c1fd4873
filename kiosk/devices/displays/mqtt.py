"""A display behind an MQTT broker: one retained message with the state, and "away" as last will."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from kiosk.devices.displays.contract import DisplayFault, DisplayState
from kiosk.devices.displays.options import MqttOptions

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 3.0
KEEPALIVE_SECONDS = 20
"""A broker tells the display that we are away after one and a half times this."""
AT_LEAST_ONCE = 1
BROKER_FAULTS = (OSError, ValueError, RuntimeError)
"""ValueError and RuntimeError are what paho raises for a host or a message it cannot use."""


class MqttDisplay:
    """One connection a display: a broker keeps one last will a connection.

    A connection that breaks is never mended but made anew: paho would first repeat what it had not got through,
    and an old number would overtake the present one. `lost` is called, from paho's thread, when it breaks.
    """

    def __init__(self, options: MqttOptions, topic: str, lost: Callable[[], None]) -> None:
        self._options, self._topic, self._lost = options, topic, lost
        self._client: Client | None = None
        self._answered = threading.Event()
        self._refused = self._up = False

    def show(self, state: DisplayState) -> bool:
        """Publish, and wait until the broker has it. Raises DisplayFault."""
        try:
            client = self._connected(state)
            message = client.publish(self._topic, state.as_json(), qos=AT_LEAST_ONCE, retain=True)
            message.wait_for_publish(ANSWER_SECONDS)
        except BROKER_FAULTS as error:
            self.close()
            raise DisplayFault("display_offline") from error
        if not message.is_published():
            self.close()
            raise DisplayFault("display_silent")
        return True

    def close(self) -> None:
        """Hang up."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*BROKER_FAULTS):
                client.disconnect()
            with contextlib.suppress(*BROKER_FAULTS):
                client.loop_stop()

    def _connected(self, state: DisplayState) -> Client:
        if self._client is not None and self._up:
            return self._client
        self.close()
        self._client = client = self._dial(state.away())
        client.loop_start()
        self._answered.wait(ANSWER_SECONDS)
        if not self._up:
            self.close()
            raise DisplayFault("display_refused" if self._refused else "display_silent")
        return client

    def _dial(self, will: DisplayState) -> Client:
        own = self._options
        self._answered.clear()
        self._refused = self._up = False
        client = Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
        client.connect_timeout = CONNECT_SECONDS
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.will_set(self._topic, will.as_json(), qos=AT_LEAST_ONCE, retain=True)
        if own.user is not None:
            client.username_pw_set(own.user, own.password)
        if own.tls:
            client.tls_set_context(ssl.create_default_context(cafile=own.ca_file))
        client.connect(own.host, own.port, KEEPALIVE_SECONDS)
        return client

    def _on_connect(self, client: Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._refused = bool(reason.is_failure)
        self._up = not self._refused
        self._answered.set()

    def _on_disconnect(self, client: Client, *_: Any) -> None:
        self._answered.set()
        if client is self._client and self._up:
            self._up = False
            self._lost()
