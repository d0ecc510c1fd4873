"""docs/writing-a-plugin.md shows the template's real files, and its commands make a plugin that loads."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.config import Settings
from kiosk.domain.money import total
from kiosk.plugin.catalogue import UNITS
from kiosk.plugin.loading import Candidate
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.selection import Selection
from kiosk.plugin.testing import THE_DAY

ROOT = Path(__file__).parents[2]
FILE = re.compile(r"^<!-- (plugins/\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUN = re.compile(r"^<!-- run -->\n```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEMPLATE = ROOT / "plugins" / "_template"


@pytest.fixture(scope="session")
def tutorial(doc):
    return doc("writing-a-plugin.md").text


def test_every_file_of_the_template_is_shown_as_it_is(tutorial):
    files = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in TEMPLATE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert dict(FILE.findall(tutorial)) == files


def test_the_commands_make_a_plugin_that_loads_and_reckons(tutorial, tmp_path):
    shutil.copytree(TEMPLATE, tmp_path / "plugins" / "_template")
    (commands,) = RUN.findall(tutorial)
    subprocess.run(["bash", "-euc", commands], cwd=tmp_path, check=True)
    folder = tmp_path / "plugins" / "health"
    assert (folder / "tests" / "test_health.py").is_file()
    house = PluginHouse.load(Settings(data=tmp_path, plugins_dir=tmp_path / "plugins", _env_file=None))
    assert house.plugins["health"].state == "ready", house.plugins["health"].reason
    assert "template" not in house.plugins
    offered = Selection(house, frozenset(house.ready))
    procedure = offered.find_procedure("1.999001", "health")
    answers = {"copies": 3, "fee_case": "new", "term_case": "usual"}
    lines = offered.first(
        "compute_fee", owner="health", procedure=procedure, answers=answers, channel="in_person", on=THE_DAY
    )
    assert total(lines) == 120_000


def test_a_mistake_reads_as_shown(tutorial, tmp_path):
    folder = tmp_path / "health"
    shutil.copytree(TEMPLATE, folder)
    for name in ("plugin.toml", "procedures.toml", "__init__.py"):
        text = (folder / name).read_text(encoding="utf-8").replace('"template"', '"health"')
        (folder / name).write_text(text.replace("direct = 100_000", "direct = 100.5"), encoding="utf-8")
    broken = PluginHouse.of([Candidate("health", str(folder), folder)]).plugins["health"]
    shown = next(line for line in tutorial.splitlines() if line.startswith("health  broken  "))
    assert broken.state == "broken"
    assert broken.reason.startswith(shown.removeprefix("health  broken  "))


def test_every_unit_of_a_term_is_named(tutorial):
    units = re.search(r"^- `term` counts (.+?),\n? *without a value", tutorial, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(\w+)`", units[1])) == set(UNITS)
