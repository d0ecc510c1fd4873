"""Plugins written for one test, and a house that holds the built-in ones, justice, transport and those."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from kiosk.paths import plugins_dir
from kiosk.plugin import gate
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse

WritePlugin = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of plugins."""
    path = tmp_path / "plugins"
    path.mkdir()
    return path


@pytest.fixture
def write_plugin(folder: Path) -> WritePlugin:
    """`write_plugin("slow", code, api=2)`: a plugin with that code, and a manifest that says so."""

    def write(
        name: str, code: str = "", *, parent: Path = folder, manifest: str | None = None, **facts: object
    ) -> Path:
        path = parent / name
        path.mkdir(parents=True)
        said = {
            "name": name,
            "title": f"Plugin {name}",
            "version": "1.0",
            "api": 1,
            "owner": "tests",
            **facts,
        }
        text = "\n".join(f"{key} = {_toml(value)}" for key, value in said.items())
        (path / "plugin.toml").write_text(text if manifest is None else manifest, encoding="utf-8")
        head = "from kiosk.plugin import hookimpl, Setting\n"
        (path / "__init__.py").write_text(head + dedent(code), encoding="utf-8")
        return path

    return write


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return "[" + ", ".join(_toml(each) for each in value) + "]"
        case str():
            return f'"{value}"'
    return str(value)


@pytest.fixture
def load(folder: Path) -> Callable[[], PluginHouse]:
    """The house as it is now: built-in and shipped plugins, and those in `folder`."""
    return lambda: PluginHouse.of(discover([plugins_dir(), folder]))


@pytest.fixture
def use_plugins(load: Callable[[], PluginHouse]) -> Iterator[Callable[[], PluginHouse]]:
    """Load, and let this process use them for the length of the test."""

    def use() -> PluginHouse:
        house = load()
        gate.use(house)
        return house

    yield use
    gate.use(None)
