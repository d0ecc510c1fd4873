"""For plugin authors: pytest classes that load the plugin a test lies in and hold it to the contract.

In `<name>/tests/test_<name>.py`, derive `class TestContract(DepartmentContract)`; its tests and fixtures come along.
Tests of one's own ask for the fixtures `house`, `offered`, `plugin`, `department`, `fee` and `due`, which every pytest
offers where the product is installed (kiosk/plugin/pytest_plugin.py); a class that derives from `PluginCase` has them
in any case. No database, no network. (PYTEST_DONT_REWRITE: this module asserts nothing.)
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
from kiosk.domain.deadlines import due_on
from kiosk.domain.dossier import Channel
from kiosk.domain.money import FeeLine
from kiosk.domain.procedure import Department, Procedure
from kiosk.plugin import manifest, quality
from kiosk.plugin.contract import department_problems, purity_problems
from kiosk.plugin.contract_rules import WEEKDAYS_ONLY, default_answers, fee_of
from kiosk.plugin.loading import TEMPLATE, Candidate, discover
from kiosk.plugin.manager import PluginHouse, PluginInfo
from kiosk.plugin.selection import Selection

A_MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo(OFFICE_ZONE))
THE_DAY = A_MONDAY.date()

FeeAsk = Callable[..., Sequence[FeeLine]]
DueAsk = Callable[..., date | None]


@lru_cache(maxsize=32)
def house_around(folder: Path) -> PluginHouse:
    """The built-in plugins, the one in `folder`, and its neighbours; a folder `_name` holds the plugin `name`."""
    candidates = [
        c for c in discover([folder.parent]) if c.builtin or (c.folder and c.folder.parent == folder.parent)
    ]
    here = [c for c in candidates if c.folder == folder]
    # Inside an installed distribution the folder is there through its entry point too: once is enough.
    candidates = [c for c in candidates if c.folder != folder or c is here[0]]
    if folder.name.startswith("_"):
        candidates.append(Candidate(folder.name.lstrip("_"), str(folder), folder))
    return PluginHouse.of(candidates)


def folder_of(test: Path) -> Path:
    """The plugin a test lies in: the nearest folder above it with a manifest. LookupError when there is none."""
    for folder in test.resolve().parents:
        if (folder / manifest.FILE).is_file():
            return folder
    raise LookupError(
        f"no {manifest.FILE} above {test.name}; name the plugin's folder by the ini option kiosk_plugin"
    )


def info_of(house: PluginHouse, folder: Path) -> PluginInfo:
    """The plugin in a folder, loaded without complaint; fails the test when it is not."""
    info = house.plugins[folder.name.lstrip("_")]
    if info.state != "ready":
        pytest.fail(f"the plugin is {info.state} ({info.problem}): {info.reason}")
    return info


def everything_on(house: PluginHouse) -> Selection:
    """An office that has everything switched on, with default settings."""
    return Selection(house, frozenset(house.ready))


def department_of(info: PluginInfo) -> Department:
    """The plugin's (first) department; fails the test when there is none."""
    if not info.departments:
        pytest.fail("the plugin brings no department")
    return info.departments[0]


def fee_ask(offered: Selection, info: PluginInfo) -> FeeAsk:
    """What an application costs: `fee("2.000488", slips=3, channel=Channel.ONLINE, on=date(...))`.

    Questions that are not answered have their defaults.
    """

    def ask(
        key: str, *, channel: Channel = Channel.IN_PERSON, on: date = THE_DAY, **answers: Any
    ) -> Sequence[FeeLine]:
        procedure = _procedure(offered, info, key)
        lines: Sequence[FeeLine] | None = fee_of(
            offered, procedure, _answers(offered, procedure, answers), channel, on
        )
        return lines or []

    return ask


def due_ask(offered: Selection, info: PluginInfo) -> DueAsk:
    """The day an application is due: `due("2.000488", received=datetime(...), term_case="urgent")`.

    Every day from Monday to Friday works; None where there is no deadline.
    """

    def ask(key: str, *, received: datetime = A_MONDAY, **answers: Any) -> date | None:
        procedure = _procedure(offered, info, key)
        return due_on(
            offered.term_for(procedure, _answers(offered, procedure, answers)), received, WEEKDAYS_ONLY
        )

    return ask


