"""`kiosk bench`: the whole stack over HTTP on this machine, against the targets it is meant to reach."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from kiosk.bench.parts import PARTS, WHOLE_HOUSE
from kiosk.bench.place import running
from kiosk.bench.plan import Sizes, judge
from kiosk.bench.wire import milliseconds


def run(
    part: str = "all", *, workers: int = 2, quiet: bool = False, sizes: Sizes | None = None
) -> dict[str, Any]:
    """Measure a part or all of them and return {part: {figure: value}, "targets": [...], "missed": [...]}.

    Unless `quiet`, shows progress and a table. Raises TimeoutError when the server does not start or answer.
    """
    sizes = sizes or Sizes()
    chosen = list(PARTS) if part == "all" else [part]
    machine = _machine(workers)
    figures: dict[str, dict[str, Any]] = {}
    with _bars(quiet) as progress:
        for name in chosen:
            with running(workers, sizes.clients, whole=name == WHOLE_HOUSE) as place:
                figures[name] = PARTS[name](place, sizes, progress)
    verdicts = judge(figures)
    if not quiet:
        _print(figures, verdicts, machine)
    missed = [
        f"{v['words']}: {v['measured']} ({v['target']}), {v['misses_by']}" for v in verdicts if not v["ok"]
    ]
    return {**figures, "machine": machine, "targets": verdicts, "missed": missed}


@contextlib.contextmanager
def _bars(quiet: bool) -> Iterator[Any]:
    if quiet:
        yield lambda *_: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def progress(words: str, done: int, total: int) -> None:
            if not words:
                return
            if words not in tasks:
                tasks[words] = bars.add_task(words, total=total)
            bars.update(tasks[words], completed=done)

        yield progress


def _machine(workers: int) -> dict[str, Any]:
    """What the figures depend on besides the program: cores, other work on them, and how fast the disk promises."""
    with tempfile.NamedTemporaryFile(prefix="kiosk-bench-") as file:
        took = []
        for _ in range(50):
            began = time.perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "server_processes": workers,
        "fsync_p50_ms": milliseconds(took, 0.5),
    }


def _print(
    figures: dict[str, dict[str, Any]], verdicts: list[dict[str, Any]], machine: dict[str, Any]
) -> None:
    console = Console(highlight=False)
    table = Table(title="kiosk bench")
    for heading in ("", "target", "measured", ""):
        table.add_column(heading)
    for verdict in verdicts:
        said = "[green]ok[/green]" if verdict["ok"] else f"[red]misses by {verdict['misses_by']}[/red]"
        table.add_row(verdict["words"], verdict["target"], f"{verdict['measured']:g}", said)
    console.print(table)
    for name, values in [*figures.items(), ("machine", machine)]:
        console.print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in values.items()))
