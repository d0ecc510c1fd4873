"""Open a database so that it keeps its promises, or refuse to."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from kiosk.config import StartRefused

MOST_CONNECTIONS = 400
"""SQLite connections are cheap file handles; there is one for every thread that is at work."""
MOST_POSTGRES_CONNECTIONS = 20
"""A process; PostgreSQL itself allows 100 in all by default. A thread that finds none free waits."""
BUSY_SECONDS = 10
UNSAFE_SQLITE = ((3, 7, 0), (3, 51, 2))
"""Versions whose WAL-reset race can corrupt a file shared by several processes (sqlite.org/wal.html)."""
REPAIRED_SQLITE = ((3, 44, 6), (3, 50, 7))


class UnsafeDatabase(StartRefused):
    """The database cannot keep the promises made on it; start-up is refused."""


def open_sqlite(url: str) -> Database:
    """The SQLite database at sqlite:///path. Raises UnsafeDatabase for a version with the WAL-reset race."""
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_unsafe_sqlite()
    database = PooledSqliteDatabase(
        str(path),
        max_connections=MOST_CONNECTIONS,
        lock_type="IMMEDIATE",
        timeout=BUSY_SECONDS,
        check_same_thread=False,  # a connection of the pool serves one thread at a time, but not always the same
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "cache_size": -400,
            "temp_store": "memory",
            "secure_delete": 1,
            "busy_timeout": BUSY_SECONDS * 1000,
        },
    )
    with database.connection_context():
        path.chmod(0o600)
    return database


def sqlite_is_safe(version: tuple[int, ...]) -> bool:
    """Whether several processes may share a WAL database under this SQLite version."""
    if version[:3] in REPAIRED_SQLITE or any(
        version[:2] == fixed[:2] and version[:3] >= fixed for fixed in REPAIRED_SQLITE
    ):
        return True
    return not UNSAFE_SQLITE[0] <= version[:3] <= UNSAFE_SQLITE[1]


def _refuse_unsafe_sqlite() -> None:
    from peewee import sqlite3  # the module peewee chose: pysqlite3 where installed

    if not sqlite_is_safe(sqlite3.sqlite_version_info):
        raise UnsafeDatabase(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database shared by several processes; install pysqlite3"
        )


def open_postgres(url: str) -> Database:
    """The PostgreSQL database at an address. Raises UnsafeDatabase when it runs with fsync or commits off."""
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise UnsafeDatabase("KIOSK_DATABASE must be a sqlite:/// or postgresql:// address")
    database = PooledPostgresqlDatabase(
        url.replace("postgres://", "postgresql://", 1),
        max_connections=MOST_POSTGRES_CONNECTIONS,
        timeout=BUSY_SECONDS,
        prefer_psycopg3=True,
    )
    try:
        with database.connection_context():
            _refuse_forgetful(database)
    except UnsafeDatabase:
        database.close_all()
        raise
    return database


def _refuse_forgetful(database: Database) -> None:
    for setting in ("fsync", "synchronous_commit"):
        if database.execute_sql(f"SHOW {setting}").fetchone()[0] == "off":
            raise UnsafeDatabase(f"PostgreSQL runs with {setting} = off and would lose acknowledged tickets")
