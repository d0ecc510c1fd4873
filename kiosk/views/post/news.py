"""The post's files: checked row by row, worked off in the background with a bar that tells how far."""

from __future__ import annotations

from typing import Any

from flask import g, make_response, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.i18n import error_message
from kiosk.services.look import post as shown
from kiosk.services.post.news_file import post_file_of
from kiosk.services.post.remit_collected import remit_collected
from kiosk.views.admin_catalogue import large
from kiosk.views.door import language, staff
from kiosk.views.forms import SEE_OTHER, attempt, refused, text, whole
from kiosk.views.post.common import blueprint, show
from kiosk.views.post_files import taken


@blueprint.get("/post/news")
@staff("post.manage")
def news() -> str:
    """What was uploaded, and the form."""
    return _show()


@blueprint.post("/post/news")
@large
@staff("post.manage")
def upload() -> Any:
    """Check a file and keep its rows; the rows that cannot be are shown one by one."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError("file_needed", field="file")
        row = taken(file.read(), leave_out=text("leave_out") == "yes")
    except DomainError as error:
        if error.code != "post_rows_refused":
            return refused(error, _show)
        facts = error.fields
        problems = [
            {
                "row": each["row"],
                "why": error_message(each["code"], language(), each),
                "number": each.get("number", ""),
            }
            for each in facts["rows"]
        ]
        content = _show(problems=problems, total=facts["total"], good=facts["good"], field="file")
        return make_response(content, error.status)
    return redirect(f"/post/news/{row.id}", SEE_OTHER)


@blueprint.get("/post/news/<int:key>")
@staff("post.manage")
def news_file(key: int) -> str:
    """How far it is, and rows that had become impossible. Raises NotFound("unknown_post_file")."""
    row = post_file_of(g.actor.office_id, key)
    refused_now = [
        {**each, "why": error_message(each["code"], language(), {"status": "", "state": "", **each})}
        for each in shown.refused_rows(row)
    ]
    return show("post/news_file.html", "news", file=shown.post_file_card(row), refused=refused_now)


@blueprint.get("/post/money")
@staff("post.manage")
def money() -> str:
    """What the post has collected and not paid over, and what it has."""
    return _show_money()


@blueprint.post("/post/money")
@staff("post.manage")
def remit() -> Any:
    """The post paid over."""
    return attempt(
        lambda: remit_collected(
            request.form.getlist("parcel"), whole("amount"), text("evidence"), g.actor, g.now
        ),
        _show_money,
        "/post/money",
        "Đã ghi khoản bưu điện nộp.",
    )


def _show_money(**more: Any) -> str:
    return show("post/money.html", "money", found=shown.money_on_delivery(g.actor.office_id), **more)


def _show(**more: Any) -> str:
    return show("post/news.html", "news", files=shown.post_files(g.actor.office_id), **more)
