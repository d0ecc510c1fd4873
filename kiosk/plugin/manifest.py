"""`plugin.toml`: what a plugin says about itself, read without importing any of its code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from kiosk.plugin.tables import FileError, read_table

API = 1
"""The version of the hooks; a plugin made for another one is listed, and never imported."""

FILE = "plugin.toml"
NAME_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,49}")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
_REQUIREMENT = re.compile(r"kiosk>=([0-9]{1,4}(?:\.[0-9]{1,4}){0,3})|([a-z][a-z0-9_]{0,49})")
LARGEST_API = 9_999


class ManifestError(FileError):
    """`plugin.toml` is missing or malformed; the text names file and key."""


@dataclass(frozen=True)
class Manifest:
    """A plugin's own word. `requires` are names of plugins, `kiosk_from` the least version of the product.

    `owner` answers for the plugin, `needs` are things outside the house it cannot do without, in words for
    the admin. An `always_on` plugin has no switch; only a built-in one may be.
    """

    name: str
    title: str
    title_en: str
    version: str
    api: int
    owner: str
    requires: tuple[str, ...] = ()
    kiosk_from: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    always_on: bool = False


def read_manifest(folder: Path, builtin: bool = False) -> Manifest:
    """The manifest of the plugin in `folder`, which bears the plugin's name. Raises ManifestError."""
    table = read_table(folder / FILE, ManifestError)
    name = table.text("name", shape=NAME_SHAPE)
    if name != folder.name.lstrip("_"):  # a folder `_name` is not loaded, yet can be tested
        raise table.fail("name", f"{name!r} is not the name of its folder, {folder.name!r}")
    title = table.text("title")
    requires: list[str] = []
    kiosk_from: tuple[int, ...] = ()
    for requirement in table.texts("requires"):
        match = _REQUIREMENT.fullmatch(requirement.replace(" ", ""))
        if match is None:
            raise table.fail("requires", f"{requirement!r} is neither a plugin's name nor like kiosk>=0.1")
        if match[1]:
            kiosk_from = parse_version(match[1])
        else:
            requires.append(match[2])
    manifest = Manifest(
        name=name,
        title=title,
        title_en=table.text("title_en", title),
        version=table.text("version", shape=_VERSION),
        api=table.whole("api", 1, LARGEST_API),
        owner=table.text("owner"),
        requires=tuple(requires),
        kiosk_from=kiosk_from,
        needs=table.texts("needs"),
        always_on=table.flag("always_on", False),
    )
    if manifest.always_on and not builtin:
        raise table.fail("always_on", "only a built-in plugin has no switch")
    table.close()
    return manifest


def parse_version(text: str) -> tuple[int, ...]:
    """ "0.1.0" as (0, 1, 0), to be compared; what follows the numbers is left out."""
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0])[:3])
