"""The office itself: its names, where it is reached, the form of its dossier codes."""

from __future__ import annotations

from typing import Any, get_args

from flask import Blueprint, g

from kiosk.domain.codes import CodeForm, format_dossier_code
from kiosk.domain.errors import DomainError
from kiosk.services import look, manage_office
from kiosk.views.door import current_office, page, staff
from kiosk.views.forms import attempt, refused, text

blueprint = Blueprint("office", __name__, url_prefix="/office")

HERE = "/admin/office"


@blueprint.get("")
@staff("admin.office")
def office() -> str:
    """What the office says of itself on papers and screens."""
    return _show()


@blueprint.post("")
@staff("admin.office")
def change() -> Any:
    """Other names or addresses, at once everywhere."""
    actor = g.actor

    def act() -> None:
        values = {name: text(name) for name in manage_office.LONGEST}
        manage_office.change_office(actor.office_id, values, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã lưu thông tin trung tâm.")


@blueprint.post("/code-form")
@staff("admin.office")
def change_code_form() -> Any:
    """First what it means; with `confirmed` codes are written in the other form from now on."""
    actor, form = g.actor, text("code_form")
    if not text("confirmed"):
        if form not in get_args(CodeForm):
            return refused(DomainError("unknown_code_form", allowed=list(get_args(CodeForm))), _show)
        return page("admin/office_code_form.html", form=form, facts=_facts(), examples=_examples())

    def act() -> None:
        manage_office.change_code_form(actor.office_id, form, g.now, actor.name)

    return attempt(act, _show, HERE, "Đã đổi dạng mã hồ sơ; mã đã cấp giữ nguyên.")


def _show(**shown: Any) -> str:
    return page(
        "admin/office.html", facts=_facts(), longest=manage_office.LONGEST, examples=_examples(), **shown
    )


def _facts() -> dict[str, str]:
    return manage_office.office_facts(g.actor.office_id)


def _examples() -> dict[str, str]:
    """A code of today in each form."""
    day = look.today(current_office(), g.now)
    agency = _facts()["agency"]
    return {
        "tt01": format_dossier_code("tt01", "000", "00", "17", agency, day=day, serial=1),
        "qd20": format_dossier_code("qd20", agency, "17", day=day, serial=1),
    }
