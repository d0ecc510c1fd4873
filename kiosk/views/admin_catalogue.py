"""The catalogue as a file: taken away as a spreadsheet, brought back reviewed, shown before it is taken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.domain.money import format_dong
from kiosk.plugin import gate
from kiosk.services import look
from kiosk.services.catalogue import take_catalogue, uploads
from kiosk.services.catalogue.reasons import reason_text
from kiosk.services.catalogue.table_files import FORMATS, MOST_BYTES, TableRefused
from kiosk.services.catalogue.take_catalogue import COLUMN_TITLES
from kiosk.views.door import current_office, language, page, settings, staff, words
from kiosk.views.forms import SEE_OTHER, entered, say, text, whole

blueprint = Blueprint("catalogue", __name__)

HERE = "/admin/procedures"
ROOM_FOR_THE_FORM = 64 * 1024
MOST_SHOWN = 200
"""Changes listed on the page; of more only the figures are shown."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
View = TypeVar("View", bound=Callable[..., Any])


def large(view: View) -> View:
    """Let those whom the policy admits send a whole catalogue; a stranger's body stays as small as any."""
    admit = view.admit  # type: ignore[attr-defined]  # set by the policy

    def admit_large() -> Any:
        actor = admit()
        request.max_content_length = MOST_BYTES + ROOM_FOR_THE_FORM
        # Werkzeug bounds what it buffers of a form by this one as well.
        request.max_form_memory_size = MOST_BYTES + ROOM_FOR_THE_FORM
        return actor

    view.admit = admit_large  # type: ignore[attr-defined]  # as above
    return view


@blueprint.get("/export")
@staff("admin.procedures")
def export() -> Response:
    """The catalogue as it is today, or one department's, as CSV or XLSX."""
    office = current_office()
    form = request.args.get("format", "xlsx")
    if form not in FORMATS:
        raise DomainError("unknown_format", allowed=list(FORMATS))
    department = request.args.get("department") or None
    if department is not None and department not in gate.departments():
        raise DomainError("unknown_department", department=department[:40])
    today = look.today(office, g.now)
    content = take_catalogue.export(office["id"], form, today, department)
    name = f"danh-muc-{department or 'chung'}-{today:%Y%m%d}.{form}"
    return Response(
        content, content_type=TYPES[form], headers={"Content-Disposition": f"attachment; filename={name}"}
    )


@blueprint.get("/import")
@staff("admin.procedures")
def upload() -> str:
    """The form for a file."""
    return _show()


@blueprint.post("/import")
@large
@staff("admin.procedures")
def compare() -> Any:
    """Read an uploaded file and show what it would change; nothing is taken yet."""
    try:
        file = request.files.get("file")
        content = file.read() if file else b""
        if not content:
            raise DomainError("upload_missing", field="file")
        return _review(content, _starts(), text("withdraw") == "yes")
    except DomainError as error:
        return _refused(error)


@blueprint.post("/import/take")
@staff("admin.procedures")
def take() -> Any:
    """Take the file that was shown, if the catalogue is still the one it was shown against."""
    actor, data, digest = g.actor, settings().data, text("digest")
    try:
        content = uploads.fetch(data, digest)
        starts, withdraw = _starts(), text("withdraw") == "yes"
        try:
            taken = take_catalogue.take(
                actor.office_id,
                content,
                starts,
                text("reason"),
                g.now,
                actor.name,
                version=whole("version"),
                withdraw_missing=withdraw,
            )
        except DomainError as error:
            if error.code not in {"catalogue_changed", "reason_missing", "text_too_long", "text_not_allowed"}:
                raise
            return _review(
                content, starts, withdraw, problem=say(error), field=error.fields.get("field")
            ), error.status
    except DomainError as error:
        return _refused(error)
    uploads.drop(data, digest)
    changes = len(taken.comparison.changes)
    flash(words("Đã nhập danh mục: %(n)s thủ tục thay đổi.", n=changes), "ok")
    return redirect(f"{HERE}?changed=1", SEE_OTHER)


def _starts() -> date | None:
    typed = text("valid_from").strip()
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise DomainError("date_malformed", field="valid_from") from None


def _show(**shown: Any) -> str:
    return page(
        "admin/procedure_import.html",
        today=look.today(current_office(), g.now),
        columns=COLUMN_TITLES,
        money=partial(format_dong, short=True),
        **{"review": None, "problems": (), **shown},
    )


def _review(content: bytes, starts: date | None, withdraw: bool, **shown: Any) -> str:
    actor = g.actor
    review = take_catalogue.review(
        actor.office_id, content, starts, g.now, actor.name, withdraw_missing=withdraw
    )
    digest = uploads.keep(settings().data, content, g.now)
    return _show(review=review, digest=digest, withdraw=withdraw, most=MOST_SHOWN, entered=entered(), **shown)


def _refused(error: DomainError) -> tuple[str, int]:
    problems = error.problems if isinstance(error, TableRefused) else ()
    told = [(each.row, each.column, reason_text(each.reason, language())) for each in problems]
    shown = {"problem": say(error), "field": error.fields.get("field"), "entered": entered()}
    return _show(problems=told, **shown), error.status
