"""Switch plugins on and off in an office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.events import PluginSwitched
from kiosk.plugin import gate
from kiosk.services.announce import announce
from kiosk.services.manage_plugins.obstacles import check_neighbours, obstacles
from kiosk.services.manage_plugins.rows import installed, require_ready, row_of, users_of, write_row


def enable(office_id: int, name: str, now: datetime, actor: str) -> bool:
    """Switch a plugin on: compatible, migrated, its settings valid and its own test passed, then row and event.

    False when it was on already. Raises NotFound("unknown_plugin") and what `obstacles` finds first.
    """
    info = installed(name)
    require_ready(info)
    if name in gate.enabled(office_id):
        return False
    for refusal in obstacles(office_id, info):
        raise refusal
    version = info.manifest.version if info.manifest else ""
    return _switch(office_id, name, version, now, actor, lambda: check_neighbours(office_id, info))


def disable(office_id: int, name: str, now: datetime, actor: str) -> bool:
    """Stop offering a plugin; what it owns stays honoured and nothing is deleted. False when it was off already.

    Raises NotFound("unknown_plugin"), Conflict("plugin_always_on", "plugin_in_use").
    """
    info = gate.house().plugins.get(name)
    if info is None and row_of(office_id, name) is None:
        raise NotFound("unknown_plugin", plugin=name[:60])
    if info is not None and info.always_on:
        raise Conflict("plugin_always_on", plugin=name)
    _check_unused(office_id, name)
    return _switch(office_id, name, None, now, actor, lambda: _check_unused(office_id, name))


def _check_unused(office_id: int, name: str) -> None:
    if users := users_of(office_id, name):
        raise Conflict("plugin_in_use", plugin=name, by=users)


def _switch(
    office_id: int, name: str, version: str | None, now: datetime, actor: str, check: Callable[[], None]
) -> bool:
    """Row and event in one transaction, on with a version and off with None; False when another admin was quicker.

    `check` repeats what another admin may have changed since it was asked before the office was locked.
    """
    enabled = version is not None
    with office_transaction(office_id, now, actor) as transaction:
        row = row_of(office_id, name)
        if (row is not None and row.enabled) == enabled:
            return False
        gate.forget(office_id)
        check()
        if version is None:
            version = str(row.version) if row is not None else ""
        write_row(office_id, name, enabled=enabled, version=version, changed_at=now)
        announce(transaction, PluginSwitched(plugin=name, enabled=enabled, version=version))
    gate.forget(office_id)
    return True
