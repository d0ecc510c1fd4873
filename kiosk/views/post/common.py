"""What the pages of the postal desk share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from kiosk.services import look
from kiosk.services.look import post as shown
from kiosk.views.documents import formats
from kiosk.views.door import current_office, language, page

blueprint = Blueprint("post", __name__)


def show(template: str, tab: str, **context: Any) -> str:
    """A page of the postal desk."""
    return page(
        template,
        nav="post",
        tab=tab,
        today=today(),
        carriers=shown.carriers(g.actor.office_id, language()),
        **formats(),
        **context,
    )


def today() -> Any:
    """The office's day."""
    return look.today(current_office(), g.now)
