"""A plugin's settings: a form made from its own schema, tried before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.errors import DomainError
from kiosk.services import manage_plugins
from kiosk.views.door import page, staff
from kiosk.views.forms import attempt, entered, refused

blueprint = Blueprint("settings", __name__, url_prefix="/<name>/settings")


@blueprint.get("")
@staff("admin.plugins")
def settings(name: str) -> str:
    """The settings as they are; a secret is never shown."""
    return _show(name)


@blueprint.post("")
@staff("admin.plugins")
def save(name: str) -> Any:
    """Keep the settings."""
    actor, card = g.actor, manage_plugins.card(g.actor.office_id, name)

    def act() -> None:
        values = read_settings(card.settings, request.form)
        manage_plugins.save_settings(actor.office_id, name, values, g.now, actor.name)

    return attempt(
        act, lambda **shown: _show(name, **shown), f"/admin/plugins/{card.name}", "Đã lưu cài đặt."
    )


@blueprint.post("/test")
@staff("admin.plugins")
def test(name: str) -> Any:
    """Let the plugin test itself with what was typed, and keep nothing."""
    card = manage_plugins.card(g.actor.office_id, name)
    try:
        values = read_settings(card.settings, request.form)
        manage_plugins.try_settings(g.actor.office_id, name, values)
    except DomainError as error:
        explanation = error.fields.get("explanation")
        return refused(error, lambda **shown: _show(name, explanation=explanation, **shown))
    return _show(name, entered=entered(), tested=True)


def _show(name: str, **shown: Any) -> str:
    card = manage_plugins.card(g.actor.office_id, name)
    return page("admin/plugin_settings.html", plugin=card, tests="check_settings" in card.hooks, **shown)


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
