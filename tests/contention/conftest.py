"""A crowd for the whole run, and an office it can storm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from peewee import Database

from kiosk.config import Settings
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginHouse
from tests.contention.crowd import Crowd, Place


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Eight processes."""
    running = Crowd()
    yield running
    running.close()


@pytest.fixture
def place(database: Database, database_url: str, data_dir: Path, noon: datetime) -> Iterator[Place]:
    """An upgraded, empty installation that this process has open too, with its plugins."""
    gate.use(PluginHouse.load(Settings(data=data_dir, database=database_url)))
    yield Place(database_url, data_dir, noon)
    gate.use(None)
