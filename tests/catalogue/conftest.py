"""One hall for the whole table."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.desk import Clock, opened_app
from tests.catalogue.expected import RECEIVED
from tests.catalogue.hall import Hall, moment
from tests.conftest import opened


@pytest.fixture(scope="module")
def hall(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The app on SQLite, kept for all tests of a module: each brings dossiers and changes nothing else."""
    data = tmp_path_factory.mktemp("catalogue")
    shutil.copyfile(migrated_sqlite, data / "kiosk.db")
    clock = Clock(moment(RECEIVED))
    with opened(f"sqlite:///{data / 'kiosk.db'}", data) as database, opened_app(database, data, clock) as app:
        yield Hall(app, clock)
