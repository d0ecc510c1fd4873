"""What every line to a printer can do."""

from __future__ import annotations

from typing import Protocol

LINK_FAULTS = (OSError, ValueError, OverflowError)
"""What opening a line may raise: a host name or a port that cannot even be dialled is a ValueError."""


class Link(Protocol):
    """A line to a printer, opened for one job and closed after it; every method raises OSError when it is broken."""

    def open(self, timeout: float) -> None:
        """Connect within `timeout` seconds."""

    def send(self, data: bytes, timeout: float) -> None:
        """Hand over all the bytes; raises OSError when the printer takes none for `timeout` seconds."""

    def receive(self, timeout: float) -> bytes:
        """Return what the printer sent, b"" when that is nothing for `timeout` seconds."""

    def flush(self, timeout: float) -> None:
        """Wait until the printer's side has every byte; raises OSError when it has not in time."""

    def paper_sensor(self) -> bool | None:
        """Tell what the cable itself says of the paper: False is none left, None is that it says nothing."""

    def drop(self) -> None:
        """Break off, so that bytes still on their way are thrown away and not printed later; never raises."""

    def close(self) -> None:
        """Hang up; never raises."""
