"""Plugins: on, off, and their settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.errors import DomainError, NotFound
from kiosk.services import manage_plugins, overview
from kiosk.services.manage_plugins import PluginCard
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import attempt, clock_of

blueprint = Blueprint("plugins", __name__, url_prefix="/plugins")

HERE = "/admin/plugins"


def _show(**shown: Any) -> str:
    office = current_office()
    cards = manage_plugins.listing(office["id"])
    return page(
        "admin/plugins.html",
        plugins=cards,
        titles={card.name: (card.title, card.title_en) for card in cards},
        switches=overview.recent_changes(office["id"], ["plugin.switched"], most=10),
        when=clock_of(office["zone"]),
        **shown,
    )


def _card(name: str) -> PluginCard:
    for card in manage_plugins.listing(g.actor.office_id):
        if card.name == name:
            return card
    raise NotFound("unknown_plugin", plugin=name[:60])


def _show_settings(name: str, **shown: Any) -> str:
    return page("admin/plugin_settings.html", plugin=_card(name), **shown)


@blueprint.get("")
@staff("admin.plugins")
def plugins() -> str:
    """Every plugin with its state, and who switched what."""
    return _show()


@blueprint.get("/<name>")
@staff("admin.plugins")
def settings(name: str) -> str:
    """The settings of one plugin, as a form made from its own schema."""
    return _show_settings(name)


@blueprint.post("/<name>")
@staff("admin.plugins")
def save(name: str) -> Any:
    """Keep the settings."""
    actor, card = g.actor, _card(name)

    def act() -> None:
        values = read_settings(card.settings, request.form)
        manage_plugins.save_settings(actor.office_id, name, values, g.now, actor.name)

    return attempt(act, lambda **shown: _show_settings(name, **shown), HERE, "Đã lưu cài đặt.")


@blueprint.post("/<name>/enable")
@staff("admin.plugins")
def enable(name: str) -> Any:
    """Offer what the plugin brings, from the next request on."""
    actor = g.actor

    def act() -> None:
        manage_plugins.enable(actor.office_id, name, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã bật phần mở rộng.")


@blueprint.post("/<name>/disable")
@staff("admin.plugins")
def disable(name: str) -> Any:
    """Stop offering; what the plugin owns stays honoured."""
    actor = g.actor

    def act() -> None:
        manage_plugins.disable(actor.office_id, name, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã tắt phần mở rộng; hồ sơ và số đã cấp vẫn được phục vụ.")


def read_settings(schema: Sequence[Mapping[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """The values typed into the form, each as its setting's kind.

    A secret left empty is left as it is; a box not ticked is False. Raises DomainError("setting_invalid").
    """
    values: dict[str, Any] = {}
    for setting in schema:
        key, kind = setting["key"], setting["kind"]
        typed = form.get(f"setting-{key}", "")
        if kind == "bool":
            values[key] = typed == "yes"
        elif kind == "int":
            values[key] = _whole(key, typed)
        elif kind != "secret" or typed:
            values[key] = typed
    return values


def _whole(key: str, typed: str) -> int | None:
    if not typed.strip():
        return None
    try:
        return int(typed)
    except ValueError:
        raise DomainError("setting_invalid", field=key, reason="wrong_type", expected="int") from None
