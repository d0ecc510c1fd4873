"""What every part of plugin management asks: the plugin itself, and its row in the office."""

from __future__ import annotations

from typing import Any

from kiosk.database import connection
from kiosk.domain.errors import Conflict, NotFound
from kiosk.models import OfficePlugin
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginInfo


def installed(name: str) -> PluginInfo:
    """The plugin of that name. Raises NotFound("unknown_plugin")."""
    info = gate.house().plugins.get(name)
    if info is None:
        raise NotFound("unknown_plugin", plugin=name[:60])
    return info


def require_ready(info: PluginInfo) -> None:
    """Raises Conflict("plugin_broken")."""
    if info.state != "ready":
        raise Conflict("plugin_broken", plugin=info.name, problem=info.problem, reason=info.reason)


def requires(info: PluginInfo) -> tuple[str, ...]:
    """Names of the plugins it cannot do without."""
    return info.manifest.requires if info.manifest else ()


def users_of(office_id: int, name: str) -> list[str]:
    """Names of the switched-on plugins that cannot do without this one."""
    plugins = gate.house().plugins
    return sorted(other for other in gate.enabled(office_id) if name in requires(plugins[other]))


def row_of(office_id: int, name: str) -> OfficePlugin | None:
    """The plugin's row in the office, if it ever had one."""
    with connection():
        return OfficePlugin.get_or_none((OfficePlugin.office == office_id) & (OfficePlugin.name == name))


def stored_settings(office_id: int, name: str) -> dict[str, Any]:
    """The settings as they were kept, secrets included."""
    row = row_of(office_id, name)
    return {} if row is None else row.settings


def write_row(office_id: int, name: str, **values: Any) -> None:
    """Change the plugin's row, or make it; the office is locked, so nobody is between."""
    this = (OfficePlugin.office == office_id) & (OfficePlugin.name == name)
    if not OfficePlugin.update(**values).where(this).execute():
        OfficePlugin.create(office=office_id, name=name, **values)
