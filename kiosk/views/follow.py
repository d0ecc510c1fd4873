"""One's own number on the phone, reached by the QR code on the ticket."""

from __future__ import annotations

import io
from pathlib import Path

import segno
from flask import Blueprint, Response, current_app, g

from kiosk.services import look
from kiosk.services.rate_service import SCORES
from kiosk.views.codes import picture_of_code
from kiosk.views.door import dump, language, page, public, settings

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
    return page(
        "follow/follow.html", token=token, ticket=ticket, zone=zone, now=g.now.isoformat(), scores=SCORES
    )


@blueprint.get("/t/<token>/app.webmanifest")
@public
def app_manifest(token: str) -> Response:
    """What a phone needs to put this number on its home screen; the page of the day, no longer."""
    ticket = look.follow(token, g.now)
    facts = {
        "name": f"{ticket['label']} · {ticket['office']['title']}",
        "short_name": ticket["label"],
        "start_url": f"/t/{token}",
        "scope": "/t/",
        "display": "standalone",
        "lang": language(),
        "background_color": "#ffffff",
        "theme_color": "#0b4a63",
        "icons": [{"src": _asset("img/mark.svg"), "type": "image/svg+xml", "sizes": "any"}],
    }
    return Response(dump(facts), mimetype="application/manifest+json")


@blueprint.get("/t/worker.js")
@public
def worker() -> Response:
    """The script that keeps the page's shell; served from here, because its reach is the folder it comes from."""
    built = Path(current_app.static_folder or "") / _asset("js/follow_worker.js").removeprefix("/static/")
    response = Response(built.read_bytes(), mimetype="text/javascript")
    response.cache_control.no_cache = True
    return response


def _asset(name: str) -> str:
    return str(current_app.jinja_env.globals["asset"](name))  # type: ignore[operator]  # a function of ours


@blueprint.get("/t/<token>/pay.svg")
@public
def payment_code(token: str) -> Response:
    """The code of the fee this visit owes; whoever has the token may pay it. Raises NotFound("unknown_ticket")."""
    payment = look.follow(token, g.now).get("payment")
    return picture_of_code(payment["qr"] if payment else None)


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
