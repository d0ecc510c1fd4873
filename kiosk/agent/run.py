"""The agent from start to end: its parts, its address, its watchdog, and an orderly stop."""

from __future__ import annotations

import ipaddress
import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from waitress.server import create_server

from kiosk.agent import handing, spool
from kiosk.agent.front import create_front
from kiosk.agent.link import Link
from kiosk.agent.moment import Moment
from kiosk.agent.notify import notify, watchdog_seconds
from kiosk.agent.pairing import digest, pair
from kiosk.agent.presses import Presses
from kiosk.agent.printing import PrinterThread
from kiosk.agent.store import Store
from kiosk.agent.sync import Sync, give_back
from kiosk.devices.models import printer_model
from kiosk.devices.printer import open_printer

log = logging.getLogger(__name__)

THREADS = 8
GIVE_BACK_SECONDS = 2.0
JOB_SECONDS = 8.0
ROUND_SECONDS = 4.0
STALLED_SECONDS = 90.0
"""A printer may take half a minute for one paper, a hand-in longer; a thread silent for so long is stuck."""
PULSE_SECONDS = 1.0


class NotPaired(Exception):
    """This folder holds no right to speak for a kiosk; a pairing code is needed first."""


class UnusableBind(Exception):
    """The address to listen on is not one of this machine alone."""


@dataclass(frozen=True)
class Options:
    """How `kiosk agent` was started."""

    folder: Path
    server: str | None = None
    code: str | None = None
    token: str | None = None
    bind: str = "127.0.0.1:7180"
    printer: str | None = None
    model: str = "generic-80mm"


def run(options: Options, say: Callable[[str], None]) -> None:
    """Be the agent until SIGTERM or Ctrl-C.

    Raises NotPaired, FolderInUse, UnusableBind, Away (the server could not be reached to pair), the server's
    DomainError for a pairing code that it refuses, DomainError("printer_address_malformed", "unknown_printer_model").
    """
    host, port = _bind(options.bind)
    store = Store(options.folder)
    try:
        address, token = _credentials(store, options)
        Agent(store, address, token, _override(options)).serve(host, port, say)
    finally:
        store.close()


class Agent:
    """The agent's parts: one link, one printer, one round to the server, one local page."""

    def __init__(
        self, store: Store, address: str, token: str, override: dict[str, Any] | None = None
    ) -> None:
        self.link = Link(store, Moment(store), address, token)
        self.printer = PrinterThread(self.link, override)
        self.sync = Sync(self.link, self.printer)
        self.presses = Presses(self.link, self.printer, self.printer.ring)

    def serve(self, host: str, port: int, say: Callable[[str], None]) -> None:
        """Serve the local page until told to stop, then end in order."""
        hosts = frozenset(f"{name}:{port}" for name in (host, "127.0.0.1", "localhost"))
        front = create_front(self.link, self.printer, self.presses, hosts)
        server = create_server(
            front, host=host, port=port, threads=THREADS, ident=None, max_request_body_size=65_536
        )
        self.printer.start()
        self.sync.round()  # know before the first press whether the server is there
        self.sync.start()
        stop = threading.Event()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
        threading.Thread(target=server.run, name="front", daemon=True).start()
        say(f"kiosk page on http://{host}:{port}/kiosk")
        notify("READY=1")
        self._watch(stop)
        notify("STOPPING=1")
        self.end()
        server.close()

    def end(self) -> None:
        """Take no more presses, finish the paper in hand, give the numbers back."""
        with self.link.pressing:
            self.presses.closed = True
        self.printer.stop()
        self.sync.stop()
        self.printer.join(JOB_SECONDS)
        self.sync.join(ROUND_SECONDS)
        if self.link.online:
            self.sync.round()  # a paper told of now is not printed elsewhere while this kiosk is off
            give_back(self.link, GIVE_BACK_SECONDS)

    def _watch(self, stop: threading.Event) -> None:
        """Tell systemd that all is well while it is; a stuck thread is cured by its restart."""
        pause = min(PULSE_SECONDS, (watchdog_seconds() or PULSE_SECONDS * 2) / 2)
        said = ""
        while not stop.wait(pause):
            now = time.monotonic()
            threads = (self.printer, self.sync)
            if all(each.is_alive() and now - each.alive_at < STALLED_SECONDS for each in threads):
                notify("WATCHDOG=1")
            if (status := self._status()) != said:
                said = status
                notify(f"STATUS={status}")

    def _status(self) -> str:
        store = self.link.store
        state = self.link.refused or ("online" if self.link.online else "server away")
        return f"{state}, {spool.owed(store)} papers owed, {handing.waiting(store)} numbers to hand in"


def _credentials(store: Store, options: Options) -> tuple[str, str]:
    """The server's address and this kiosk's token, from a pairing code or a file if need be."""
    address = options.server or store.fact("server")
    if not address:
        raise NotPaired("name the server with --server")
    if options.code and digest(options.code) != store.fact("used_code"):
        pair(store, address, options.code)
    elif options.token and digest(options.token) != store.fact("given_token"):
        store.keep(token=options.token, given_token=digest(options.token), refused=None)
    token = store.fact("token")
    if not token:
        raise NotPaired("this kiosk is not paired; start once with --pair and the code from the device page")
    store.keep(server=address)
    return address, token


def _override(options: Options) -> dict[str, Any] | None:
    if options.printer is None:
        return None
    open_printer(options.printer, printer_model(options.model))  # a mistyped address is told at once
    return {
        "id": None,
        "name": options.printer,
        "model": options.model,
        "address": options.printer,
        "dots": None,
    }


def _bind(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback and 0 < int(port) < 65_536:
            return host, int(port)
    except ValueError:
        pass
    raise UnusableBind(f"--bind takes an address of this machine alone, such as 127.0.0.1:7180, not {text}")
