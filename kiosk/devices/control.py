"""How another process plays with a virtual printer: faults go in by one file, what became of them comes out by one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kiosk.devices.faults import PrinterFaults

STATE = "state.json"
"""In the folder of the papers, of a printer that has a control file."""


class ControlFile:
    """A JSON file with a whole state of faults; without the file, all is well."""

    def __init__(self, path: Path, faults: PrinterFaults, printer: str) -> None:
        self._path = path
        self._faults = faults
        self._printer = printer
        self._seen: tuple[int, int] | None = None

    def read(self) -> None:
        """Take the state over if the file has changed; one that cannot be used is named and left alone."""
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if seen != self._seen:
                self._seen = seen
                self._faults.apply(json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            if self._seen is not None:
                self._seen = None
                self._faults.apply({})
        except (OSError, ValueError, AttributeError) as error:
            sys.stderr.write(f"virtual printer {self._printer}: {self._path} is not usable: {error}\n")


def write_control(path: Path, faults: Mapping[str, Any]) -> None:
    """Set the faults of the printer with this control file; raises ValueError for what is no fault of a printer."""
    PrinterFaults().apply(faults)
    _replace(path, dict(faults))


def read_state(output_dir: Path) -> dict[str, Any]:
    """Return the faults the printer with this folder of papers has now; {} when it has said nothing yet."""
    try:
        return dict(json.loads((output_dir / STATE).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


class StateFile:
    """Where the printer keeps what its faults are now: some strike once, after so many bytes, and leave another."""

    def __init__(self, output_dir: Path) -> None:
        self._path = output_dir / STATE
        self._written: dict[str, Any] = {}

    def write(self, faults: PrinterFaults) -> None:
        """Keep the faults if they have changed."""
        if (now := asdict(faults)) != self._written:
            _replace(self._path, now)
            self._written = now


def _replace(path: Path, values: dict[str, Any]) -> None:
    partial = path.with_name(f".{path.name}.tmp")
    partial.write_text(json.dumps(values), "utf-8")
    partial.replace(path)
