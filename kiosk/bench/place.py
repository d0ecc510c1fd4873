"""The centre the measurements are made in, and its processes: a folder of its own that is gone afterwards."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from string import ascii_uppercase

from kiosk import clock, database, migrate
from kiosk.bench.processes import family
from kiosk.config import Settings
from kiosk.demo.stack import Stack
from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.domain.permissions import Role
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services import manage_devices, manage_places, manage_plugins, manage_printers, manage_users
from kiosk.services.manage_printers import PrinterWish
from kiosk.services.pair_device import new_pairing_code, pair
from kiosk.services.set_up_office import set_up_office
from kiosk.services.sign_in import sign_in

KEY = "bench"
BY = "system:bench"
DEPARTMENT = "justice"
READY_SECONDS = 60.0
SETTLE_SECONDS = 2.0


@dataclass(frozen=True)
class Place:
    """A running centre: one waiting line to measure, one to warm up on, and everybody's keys."""

    port: int
    data: Path
    office_id: int
    line: int
    warm_line: int
    counters: list[int]
    sessions: list[str]
    """Session tokens of the officers, one a counter."""
    kiosks: list[str]
    """Tokens of kiosks without a printer."""
    printing_kiosk: str
    board: str
    admin: str
    """Session token of an admin."""
    lines: list[int]
    """Every line of departments, where the centre has them all."""
    stack: Stack

    def processes(self) -> list[int]:
        """Process ids of the server's processes and of the worker."""
        return [pid for part in ("serve", "worker") for pid in family(self.stack.pid(part))]


@contextlib.contextmanager
def running(workers: int, clients: int, *, whole: bool = False) -> Iterator[Place]:
    """A fresh centre with server, worker and virtual printer; `whole`: with every department, its line and counter.

    Raises TimeoutError when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", ignore_cleanup_errors=True) as folder:
        data = Path(folder)
        port = free_port()
        settings = Settings(
            data=data,
            database="",
            bind=f"127.0.0.1:{port}",
            workers=workers,
            public_url="",
            log_level="WARNING",
        )
        with VirtualPrinter(data / "printer", port=0) as printer:
            stack = Stack(settings)
            place = _set_up(settings, stack, port, printer.port, clients, whole)
            stack.start()
            try:
                _wait_until_ready(port, stack)
                yield place
            finally:
                stack.stop()
                database.disconnect()


def free_port() -> int:
    """A port on this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _set_up(
    settings: Settings, stack: Stack, port: int, printer_port: int, clients: int, whole: bool
) -> Place:
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    gate.use(house)
    migrate.upgrade(settings.data, house.migrations())
    now = clock.now()
    with database.connection(), gate.breath():
        office = set_up_office(KEY, "Trung tâm đo tốc độ", now)
        manage_plugins.enable(office, DEPARTMENT, now, BY)
        line = manage_places.add_line(office, DEPARTMENT, "ZA", "Hàng đo", now, BY)
        warm_line = manage_places.add_line(office, DEPARTMENT, "ZW", "Hàng khởi động", now, BY)
        counters = [
            manage_places.add_counter(office, n, f"Quầy {n}", [line], now, BY) for n in range(1, clients + 1)
        ]
        manage_places.add_counter(office, clients + 1, "", [warm_line], now, BY)
        printer = manage_printers.add_printer(
            office, PrinterWish("Máy in", f"tcp://127.0.0.1:{printer_port}"), now, BY
        )
        lines = _open_departments(office, first_counter=clients + 2) if whole else []
        return Place(
            port,
            settings.data,
            office,
            line,
            warm_line,
            counters,
            [_officer(office, counter) for counter in counters],
            [device_token(office, f"Máy {n}", "kiosk") for n in range(1, clients + 1)],
            device_token(office, "Máy có giấy", "kiosk", printer),
            device_token(office, "Bảng", "board"),
            _admin(office),
            lines,
            stack,
        )


def _open_departments(office: int, first_counter: int) -> list[int]:
    """Every department switched on; those with a front desk get a line and a counter."""
    now = clock.now()
    for name in sorted(set(gate.house().owners.values()) - {DEPARTMENT}):
        manage_plugins.enable(office, name, now, BY)
    lines = []
    for place, department in enumerate(d for d in gate.departments().values() if d.front_desk):
        prefix = f"Q{ascii_uppercase[place]}"
        line = manage_places.add_line(office, department.key, prefix, department.title, now, BY)
        manage_places.add_counter(office, first_counter + place, "", [line], now, BY)
        lines.append(line)
    return lines


def _admin(office: int) -> str:
    now = clock.now()
    _, password = manage_users.add_user(office, "admin", "Quản trị", Role.ADMIN, now, BY)
    return sign_in("admin", password, "127.0.0.1", now, timedelta(hours=2)).token


def _officer(office: int, counter: int) -> str:
    now = clock.now()
    name = f"officer{counter}"
    _, password = manage_users.add_user(
        office, name, f"Quầy {counter}", Role.OFFICER, now, BY, counters=[counter]
    )
    return sign_in(name, password, "127.0.0.1", now, timedelta(hours=2)).token


def device_token(office: int, name: str, kind: str, printer: int | None = None) -> str:
    """Add a device, pair it, and return its token."""
    now = clock.now()
    device = manage_devices.add_device(office, name, kind, now, BY, printer=printer)
    code, _ = new_pairing_code(office, device, now, BY)
    return pair(code, now).token


def _wait_until_ready(port: int, stack: Stack) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and stack.alive():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                time.sleep(SETTLE_SECONDS)  # the other server process and the worker are still starting
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError("the server did not start")
