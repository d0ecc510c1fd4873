"""A copy of the configurations to spoil, and the programs of others that check them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.firmware.check import TOOLS, check_configs
from kiosk.firmware.checks.problem import Problem, Tools, find_tools
from kiosk.paths import firmware_dir

Spoil = Callable[[str, str, str], list[Problem]]


def program(name: str) -> Tools:
    """Tools that are without everything else; the test is skipped without this one, on a CI machine it fails."""
    found = find_tools(frozenset(TOOLS) - {name}, firmware_dir().parent)
    if found.find(name) is None:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"{name} is missing, and CI must not pass without it")
        pytest.skip(f"!! NO {name.upper()}: this kind of file was NOT CHECKED (python3 dev.py firmware)")
    return found


@pytest.fixture(scope="session")
def own_checks() -> Tools:
    """What we check without the help of other programs."""
    return Tools(frozenset(TOOLS))


@pytest.fixture(scope="session")
def esphome() -> Tools:
    """ESPHome and nothing else."""
    return program("esphome")


@pytest.fixture(scope="session")
def systemd() -> Tools:
    """systemd-analyze and nothing else."""
    return program("systemd-analyze")


@pytest.fixture
def configs(tmp_path: Path) -> Path:
    """A copy of `firmware_configs/`."""
    return Path(shutil.copytree(firmware_dir(), tmp_path / "configs"))


@pytest.fixture
def spoil(configs: Path, request: pytest.FixtureRequest) -> Spoil:
    """Change a text in a file of the copy, and say what the check finds; `tools` is a fixture of this file."""

    def spoil(name: str, old: str, new: str, tools: str = "own_checks") -> list[Problem]:
        path = configs / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold {old!r} any more"
        path.write_text(text.replace(old, new, 1), "utf-8")
        found = check_configs(configs, request.getfixturevalue(tools))
        return [problem for checked in found for problem in checked.problems]

    return spoil
