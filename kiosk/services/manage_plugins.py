"""Switch plugins on and off in an office, and keep their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from kiosk.database import connection, office_transaction
from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.events import PluginConfigured, PluginSwitched
from kiosk.migrate import pending
from kiosk.models import OfficePlugin
from kiosk.plugin import gate
from kiosk.plugin.manager import PluginInfo
from kiosk.plugin.settings import describe, invalid, shown, validate
from kiosk.services.announce import announce


@dataclass(frozen=True)
class PluginCard:
    """A plugin as a page or the API shows it; `state` is on, off or broken, `reason` why it does not run.

    `offers` lists its departments as {key, title, title_en, prefix, procedures, to_confirm}, `settings` are
    the declared ones, `values` what they are here (of a secret only whether there is one).
    """

    name: str
    title: str
    title_en: str
    version: str
    owner: str
    state: str
    problem: str
    reason: str
    builtin: bool
    always_on: bool
    requires: tuple[str, ...]
    needs: tuple[str, ...]
    offers: tuple[dict[str, Any], ...]
    procedures: int
    settings: tuple[dict[str, Any], ...]
    values: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The card as plain JSON values."""
        return asdict(self)


def enable(office_id: int, name: str, now: datetime, actor: str) -> bool:
    """Switch a plugin on: compatible, migrated, its settings valid and its own test passed, then row and event.

    False when it was on already. Raises NotFound("unknown_plugin"), Conflict("plugin_broken", "plugin_not_migrated",
    "plugin_requires"), DomainError("setting_invalid").
    """
    info = _installed(name)
    _require_ready(info)
    if name in gate.enabled(office_id):
        return False
    missing = [other for other in _requires(info) if other not in gate.enabled(office_id)]
    if missing:
        raise Conflict("plugin_requires", plugin=name, requires=missing)
    _require_migrated(info)
    values = validate(info.schema, {}, _stored(office_id, name))
    _try_settings(info, values)
    return _switch(office_id, name, info.manifest.version if info.manifest else "", True, now, actor)


def disable(office_id: int, name: str, now: datetime, actor: str) -> bool:
    """Stop offering a plugin; what it owns stays honoured and nothing is deleted. False when it was off already.

    Raises NotFound("unknown_plugin"), Conflict("plugin_always_on", "plugin_in_use").
    """
    info = gate.house().plugins.get(name)
    if info is None and not _has_row(office_id, name):
        raise NotFound("unknown_plugin", plugin=name[:60])
    if info is not None and info.always_on:
        raise Conflict("plugin_always_on", plugin=name)
    users = sorted(
        other for other in gate.enabled(office_id) if name in _requires(gate.house().plugins[other])
    )
    if users:
        raise Conflict("plugin_in_use", plugin=name, by=users)
    return _switch(office_id, name, None, False, now, actor)


def save_settings(
    office_id: int, name: str, values: Mapping[str, Any], now: datetime, actor: str
) -> dict[str, Any]:
    """Keep a plugin's settings, on or off, and return them fit to show; what is not given stays as it is.

    Raises NotFound("unknown_plugin"), Conflict("plugin_broken"), DomainError("setting_invalid").
    """
    info = _installed(name)
    _require_ready(info)
    checked = validate(info.schema, values, _stored(office_id, name))
    _try_settings(info, checked)
    before = _stored(office_id, name)
    changed = sorted(key for key, value in checked.items() if before.get(key) != value)
    with office_transaction(office_id, now, actor) as transaction:
        _write(office_id, name, settings=checked, changed_at=now)
        announce(transaction, PluginConfigured(plugin=name, settings=changed))
    gate.forget(office_id)
    return shown(info.schema, checked)


def try_settings(office_id: int, name: str, values: Mapping[str, Any]) -> None:
    """The Test button: check values as `save_settings` does, and keep nothing. Raises the same."""
    info = _installed(name)
    _require_ready(info)
    _try_settings(info, validate(info.schema, values, _stored(office_id, name)))


def settings_of(office_id: int, name: str) -> dict[str, Any]:
    """A plugin's settings fit to show; of a secret only whether there is one. Raises NotFound("unknown_plugin")."""
    info = _installed(name)
    return shown(info.schema, gate.settings(office_id, name))


