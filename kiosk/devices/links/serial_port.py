"""A printer on a serial line, or on a USB adapter that makes one."""

from __future__ import annotations

import termios
import time
from contextlib import suppress

import serial

from kiosk.devices.address import Flow

STALL = 2.0
"""Seconds without a byte taken. A job for a slow line fits into any printer's memory, so that a printer which holds
us up that long was switched off and on in the middle: what it took before is lost, and nothing else would tell us."""
_PIECE = 64
_TICK = 0.005


class SerialLink:
    """One port, 8 bits, no parity, one stop bit; `dsrdtr` is looked after here, as Linux does not."""

    def __init__(self, path: str, baud: int, flow: Flow, stall: float = STALL) -> None:
        self._path = path
        self._baud = baud
        self._flow = flow
        self._stall = stall
        self._port: serial.Serial | None = None

    def open(self, timeout: float) -> None:
        """Open the port for ourselves alone, and forget what came before."""
        try:
            self._port = serial.Serial(
                self._path,
                self._baud,
                rtscts=self._flow == "rtscts",
                xonxoff=self._flow == "xonxoff",
                timeout=timeout,
                write_timeout=self._stall,
                exclusive=True,
            )
            self._port.reset_input_buffer()
        except termios.error as error:
            raise OSError(*error.args) from None

    def send(self, data: bytes, timeout: float) -> None:
        """Write all, as fast as the line carries it; longer jobs take longer, a standstill ends in OSError."""
        port = self._open_port()
        for start in range(0, len(data), _PIECE):
            self._wait_for_printer(port)
            port.write(data[start : start + _PIECE])
        self.flush(timeout)

    def receive(self, timeout: float) -> bytes:
        """Return what came."""
        port = self._open_port()
        port.timeout = max(0.0, timeout)
        return bytes(port.read(1) + port.read(port.in_waiting))

    def flush(self, timeout: float) -> None:
        """Wait until the last byte is on the line."""
        port = self._open_port()
        left, since = port.out_waiting, time.monotonic()
        while left:
            time.sleep(_TICK)
            if (now_left := port.out_waiting) < left:
                left, since = now_left, time.monotonic()
            elif time.monotonic() - since > self._stall:
                raise TimeoutError("the printer takes no bytes")

    def paper_sensor(self) -> bool | None:
        """A serial line says nothing of paper."""
        return None

    def drop(self) -> None:
        """Throw away what waits in the driver."""
        if self._port is not None:
            with suppress(OSError, termios.error):
                self._port.reset_output_buffer()

    def close(self) -> None:
        """Close the port."""
        if self._port is not None:
            with suppress(OSError, termios.error):
                self._port.close()
            self._port = None

    def _open_port(self) -> serial.Serial:
        if self._port is None:
            raise OSError("the port is not open")
        return self._port

    def _wait_for_printer(self, port: serial.Serial) -> None:
        if self._flow != "dsrdtr":
            return
        end = time.monotonic() + self._stall
        while not port.dsr:
            if time.monotonic() >= end:
                raise TimeoutError("the printer takes no bytes")
            time.sleep(_TICK)
