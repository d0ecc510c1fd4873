"""A new department plugin out of `plugins/_template`: whole, tested and ready, to be filled with facts."""

from __future__ import annotations

import keyword
import re
import string
import sys
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.numbering import check_prefix
from kiosk.plugin import manifest
from kiosk.plugin.catalogue import DEPARTMENT_SHAPE
from kiosk.plugin.loading import TEMPLATE, discover
from kiosk.plugin.manager import PluginHouse, PluginSettings

RESERVED = frozenset({"kiosk", "kiosk_plugins", "plugin", "plugins", "template", "test", "tests"})
LONGEST_TITLE = 120
# A title stands in TOML, in a docstring and in a heading of Markdown: nothing that has a meaning there.
_TITLE = re.compile(r"[^\W_][^\"\\`|<>#\x00-\x1f\x7f\u2028\u2029]*")


def create(
    settings: PluginSettings,
    name: str,
    *,
    title: str | None = None,
    title_en: str | None = None,
    prefix: str | None = None,
    into: Path | None = None,
) -> Path:
    """Write the plugin `name` to a new folder of that name in `into`, and return the folder.

    Without a title it is called after its name; without a prefix it gets the first free letter; `into` is
    `usual_folder` unless given. Raises DomainError("plugin_name_malformed", "plugin_title_malformed",
    "prefix_malformed"), Conflict("plugin_name_taken", "prefix_taken_by_department", "plugin_folder_exists",
    "plugin_folder_unwritable"); then nothing was written.
    """
    into = into or usual_folder(settings)
    house = _neighbours(settings, into)
    _check_name(house, name)
    title = _checked_title(title or f"Sở {name.replace('_', ' ').title()}")
    title_en = _checked_title(title_en or f"Department of {name.replace('_', ' ').title()}")
    taken = {d.prefix: key for key, d in house.departments.items() if d.front_desk}
    prefix = _free_prefix(taken) if prefix is None else check_prefix(prefix)
    if prefix in taken:
        raise Conflict("prefix_taken_by_department", prefix=prefix, department=taken[prefix])
    return _write(into, name, dict(_files(name, title, title_en, prefix)))


def usual_folder(settings: PluginSettings) -> Path:
    """Where a new plugin goes unless told otherwise: the installation's further folder, else a checkout's `plugins`,
    else where one stands; never into an installed package."""
    if settings.plugins_dir is not None:
        return settings.plugins_dir
    shipped = TEMPLATE.parent
    return shipped if (shipped.parent / "pyproject.toml").is_file() else Path.cwd()


def _neighbours(settings: PluginSettings, into: Path) -> PluginHouse:
    """What is installed and what lies in `into`, which may hold folders that are no plugins at all."""
    further = [settings.plugins_dir] if settings.plugins_dir else []
    return PluginHouse.of(
        found
        for found in discover([TEMPLATE.parent, *further, into])
        if found.folder and (found.folder / manifest.FILE).is_file()
    )


def next_steps(folder: Path) -> str:
    """What the author does now, one step a line."""
    return "\n".join(
        (
            f"{folder} is ready and keeps the contract. Next:",
            f"  1. pytest {folder}   (stays green at every step)",
            f"  2. {folder / 'plugin.toml'}: say who answers for it",
            f"  3. {folder / 'procedures.toml'}: put your procedures in place of the example",
            f"  4. {folder / 'intake.py'}, {folder / 'fees.py'}: the rules that a table cannot say",
            f"  5. {folder / 'QUALITY.md'}: say what is done and what is open",
            f"  6. kiosk plugins list, then kiosk plugins enable {folder.name} --office KEY",
        )
    )


def _write(into: Path, name: str, files: Mapping[Path, str]) -> Path:
    folder = into / name
    if folder.exists():
        raise Conflict("plugin_folder_exists", folder=str(folder))
    try:
        into.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: what is half written bears a name that is never loaded.
        with TemporaryDirectory(prefix=".new-", dir=into) as draft:
            whole = Path(draft, name)
            for path, text in files.items():
                (whole / path).parent.mkdir(parents=True, exist_ok=True)
                (whole / path).write_text(text, encoding="utf-8")
            whole.rename(folder)
    except OSError as error:
        raise Conflict("plugin_folder_unwritable", folder=str(folder), problem=type(error).__name__) from None
    return folder


def _check_name(house: PluginHouse, name: str) -> None:
    if not DEPARTMENT_SHAPE.fullmatch(name) or name.endswith("_") or "__" in name:
        raise DomainError("plugin_name_malformed", name=name[:60])
    # pytest imports the folder under its own name: one that Python knows already would be another module.
    if name in RESERVED or keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise Conflict("plugin_name_taken", name=name, by="Python" if name not in RESERVED else "kiosk")
    if name in house.plugins:
        raise Conflict("plugin_name_taken", name=name, by=house.plugins[name].origin)
    if name in house.departments:
        raise Conflict("plugin_name_taken", name=name, by=house.owners[name])


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if len(title) > LONGEST_TITLE or not _TITLE.fullmatch(title):
        raise DomainError("plugin_title_malformed", longest=LONGEST_TITLE)
    return title


def _free_prefix(taken: Collection[str]) -> str:
    """The first letter, else pair of letters, that no department has."""
    letters = string.ascii_uppercase
    some = (*letters, *map("".join, product(letters, repeat=2)))
    return next(prefix for prefix in some if prefix not in taken)


def _files(name: str, title: str, title_en: str, prefix: str) -> Iterator[tuple[Path, str]]:
    """The template's files with the new names in place of its own."""
    words = {
        '"template"': f'"{name}"',
        "Sở Mẫu": title,
        "Department of Examples": title_en,
        'prefix = "U"': f'prefix = "{prefix}"',
    }
    for path in sorted(TEMPLATE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_text(encoding="utf-8")
            for old, new in words.items():
                text = text.replace(old, new)
            inside = path.relative_to(TEMPLATE)
            yield inside.with_name(inside.name.replace("template", name)), text
