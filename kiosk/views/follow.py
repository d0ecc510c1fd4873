"""One's own number on the phone, reached by the QR code on the ticket."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, g

from kiosk.services import look
from kiosk.views.door import page, public, settings

blueprint = Blueprint("follow", __name__)

QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004 asks for four)."""


@blueprint.get("/t/<token>")
@public
def follow(token: str) -> str:
    """Where the ticket stands; the token is the right to see it. Raises NotFound("unknown_ticket")."""
    ticket = look.follow(token, g.now)
    place = look.first_office()
    zone = ticket["office"].get("zone") or (place["zone"] if place else None)
    return page("follow/follow.html", token=token, ticket=ticket, zone=zone, now=g.now.isoformat())


@blueprint.get("/t/<token>/qr.svg")
@public
def picture(token: str) -> Response:
    """The QR code of the follow page, the same address as on paper. Raises NotFound("unknown_ticket")."""
    look.follow(token, g.now)
    drawn = io.BytesIO()
    code = segno.make(f"{settings().base_url}/t/{token}", error="m", micro=False)
    code.save(
        drawn, kind="svg", border=QUIET_ZONE, light="#ffffff", dark="#182026", omitsize=True,
        svgclass=None, lineclass=None, xmldecl=False,
    )  # fmt: skip
    response = Response(drawn.getvalue(), mimetype="image/svg+xml")
    response.cache_control.private = True
    response.cache_control.max_age = 3600
    return response
