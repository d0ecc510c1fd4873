"""Start and keep up the demo's processes: server, worker, virtual printer. A process that dies is started again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kiosk import clock, database, migrate
from kiosk.config import Settings
from kiosk.demo import place
from kiosk.demo.history import History
from kiosk.devices.virtual_printer import VirtualPrinter
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from kiosk.services.issue_ticket import TicketHouse

READY_SECONDS = 60
CHECK_SECONDS = 0.5
HISTORY = timedelta(days=70)
ENDS_WITH = "KIOSK_ENDS_WITH"
"""Environment variable: the process without which `serve` and `worker` are to end, should it be killed."""

console = Console(highlight=False)


def run(data: Path, port: int, *, open_browser: bool, empty: bool) -> int:
    """Run the demo until Ctrl-C or SIGTERM; returns the exit status."""
    data = data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    for name in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell starts background jobs with it ignored
        signal.signal(name, _stop)
    settings = Settings(
        data=data, database="", bind=f"127.0.0.1:{port}", demo=True, public_url="", log_level="WARNING"
    )
    if _taken(port):
        console.print(f"Cổng {port} đang được dùng; chọn cổng khác bằng --port. / Port {port} is in use.")
        return 1
    with contextlib.ExitStack() as on:
        papers = [on.enter_context(_virtual_printer(data, number)) for number in range(_printers(data))]
        facts = _prepare(settings, papers, empty=empty)
        stack = Stack(settings)
        stack.start()
        try:
            if not _wait_until_ready(facts["url"], stack):
                console.print("Máy chủ không khởi động được. / The server did not start.")
                return 1
            _greet(facts)
            if open_browser:
                webbrowser.open(f"{facts['url']}/")
            stack.keep_up()
        except KeyboardInterrupt:
            console.print("\nĐã dừng. / stopped.")
        finally:
            stack.stop()
    return 0


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextlib.contextmanager
def _virtual_printer(data: Path, number: int) -> Iterator[place.Paper]:
    """One virtual printer on the port it had before, if that is free; else on any."""
    suffix = f"-{number + 1}" if number else ""
    papers, control = data / f"printer{suffix}", data / f"printer{suffix}-control.json"
    known = _known_printers(data)
    port = known[number]["port"] if number < len(known) else 0
    name = place.PRINTERS[number]
    with VirtualPrinter(
        papers, name=name, port=0 if port and _taken(port) else port, control=control
    ) as printer:
        yield place.Paper(printer.port, papers, control)


def _known_printers(data: Path) -> list[dict[str, Any]]:
    try:
        return json.loads((data / "demo.json").read_text(encoding="utf-8"))["printers"]
    except (OSError, ValueError, LookupError):
        return []


def _printers(data: Path) -> int:
    """A demo that was begun with one printer goes on with it."""
    return len(_known_printers(data)) or len(place.PRINTERS)


def _prepare(settings: Settings, papers: Sequence[place.Paper], *, empty: bool) -> dict[str, Any]:
    """Have a migrated, populated database and demo.json beside it."""
    path = settings.data / "demo.json"
    _clear_half_built(settings.data)
    database.connect(settings.database_url, settings.data)
    house = PluginHouse.load(settings)
    gate.use(house)
    migrate.upgrade(settings.data, house.migrations())
    url = f"http://{settings.bind}"
    building = settings.data / "building"
    if path.exists():
        facts = json.loads(path.read_text(encoding="utf-8"))
        place.move_printers(facts, papers, clock.now())
    else:
        building.touch()
        facts = _populate(settings, empty=empty)
        place.add_devices(facts, papers, clock.now())
    facts["url"] = url
    draft = path.with_suffix(".tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(facts, ensure_ascii=False, indent=2), encoding="utf-8")
    draft.replace(path)
    building.unlink(missing_ok=True)
    database.disconnect()
    return facts


def _clear_half_built(data: Path) -> None:
    """Remove what an interrupted first start of the demo left; nothing else is ever removed.

    Raises FolderInUse when the folder holds a database that is not the demo's.
    """
    if (data / "demo.json").exists():
        return
    leftovers = [path for path in data.glob("kiosk.db*") if path.is_file()]
    if leftovers and not (data / "building").exists():
        raise FolderInUse(
            f"{data} holds a database that is not the demo's; choose another folder with --data"
        )
    for path in leftovers:
        path.unlink()


class FolderInUse(Exception):
    """The demo will not write into somebody else's data."""


