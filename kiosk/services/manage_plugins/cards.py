"""Plugins as a page or the API shows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from kiosk.database import connection
from kiosk.domain.errors import NotFound
from kiosk.domain.names import fold
from kiosk.domain.procedure import Department
from kiosk.models import OfficePlugin
from kiosk.plugin import gate
from kiosk.plugin.hookspecs import HOOKS
from kiosk.plugin.manager import PluginInfo
from kiosk.plugin.settings import describe, shown
from kiosk.services.manage_plugins.rows import requires

NOT_LOADED = "switched on, and not loaded by this server: newly installed (restart it) or removed"


@dataclass(frozen=True)
class PluginCard:
    """A plugin as a page or the API shows it; `state` is on, off or broken, `reason` why it does not run.

    `offers` lists its departments as {key, title, title_en, prefix, procedures, to_confirm}, `hooks` what it
    answers, `troubles` the hooks that are skipped here after failures as {hook, reason, skipped}, as this process sees them;
    `settings` are the declared ones, `values` what they are here (of a secret only whether there is one).
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
    to_confirm: int
    hooks: tuple[str, ...]
    troubles: tuple[dict[str, str | int], ...]
    settings: tuple[dict[str, Any], ...]
    values: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The card as plain JSON values."""
        return asdict(self)


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
    return sorted(
        cards, key=lambda card: (card.builtin, not card.offers, card.state != "broken", fold(card.title))
    )


def card(office_id: int, name: str) -> PluginCard:
    """One plugin of `listing`. Raises NotFound("unknown_plugin")."""
    for each in listing(office_id):
        if each.name == name:
            return each
    raise NotFound("unknown_plugin", plugin=name[:60])


def _card(office_id: int, info: PluginInfo, on: bool) -> PluginCard:
    manifest = info.manifest
    installed = info.name in gate.house().plugins
    offers = tuple(_offer(department) for department in info.departments)
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
        requires=requires(info),
        needs=manifest.needs if manifest else (),
        offers=offers,
        procedures=sum(offer["procedures"] for offer in offers),
        to_confirm=sum(offer["to_confirm"] for offer in offers),
        hooks=_hooks(info),
        troubles=_troubles(office_id, info.name),
        settings=tuple(describe(info.schema)),
        values=shown(info.schema, gate.settings(office_id, info.name) if installed else {}),
    )


def _offer(department: Department) -> dict[str, Any]:
    return {
        "key": department.key,
        "title": department.title,
        "title_en": department.title_en,
        "prefix": department.prefix,
        "procedures": len(department.procedures),
        "to_confirm": sum(bool(procedure.doubts) for procedure in department.procedures),
    }


def _hooks(info: PluginInfo) -> tuple[str, ...]:
    house = gate.house()
    if info.name not in house.ready:
        return ()
    return tuple(hook for hook in HOOKS if house.implements(info.name, hook))


def _troubles(office_id: int, name: str) -> tuple[dict[str, str | int], ...]:
    return tuple(
        {"hook": hook, "reason": trouble.why, "skipped": trouble.skipped}
        for (plugin, hook), trouble in sorted(gate.house().troubled_in(office_id).items())
        if plugin == name
    )


def _gone(row: OfficePlugin) -> PluginInfo:
    reason = NOT_LOADED
    return PluginInfo(row.name, "", None, state="broken", problem="not_installed", reason=reason)


def procedures_of(name: str) -> list[dict[str, Any]]:
    """The procedures a plugin brings, as {code, key, department, name, doubts}; none of one that does not run."""
    info = gate.house().plugins.get(name)
    return [
        {"code": p.code, "key": p.key, "department": p.department, "name": p.name, "doubts": list(p.doubts)}
        for department in (info.departments if info else ())
        for p in department.procedures
    ]
