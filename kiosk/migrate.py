"""Forward migrations of the core and then of each plugin, under a lock, only in `kiosk upgrade`."""

from __future__ import annotations

import contextlib
import fcntl
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from playhouse.migrations import Runner

from kiosk.config import StartRefused
from kiosk.database import connection, is_postgres, proxy

CORE = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 7_305_110
"""Any number; the same for every process that migrates this installation."""


class MigrationsPending(StartRefused):
    """The database is older than the program; `kiosk upgrade` brings it forward."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"run `kiosk upgrade` first; pending: {', '.join(names)}")
        self.names = names


def runner(directory: Path, plugin: str | None = None) -> Runner:
    """The runner of the core's migrations, or of a plugin's with its own history table."""
    table = "schema_migration" if plugin is None else f"schema_migration_{re.sub(r'[^a-z0-9]', '_', plugin)}"
    return Runner(proxy.obj, str(directory), table_name=table)


def pending(plugins: Iterable[tuple[str, Path]] = ()) -> list[str]:
    """Names of migrations not yet applied, "plugin: name" for a plugin's."""
    with connection():
        names = [m.name for m in runner(CORE).status() if not m.applied]
        for plugin, directory in plugins:
            names += [f"{plugin}: {m.name}" for m in runner(directory, plugin).status() if not m.applied]
    return names


def require_current(plugins: Iterable[tuple[str, Path]] = ()) -> None:
    """Refuse to start on a database that waits for `kiosk upgrade`. Raises MigrationsPending."""
    if names := pending(plugins):
        raise MigrationsPending(names)


def upgrade(data: Path, plugins: Iterable[tuple[str, Path]] = ()) -> list[str]:
    """Apply everything pending, core first; a second `kiosk upgrade` waits for the first. Returns the names."""
    with connection(), _only_one(data):
        applied = list(runner(CORE).up())
        for plugin, directory in plugins:
            applied += [f"{plugin}: {name}" for name in runner(directory, plugin).up()]
    return applied


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[None]:
    if is_postgres():
        proxy.execute_sql("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        try:
            yield
        finally:
            proxy.execute_sql("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))
        return
    with (data / "upgrade.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
