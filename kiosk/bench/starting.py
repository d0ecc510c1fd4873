"""How long it takes until the house of plugins stands, and until a server answers: always in fresh processes."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.bench.wire import Wire, get
from kiosk.demo.stack import ENDS_WITH

LOAD = """
from kiosk.config import Settings
from kiosk.plugin.manager import PluginHouse
print(len(PluginHouse.load(Settings()).ready), flush=True)
"""
LOOK_SECONDS = 0.01
PATIENCE_SECONDS = 60.0


def measure(data: Path, port: int, times: int) -> dict[str, Any]:
    """Seconds from starting Python to a loaded house, and from starting `kiosk serve` to /health 200 (medians).

    One server process on `port`, with the installation in `data`. Raises TimeoutError when it does not start.
    """
    environment = {
        **os.environ,
        "KIOSK_DATA": str(data),
        "KIOSK_DATABASE": "",
        "KIOSK_BIND": f"127.0.0.1:{port}",
        "KIOSK_WORKERS": "1",
        "KIOSK_LOG_LEVEL": "WARNING",
        ENDS_WITH: str(os.getpid()),
    }
    loads = [_load(environment) for _ in range(times)]
    ready = [_serve(environment, port) for _ in range(times)]
    return {
        "plugins_ready": loads[0][1],
        "load_s": round(statistics.median(seconds for seconds, _ in loads), 3),
        "ready_s": round(statistics.median(ready), 3),
        "ready_worst_s": round(max(ready), 3),
    }


def _load(environment: dict[str, str]) -> tuple[float, int]:
    began = time.perf_counter()
    command = [sys.executable, "-c", LOAD]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as child:  # noqa: S603  (our own command)
        line = child.stdout.readline() if child.stdout else b""
        return time.perf_counter() - began, int(line)


def _serve(environment: dict[str, str], port: int) -> float:
    began = time.perf_counter()
    with _server(environment) as child:
        while time.perf_counter() - began < PATIENCE_SECONDS and child.poll() is None:
            with contextlib.suppress(OSError):
                wire = Wire(port)
                answer = wire.ask(get("/health", {}))
                took = time.perf_counter() - began
                wire.close()
                if answer.status == 200:
                    return took
            time.sleep(LOOK_SECONDS)
    raise TimeoutError("the server did not start")


@contextlib.contextmanager
def _server(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-m", "kiosk", "serve"], env=environment)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=PATIENCE_SECONDS)
