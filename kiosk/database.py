"""The database: opened by URL, one writer per office at a time, and what happens after commit.

Every change runs inside `office_transaction`, which locks the office's row first (on SQLite: BEGIN IMMEDIATE).
In return numbering is gapless, calling is exactly first come first served, and the journal is in commit order.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from peewee import Database, DatabaseProxy
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from kiosk.domain.errors import NotFound, Unavailable
from kiosk.wakeup import Bell

log = logging.getLogger(__name__)

proxy = DatabaseProxy()

MOST_CONNECTIONS = 400
"""SQLite connections are cheap file handles; there is one for every thread that is at work."""
MOST_POSTGRES_CONNECTIONS = 20
"""A process; PostgreSQL itself allows 100 in all by default. A thread that finds none free waits."""
BUSY_SECONDS = 10
CLOCK_TOLERANCE = timedelta(minutes=5)
"""A clock that stands further back than this behind the newest entry is not believed."""

UNSAFE_SQLITE = ((3, 7, 0), (3, 51, 2))
"""Versions whose WAL-reset race can corrupt a file shared by several processes (sqlite.org/wal.html)."""
REPAIRED_SQLITE = ((3, 44, 6), (3, 50, 7))


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: how every moment is stored. TypeError for one without a time zone."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The aware UTC moment for microseconds since 1970."""
    return EPOCH + timedelta(microseconds=micros)


