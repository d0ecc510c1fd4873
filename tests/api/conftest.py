"""The app before a full town hall: `desk` on both databases, `sqlite_desk` where they cannot differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from peewee import Database

from tests.api.desk import Clock, Desk, build, opened_app


@pytest.fixture
def desk(database: Database, data_dir: Path, noon: datetime) -> Iterator[Desk]:
    """The app on SQLite and on PostgreSQL."""
    held = Clock(noon)
    with opened_app(database, data_dir, held) as app:
        yield Desk(app, build(noon), held, data_dir)


@pytest.fixture
def sqlite_desk(sqlite_database: Database, data_dir: Path, noon: datetime) -> Iterator[Desk]:
    """The app on SQLite."""
    held = Clock(noon)
    with opened_app(sqlite_database, data_dir, held) as app:
        yield Desk(app, build(noon), held, data_dir)
