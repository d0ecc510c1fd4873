"""docs/writing-a-plugin.md shows the template's real files, and its command makes a plugin that loads."""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import main
from kiosk.config import Settings
from kiosk.domain.money import total
from kiosk.plugin import admission, pytest_plugin
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


def test_the_command_makes_a_plugin_that_loads_and_reckons(tutorial, tmp_path, monkeypatch):
    (command,) = RUN.findall(tutorial)
    program, *arguments = shlex.split(command)
    assert program == ".venv/bin/kiosk"
    monkeypatch.setenv("KIOSK_PLUGINS_DIR", str(tmp_path / "plugins"))
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    folder = tmp_path / "plugins" / "archives"
    assert (folder / "tests" / "test_archives.py").is_file()
    house = PluginHouse.load(Settings(data=tmp_path, plugins_dir=tmp_path / "plugins", _env_file=None))
    assert house.plugins["archives"].state == "ready", house.plugins["archives"].reason
    assert "template" not in house.plugins
    offered = Selection(house, frozenset(house.ready))
    procedure = offered.find_procedure("1.999001", "archives")
    answers = {"copies": 3, "fee_case": "new", "term_case": "usual"}
    lines = offered.first(
        "compute_fee", owner="archives", procedure=procedure, answers=answers, channel="in_person", on=THE_DAY
    )
    assert total(lines) == 120_000


def test_a_command_that_is_refused_says_why_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("KIOSK_PLUGINS_DIR", str(tmp_path))
    done = CliRunner().invoke(main, ["plugins", "new", "justice"])
    assert done.exit_code == 1
    assert done.output.strip().endswith("[plugin_name_taken]")
    assert len(done.output.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_every_reason_for_red_is_explained(tutorial):
    explained = set(re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", tutorial, re.MULTILINE))
    source = Path(admission.__file__).read_text(encoding="utf-8")
    given = set(re.findall(r'set_aside\(\s*"(\w+)"', source))
    assert len(given) == 8
    assert given <= explained


def test_every_fixture_is_explained(tutorial):
    source = Path(pytest_plugin.__file__).read_text(encoding="utf-8")
    offered = set(re.findall(r"^@pytest\.fixture\ndef (\w+)", source, re.MULTILINE)) - {"plugin_folder"}
    assert offered <= set(re.findall(r"^\| `(\w+)` \|", tutorial, re.MULTILINE))


def test_the_shipped_package_is_the_one_that_is_tested(tutorial):
    shown = re.search(r"```toml\n(\[build-system\].*?)```", tutorial, re.DOTALL)
    example = ROOT / "tests" / "plugin" / "example_distribution" / "pyproject.toml"
    told, real = (tomllib.loads(text) for text in (shown[1], example.read_text(encoding="utf-8")))
    assert told["project"]["entry-points"] == real["project"]["entry-points"]
    assert told["tool"] == real["tool"]


def test_a_mistake_reads_as_shown(tutorial, tmp_path):
    folder = tmp_path / "archives"
    shutil.copytree(TEMPLATE, folder)
    for name in ("plugin.toml", "procedures.toml", "__init__.py"):
        text = (folder / name).read_text(encoding="utf-8").replace('"template"', '"archives"')
        (folder / name).write_text(text.replace("direct = 100_000", "direct = 100.5"), encoding="utf-8")
    broken = PluginHouse.of([Candidate("archives", str(folder), folder)]).plugins["archives"]
    shown = next(line for line in tutorial.splitlines() if line.startswith("archives  broken  "))
    assert broken.state == "broken"
    assert broken.reason.startswith(shown.removeprefix("archives  broken  "))


def test_every_unit_of_a_term_is_named(tutorial):
    units = re.search(r"^- `term` counts (.+?),\n? *without a value", tutorial, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(\w+)`", units[1])) == set(UNITS)