def local_day_of(moment: datetime, zone: str) -> date:
    """The calendar day a moment falls on in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


class UnsafeDatabase(Exception):
    """The database cannot keep the promises made on it; start-up is refused."""


def connect(url: str, data: Path) -> Database:
    """Bind all models to the database at `url` (sqlite:///path or postgresql://…) and return it.

    Raises UnsafeDatabase when the database would lose acknowledged work: a SQLite with the WAL-reset race, or a
    PostgreSQL with fsync or synchronous_commit off.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = _open_sqlite(url) if url.startswith("sqlite:///") else _open_postgres(url)
    proxy.initialize(database)
    _opened.url = url
    _bells.bell = Bell(data)
    _turnstile.open(data)
    return database


def _open_sqlite(url: str) -> Database:
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


def _open_postgres(url: str) -> Database:
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


def postgres_url() -> str:
    """The PostgreSQL address this process is bound to."""
    return _opened.url


class _Opened:
    url: str = ""


_opened = _Opened()


def is_postgres() -> bool:
    """Whether the bound database is PostgreSQL."""
    return isinstance(proxy.obj, PooledPostgresqlDatabase)


@contextlib.contextmanager
def connection() -> Iterator[None]:
    """Have a connection of the pool for this thread; inside another such block, the same one."""
    opened = proxy.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened:
            proxy.close()


def disconnect() -> None:
    """Let go of the database, its connections and its files; for tests and for commands that change their mind."""
    proxy.close_all()
    if _bells.bell is not None:
        _bells.bell.close()
        _bells.bell = None
    _turnstile.close()


class _Bells:
    bell: Bell | None = None


_bells = _Bells()


def bell() -> Bell:
    """Where this installation's processes wake each other."""
    if _bells.bell is None:
        raise RuntimeError("connect() to a database first")
    return _bells.bell


class _Turnstile:
    """Lets SQLite's writers queue instead of trying again after a sleep.

    BEGIN IMMEDIATE alone is correct, but its busy handler sleeps up to 100 ms between tries; waiting on a file lock
    instead hands the turn on at once. A process that dies gives its turn back.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._lock = threading.Lock()

    def open(self, data: Path) -> None:
        self._file = None if is_postgres() else (data / "turnstile").open("wb")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        if self._file is None:
            yield
            return
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)


_turnstile = _Turnstile()


@dataclass
class OfficeTransaction:
    """An open change of one office: who makes it, when, and where the office's journal stands."""

    office_id: int
    now: datetime
    actor: str
    last_seq: int
    last_hash: str
    day: date
    """The office's business day: the local date of `now`, never before the day last worked on."""
    zone: ZoneInfo
    touched: bool = False

    def local(self, moment: datetime | None = None) -> datetime:
        """A moment (now, if none is given) on the office's clock."""
        return (moment or self.now).astimezone(self.zone)


_open = threading.local()


def current_transaction() -> OfficeTransaction | None:
    """The office transaction this thread is in, if any."""
    return getattr(_open, "transaction", None)


@contextlib.contextmanager
def office_transaction(office_id: int, now: datetime, actor: str) -> Iterator[OfficeTransaction]:
    """Change things in one office: all of it is committed, or nothing.

    Inside a transaction of the same office it joins that one. Raises NotFound("unknown_office") and
    Unavailable("clock_went_back"); RuntimeError when another office's transaction is open in this thread, since two
    office locks could dead-lock.
    """
    outer = current_transaction()
    if outer is not None:
        if outer.office_id != office_id:
            raise RuntimeError("one transaction changes one office")
        yield outer
        return
    if proxy.in_transaction():
        raise RuntimeError("an office is locked first, not inside another transaction")
    with connection(), _turnstile.turn(), proxy.atomic():
        transaction = _lock_office(office_id, now, actor)
        _open.transaction = transaction
        try:
            yield transaction
            if transaction.touched:
                _close_office(transaction)
        finally:
            _open.transaction = None
    if transaction.touched:
        wake()


@contextlib.contextmanager
def bookkeeping() -> Iterator[None]:
    """A small write that is no fact of an office (a sign-in, a printer's answer, a cursor): all or nothing.

    Inside another transaction it joins that one.
    """
    if proxy.in_transaction():
        yield
        return
    with connection(), _turnstile.turn(), proxy.atomic():
        yield


def look_at_office(office_id: int, now: datetime, actor: str) -> OfficeTransaction:
    """The office's day and clock as a transaction would see them, without locking or changing anything."""
    with connection():
        return _read_office(office_id, now, actor, lock=False)


def _lock_office(office_id: int, now: datetime, actor: str) -> OfficeTransaction:
    return _read_office(office_id, now, actor, lock=is_postgres())


def _read_office(office_id: int, now: datetime, actor: str, *, lock: bool) -> OfficeTransaction:
    tail = " FOR UPDATE" if lock else ""
    row = proxy.execute_sql(
        f"SELECT last_seq, last_hash, last_at, business_day, zone FROM office WHERE id = {proxy.param}{tail}",  # noqa: S608  (own words only)
        (office_id,),
    ).fetchone()
    if row is None:
        raise NotFound("unknown_office", office=office_id)
    last_seq, last_hash, last_at, stored_day, zone_name = row
    if last_at is not None and now < from_micros(last_at) - CLOCK_TOLERANCE:
        raise Unavailable("clock_went_back")
    zone = ZoneInfo(zone_name)
    today = now.astimezone(zone).date()
    day = date.fromisoformat(stored_day) if isinstance(stored_day, str) else stored_day
    if last_at is not None:
        # Whoever waited longer for the lock may have looked at the clock earlier; the journal never runs backwards.
        now = max(now, from_micros(last_at))
    return OfficeTransaction(
        office_id, now, actor, last_seq, last_hash, today if day is None else max(day, today), zone
    )


def _close_office(transaction: OfficeTransaction) -> None:
    mark = proxy.param
    proxy.execute_sql(
        f"UPDATE office SET last_seq = {mark}, last_hash = {mark}, last_at = {mark},"  # noqa: S608  (own words only)
        f" business_day = {mark} WHERE id = {mark}",
        (
            transaction.last_seq,
            transaction.last_hash,
            to_micros(transaction.now),
            transaction.day.isoformat(),
            transaction.office_id,
        ),
    )
    if is_postgres():
        proxy.execute_sql("NOTIFY kiosk_journal")


def wake() -> None:
    """Tell every process of this machine that something was committed; never raises."""
    if _bells.bell is not None:
        _bells.bell.ring()
