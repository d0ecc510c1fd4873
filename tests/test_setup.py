"""The promises of the set-up: pinned by hash, free of addresses, every dependency with its reason."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from kiosk import paths

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
FIRMWARE_LOCK = (ROOT / "requirements-firmware.lock").read_text(encoding="utf-8")
PACKAGE_LOCK = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")


def wanted_packages() -> list[str]:
    lists = [PROJECT["build-system"]["requires"], PROJECT["project"]["dependencies"]]
    lists += PROJECT["project"]["optional-dependencies"].values()
    lists += (group for name, group in PROJECT["dependency-groups"].items() if name != "firmware")
    return [requirement for one in lists for requirement in one]


def pins_of(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[.*])?==([^\s;]+)", lock, flags=re.MULTILINE))


@pytest.mark.parametrize("lock", [LOCK, FIRMWARE_LOCK], ids=["product", "firmware"])
def test_every_locked_python_package_is_pinned_with_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE).strip())
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[\w.-]+(\[.*])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("requirement", wanted_packages())
def test_the_lock_satisfies_what_pyproject_asks_for(requirement: str) -> None:
    wanted = Requirement(requirement)
    assert Version(pins_of(LOCK)[canonicalize_name(wanted.name)]) in wanted.specifier, (
        "run: python3 dev.py lock"
    )


def test_what_checks_firmware_is_locked_apart() -> None:
    for requirement in PROJECT["dependency-groups"]["firmware"]:
        wanted = Requirement(requirement)
        assert Version(pins_of(FIRMWARE_LOCK)[canonicalize_name(wanted.name)]) in wanted.specifier
        assert canonicalize_name(wanted.name) not in pins_of(LOCK)


def test_the_lock_files_name_no_address() -> None:
    for text in (LOCK, FIRMWARE_LOCK, PACKAGE_LOCK):
        assert not re.search(r"\b(https?|file|git\+\w+)://|--(extra-)?index-url|--find-links", text)


def test_every_locked_npm_package_has_a_checksum_and_no_download_address() -> None:
    packages = json.loads(PACKAGE_LOCK)["packages"]
    assert "node_modules/esbuild" in packages
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def test_the_npm_lock_belongs_to_package_json() -> None:
    manifest = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    locked = json.loads(PACKAGE_LOCK)["packages"][""]
    for kind in ("dependencies", "devDependencies"):
        assert manifest[kind] == locked[kind], "run: python3 dev.py lock"


@pytest.mark.parametrize(
    "requirement", [r for r in wanted_packages() if r not in PROJECT["build-system"]["requires"]]
)
def test_every_dependency_states_its_reason_beside_it(requirement: str) -> None:
    line = next(line for line in PYPROJECT.splitlines() if line.strip().startswith(f'"{requirement}"'))
    assert re.search(r'",\s+# \S.{8,}', line), line


@pytest.mark.parametrize("command", ["demo", "test", "lint", "build", "lock"])
def test_dev_py_explains_its_commands(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "dev.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(rf"^  {command}\s+\w", shown.stdout, flags=re.MULTILINE)


def test_dev_py_refuses_an_unknown_command() -> None:
    refused = subprocess.run(
        [sys.executable, "dev.py", "dance"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "unknown command 'dance'" in refused.stderr


def test_dev_py_is_understood_by_the_oldest_python_that_may_meet_it() -> None:
    compile((ROOT / "dev.py").read_text(encoding="utf-8"), "dev.py", "exec")
    head = (ROOT / "dev.py").read_text(encoding="utf-8").split("import contextlib")[0]
    assert "sys.version_info < (3, 11)" in head


def test_the_files_of_the_house_are_found() -> None:
    assert paths.web_templates() == ROOT / "web" / "templates"
    assert (paths.migrations_dir() / "0001_initial.py").is_file()
    assert paths.plugins_dir().parent == paths.firmware_dir().parent == ROOT


def test_the_front_end_is_built_and_every_name_in_its_manifest_is_a_file() -> None:
    manifest = json.loads((paths.web_dist() / "manifest.json").read_text(encoding="utf-8"))
    for logical, real in manifest.items():
        assert (paths.web_dist() / real).is_file(), logical
    fonts = {font.name for font in (paths.web_dist() / "fonts").iterdir()}
    assert {"be-vietnam-pro-vietnamese-400-normal.woff2", "be-vietnam-pro-latin-800-normal.woff2"} <= fonts
    assert all(name.endswith(".woff2") for name in fonts)
