"""Found an office: the row under which everything else in it changes."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from kiosk.database import bookkeeping
from kiosk.domain.codes import CodeForm, format_dossier_code
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.names import clean_name
from kiosk.models import Office

LONGEST_KEY = 40


def set_up_office(
    key: str, title: str, now: datetime, *, subtitle: str = "", agency: str = "H02", code_form: str = "tt01"
) -> int:
    """Create an office and return its id.

    Raises Conflict("office_key_taken"), DomainError("office_key_malformed", "unknown_code_form",
    "dossier_code_malformed" for an agency that is none, those of clean_name).
    """
    if not key.replace("-", "").isalnum() or not key.isascii() or len(key) > LONGEST_KEY:
        raise DomainError("office_key_malformed", key=key[:LONGEST_KEY])
    if code_form not in get_args(CodeForm):
        raise DomainError("unknown_code_form", allowed=list(get_args(CodeForm)))
    # A code that could not be written would be noticed at the first dossier, with the citizen at the counter.
    format_dossier_code("qd20", agency, "01", day=now.date(), serial=1)
    with bookkeeping():
        if Office.select().where(Office.key == key).exists():
            raise Conflict("office_key_taken", key=key)
        office = Office.create(
            key=key,
            title=clean_name(title, max_length=200, field="title"),
            subtitle=clean_name(subtitle, max_length=200, field="subtitle") if subtitle else "",
            agency=agency,
            code_form=code_form,
            created_at=now,
        )
    return int(office.id)
