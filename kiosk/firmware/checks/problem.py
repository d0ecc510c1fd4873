"""What is wrong with a file, and the programs that find it out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120
"""Seconds after which a checking program is given up."""


@dataclass(frozen=True)
class Problem:
    """One mistake: the file as the reader knows it, the key or line, and the reason."""

    file: str
    where: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.where, self.reason) if part)


@dataclass(frozen=True)
class Subject:
    """One file to check: its name in `firmware_configs/`, where it lies filled in, and the folder around it."""

    name: str
    path: Path
    folder: Path

    @property
    def text(self) -> str:
        """What stands in it; bytes that are not UTF-8 are shown as such."""
        return self.path.read_text("utf-8", errors="replace")

    @property
    def target(self) -> str:
        """Its name in the device's folder."""
        return self.path.relative_to(self.folder).as_posix()

    def problem(self, where: str | int, reason: str) -> Problem:
        """A problem of this file; a number is a line."""
        return Problem(self.name, f"line {where}" if isinstance(where, int) else where, reason)


@dataclass(frozen=True)
class Tools:
    """The programs of others that check for us. One that is missing is a problem, unless it is named in `without`."""

    without: frozenset[str] = frozenset()
    places: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> str | None:
        """Where a program is."""
        return self.places.get(name) or shutil.which(name)

    def wanted(self, name: str) -> bool:
        """Whether this check is to be made at all."""
        return name not in self.without

    def missing(self, subject: Subject, name: str, help_text: str) -> list[Problem]:
        """What to say of a file that could not be checked."""
        return [subject.problem("", f"not checked: {name} is missing; {help_text}, or say --without {name}")]


def find_tools(without: frozenset[str], checkout: Path) -> Tools:
    """Every program on the PATH; ESPHome also where `KIOSK_ESPHOME` says, or in the checkout's own environment."""
    places = {}
    beside = checkout / ".venv-firmware" / "bin" / "esphome"
    if named := os.environ.get("KIOSK_ESPHOME"):
        places["esphome"] = named
    elif not shutil.which("esphome") and beside.exists():
        places["esphome"] = str(beside)
    if own := shutil.which("bash", path=os.defpath):
        places["bash"] = own
    return Tools(without, places)


def run(*command: str, cwd: Path | None = None) -> tuple[int, str]:
    """Run a program to its end; its exit code and everything it said."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program on files of ours
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
            env={
                **os.environ,
                "LC_ALL": "C",
                "SYSTEMD_COLORS": "0",
                "SYSTEMD_LOG_TARGET": "console",
                "NO_COLOR": "1",
            },
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 126, f"{Path(command[0]).name}: {error}"
    return done.returncode, done.stdout.decode(sys.getdefaultencoding(), errors="replace")
