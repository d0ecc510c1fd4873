"""Accounts of the staff."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request

from kiosk.domain.permissions import Role
from kiosk.services import manage_places, manage_users
from kiosk.views.door import page, staff
from kiosk.views.forms import attempt, attempt_secret, chosen, text

blueprint = Blueprint("users", __name__, url_prefix="/users")

HERE = "/admin/users"


def _show(edit: int | None = None, **shown: Any) -> str:
    users = manage_users.listing(g.actor.office_id)
    return page(
        "admin/users.html",
        users=users,
        edited=next((user for user in users if user["id"] == edit), None),
        counters=manage_places.counters(g.actor.office_id),
        roles=[str(role) for role in Role],
        **shown,
    )


def _extra_rights() -> list[str]:
    return ["ticket.pick"] if text("may_pick") == "yes" else []


@blueprint.get("")
@staff("admin.users")
def users() -> str:
    """All accounts, with the form for a new one or for the one being edited."""
    return _show(request.args.get("edit", type=int))


@blueprint.post("")
@staff("admin.users")
def add() -> Any:
    """Add an account; its password is shown once."""
    actor = g.actor

    def act() -> tuple[int, str]:
        return manage_users.add_user(
            actor.office_id,
            text("username"),
            text("display_name"),
            text("role"),
            g.now,
            actor.name,
            counters=chosen("counters"),
            extra_rights=_extra_rights(),
        )

    return attempt_secret(act, lambda made: _show(secret={"user": made[0], "password": made[1]}), _show)


@blueprint.post("/<int:user>")
@staff("admin.users")
def change(user: int) -> Any:
    """Another name, role, posting or single right."""
    actor = g.actor

    def act() -> None:
        manage_users.change_user(
            actor.office_id,
            user,
            text("display_name"),
            text("role"),
            chosen("counters"),
            g.now,
            actor.name,
            extra_rights=_extra_rights(),
        )

    return attempt(act, lambda **shown: _show(user, **shown), HERE, "Đã lưu tài khoản.")


@blueprint.post("/<int:user>/password")
@staff("admin.users")
def reset_password(user: int) -> Any:
    """A new random password, shown once."""
    actor = g.actor

    def act() -> str:
        return manage_users.reset_password(actor.office_id, user, g.now, actor.name)

    return attempt_secret(
        act,
        lambda password: _show(secret={"user": user, "password": password}),
        lambda **shown: _show(user, **shown),
    )


@blueprint.post("/<int:user>/active")
@staff("admin.users")
def switch(user: int) -> Any:
    """Disable an account, or enable it again."""
    actor, active = g.actor, text("active") == "yes"

    def act() -> None:
        manage_users.set_active(actor.office_id, user, active, g.now, actor.name)

    done = "Đã mở lại tài khoản." if active else "Đã khóa tài khoản; các phiên đăng nhập đã kết thúc."
    return attempt(act, lambda **shown: _show(user, **shown), HERE, done)
