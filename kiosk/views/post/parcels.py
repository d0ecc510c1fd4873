"""Parcels: listed, registered, followed, labelled, complained of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.domain.post.provinces import PROVINCES
from kiosk.domain.post.states import ParcelState, StatusTold
from kiosk.services.advance_dossier import find_dossier
from kiosk.services.look import post as shown
from kiosk.services.post.complain import answer_complaint, complain
from kiosk.services.post.move_parcel import receiver_of, record_status, status_of
from kiosk.services.post.print_label import label_of, print_label
from kiosk.services.post.register_parcel import (
    ParcelWish,
    cancel_parcel,
    find_parcel,
    register_parcel,
    send_order_again,
)
from kiosk.views.door import current_office, language, staff, words
from kiosk.views.forms import SEE_OTHER, attempt, refused, text, whole_or_none
from kiosk.views.post.common import blueprint, show, today

FILTERS = ("on_its_way", "overdue", *map(str, ParcelState))
LAST_PAGE = 100_000
PAPER_ROWS = 4


@blueprint.get("/post/parcels")
@staff("post.desk")
def parcels() -> str:
    """Newest first, by state, or those whose number or dossier holds what was typed."""
    state = request.args.get("state", "")
    asked = request.args.get("page", "1")
    found = shown.parcels(
        g.actor,
        today(),
        language(),
        state=state if state in FILTERS else "",
        query=request.args.get("q", "").replace("\0", "")[:64],
        page=min(max(1, int(asked)), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1,
    )
    return show(
        "post/parcels.html",
        "parcels",
        found=found,
        state=state,
        q=request.args.get("q", "")[:64],
        filters=[("", words("Tất cả")), *((key, _filter_title(key)) for key in FILTERS)],
    )


def _filter_title(key: str) -> str:
    more = {"on_its_way": "Đang trên đường", "overdue": "Quá J+n"}
    return words(more[key]) if key in more else words(shown.STATE_TITLES[ParcelState(key)])


@blueprint.get("/post/parcels/new")
@staff("post.desk")
def new_parcel() -> str:
    """The form for a finished dossier. Raises NotFound("unknown_dossier")."""
    return _form(request.args.get("dossier", ""))


@blueprint.post("/post/parcels")
@staff("post.desk")
def register() -> Any:
    """Register a parcel, and go to it."""
    code = text("dossier")
    try:
        row = register_parcel(_wish(code), g.actor, g.now)
    except DomainError as error:
        return refused(error, lambda **more: _form(code, **more))
    return redirect(f"/post/parcels/{row.number}?new=1", SEE_OTHER)


def _wish(code: str) -> ParcelWish:
    parts = ("name", "phone", "email", "street", "ward", "district", "province")
    papers = [
        {
            "name": name,
            "originals": _sheets("originals", place),
            "copies": _sheets("copies", place),
        }
        for place, name in enumerate(request.form.getlist("paper"))
        if name.strip()
    ]
    return ParcelWish(
        dossier=code,
        recipient={part: text(part) for part in parts},
        number=text("number"),
        papers=papers,
        collect=whole_or_none("collect") or 0,
        note=text("note"),
        told_by=text("told_by"),
        carrier=text("carrier"),
        language=text("language") or "vi",
    )


def _sheets(name: str, place: int) -> int:
    typed = request.form.getlist(name)
    value = typed[place].strip() if place < len(typed) else ""
    if not (value == "" or (value.isascii() and value.isdigit() and len(value) < 4)):
        raise DomainError("wrong_type", field="papers", expected="whole number")
    return int(value or 0)


def _form(code: str, **more: Any) -> str:
    dossier = find_dossier(g.actor.office_id, code)
    return show(
        "post/new_parcel.html",
        "parcels",
        dossier=shown.new_parcel(dossier, g.actor),
        provinces=sorted({name for each in PROVINCES.values() for name in each.made_of}),
        channels=shown.notice_channels(g.actor.office_id, language()),
        paper_rows=PAPER_ROWS,
        **more,
    )


@blueprint.get("/post/parcels/<number>")
@staff("post.desk")
def parcel(number: str) -> str:
    """One parcel. Raises NotFound("unknown_parcel")."""
    return _show(number)


@blueprint.get("/post/parcels/<number>/label.pdf")
@staff("post.desk")
def label(number: str) -> Response:
    """The label as an A6 page."""
    g.actor.require("dossier.personal")
    row = find_parcel(g.actor.office_id, number)
    # Imported with the first label: the typesetter costs memory in every server process.
    from kiosk.papers.labels import render_label

    headers = {"Content-Disposition": f'inline; filename="{row.number}.pdf"', "Cache-Control": "no-store"}
    return Response(render_label(label_of(row)), mimetype="application/pdf", headers=headers)


@blueprint.post("/post/parcels/<number>/<move>")
@staff("post.desk")
def move_parcel(number: str, move: str) -> Any:
    """cancel, label, order, complain, or news: what the post told."""
    find_parcel(g.actor.office_id, number)
    actor, now = g.actor, g.now
    acts = {
        "cancel": (lambda: cancel_parcel(number, actor, now), "Đã hủy bưu gửi."),
        "label": (
            lambda: print_label(find_parcel(actor.office_id, number), actor, now),
            "Đã gửi nhãn đến máy in.",
        ),
        "order": (lambda: send_order_again(number, actor, now), "Đơn sẽ được gửi lại."),
        "complain": (lambda: complain(number, text("what"), actor, now), "Đã ghi khiếu nại."),
        "news": (lambda: record_status(number, _told(number), actor, now), "Đã ghi."),
    }
    if move not in acts:
        raise DomainError("unknown_move", thing="parcel", move=move[:40], allowed=sorted(acts))
    act, done = acts[move]
    return attempt(act, lambda **more: _show(number, **more), f"/post/parcels/{number}", done)


@blueprint.post("/post/complaints/<int:key>")
@staff("post.manage")
def answer(key: int) -> Any:
    """What the post answered to a complaint."""
    number = text("number")
    return attempt(
        lambda: answer_complaint(key, text("answer"), whole_or_none("compensation") or 0, g.actor, g.now),
        lambda **more: _show(number, **more),
        f"/post/parcels/{number}",
        "Đã ghi trả lời của bưu điện.",
    )


def _told(number: str) -> StatusTold:
    checked = text("id_checked")
    return StatusTold(
        number=number,
        status=status_of(text("status")),
        at=_moment(text("at")),
        receiver=receiver_of(text("receiver")) if text("status") == "delivered" else None,
        name=text("name"),
        id_checked=checked == "yes" if checked else None,
        reason=text("reason"),
        collected=whole_or_none("collected"),
    )


def _moment(typed: str) -> datetime:
    """A moment of the office's clock, as a form sends it; now for none. Raises DomainError("moment_malformed")."""
    if not typed:
        return g.now
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(current_office()["zone"]))
    except ValueError:
        raise DomainError("moment_malformed", field="at") from None


def _show(number: str, **more: Any) -> str:
    row = find_parcel(g.actor.office_id, number)
    return show(
        "post/parcel.html",
        "parcels",
        parcel=shown.parcel_page(row, g.actor, today(), language()),
        statuses=[(str(key), words(title)) for key, title in shown.STATUS_TITLES.items()],
        manifests=[m for m in shown.manifests(g.actor.office_id) if m["state"] == "open"],
        fresh=request.args.get("new") == "1",
        **more,
    )
