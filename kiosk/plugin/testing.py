"""For plugin authors: a pytest class that loads the plugin a test lies in and holds it to the contract.

In `plugins/<name>/tests/test_<name>.py`, derive `class TestContract(DepartmentContract)`; its tests and fixtures
come along. A class of one's own tests derives from `PluginCase` and asks for the fixtures `house`, `plugin`,
`offered`, `department` and `fee`. No database, no network. (PYTEST_DONT_REWRITE: this module asserts nothing.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.calendar import OFFICE_ZONE
from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department
from kiosk.plugin.contract import default_answers, department_problems
from kiosk.plugin.loading import Candidate, discover
from kiosk.plugin.manager import PluginHouse, PluginInfo
from kiosk.plugin.selection import Selection

A_MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo(OFFICE_ZONE))
THE_DAY = A_MONDAY.date()
QUALITY = "QUALITY.md"

FeeAsk = Callable[..., Sequence[FeeLine]]


@lru_cache(maxsize=32)
def house_around(folder: Path) -> PluginHouse:
    """The built-in plugins, the one in `folder`, and its neighbours; a folder `_name` holds the plugin `name`."""
    candidates = [
        c for c in discover([folder.parent]) if c.builtin or (c.folder and c.folder.parent == folder.parent)
    ]
    if folder.name.startswith("_"):
        candidates.append(Candidate(folder.name.lstrip("_"), str(folder), folder))
    return PluginHouse.of(candidates)


class PluginCase:
    """Fixtures around the plugin in whose `tests` folder the test lies."""

    @pytest.fixture
    def folder(self, request: pytest.FixtureRequest) -> Path:
        """The plugin's folder."""
        return request.path.resolve().parent.parent

    @pytest.fixture
    def house(self, folder: Path) -> PluginHouse:
        """The loaded plugins."""
        return house_around(folder)

    @pytest.fixture
    def plugin(self, house: PluginHouse, folder: Path) -> PluginInfo:
        """The plugin under test, loaded without complaint."""
        info = house.plugins[folder.name.lstrip("_")]
        if info.state != "ready":
            pytest.fail(f"the plugin is {info.state} ({info.problem}): {info.reason}")
        return info

    @pytest.fixture
    def offered(self, house: PluginHouse) -> Selection:
        """An office that has everything switched on, with default settings."""
        return Selection(house, frozenset(house.ready))

    @pytest.fixture
    def department(self, plugin: PluginInfo) -> Department:
        """The plugin's (first) department."""
        if not plugin.departments:
            pytest.fail("the plugin brings no department")
        return plugin.departments[0]

    @pytest.fixture
    def fee(self, offered: Selection, plugin: PluginInfo) -> FeeAsk:
        """What an application costs: `fee("2.000488", slips=3, channel=Channel.ONLINE, on=date(...))`.

        Questions that are not answered have their defaults.
        """

        def ask(
            key: str, *, channel: Channel = Channel.IN_PERSON, on: date = THE_DAY, **answers: Any
        ) -> Sequence[FeeLine]:
            procedure = offered.find_procedure(key)
            known = default_answers(offered.intake_fields(procedure))
            if unknown := answers.keys() - known.keys():
                pytest.fail(f"{key} does not ask {sorted(unknown)}")
            lines = offered.first(
                "compute_fee",
                owner=plugin.name,
                strict=True,
                procedure=procedure,
                answers=known | answers,
                channel=channel,
                on=on,
            )
            return lines or []

        return ask


class DepartmentContract(PluginCase):
    """The promises every department keeps."""

    def test_every_procedure_is_complete_costed_and_due(self, offered: Selection, plugin: PluginInfo) -> None:
        """Name, components with counts, term or reason, a fee by every channel, a due date."""
        problems = [p for d in plugin.departments for p in department_problems(offered, d, A_MONDAY)]
        if problems or not plugin.departments:
            pytest.fail("\n".join(problems) or "the plugin brings no department")

    def test_nothing_was_raised(self, house: PluginHouse, offered: Selection, plugin: PluginInfo) -> None:
        """The plugin answered for all its procedures without an error."""
        for department in plugin.departments:
            department_problems(offered, department, A_MONDAY)
        if raised := {hook: n for (name, hook), n in house.failures.items() if name == plugin.name}:
            pytest.fail(f"raised in {raised}")

    def test_it_says_how_good_it_is(self, folder: Path, plugin: PluginInfo) -> None:
        """QUALITY.md is there and mentions every department."""
        text = (folder / QUALITY).read_text(encoding="utf-8")
        if missing := [d.title for d in plugin.departments if d.title not in text]:
            pytest.fail(f"{QUALITY} says nothing about {missing}")
