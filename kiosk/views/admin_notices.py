"""The boards by the manager: lines of the ticker, notices, pictures, and how boards turn their pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, redirect, request, session

from kiosk.domain.errors import DomainError, NotFound
from kiosk.services import hall_settings, look, manage_notices, pictures
from kiosk.services.look.notices import KINDS, all_notices, areas
from kiosk.services.manage_notices import NoticeWish
from kiosk.views.admin_voice import at_most
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import SEE_OTHER, attempt, text, whole

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

HERE = "/admin/notices"
DELETED = "notice_deleted"
"""In the session: what the last deletion took, so that it can be undone."""


@blueprint.get("")
@staff("hall.rules")
def notices() -> str:
    """All notices by kind, with the form for a new one (`?kind=`) or for the one being edited (`?edit=`)."""
    return _show(request.args.get("edit", type=int))


@blueprint.post("")
@at_most(pictures.MOST_BYTES)
@staff("hall.rules")
def add() -> Any:
    """A new notice, last among its kind."""
    actor = g.actor

    def act() -> None:
        manage_notices.add_notice(actor.office_id, _wish(), g.now, actor.name, picture=_uploaded())

    return attempt(act, _show, f"{HERE}?kind={_kind()}", "Đã thêm. Các bảng đang hiện nội dung mới.")


@blueprint.post("/<int:notice>")
@at_most(pictures.MOST_BYTES)
@staff("hall.rules")
def change(notice: int) -> Any:
    """Another text, picture, area or other days."""
    actor = g.actor

    def act() -> None:
        manage_notices.change_notice(actor.office_id, notice, _wish(), g.now, actor.name, picture=_uploaded())

    back = f"{HERE}?kind={_kind()}"
    return attempt(
        act, lambda **shown: _show(notice, **shown), back, "Đã lưu. Các bảng đang hiện nội dung mới."
    )


@blueprint.post("/<int:notice>/move")
@staff("hall.rules")
def move(notice: int) -> Any:
    """One place up or down; the page comes back with the same button in focus."""
    up = text("way") == "up"
    manage_notices.move_notice(g.actor.office_id, notice, up, g.now, g.actor.name)
    return redirect(f"{HERE}?moved={notice}&way={'up' if up else 'down'}#n{notice}", SEE_OTHER)


@blueprint.post("/<int:notice>/active")
@staff("hall.rules")
def set_active(notice: int) -> Any:
    """Show it, or keep it for later."""
    actor, active = g.actor, text("active") == "yes"

    def act() -> None:
        manage_notices.set_notice_active(actor.office_id, notice, active, g.now, actor.name)

    return attempt(act, _show, f"{HERE}#n{notice}", "Đã bật." if active else "Đã tắt; nội dung vẫn được giữ.")


@blueprint.post("/<int:notice>/delete")
@staff("hall.rules")
def delete(notice: int) -> Any:
    """Take it away; the next page offers to bring it back."""
    deleted = manage_notices.delete_notice(g.actor.office_id, notice, g.now, g.actor.name)
    session[DELETED] = deleted
    return redirect(f"{HERE}?deleted=1&kind={deleted['kind']}", SEE_OTHER)


@blueprint.post("/undo")
@staff("hall.rules")
def undo() -> Any:
    """Bring back what was deleted last."""
    deleted = session.pop(DELETED, None)

    def act() -> None:
        if deleted is None:
            raise NotFound("unknown_notice")
        manage_notices.restore_notice(g.actor.office_id, deleted, g.now, g.actor.name)

    return attempt(act, _show, HERE, "Đã khôi phục.")


@blueprint.post("/boards")
@staff("hall.rules")
def set_boards() -> Any:
    """How long each page of the side panel stays, and whether the day's figures are among them."""
    actor = g.actor

    def act() -> None:
        values = {"seconds": whole("board_seconds"), "show_figures": text("show_figures") == "yes"}
        hall_settings.change_hall(actor.office_id, "board", values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu cách bảng chuyển trang.")


def _show(edit: int | None = None, **shown: Any) -> str:
    office = current_office()
    rows = all_notices(office["id"], look.today(office, g.now))
    edited = next((row for row in rows if row["id"] == edit), None)
    typed = shown.get("entered", {}).get("kind") or request.args.get("kind", "")
    moved = request.args.get("moved", type=int)
    if edited is None and "entered" not in shown and moved is not None:
        typed = next((row["kind"] for row in rows if row["id"] == moved), typed)
    return page(
        "admin/notices.html",
        notices=rows,
        edited=edited,
        kind=edited["kind"] if edited else typed if typed in KINDS else "ticker",
        areas=areas(office["id"]),
        board=hall_settings.hall_settings(office["id"]).board,
        deleted=session.get(DELETED) if "deleted" in request.args else None,
        moved=moved,
        way_was=request.args.get("way"),
        seconds=(manage_notices.SHORTEST, manage_notices.LONGEST),
        longest=manage_notices.LONGEST_TEXT,
        **shown,
    )


def _kind() -> str:
    return kind if (kind := text("kind")) in KINDS else ""


def _wish() -> NoticeWish:
    return NoticeWish(
        kind=text("kind"),
        text=text("text"),
        text_en=text("text_en"),
        area=text("area"),
        first_day=_day("first_day"),
        last_day=_day("last_day"),
        seconds=whole("seconds"),
    )


def _day(name: str) -> date | None:
    typed = text(name).strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise DomainError("date_malformed", field=name) from None


def _uploaded() -> bytes | None:
    file = request.files.get("picture")
    return (file.read() or None) if file else None
