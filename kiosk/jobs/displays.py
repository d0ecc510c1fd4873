"""Keep the displays over the counters up to date: one reader of the database, and one thread a line of displays."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk import clock
from kiosk.database import connection
from kiosk.devices.displays.bus import BusThread, Health
from kiosk.devices.displays.contract import AWAY, DisplayState
from kiosk.devices.displays.options import read_options
from kiosk.devices.displays.wiring import Wiring, bus_of, open_bus
from kiosk.domain.errors import DomainError
from kiosk.services import drive_displays
from kiosk.services.drive_displays import Note, Screen
from kiosk.services.look.display import counter_displays

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""A number stops blinking without anything being committed."""
BREATHER_SECONDS = 0.05
AWAY_AFTER_SECONDS = 10.0
"""When the database has been silent for so long, an old number is not shown as the present one."""
NOTE_SECONDS = 30.0
STOP_SECONDS = 5.0


@dataclass
class _Line:
    """One line of displays: its thread, and the displays as they were when it was opened."""

    thread: BusThread
    screens: dict[int, Screen]


class Displays:
    """All displays that the worker drives. A display that an admin adds, moves or revokes is noticed."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stopping = False
        self._reader: threading.Thread | None = None
        self._malformed: dict[int, str] = {}
        self._noted: dict[int, Health] = {}
        self._noted_at = float("-inf")
        self._read_at = time.monotonic()

    def refresh(self) -> None:
        """Have a thread for every line as it is described now; waits for nobody."""
        wanted, wirings = self._wanted(drive_displays.driven_displays())
        with self._lock:
            for name, line in list(self._lines.items()):
                if wanted.get(name) != line.screens or not line.thread.is_alive():
                    line.thread.stop()
                    if not line.thread.is_alive():  # else two would talk on one line
                        del self._lines[name]
            for name, screens in wanted.items():
                if name not in self._lines:
                    thread = open_bus(name, {device: wirings[device] for device in screens}, clock.now)
                    self._lines[name] = _Line(thread, screens)
                    thread.start()
        if self._reader is None and wanted:
            self._reader = threading.Thread(target=self._read, name="displays-reader", daemon=True)
            self._reader.start()
        self._news.set()

    def ring(self) -> None:
        """Something was committed."""
        self._news.set()

    def stop(self) -> None:
        """Take the numbers off the displays and end all threads."""
        self._stopping = True
        self._news.set()
        for line in self._lines.values():
            line.thread.stop()
        ending = [line.thread for line in self._lines.values()]
        deadline = time.monotonic() + STOP_SECONDS
        for thread in [*ending, self._reader] if self._reader else ending:
            thread.join(max(0.0, deadline - time.monotonic()))

    def look(self) -> None:
        """Read what stands at every counter, tell the lines, and keep how the displays are."""
        with self._lock:
            lines = list(self._lines.values())
        screens = [screen for line in lines for screen in line.screens.values()]
        states = self._states(screens)
        for line in lines:
            for device in line.screens:
                line.thread.put(device, states[device])
        self._note([line.thread for line in lines])

    def _read(self) -> None:
        while not self._stopping:
            self._news.wait(LOOK_SECONDS)
            self._news.clear()
            try:
                with connection():
                    self.look()
                self._read_at = time.monotonic()
            except Exception:  # the displays must outlive a database that is away for a while
                log.exception("displays")
                self._blank()
                time.sleep(1)
            time.sleep(BREATHER_SECONDS)  # a rush of calls is one look

    def _blank(self) -> None:
        if time.monotonic() - self._read_at > AWAY_AFTER_SECONDS:
            with self._lock:
                for line in self._lines.values():
                    for device, screen in line.screens.items():
                        line.thread.put(device, DisplayState(counter=screen.counter_number))

    def _wanted(self, screens: Iterable[Screen]) -> tuple[dict[str, dict[int, Screen]], dict[int, Wiring]]:
        wanted: dict[str, dict[int, Screen]] = {}
        wirings = {}
        malformed = {}
        for screen in screens:
            try:
                options = read_options(screen.options)
            except DomainError as error:
                malformed[screen.device] = error.code
                continue
            name = bus_of(screen.device, options)
            if name is not None:
                wirings[screen.device] = Wiring(options, screen.office_key, screen.counter_number)
                wanted.setdefault(name, {})[screen.device] = screen
        self._malformed = malformed
        return wanted, wirings

    def _states(self, screens: list[Screen]) -> dict[int, DisplayState]:
        now = clock.now()
        states = {}
        for office in {screen.office for screen in screens}:
            own = [screen for screen in screens if screen.office == office]
            shown = counter_displays(office, {screen.counter for screen in own}, now)
            for screen in own:
                state = shown.get(screen.counter)
                states[screen.device] = DisplayState(**state) if state else AWAY
        return states

    def _note(self, threads: list[BusThread]) -> None:
        health = {device: Health(problem) for device, problem in self._malformed.items()}
        for thread in threads:
            health |= thread.bus.health()
        all_due = time.monotonic() - self._noted_at > NOTE_SECONDS
        due = {d: h for d, h in health.items() if all_due or self._noted.get(d) != h}
        if due:
            notes = [Note(device, each.problem, each.confirmed) for device, each in due.items()]
            drive_displays.note_displays(notes, clock.now())
            self._noted |= due
            if all_due:
                self._noted_at = time.monotonic()
