"""What the pages of the cash desk share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from kiosk.services import look
from kiosk.views.documents import asked_day, department_title, document, formats, send, signed
from kiosk.views.door import current_office, page

blueprint = Blueprint("money", __name__)

__all__ = ["asked_day", "blueprint", "department_title", "document", "send", "show", "signed"]


def show(template: str, tab: str, **context: Any) -> str:
    """A page of the cash desk."""
    return page(
        template,
        nav="money",
        tab=tab,
        **formats(),
        today=look.today(current_office(), g.now),
        **context,
    )
