"""A network receipt printer made of software: prints to PNG files and misbehaves on request.

`python -m kiosk.devices.virtual_printer --port 9100 --output DIR --control faults.json` runs one by itself.
"""

from __future__ import annotations

import argparse
import json
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from kiosk.devices.faults import PrinterFaults
from kiosk.devices.paper import PaperDecoder, Strip
from kiosk.devices.tray import Paper, drop_in_tray

_ONLY_QUESTIONS = re.compile(rb"(\x10\x04[\x01-\x04])+")  # answered on arrival, never part of a job
_TICK = 0.05  # seconds between looks at the faults and the control file


class VirtualPrinter:
    """Listens on 127.0.0.1, serves one client at a time, and writes `NNNN.png` and `NNNN.txt` at each cut.

    Paper that ends without a cut or begins in the middle of a job goes to the folder `torn`. `control` is a
    JSON file with the faults of `PrinterFaults`, read whenever it changes; `faults` may be set directly too.
    """

    def __init__(
        self,
        output_dir: Path | str,
        name: str = "virtual",
        port: int = 0,
        width: int = 576,
        control: Path | str | None = None,
    ) -> None:
        self.output_dir = Path(output_dir)
        self.name = name
        self.host = "127.0.0.1"
        self.port = port
        self.faults = PrinterFaults()
        self.jobs: list[Paper] = []
        self.torn: list[Paper] = []
        self.received_bytes = 0
        self._control = Path(control) if control else None
        self._control_seen: tuple[int, int] | None = None
        self._decoder = PaperDecoder(width, self._keep_strip, self._answer_process_id)
        self._memory = bytearray()  # received, not yet taken by the head
        self._job_bytes = 0
        self._client: socket.socket | None = None
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._printed = threading.Condition()

    def start(self) -> VirtualPrinter:
        """Open the port (0: any free one, then found in `port`) and serve in a thread; returns itself."""
        self.output_dir.mkdir(parents=True, exist_ok=True)
        self._stopping.clear()
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
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
        self._stopping.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        if self._listener:
            self._listener.close()
            self._listener = None
        self._power_cycle()

    def __enter__(self) -> VirtualPrinter:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait_for_jobs(self, count: int, timeout: float = 5.0) -> list[Paper]:
        """Return the finished papers once there are `count`, or what there is after `timeout` seconds."""
        with self._printed:
            self._printed.wait_for(lambda: len(self.jobs) >= count, timeout)
            return list(self.jobs)

    def _serve(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            self._read_control()
            self._work_off()
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            with client:
                self._client = client
                with suppress(OSError):  # the client broke off; what it sent stays in the memory
                    self._serve_client(client)
                self._client = None
            if not self._memory:
                self._decoder.abandon()

    def _serve_client(self, client: socket.socket) -> None:
        client.settimeout(_TICK)
        self._job_bytes = 0
        questions = b""
        while not self._stopping.is_set():
            self._read_control()
            if not self._work_off():
                return
            try:
                chunk = client.recv(4096)
            except TimeoutError:
                continue
            if not chunk:
                return
            self.received_bytes += len(chunk)
            if self._memory or not self._decoder.idle or not _ONLY_QUESTIONS.fullmatch(chunk):
                self._memory += chunk
            questions = self._answer_status(questions + chunk)
        _break_off(client)

    def _answer_status(self, stream: bytes) -> bytes:
        """Answer DLE EOT n wherever it stands, even inside a picture, as real printers do at once.

        Returns the last bytes when they may be the beginning of a question.
        """
        at = stream.find(b"\x10\x04")
        while at >= 0 and at + 2 < len(stream):
            if 1 <= stream[at + 2] <= 4:
                self._reply(bytes((self.faults.answer(stream[at + 2]),)))
            at = stream.find(b"\x10\x04", at + 2)
        if at >= 0:
            return stream[at:]
        return stream[-1:] if stream.endswith(b"\x10") else b""

    def _answer_process_id(self, process_id: bytes) -> None:
        if not self.faults.no_process_id:
            self._reply(b"\x37\x22" + process_id + b"\0")

    def _reply(self, answer: bytes) -> None:
        if self.faults.silent or self._client is None:
            return
        if self.faults.late_by:
            self._stopping.wait(self.faults.late_by)
        with suppress(OSError):  # nobody may be listening any more
            self._client.sendall(answer)

    def _work_off(self) -> bool:
        """Let the head take what is in the memory until it stalls; False when the client was cut off."""
        while self._memory and not self.faults.stalled:
            strike = self.faults.next_strike(self._job_bytes)
            taken = len(self._memory) if strike is None else min(len(self._memory), strike[1])
            before = self._decoder.real_time_bytes
            piece = bytes(self._memory[:taken])
            del self._memory[:taken]
            self._decoder.feed(piece)
            self._job_bytes += taken - (self._decoder.real_time_bytes - before)
            if strike and self.faults.next_strike(self._job_bytes) == (strike[0], 0):
                setattr(self.faults, strike[0], None)
                if not self._strike(strike[0]):
                    return False
        return True

    def _strike(self, fault: str) -> bool:
        if fault in ("paper_out_after", "cover_open_after"):
            setattr(self.faults, fault.removesuffix("_after"), True)
            self._decoder.tear()
            return True
        if fault == "reset_after":
            self._power_cycle()
            if self._client:
                _break_off(self._client)
        else:
            self._memory.clear()
        return False

    def _power_cycle(self) -> None:
        self._memory.clear()
        self._decoder.power_cycle()

    def _read_control(self) -> None:
        if self._control is None:
            return
        try:
            stat = self._control.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen == self._control_seen:
                return
            self._control_seen = seen
            self.faults.apply(json.loads(self._control.read_text("utf-8")))
        except FileNotFoundError:
            if self._control_seen is not None:
                self._control_seen = None
                self.faults.apply({})
        except (OSError, ValueError, AttributeError) as error:
            sys.stderr.write(f"virtual printer {self.name}: {self._control} is not usable: {error}\n")

    def _keep_strip(self, strip: Strip) -> None:
        paper = drop_in_tray(
            self.output_dir if strip.complete else self.output_dir / "torn", self.name, strip
        )
        with self._printed:
            (self.jobs if strip.complete else self.torn).append(paper)
            self._printed.notify_all()


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
    parser.add_argument("--width", type=int, default=576, help="dots across the paper: 576 or 384")
    options = parser.parse_args(arguments)
    printer = VirtualPrinter(options.output, options.name, options.port, options.width, options.control)
    try:
        printer.start()
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {options.port}: {error}\n")
        return 1
    sys.stdout.write(
        f"virtual printer {options.name} on {printer.host}:{printer.port}, papers in {options.output}\n"
    )
    sys.stdout.flush()
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        printer.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
