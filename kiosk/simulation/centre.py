"""The simulated centre: every department with its line, sixty counters, and the real server and worker."""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as local_time
from pathlib import Path

from kiosk import clock, database, migrate
from kiosk.config import Settings
from kiosk.demo.stack import Stack
from kiosk.domain.forecast import pace_of
from kiosk.domain.permissions import Role
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services import hall_settings, manage_devices, manage_places, manage_plugins, manage_users
from kiosk.services.calendar_of import national_calendar
from kiosk.services.pace import keep_pace
from kiosk.services.pair_device import new_pairing_code, pair
from kiosk.services.set_up_office import set_up_office
from kiosk.services.sign_in import sign_in
from kiosk.simulation.plan import ZONE, LinePlan, line_plans, some_visits

KEY = "simulated"
BY = "system:simulate"
BEGINS = local_time(7, 5)
READY_SECONDS = 90.0
COUNTERS = 60
KIOSKS = 3


@dataclass(frozen=True)
class SimulatedCounter:
    """A counter, its number, the line it serves (its place in `lines`), and its officer's session."""

    id: int
    number: int
    line: int
    session: str


@dataclass(frozen=True)
class Centre:
    """A running centre and everybody's keys."""

    url: str
    office_id: int
    day: date
    lines: list[int]
    prefixes: list[str]
    plans: list[LinePlan]
    counters: list[SimulatedCounter]
    kiosks: list[str]
    admin: str


def next_day(after: date) -> date:
    """The first working day after a date."""
    return national_calendar(after.year, ZONE.key).next_working_day(after)


@contextlib.contextmanager
def running(speed: float, dice: random.Random, port: int, day: date) -> Iterator[Centre]:
    """A centre whose clock begins at five past seven and runs `speed` times faster; gone afterwards.

    Raises TimeoutError when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-simulation-", ignore_cleanup_errors=True) as folder:
        settings = Settings(
            data=Path(folder),
            database="",
            bind=f"127.0.0.1:{port}",
            workers=2,
            public_url="",
            log_level="WARNING",
            session_hours=24,
        )
        # Setting up takes real seconds; the clock runs only once the server is up.
        clock.run_fast(datetime.combine(day, BEGINS, ZONE), 0)
        centre = _set_up(settings, f"http://127.0.0.1:{port}", day, dice)
        clock.run_fast(datetime.combine(day, BEGINS, ZONE), speed)
        stack = Stack(settings)  # it hands the clock on to its processes
        stack.start()
        try:
            _wait_until_ready(centre.url, stack)
            yield centre
        finally:
            stack.stop()
            database.disconnect()
            clock.run_as_usual()


def _set_up(settings: Settings, url: str, day: date, dice: random.Random) -> Centre:
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    gate.use(house)
    migrate.upgrade(settings.data, house.migrations())
    now = clock.now()
    with database.connection(), gate.breath():
        office = set_up_office(KEY, "Trung tâm mô phỏng", now)
        hall_settings.change_hall(office, "day", {"keep_hours": True}, now, BY)
        for name in sorted(set(gate.house().owners.values())):
            manage_plugins.enable(office, name, now, BY)
        departments = [each for each in gate.departments().values() if each.front_desk]
        lines = [
            manage_places.add_line(office, each.key, each.prefix, each.title, now, BY, title_en=each.title_en)
            for each in departments
        ]
        plans = line_plans(len(lines), COUNTERS, dice)
        counters: list[SimulatedCounter] = []
        for place, plan in enumerate(plans):
            for _ in range(plan.counters):
                counters.append(_counter(office, len(counters) + 1, place, lines[place], now))
        _remember(lines, plans, now, dice)
        return Centre(
            url,
            office,
            day,
            lines,
            [each.prefix for each in departments],
            plans,
            counters,
            [_kiosk(office, f"Máy {n}", now) for n in range(1, KIOSKS + 1)],
            _sign_in(office, "admin", Role.ADMIN, None, now),
        )


def _remember(lines: list[int], plans: list[LinePlan], now: datetime, dice: random.Random) -> None:
    """What the lines learnt on earlier days: the pace of sixty visits each."""
    for line, plan in zip(lines, plans, strict=True):
        keep_pace(line, pace_of(some_visits(plan, 60, dice)), now)


def _counter(office: int, number: int, place: int, line: int, now: datetime) -> SimulatedCounter:
    counter = manage_places.add_counter(office, number, "", [line], now, BY)
    return SimulatedCounter(
        counter, number, place, _sign_in(office, f"officer{number}", Role.OFFICER, counter, now)
    )


def _sign_in(office: int, name: str, role: Role, counter: int | None, now: datetime) -> str:
    counters = [counter] if counter else []
    _, password = manage_users.add_user(office, name, name, role, now, BY, counters=counters)
    return sign_in(name, password, "127.0.0.1", now, timedelta(hours=24)).token


def _kiosk(office: int, name: str, now: datetime) -> str:
    device = manage_devices.add_device(office, name, "kiosk", now, BY)
    code, _ = new_pairing_code(office, device, now, BY)
    return pair(code, now).token


def _wait_until_ready(url: str, stack: Stack) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and stack.alive():
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310  (our own server)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError("the server did not start")
