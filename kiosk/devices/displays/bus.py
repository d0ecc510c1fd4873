"""The displays that share a line: only the newest state counts, and one that is dead costs the others little."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.devices.displays.contract import Display, DisplayFault, DisplayState

log = logging.getLogger(__name__)

AGAIN_SECONDS = 30.0
"""A display hears its state so often, changed or not: one that was switched off and on shows it again."""
FIRST_RETRY_SECONDS = 0.25
LONGEST_RETRY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Health:
    """How a display is: its trouble or None, and whether it (or its broker) ever confirms what it gets."""

    problem: str | None = None
    confirmed: bool = False


class _Place:
    """One display of the bus and what it is owed."""

    def __init__(self, display: Display) -> None:
        self.display = display
        self.wanted: DisplayState | None = None
        self.shown: DisplayState | None = None
        self.failures = 0
        self.due = 0.0
        self.broken = False
        self.health: Health | None = None

    def is_due(self, now: float) -> bool:
        news = self.broken or (self.wanted != self.shown and not self.failures)
        return self.wanted is not None and (news or now >= self.due)

    def show(self, now: float) -> None:
        """Try once, and set when to try next."""
        wanted = self.wanted
        if wanted is None:
            return
        self.broken = False
        try:
            confirmed = self.display.show(wanted)
        except DisplayFault as fault:
            self._failed(now, fault.problem)
        except Exception:  # whatever a driver trips over, the other displays of the line go on
            log.exception("display")
            self._failed(now, "display_offline")
        else:
            self.shown, self.failures, self.due = wanted, 0, now + AGAIN_SECONDS
            self.health = Health(None, confirmed)

    def forget(self) -> None:
        """Show no number any more, whatever is wanted in the meantime; a failing display is left alone."""
        if self.shown is None:
            return
        try:
            self.display.show(self.shown.away())
        except Exception as error:  # the other displays of the line are still to be told
            log.warning("a display could not be told that we end: %s", type(error).__name__)

    def _failed(self, now: float, problem: str) -> None:
        self.failures += 1
        self.shown = None
        self.due = now + min(FIRST_RETRY_SECONDS * 2 ** (self.failures - 1), LONGEST_RETRY_SECONDS)
        if self.failures > 1:  # a frame that was disturbed once is no fault of the display
            self.health = Health(problem)


class Bus:
    """The displays of one line by the id of their device. `put` and `health` may be called from any thread."""

    def __init__(self, displays: Mapping[int, Display]) -> None:
        self._places = {device: _Place(display) for device, display in displays.items()}

    def put(self, device: int, state: DisplayState) -> None:
        """Want this shown; what was wanted before and not yet sent is forgotten."""
        self._places[device].wanted = state

    def lost(self, device: int) -> None:
        """The display's connection broke: what it shows is not known any more."""
        self._places[device].broken = True

    def turn(self, now: float) -> float:
        """Show what is due, well displays before failing ones; the seconds until something is due again."""
        for place in sorted(self._places.values(), key=lambda place: place.failures):
            if place.is_due(now):
                place.show(now)
        owed = [place.due for place in self._places.values() if place.wanted is not None]
        return max(0.0, min(owed, default=now + AGAIN_SECONDS) - now)

    def health(self) -> dict[int, Health]:
        """How those displays are that were spoken to."""
        return {device: place.health for device, place in self._places.items() if place.health is not None}

    def close(self) -> None:
        """Take the present numbers away and let go of the line."""
        for place in self._places.values():
            place.forget()
        for place in self._places.values():
            place.display.close()


class BusThread(threading.Thread):
    """Keeps one bus moving until it is told to stop."""

    def __init__(self, name: str, bus: Bus) -> None:
        super().__init__(name=f"displays-{name}", daemon=True)
        self.bus = bus
        self._news = threading.Event()
        self._stopping = False

    def put(self, device: int, state: DisplayState) -> None:
        """Want this shown, soon."""
        self.bus.put(device, state)
        self._news.set()

    def lost(self, device: int) -> None:
        """A connection broke."""
        self.bus.lost(device)
        self._news.set()

    def stop(self) -> None:
        """End after the frame in hand."""
        self._stopping = True
        self._news.set()

    def run(self) -> None:
        """Show and wait."""
        while not self._stopping:
            wait = self.bus.turn(time.monotonic())
            self._news.wait(wait)
            self._news.clear()
        self.bus.close()
