"""The database: opened by URL, one writer per office at a time, and what happens after commit.

Every change runs inside `office_transaction`, which locks the office's row first (on SQLite: BEGIN IMMEDIATE).
In return numbering is gapless, calling is exactly first come first served, and the journal is in commit order.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from peewee import Database, DatabaseProxy
from playhouse.pool import PooledPostgresqlDatabase

from kiosk.domain.errors import NotFound, Unavailable
from kiosk.storage import open_postgres, open_sqlite
from kiosk.wakeup import Bell

log = logging.getLogger(__name__)

proxy = DatabaseProxy()

CLOCK_TOLERANCE = timedelta(minutes=5)
"""A clock that stands further back than this behind the newest entry is not believed."""


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


def connect(url: str, data: Path) -> Database:
    """Bind all models to the database at `url` (sqlite:///path or postgresql://…) and return it.

    Raises UnsafeDatabase when the database would lose acknowledged work: a SQLite with the WAL-reset race, or a
    PostgreSQL with fsync or synchronous_commit off.
    """
    data.mkdir(parents=True, exist_ok=True)
    database = open_sqlite(url) if url.startswith("sqlite:///") else open_postgres(url)
    proxy.initialize(database)
    _opened.url = url
    _opened.times += 1
    _bells.bell = Bell(data)
    _turnstile.open(data)
    return database


def postgres_url() -> str:
    """The PostgreSQL address this process is bound to."""
    return _opened.url


def binding() -> int:
    """Which of the databases bound in this process it is: what is kept in memory of one must not answer for another."""
    return _opened.times


class _Opened:
    url: str = ""
    times: int = 0


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
    kept: dict[str, Any] = field(default_factory=dict)
    """What this change has looked up once and cannot have changed since."""

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


def relay_notifications(ring: Callable[[], None]) -> None:
    """On PostgreSQL, be woken by what is committed on other machines too (LISTEN); runs for as long as the process."""
    import psycopg

    while True:
        try:
            with psycopg.connect(postgres_url(), autocommit=True) as session:
                session.execute("LISTEN kiosk_journal")
                for _ in session.notifies():
                    ring()
        except psycopg.Error:
            log.warning("waiting for PostgreSQL")
            time.sleep(1)
