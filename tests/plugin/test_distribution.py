"""A department of somebody else's: built from its sources, installed beside the product, and found by its entry point."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.plugin.author import ROOT, environment, offer_fixtures, run_pytest

SOURCES = Path(__file__).parent / "example_distribution"


def build_wheel(sources: Path, into: Path) -> Path:
    """The wheel that any build tool makes of these sources; by hand, as a bare machine without network has none."""
    settings = tomllib.loads((sources / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    stem = f"{project['name'].replace('-', '_')}-{project['version']}"
    points = [
        line
        for group, entries in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
    ]
    content = {
        str(path.relative_to(sources)): path.read_bytes()
        for package in settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        for path in sorted((sources / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    head = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    content[f"{stem}.dist-info/METADATA"] = head.encode()
    content[f"{stem}.dist-info/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    content[f"{stem}.dist-info/entry_points.txt"] = "\n".join(points).encode()
    content[f"{stem}.dist-info/RECORD"] = "".join(
        f"{name},sha256={digest(data)},{len(data)}\n" for name, data in content.items()
    ).encode()
    wheel = into / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return wheel


def digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def install(sources: Path, site: Path) -> Path:
    """Build the sources and install them in `site`: a pure wheel is installed by unpacking it."""
    site.mkdir()
    with zipfile.ZipFile(build_wheel(sources, site.parent)) as wheel:
        wheel.extractall(site)
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Where the distribution is installed."""
    return install(SOURCES, tmp_path_factory.mktemp("installed") / "site")


@pytest.fixture
def kiosk(site, tmp_path):
    """Run the command line of the product in a process that sees the distribution."""

    def run(*arguments, **settings):
        data = str(tmp_path / "data")
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", *arguments],
            env=environment(site, KIOSK_DATA=data, **settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def the_one(rows):
    (row,) = [row for row in rows if row["name"] == "archives"]
    return row


def test_it_is_listed_as_ready_and_can_be_switched_on_with_its_procedures(kiosk):
    assert the_one(json.loads(kiosk("plugins", "list", "--json")))["state"] == "ready"
    kiosk("upgrade")
    kiosk("office", "add", "demo", "Trung tâm")
    listed = ("plugins", "list", "--office", "demo", "--json")
    card = the_one(json.loads(kiosk(*listed)))
    assert (card["state"], card["version"], card["title_en"]) == ("off", "1.2", "Archives Office")
    assert (card["procedures"], [each["prefix"] for each in card["offers"]]) == (2, ["QL"])
    kiosk("plugins", "enable", "archives", "--office", "demo")
    assert the_one(json.loads(kiosk(*listed)))["state"] == "on"


def test_a_folder_of_the_same_name_keeps_both_out_and_both_are_named(kiosk, write_plugin, folder):
    write_plugin("archives", "raise RuntimeError('imported all the same')")
    row = the_one(json.loads(kiosk("plugins", "list", "--json", KIOSK_PLUGINS_DIR=str(folder))))
    assert row["state"] == "broken"
    assert "package so-vi-du" in row["reason"]
    assert str(folder / "archives") in row["reason"]


def test_an_entry_point_bears_the_name_of_its_plugin(kiosk, tmp_path):
    sources = shutil.copytree(SOURCES, tmp_path / "sources")
    settings = sources / "pyproject.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("archives = ", "records = "), encoding="utf-8"
    )
    elsewhere = install(sources, tmp_path / "elsewhere")
    rows = json.loads(kiosk("plugins", "list", "--json", PYTHONPATH=f"{elsewhere}{os.pathsep}{ROOT}"))
    (row,) = [row for row in rows if row["name"] == "records"]
    assert row["state"] == "broken"
    assert row["reason"] == "its entry point is called 'records', the plugin 'archives'"


def test_a_new_plugin_may_not_take_its_name(site, tmp_path):
    code = (
        "from pathlib import Path; from kiosk.config import Settings; from kiosk.plugin.new import create\n"
        "create(Settings(), 'archives', into=Path('here'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(site),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "plugin_name_taken" in done.stderr
    assert "package so-vi-du" in done.stderr


def test_its_own_tests_pass_where_it_is_installed(site, tmp_path):
    fixtures = offer_fixtures(tmp_path / "fixtures")
    done = run_pytest(str(site / "so_vi_du" / "archives"), folder=site, paths=(site, fixtures))
    assert done.returncode == 0, done.stdout


def test_its_own_tests_pass_in_its_sources(tmp_path):
    fixtures = offer_fixtures(tmp_path / "fixtures")
    done = run_pytest(str(SOURCES / "so_vi_du"), folder=SOURCES, paths=(fixtures,))
    assert done.returncode == 0, done.stdout


def test_a_wheel_is_whole(tmp_path):
    with zipfile.ZipFile(build_wheel(SOURCES, tmp_path)) as wheel:
        names = set(wheel.namelist())
    assert {"so_vi_du/archives/plugin.toml", "so_vi_du-1.2.dist-info/entry_points.txt"} <= names