def listing(office_id: int) -> list[PluginCard]:
    """Every plugin installed, and every one the office has on that is not installed any more; departments first."""
    on = gate.enabled(office_id)
    cards = [_card(office_id, info, info.name in on) for info in gate.house().plugins.values()]
    with connection():
        rows = OfficePlugin.select().where(
            (OfficePlugin.office == office_id) & (OfficePlugin.enabled == True)  # noqa: E712  (SQL, not Python)
        )
        gone = [row for row in rows if row.name not in gate.house().plugins]
    cards += [_card(office_id, _gone(row), False) for row in gone]
    return sorted(cards, key=lambda card: (card.builtin, card.state != "broken", card.name))


def _card(office_id: int, info: PluginInfo, on: bool) -> PluginCard:
    manifest = info.manifest
    installed = info.name in gate.house().plugins
    values = gate.settings(office_id, info.name) if installed else {}
    offers = tuple(
        {
            "key": department.key,
            "title": department.title,
            "title_en": department.title_en,
            "prefix": department.prefix,
            "procedures": len(department.procedures),
            "to_confirm": sum(p.confidence != "high" for p in department.procedures),
        }
        for department in info.departments
    )
    return PluginCard(
        name=info.name,
        title=manifest.title if manifest else info.name,
        title_en=manifest.title_en if manifest else info.name,
        version=manifest.version if manifest else "",
        owner=manifest.owner if manifest else "",
        state="broken" if info.state == "broken" else "on" if on else "off",
        problem=info.problem,
        reason=info.reason,
        builtin=info.builtin,
        always_on=info.always_on,
        requires=tuple(_requires(info)),
        needs=manifest.needs if manifest else (),
        offers=offers,
        procedures=sum(len(department.procedures) for department in info.departments),
        settings=tuple(describe(info.schema)),
        values=shown(info.schema, values),
    )


def _gone(row: OfficePlugin) -> PluginInfo:
    reason = f"version {row.version} was switched on and is not installed any more"
    return PluginInfo(row.name, "", None, state="broken", problem="not_installed", reason=reason)


def _installed(name: str) -> PluginInfo:
    info = gate.house().plugins.get(name)
    if info is None:
        raise NotFound("unknown_plugin", plugin=name[:60])
    return info


def _require_ready(info: PluginInfo) -> None:
    if info.state != "ready":
        raise Conflict("plugin_broken", plugin=info.name, problem=info.problem, reason=info.reason)


def _requires(info: PluginInfo) -> tuple[str, ...]:
    return info.manifest.requires if info.manifest else ()


def _require_migrated(info: PluginInfo) -> None:
    if info.migrations is None:
        return
    waiting = [name for name in pending([(info.name, info.migrations)]) if name.startswith(f"{info.name}: ")]
    if waiting:
        raise Conflict("plugin_not_migrated", plugin=info.name, pending=waiting)


def _try_settings(info: PluginInfo, values: Mapping[str, Any]) -> None:
    outcome = gate.house().call(info.name, "check_settings", {"values": values}, {})
    if outcome.failed:
        raise Conflict(
            "plugin_broken", plugin=info.name, problem="self_test", reason="its own test failed; see the log"
        )
    for field, reason in (outcome.value or {}).items():
        raise invalid(field, "refused", explanation=reason)


def _row(office_id: int, name: str) -> OfficePlugin | None:
    return OfficePlugin.get_or_none((OfficePlugin.office == office_id) & (OfficePlugin.name == name))


def _has_row(office_id: int, name: str) -> bool:
    with connection():
        return _row(office_id, name) is not None


def _write(office_id: int, name: str, **values: Any) -> None:
    """Change the plugin's row of the office, or make it; the office is locked, so nobody is between."""
    this = (OfficePlugin.office == office_id) & (OfficePlugin.name == name)
    if not OfficePlugin.update(**values).where(this).execute():
        OfficePlugin.create(office=office_id, name=name, **values)


def _stored(office_id: int, name: str) -> dict[str, Any]:
    with connection():
        row = _row(office_id, name)
    return {} if row is None else row.settings


def _switch(office_id: int, name: str, version: str | None, enabled: bool, now: datetime, actor: str) -> bool:
    """Row and event in one transaction; False when another admin was quicker."""
    with office_transaction(office_id, now, actor) as transaction:
        row = _row(office_id, name)
        if (row is not None and row.enabled) == enabled:
            return False
        if version is None:
            version = str(row.version) if row is not None else ""
        _write(office_id, name, enabled=enabled, version=version, changed_at=now)
        announce(transaction, PluginSwitched(plugin=name, enabled=enabled, version=version))
    gate.forget(office_id)
    return True
