"""What the agent must not forget when the power goes: one SQLite file in its folder."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:  # one process with one connection is safe under every SQLite
        import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lease (
  line INTEGER NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL,
  label TEXT NOT NULL, check_code TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'used', 'returning')),
  PRIMARY KEY (line, day, number)
) STRICT;
CREATE TABLE IF NOT EXISTS wish (
  key TEXT PRIMARY KEY, digest TEXT NOT NULL, answer TEXT NOT NULL, ticket INTEGER, asked_at TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS ticket (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, wish_key TEXT UNIQUE,
  line INTEGER NOT NULL, day TEXT NOT NULL, number INTEGER NOT NULL, facts TEXT NOT NULL, follow_url TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'known', 'refused')),
  code TEXT, server INTEGER, UNIQUE (line, day, number)
) STRICT;
CREATE TABLE IF NOT EXISTS job (
  id INTEGER PRIMARY KEY AUTOINCREMENT, server INTEGER UNIQUE, ticket INTEGER, own INTEGER REFERENCES ticket,
  kind TEXT NOT NULL, facts TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'queued', repeat INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0, problem TEXT, height_mm INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, changed_at TEXT NOT NULL, next_try_at TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS job_by_state ON job (state, id);
CREATE VIEW IF NOT EXISTS owed AS SELECT * FROM job WHERE state IN ('queued', 'sent', 'repeated');
CREATE TABLE IF NOT EXISTS kept (path TEXT PRIMARY KEY, headers TEXT NOT NULL, body BLOB NOT NULL) STRICT;
"""
FILE = "agent.db"

Error = sqlite3.Error
Row = sqlite3.Row
Connection = sqlite3.Connection


class FolderInUse(Exception):
    """Another agent works in this folder; two would give the same numbers."""


class Store:
    """The agent's memory. One connection, one writer at a time; what was committed survives a power cut."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._held = _hold(folder)
        self._lock = threading.RLock()
        path = folder / FILE
        path.touch(mode=0o600)  # the token is in it
        path.chmod(0o600)
        self._db = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.executescript(SCHEMA)
        with self.change() as db:
            db.execute(
                "INSERT OR IGNORE INTO fact VALUES ('instance', ?)", (json.dumps(secrets.token_hex(16)),)
            )
        self.instance: str = self.fact("instance")

    @contextmanager
    def change(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, on the disk, or nothing of it. Not to be nested."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(Error):  # a full disk may have ended the transaction already
                    self._db.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: Any) -> list[Row]:
        """What a query finds."""
        with self._lock:
            return self._db.execute(query, values).fetchall()

    def row(self, query: str, *values: Any) -> Row | None:
        """The first row a query finds."""
        found = self.rows(query, *values)
        return found[0] if found else None

    def fact(self, name: str, default: Any = None) -> Any:
        """A single remembered value."""
        row = self.row("SELECT value FROM fact WHERE name = ?", name)
        return default if row is None else json.loads(row["value"])

    def keep(self, **facts: Any) -> None:
        """Remember single values; None forgets."""
        with self.change() as db:
            keep(db, **facts)

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._db.close()
            self._held.close()


def keep(db: Connection, **facts: Any) -> None:
    """Remember single values as part of a larger change; None forgets."""
    for name, value in facts.items():
        if value is None:
            db.execute("DELETE FROM fact WHERE name = ?", (name,))
        else:
            db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, dump(value)))


def dump(value: Any) -> str:
    """JSON with real letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hold(folder: Path) -> IO[str]:
    """Keep the folder for this process alone. Raises FolderInUse."""
    door = os.fdopen(os.open(folder / "agent.lock", os.O_RDWR | os.O_CREAT, 0o600), "w")
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        door.close()
        raise FolderInUse(f"another agent works in {folder}") from None
    return door
