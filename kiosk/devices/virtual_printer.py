"""A network receipt printer made of software: prints to PNG files and misbehaves on request.

`python -m kiosk.devices.virtual_printer --port 9100 --output DIR --control faults.json` runs one by itself.
"""

from __future__ import annotations

import argparse
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from kiosk.devices.virtual_head import VirtualHead

_TICK = 0.05  # seconds between looks at the faults and the control file


class VirtualPrinter(VirtualHead):
    """A virtual printer that listens on 127.0.0.1 and serves one client at a time."""

    def __init__(
        self,
        output_dir: Path | str,
        name: str = "virtual",
        port: int = 0,
        width: int = 576,
        control: Path | str | None = None,
        keep: int = 2_000,
    ) -> None:
        super().__init__(output_dir, name, width, control, keep)
        self.host = "127.0.0.1"
        self.port = port
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> VirtualPrinter:
        """Open the port (0: any free one, then found in `port`) and serve in a thread; returns itself."""
        self.output_dir.mkdir(parents=True, exist_ok=True)
        self._off.clear()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self.host, self.port))
        except OSError:
            listener.close()
            raise
        listener.listen(8)
        listener.settimeout(_TICK)
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._thread = threading.Thread(
            target=self._serve, args=(listener,), name=f"printer-{self.name}", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Switch off: the line breaks, what was not printed yet is lost."""
        self._off.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        if self._listener:
            self._listener.close()
            self._listener = None
        self.power_cycle()

    def __enter__(self) -> VirtualPrinter:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self, listener: socket.socket) -> None:
        while not self._off.is_set():
            self.work()
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            with client:
                self.begin(lambda answer, client=client: _say(client, answer))  # type: ignore[misc]
                with suppress(OSError):  # the client broke off; what it sent stays in the memory
                    self._serve_client(client, listener)
            self.end()

    def _serve_client(self, client: socket.socket, listener: socket.socket) -> None:
        client.settimeout(_TICK)
        while not self._off.is_set():
            if cut := self.work():
                if cut == "reset":
                    _break_off(client)
                return
            if not self._has_come(client, listener):
                continue
            chunk = client.recv(4096)
            if not chunk:
                return
            self.receive(chunk)
        _break_off(client)

    def _has_come(self, client: socket.socket, listener: socket.socket) -> bool:
        """Wait a moment for bytes of this client, or its end; others are shown the door if it is that narrow."""
        poll = select.poll()
        poll.register(client, select.POLLIN if self.has_room else 0)
        if self.faults.one_client:
            poll.register(listener, select.POLLIN)
        come = {file for file, _ in poll.poll(_TICK * 1000)}
        if listener.fileno() in come:
            other, _ = listener.accept()
            with other:
                _break_off(other)
        return client.fileno() in come


def _say(client: socket.socket, answer: bytes) -> None:
    with suppress(OSError):  # nobody may be listening any more
        client.sendall(answer)


def _break_off(client: socket.socket) -> None:
    """Make closing this socket a reset (RST), the way a printer that loses power looks to its client."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one virtual printer until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.devices.virtual_printer", description=main.__doc__)
    parser.add_argument("--port", type=int, default=9100, help="TCP port on 127.0.0.1; 0 takes any free one")
    parser.add_argument("--output", type=Path, required=True, help="folder for the printed papers")
    parser.add_argument("--control", type=Path, help='JSON file with faults, for example {"paper_out": true}')
    parser.add_argument("--name", default="virtual", help="name in descriptions and messages")
    parser.add_argument(
        "--width", type=int, default=576, help="dots across the paper, 576 or 384 for example"
    )
    parser.add_argument("--keep", type=int, default=2_000, help="how many papers stay in the folder")
    options = parser.parse_args(arguments)
    printer = VirtualPrinter(
        options.output, options.name, options.port, options.width, options.control, options.keep
    )
    try:
        printer.start()
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {options.port}: {error}\n")
        return 1
    sys.stdout.write(
        f"virtual printer {options.name} on {printer.host}:{printer.port}, papers in {options.output}\n"
    )
    sys.stdout.flush()
    stopping = threading.Event()
    # Named here, since whoever is started in the background of a shell inherits that SIGINT is ignored.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    stopping.wait()
    printer.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
