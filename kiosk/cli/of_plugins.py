"""Commands that plugins bring: `kiosk <plugin> …`, its name with dashes; only that plugin is imported for them."""

from __future__ import annotations

import click

from kiosk.config import Settings
from kiosk.paths import plugins_dir
from kiosk.plugin.loading import Candidate, discover
from kiosk.plugin.manager import PluginHouse

HOOK = "cli_commands"


def plugin_group(name: str) -> click.Group | None:
    """The commands of the plugin of that name, or None when there is none such or it has no commands."""
    wanted = name.replace("-", "_")
    settings = Settings()
    here = [each for each in _installed(settings) if each.name == wanted]
    return _group(PluginHouse.of(here, safe_mode=settings.safe_mode), wanted) if here else None


def plugin_groups() -> list[str]:
    """The names of all plugins with commands."""
    return [name.replace("_", "-") for name in PluginHouse.load(Settings()).implementers(HOOK)]


def _installed(settings: Settings) -> list[Candidate]:
    return list(discover([plugins_dir(), *([settings.plugins_dir] if settings.plugins_dir else [])]))


def _group(house: PluginHouse, plugin: str) -> click.Group | None:
    if plugin not in house.ready or not house.implements(plugin, HOOK):
        return None
    manifest = house.plugins[plugin].manifest
    title = manifest.title_en if manifest else ""
    group = click.Group(plugin.replace("_", "-"), help=f"{title}." if title else None)
    return None if house.call(plugin, HOOK, {"cli": group}, {}).failed else group
