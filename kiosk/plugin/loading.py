"""Find plugins behind their two doors and import one, without touching `sys.path`."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import kiosk.builtin
from kiosk.paths import plugins_dir

ENTRY_POINTS = "kiosk.plugins"
PRIVATE_PACKAGE = "kiosk_plugins"
"""Parent of all plugins from folders; a plugin called `calendar` cannot get into anybody's way."""

BUILTINS = Path(kiosk.builtin.__file__).parent
TEMPLATE = plugins_dir() / "_template"
"""A small department, complete: where new ones come from."""


@dataclass(frozen=True)
class Candidate:
    """A place where a plugin seems to be; `module` is None for a folder, else what to import.

    `folder` is None when an entry point leads nowhere.
    """

    name: str
    origin: str
    folder: Path | None
    builtin: bool = False
    module: str | None = None


def discover(folders: Iterable[Path]) -> Iterator[Candidate]:
    """All candidates: the built-in ones, those in `folders`, those of installed distributions."""
    for folder in _subfolders(BUILTINS):
        module = f"{kiosk.builtin.__name__}.{folder.name}"
        yield Candidate(folder.name, f"built-in {folder.name}", folder, builtin=True, module=module)
    for parent in dict.fromkeys(path.resolve() for path in folders):
        for folder in _subfolders(parent):
            yield Candidate(folder.name, str(folder), folder)
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda p: (p.name, p.value)):
        package = point.dist.name if point.dist else "?"
        yield Candidate(point.name, f"package {package}", _folder_of(point), module=point.module)


def _subfolders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(
        path
        for path in parent.iterdir()
        if path.is_dir() and path.name[0] not in "_." and any(path.iterdir())
    )


def _folder_of(point: EntryPoint) -> Path | None:
    """Where an entry point's package lies; found through its top-level package, so that nothing is imported."""
    top, *rest = point.module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)), *rest)


def import_plugin(candidate: Candidate) -> Any:
    """Import a plugin's package and return the object with its hooks: its `plugin`, or the package itself."""
    if candidate.module is not None:
        package = importlib.import_module(candidate.module)
    else:
        package = _import_folder(candidate)
    return getattr(package, "plugin", package)


def _import_folder(candidate: Candidate) -> ModuleType:
    folder = candidate.folder
    if folder is None:
        raise ImportError("nothing there")
    if not (folder / "__init__.py").is_file():
        raise ImportError("it has no __init__.py")
    if PRIVATE_PACKAGE not in sys.modules:
        parent = ModuleType(PRIVATE_PACKAGE, "Parent of the plugins found in folders.")
        parent.__path__ = []
        sys.modules[PRIVATE_PACKAGE] = parent
    name = f"{PRIVATE_PACKAGE}.{candidate.name}"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError("it has no __init__.py")
    _forget(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        _forget(name)
        raise
    return module


def _forget(name: str) -> None:
    for loaded in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[loaded]
