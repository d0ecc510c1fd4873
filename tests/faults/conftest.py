"""A centre of its own for every test that hurts one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running import Centre


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A founded centre with a printer that is on; nothing else runs yet."""
    with Centre(tmp_path) as founded:
        yield founded
