"""Statements of the bank: uploaded, worked off in the background with a bar that tells how far, looked through."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request

from kiosk.domain.errors import DomainError
from kiosk.services.look import money as shown
from kiosk.services.payment.reconcile_payments import statement_of
from kiosk.views.admin_catalogue import large
from kiosk.views.door import language, staff
from kiosk.views.forms import SEE_OTHER, refused
from kiosk.views.money.common import blueprint, show
from kiosk.views.statements import taken


@blueprint.get("/money/statements")
@staff("money.manage")
def statements() -> str:
    """What was uploaded, and the form."""
    return _show()


@blueprint.post("/money/statements")
@large
@staff("money.manage")
def upload() -> Any:
    """Keep a file's lines; the worker works them off."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise DomainError("file_needed", field="file")
        statement = taken(file.read())
    except DomainError as error:
        return refused(error, _show)
    return redirect(f"/money/statements/{statement.id}", SEE_OTHER)


@blueprint.get("/money/statements/<int:key>")
@staff("money.manage")
def statement(key: int) -> str:
    """How far it is, and the lines that need a look. Raises NotFound("unknown_statement")."""
    row = statement_of(g.actor.office_id, key)
    lines = shown.statement_lines(row, language())
    return show("money/statement.html", "statements", statement=shown.statement_card(row), lines=lines)


def _show(**more: Any) -> str:
    return show("money/statements.html", "statements", statements=shown.statements(g.actor.office_id), **more)
