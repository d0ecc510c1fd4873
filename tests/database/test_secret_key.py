"""Two processes that start together share one key, and never half of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.config import SHORTEST_KEY, Settings, UnsafeSecret


def settings(data: Path) -> Settings:
    """Settings of a process that starts now."""
    return Settings(data=data, secret_key="", _env_file=None)


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    for round_ in range(30):
        data = tmp_path / str(round_)
        with ThreadPoolExecutor(4) as pool:
            keys = set(pool.map(lambda _: settings(data).key, range(4)))  # noqa: B023  (used at once)
        assert len(keys) == 1
        assert len(keys.pop()) >= SHORTEST_KEY
        assert [path.name for path in data.iterdir()] == ["secret.key"]
        assert (data / "secret.key").stat().st_mode & 0o077 == 0


def test_a_key_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"")
    with pytest.raises(UnsafeSecret, match="too short"):
        _ = settings(tmp_path).key