def _populate(settings: Settings, *, empty: bool) -> dict[str, Any]:
    now = clock.now()
    with database.connection(), gate.breath():
        facts = place.build(now - HISTORY)
    if empty:
        return facts
    history = History(facts, TicketHouse(settings.key, settings.base_url), now)
    bar = Progress(
        TextColumn("Dữ liệu mẫu / sample data"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
    )
    with bar, database.connection(), gate.breath(), _without_waiting_for_the_disk():
        task = bar.add_task("", total=1.0)
        for done in history.run():
            bar.update(task, completed=done)
    return facts


class _without_waiting_for_the_disk:  # noqa: N801  (reads as a phrase where it is used)
    """Made-up data may be lost in a power cut; it is made again in seconds."""

    def __enter__(self) -> None:
        database.proxy.execute_sql("PRAGMA synchronous = off")

    def __exit__(self, *_: object) -> None:
        database.proxy.execute_sql("PRAGMA synchronous = full")


class Stack:
    """The server and the worker as child processes."""

    def __init__(self, settings: Settings) -> None:
        self._environment = {
            **os.environ,
            "KIOSK_DATA": str(settings.data),
            "KIOSK_DATABASE": settings.database,
            "KIOSK_BIND": settings.bind,
            "KIOSK_DEMO": "1" if settings.demo else "0",
            "KIOSK_PUBLIC_URL": settings.public_url,
            "KIOSK_LOG_LEVEL": settings.log_level,
            "KIOSK_WORKERS": str(settings.workers),
            "KIOSK_THREADS": str(settings.threads),
            ENDS_WITH: str(os.getpid()),
        }
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start both."""
        for part in ("serve", "worker"):
            self._launch(part)

    def _launch(self, part: str) -> None:
        self._children[part] = subprocess.Popen(  # noqa: S603  (our own command)
            [sys.executable, "-m", "kiosk", part], env=self._environment, start_new_session=True
        )

    def pid(self, part: str) -> int:
        """Process id of "serve" or "worker"."""
        return self._children[part].pid

    def alive(self) -> bool:
        """Whether the server runs."""
        return self._children["serve"].poll() is None

    def keep_up(self) -> None:
        """Start again what dies, until interrupted."""
        while True:
            time.sleep(CHECK_SECONDS)
            for part, child in list(self._children.items()):
                if child.poll() is not None:
                    self._launch(part)

    def stop(self) -> None:
        """End both, gently at first."""
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self._children.values():
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def _wait_until_ready(url: str, stack: Stack) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and stack.alive():
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310  (our own address)
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def _greet(facts: dict[str, Any]) -> None:
    url = facts["url"]
    console.print("\n[bold]Trung tâm mẫu đã sẵn sàng / the demo centre is ready[/bold]")
    console.print(f"  Kiosk           {url}/kiosk")
    console.print(f"  Bảng / board    {url}/board")
    console.print(f"  Quầy / counter  {url}/counter")
    console.print(f"  Quản trị/admin  {url}/admin")
    console.print(f"  Tra cứu/look-up {url}/lookup")
    console.print(f"  Phiếu in/papers {facts['printers'][0]['output_dir']}")
    console.print("\n  Tài khoản / sign-ins")
    for account in [facts["admin"], *facts["officers"]]:
        number = next((c["number"] for c in facts["counters"] if c["id"] == account.get("counter")), None)
        where = f"quầy {number}" if number else "quản trị"
        console.print(f"    {account['username']:<8} {account['password']}   {where}")
    console.print("\n  Ctrl-C để dừng / to stop\n")
    sys.stdout.flush()
