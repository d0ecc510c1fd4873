"""The fixtures of kiosk.plugin.testing for every pytest where the product is installed (entry point `pytest11`).

Whatever is asked of the product is imported when a test asks for it: a run that has nothing to do with plugins pays for
this module only. A fixture of the same name in a conftest.py, a module or a class comes before these.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FOLDER = "kiosk_plugin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """An ini option for tests that do not lie inside the plugin's folder."""
    parser.addini(
        FOLDER, "The kiosk plugin under test: its folder, from the folder of the ini file.", default=""
    )


@pytest.fixture
def plugin_folder(request: pytest.FixtureRequest) -> Path:
    """The folder of the plugin under test: the one named in the ini file, or the one the test lies in."""
    from kiosk.plugin.testing import folder_of

    named = request.config.getini(FOLDER)
    return (request.config.rootpath / named).resolve() if named else folder_of(request.path)


@pytest.fixture
def house(plugin_folder: Path) -> Any:
    """The built-in plugins, the one under test, and its neighbours."""
    from kiosk.plugin.testing import house_around

    return house_around(plugin_folder)


@pytest.fixture
def plugin(house: Any, plugin_folder: Path) -> Any:
    """The plugin under test, loaded without complaint."""
    from kiosk.plugin.testing import info_of

    return info_of(house, plugin_folder)


@pytest.fixture
def offered(house: Any) -> Any:
    """An office that has everything switched on, with default settings."""
    from kiosk.plugin.testing import everything_on

    return everything_on(house)


@pytest.fixture
def department(plugin: Any) -> Any:
    """The plugin's (first) department."""
    from kiosk.plugin.testing import department_of

    return department_of(plugin)


@pytest.fixture
def fee(offered: Any, plugin: Any) -> Any:
    """What an application costs: `fee("2.000488", slips=3, channel=Channel.ONLINE, on=date(...))`."""
    from kiosk.plugin.testing import fee_ask

    return fee_ask(offered, plugin)


@pytest.fixture
def due(offered: Any, plugin: Any) -> Any:
    """The day an application is due: `due("2.000488", received=datetime(...), term_case="urgent")`."""
    from kiosk.plugin.testing import due_ask

    return due_ask(offered, plugin)
