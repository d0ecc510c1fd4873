"""A USB printer through the kernel's printer class driver, `/dev/usb/lp*` (Linux usblp)."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import struct
import time
from contextlib import suppress

LPGETSTATUS = 0x060B
"""ioctl of <linux/lp.h>: the port status byte of the USB printer class."""
NO_PAPER, SELECTED, NO_ERROR = 0x20, 0x10, 0x08

_PIECE = 8_192
_LONGEST = 3  # times the timeout that a printer may take a job by little and little
_TICK = 0.01
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class UsbClassLink:
    """The device file of one printer; only one program can have it open."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file = -1

    def open(self, timeout: float) -> None:
        """Open without waiting: a printer that is unplugged or held by another program fails at once."""
        self._file = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)

    def send(self, data: bytes, timeout: float) -> None:
        """Write all, piece by piece as the printer takes them."""
        rest = memoryview(data)
        end = time.monotonic() + _LONGEST * timeout
        while rest:
            if not self._ready(select.POLLOUT, min(timeout, end - time.monotonic())):
                raise TimeoutError("the printer takes no bytes")
            with suppress(BlockingIOError):
                rest = rest[os.write(self._file, rest[:_PIECE]) :]

    def receive(self, timeout: float) -> bytes:
        """Return what came; many printers send empty packets all the time, which are nothing."""
        end = time.monotonic() + timeout
        while self._ready(select.POLLIN, end - time.monotonic()):
            with suppress(BlockingIOError):
                if chunk := os.read(self._file, 256):
                    return chunk
            time.sleep(_TICK)
        return b""

    def flush(self, timeout: float) -> None:
        """Wait until the last piece has left: the driver drops what it still holds when the file is closed."""
        if not self._ready(select.POLLOUT, timeout):
            raise TimeoutError("the printer did not take every byte")

    def paper_sensor(self) -> bool | None:
        """Ask the driver for the port status; implausible bytes, as some clones give, say nothing."""
        answer = bytearray(struct.pack("i", 0))
        try:
            fcntl.ioctl(self._file, LPGETSTATUS, answer)
        except OSError:
            return None
        return read_port_status(struct.unpack("i", answer)[0])

    def drop(self) -> None:
        """Closing is enough: the driver cancels what has not left."""

    def close(self) -> None:
        """Close the device file."""
        if self._file >= 0:
            with suppress(OSError):
                os.close(self._file)
            self._file = -1

    def _ready(self, event: int, timeout: float) -> bool:
        if self._file < 0:
            raise OSError("the line is not open")
        poll = select.poll()
        poll.register(self._file, event)
        found = poll.poll(max(0.0, timeout) * 1000)
        if found and found[0][1] & _GONE:
            raise OSError(errno.ENODEV, "the printer was unplugged")
        return bool(found)


def read_port_status(status: int) -> bool | None:
    """Tell from the port status byte whether there is paper (USB Device Class Definition for Printing Devices, 4.2.2)."""
    if status & ~(NO_PAPER | SELECTED | NO_ERROR) or not status:
        return None
    return not status & NO_PAPER