def _procedure(offered: Selection, info: PluginInfo, key: str) -> Procedure:
    """The plugin's own procedure: its neighbours may use the same code."""
    own = [d.key for d in info.departments for p in d.procedures if key in (p.key, p.code)]
    return offered.find_procedure(key, own[0] if own else None)


def _answers(offered: Selection, procedure: Procedure, answers: dict[str, Any]) -> dict[str, Any]:
    known = default_answers(offered.intake_fields(procedure))
    if unknown := answers.keys() - known.keys():
        pytest.fail(f"{procedure.key} does not ask {sorted(unknown)}")
    return known | answers


class PluginCase:
    """Fixtures around the plugin in whose folder the test lies."""

    @pytest.fixture
    def folder(self, request: pytest.FixtureRequest) -> Path:
        """The plugin's folder."""
        return folder_of(request.path)

    @pytest.fixture
    def house(self, folder: Path) -> PluginHouse:
        """The loaded plugins."""
        return house_around(folder)

    @pytest.fixture
    def plugin(self, house: PluginHouse, folder: Path) -> PluginInfo:
        """The plugin under test, loaded without complaint."""
        return info_of(house, folder)

    @pytest.fixture
    def offered(self, house: PluginHouse) -> Selection:
        """An office that has everything switched on, with default settings."""
        return everything_on(house)

    @pytest.fixture
    def department(self, plugin: PluginInfo) -> Department:
        """The plugin's (first) department."""
        return department_of(plugin)

    @pytest.fixture
    def fee(self, offered: Selection, plugin: PluginInfo) -> FeeAsk:
        """What an application costs, see `fee_ask`."""
        return fee_ask(offered, plugin)

    @pytest.fixture
    def due(self, offered: Selection, plugin: PluginInfo) -> DueAsk:
        """The day an application is due, see `due_ask`."""
        return due_ask(offered, plugin)


class RulesContract(PluginCase):
    """The promises of rules in Python."""

    def test_the_same_question_has_the_same_answer(self, offered: Selection, plugin: PluginInfo) -> None:
        """Hooks are pure: asked twice they answer alike, and they leave their arguments as they are."""
        problems = [p for d in plugin.departments for p in purity_problems(offered, d, A_MONDAY)]
        if problems:
            pytest.fail("\n".join(problems))


class DepartmentContract(RulesContract):
    """The promises every department keeps."""

    def test_every_procedure_is_complete_costed_and_due(self, offered: Selection, plugin: PluginInfo) -> None:
        """Facts without gaps; for every answer a counter can give, a fee by every channel and a due date."""
        problems = [p for d in plugin.departments for p in department_problems(offered, d, A_MONDAY)]
        if problems or not plugin.departments:
            pytest.fail("\n".join(problems) or "the plugin brings no department")

    def test_nothing_was_raised(self, house: PluginHouse, offered: Selection, plugin: PluginInfo) -> None:
        """The plugin answered for all its procedures without an error."""
        for department in plugin.departments:
            department_problems(offered, department, A_MONDAY)
        if raised := {hook: n for (name, hook), n in house.failures.items() if name == plugin.name}:
            pytest.fail(f"raised in {raised}")

    def test_its_letter_is_its_own(self, plugin: PluginInfo) -> None:
        """No other department has the same letter on its tickets."""
        if plugin.notes:
            pytest.fail("\n".join(plugin.notes))

    def test_it_says_how_good_it_is(self, folder: Path, plugin: PluginInfo) -> None:
        """QUALITY.md names every department and answers every rule."""
        text = (folder / quality.FILE).read_text(encoding="utf-8")
        problems = quality.quality_problems(text, (TEMPLATE / quality.FILE).read_text(encoding="utf-8"))
        problems += [
            f"{quality.FILE}: says nothing about {d.title}" for d in plugin.departments if d.title not in text
        ]
        if problems:
            pytest.fail("\n".join(problems))
