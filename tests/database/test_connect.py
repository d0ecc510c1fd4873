"""Start-up refuses a database that would lose acknowledged work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import peewee
import pytest

from kiosk import database as kiosk_database
from kiosk.database import connection, from_micros, is_postgres, to_micros
from kiosk.models import Device, Journal
from kiosk.storage import UnsafeDatabase, sqlite_is_safe
from tests.conftest import opened
from tests.factories import make_device


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),  # no WAL yet
        ((3, 7, 0), False),
        ((3, 40, 1), False),  # Debian 12
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_the_sqlite_versions_with_the_wal_reset_race(version, safe):
    assert sqlite_is_safe(version) is safe


def test_the_sqlite_of_this_installation_is_safe():
    assert sqlite_is_safe(peewee.sqlite3.sqlite_version_info)


def test_an_unsafe_sqlite_is_refused_before_the_file_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(peewee.sqlite3, "sqlite_version_info", (3, 40, 1))
    with (
        pytest.raises(UnsafeDatabase, match="pysqlite3"),
        opened(f"sqlite:///{tmp_path / 'kiosk.db'}", tmp_path),
    ):
        pass
    assert not (tmp_path / "kiosk.db").exists()


def test_sqlite_keeps_what_it_acknowledged_and_hides_it_from_others(sqlite_database, data_dir):
    with connection():
        pragma = {
            name: sqlite_database.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert (data_dir / "kiosk.db").stat().st_mode & 0o077 == 0


@pytest.mark.postgres
def test_a_postgres_that_forgets_is_refused(postgres_url, data_dir):
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as admin:
        name = admin.execute("SELECT current_database()").fetchone()[0]
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"), opened(postgres_url, data_dir):
        pass


@pytest.mark.parametrize("url", ["mysql://localhost/kiosk", "kiosk.db", ""])
def test_only_the_two_databases_are_spoken(tmp_path, url):
    with pytest.raises(UnsafeDatabase, match="sqlite:/// or postgresql://"), opened(url, tmp_path):
        pass


def test_moments_come_back_as_they_went_in(database, noon):
    exact = noon + timedelta(microseconds=123_456)
    device = make_device(last_seen_at=exact, token_expires_at=None)
    again = Device.get_by_id(device.id)
    assert again.last_seen_at == exact
    assert again.last_seen_at.tzinfo is UTC
    assert again.token_expires_at is None
    assert Device.select().where(Device.last_seen_at >= exact).count() == 1
    assert Device.select().where(Device.last_seen_at > exact).count() == 0


@pytest.mark.parametrize("micros", [0, 1, -1, 1_795_401_720_000_001, -62_135_596_800_000_000])
def test_microseconds_survive_the_round_trip(micros):
    assert to_micros(from_micros(micros)) == micros


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 11, 23))  # noqa: DTZ001


def test_json_keeps_real_letters(database):
    options = {"tên": "Sảnh chính", "sizes": [1, 2.5], "dark": False, "none": None}
    device = make_device(options=options)
    assert Device.get_by_id(device.id).options == options
    stored = database.execute_sql("SELECT options FROM device").fetchone()[0]
    assert "Sảnh chính" in stored


def test_a_connection_inside_another_is_the_same_and_goes_back_to_the_pool(database):
    database.close()
    with connection():
        with connection():
            assert not database.is_closed()
        assert not database.is_closed()
        assert Journal.select().count() == 0
    assert database.is_closed()


def test_the_database_knows_which_it_is(database, database_url):
    assert is_postgres() == database_url.startswith("postgresql")
    assert kiosk_database.proxy.obj is database
