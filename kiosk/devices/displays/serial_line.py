"""A serial line or RS-485 bus that several displays share, and the displays on it."""

from __future__ import annotations

import termios
import time
from typing import TYPE_CHECKING

import serial
from serial.rs485 import RS485Settings

from kiosk.devices.displays.contract import DisplayFault, DisplayState
from kiosk.devices.displays.led_frame import ANSWER_BYTES, answer_to, led_frame
from kiosk.devices.displays.options import LedOptions, TemplateOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITE_SECONDS = 2.0
BITS_A_BYTE = 11
UNHEARD = 4096
"""Old answers are read away before a frame; on a network line that also shows whether the other side hung up."""
LINE_FAULTS = (OSError, ValueError, termios.error, serial.SerialException)
"""ValueError and termios.error are what pyserial raises for a speed or parity that the adapter does not have."""


class SerialLine:
    """The open port; opened when first needed, and anew after a fault."""

    def __init__(self, port: str) -> None:
        self.port = port
        self._open: serial.SerialBase | None = None

    def send(self, frame: bytes, options: LedOptions | TemplateOptions) -> None:
        """Write one frame at the display's own speed, and leave the line silent after it.

        Raises DisplayFault("display_offline").
        """
        try:
            line = self._ready(options)
            line.timeout = 0
            line.read(UNHEARD)
            line.write(frame)
        except LINE_FAULTS as error:
            self.close()
            raise DisplayFault("display_offline") from error
        # Waiting for the port to say it is empty could take for ever on an adapter that hangs.
        time.sleep(len(frame) * BITS_A_BYTE / options.baud + options.gap_ms / 1000)

    def answer(self, expected: Mapping[bytes, bool], seconds: float) -> bool | None:
        """What the display said: taken, not understood, or None when nothing came in time."""
        deadline = time.monotonic() + seconds
        heard = b""
        try:
            while self._open is not None and (left := deadline - time.monotonic()) > 0:
                self._open.timeout = left
                heard += self._open.read(1)
                if heard[-ANSWER_BYTES:] in expected:
                    return expected[heard[-ANSWER_BYTES:]]
        except LINE_FAULTS as error:
            self.close()
            raise DisplayFault("display_offline") from error
        return None

    def close(self) -> None:
        """Let go of the port; never raises."""
        line, self._open = self._open, None
        if line is not None:
            try:
                line.close()
            except LINE_FAULTS:
                return

    def _ready(self, options: LedOptions | TemplateOptions) -> serial.SerialBase:
        if self._open is None:
            self._open = serial.serial_for_url(
                self.port, baudrate=options.baud, parity=options.parity, write_timeout=WRITE_SECONDS
            )
            if isinstance(options, LedOptions) and options.rts:
                self._open.rs485_mode = RS485Settings()
        if self._open.baudrate != options.baud:
            self._open.baudrate = options.baud
        if self._open.parity != options.parity:
            self._open.parity = options.parity
        return self._open


class LedDisplay:
    """A display that speaks our own protocol."""

    def __init__(self, line: SerialLine, options: LedOptions) -> None:
        self._line, self._options = line, options

    def show(self, state: DisplayState) -> bool:
        """Send one frame; confirmed where the display answers. Raises DisplayFault."""
        own = self._options
        text = state.text(own.digits, own.show).rjust(own.digits)
        self._line.send(led_frame(own.address, state, text), own)
        if not own.ack:
            return False
        taken = self._line.answer(answer_to(own.address), own.ack_ms / 1000)
        if not taken:
            raise DisplayFault("display_silent" if taken is None else "display_refused")
        return True

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()


class TemplateDisplay:
    """Another maker's board; nobody knows whether it understood."""

    def __init__(self, line: SerialLine, options: TemplateOptions) -> None:
        self._line, self._options, self._frame = line, options, options.template()

    def show(self, state: DisplayState) -> bool:
        """Send one frame. Raises DisplayFault."""
        own = self._options
        self._line.send(self._frame.render(state, own.address, own.digits), own)
        return False

    def close(self) -> None:
        """Let go of the line."""
        self._line.close()
