"""Plugins: what there is, one plugin's page, and the two questions before a switch is turned."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.names import fold
from kiosk.services import look, manage_plugins, overview
from kiosk.services.manage_plugins import PluginCard
from kiosk.views.admin_plugin_settings import blueprint as settings
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import attempt, clock_of, say

blueprint = Blueprint("plugins", __name__, url_prefix="/plugins")
blueprint.register_blueprint(settings)

HERE = "/admin/plugins"
SHOWN = ("", "on", "off", "trouble", "to_confirm")
"""What the list can be narrowed to."""


@blueprint.get("")
@staff("admin.plugins")
def plugins() -> str:
    """Every plugin with its state, those that need somebody first; and who switched what."""
    office = current_office()
    cards = manage_plugins.listing(office["id"])
    query, wanted = request.args.get("q", "")[:80], request.args.get("show", "")
    shown = [card for card in cards if _fits(card, query, wanted)]
    return page(
        "admin/plugins.html",
        groups=_grouped(shown),
        total=len(cards),
        shown=len(shown),
        query=query,
        wanted=wanted if wanted in SHOWN else "",
        counts={key: sum(_fits(card, "", key) for card in cards) for key in SHOWN},
        titles={card.name: (card.title, card.title_en) for card in cards},
        switches=overview.recent_changes(office["id"], ["plugin.switched"], most=10),
        when=clock_of(office["zone"]),
    )


@blueprint.get("/<name>")
@staff("admin.plugins")
def plugin(name: str) -> str:
    """All there is to know about one plugin, and its whole history."""
    office = current_office()
    return page(
        "admin/plugin.html",
        plugin=manage_plugins.card(office["id"], name),
        procedures=manage_plugins.procedures_of(name),
        history=manage_plugins.history(office["id"], name, request.args.get("page", 1, type=int)),
        when=clock_of(office["zone"]),
    )


@blueprint.get("/<name>/enable")
@staff("admin.plugins")
def try_enable(name: str) -> str:
    """The dry run: what would appear, and what stands in the way."""
    return _show_enable(name)


@blueprint.post("/<name>/enable")
@staff("admin.plugins")
def enable(name: str) -> Any:
    """Offer what the plugin brings, from the next request on."""
    actor = g.actor

    def act() -> None:
        manage_plugins.enable(actor.office_id, name, g.now, actor.name)

    return attempt(act, lambda **shown: _show_enable(name, **shown), HERE, "Đã bật phần mở rộng.")


@blueprint.get("/<name>/disable")
@staff("admin.plugins")
def try_disable(name: str) -> str:
    """In numbers, what stays served."""
    return _show_disable(name)


@blueprint.post("/<name>/disable")
@staff("admin.plugins")
def disable(name: str) -> Any:
    """Stop offering; what the plugin owns stays honoured."""
    actor = g.actor

    def act() -> None:
        manage_plugins.disable(actor.office_id, name, g.now, actor.name)

    done = "Đã tắt phần mở rộng; hồ sơ và số đã cấp vẫn được phục vụ."
    return attempt(act, lambda **shown: _show_disable(name, **shown), HERE, done)


def _show_enable(name: str, **shown: Any) -> str:
    trial = manage_plugins.dry_run(g.actor.office_id, name)
    return page(
        "admin/plugin_enable.html",
        plugin=manage_plugins.card(g.actor.office_id, name),
        trial=trial,
        blocking=[{"code": error.code, "words": say(error), **error.fields} for error in trial.blocking],
        **shown,
    )


def _show_disable(name: str, **shown: Any) -> str:
    office = current_office()
    return page(
        "admin/plugin_disable.html",
        plugin=manage_plugins.card(office["id"], name),
        stays=manage_plugins.honoured(office["id"], name, look.today(office, g.now)),
        **shown,
    )


def _fits(card: PluginCard, query: str, wanted: str) -> bool:
    searched = fold(" ".join((card.name, card.title, card.title_en, card.owner)))
    kind = {
        "on": card.state == "on",
        "off": card.state == "off",
        "trouble": bool(card.state == "broken" or card.troubles),
        "to_confirm": card.to_confirm > 0,
    }
    return kind.get(wanted, True) and all(word in searched for word in fold(query).split())


def _grouped(cards: list[PluginCard]) -> list[tuple[str, list[PluginCard]]]:
    """(group, its plugins): those in trouble, departments, other plugins, built-in ones; empty groups are left out."""
    groups: dict[str, list[PluginCard]] = {"trouble": [], "department": [], "other": [], "builtin": []}
    for card in cards:
        if card.state == "broken" or card.troubles:
            groups["trouble"].append(card)
        elif card.builtin:
            groups["builtin"].append(card)
        else:
            groups["department" if card.offers else "other"].append(card)
    return [(name, members) for name, members in groups.items() if members]
