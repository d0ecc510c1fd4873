"""The board of a waiting hall."""

from __future__ import annotations

from flask import Blueprint, g, request

from kiosk.domain.names import initials
from kiosk.views.door import current_office, device, page

blueprint = Blueprint("board", __name__)


@blueprint.get("/board")
@device("board")
def board() -> str:
    """The calls of the device's area; a member of staff may look at any area."""
    office = current_office()
    shown = g.actor.device
    area = shown.area if shown is not None else request.args.get("area", "main")[:40]
    return page(
        "board/board.html",
        room=f"board:{office['key']}:{area}",
        monogram=monogram(office["subtitle"]),
        device=shown.id if shown is not None else None,
    )


def monogram(subtitle: str) -> str:
    """Two letters for the round mark: "Tỉnh Bắc Giang · Khu A" gives "BG"; "" when there is nothing to take."""
    place = subtitle.split("·", maxsplit=1)[0].split(",", maxsplit=1)[0]
    return initials(place)[-2:]
