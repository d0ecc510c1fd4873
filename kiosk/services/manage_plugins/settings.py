"""A plugin's settings in an office: tried, kept, and shown without their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict
from kiosk.domain.events import PluginConfigured
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginInfo
from kiosk.plugin.settings import invalid, shown, validate
from kiosk.services.announce import announce
from kiosk.services.manage_plugins.rows import installed, require_ready, stored_settings, write_row


def save_settings(
    office_id: int, name: str, values: Mapping[str, Any], now: datetime, actor: str
) -> dict[str, Any]:
    """Keep a plugin's settings, on or off, and return them fit to show; what is not given stays as it is.

    The plugin's own test may take its time, so it runs before the office is locked, and again with what another admin
    has kept meanwhile: nothing untested is stored, and nobody's change is lost.

    Raises NotFound("unknown_plugin"), Conflict("plugin_broken"), DomainError("setting_invalid").
    """
    info = installed(name)
    require_ready(info)
    while True:
        before = stored_settings(office_id, name)
        checked = validate(info.schema, values, before)
        try_values(info, checked)
        with office_transaction(office_id, now, actor) as transaction:
            if stored_settings(office_id, name) != before:
                continue
            changed = sorted(key for key, value in checked.items() if before.get(key) != value)
            write_row(office_id, name, settings=checked, changed_at=now)
            announce(transaction, PluginConfigured(plugin=name, settings=changed))
        gate.forget(office_id)
        return shown(info.schema, checked)


def try_settings(office_id: int, name: str, values: Mapping[str, Any]) -> None:
    """The Test button: check values as `save_settings` does, and keep nothing. Raises the same."""
    info = installed(name)
    require_ready(info)
    try_values(info, validate(info.schema, values, stored_settings(office_id, name)))


def settings_of(office_id: int, name: str) -> dict[str, Any]:
    """A plugin's settings fit to show; of a secret only whether there is one. Raises NotFound("unknown_plugin")."""
    info = installed(name)
    return shown(info.schema, gate.settings(office_id, name))


def try_values(info: PluginInfo, values: Mapping[str, Any]) -> None:
    """Let the plugin test itself with these values. Raises Conflict("plugin_broken"), DomainError("setting_invalid")."""
    outcome = gate.house().call(info.name, "check_settings", {"values": values}, {})
    if outcome.failed:
        raise Conflict(
            "plugin_broken", plugin=info.name, problem="self_test", reason="its own test failed; see the log"
        )
    for field, reason in (outcome.value or {}).items():
        raise invalid(field, "refused", explanation=reason)
