"""Signing in and out with JSON; pages use the same cookie."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.domain.permissions import SignedInUser
from kiosk.services.sign_in import sign_in, sign_out
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import SessionBody
from kiosk.views.door import (
    SESSION_COOKIE,
    public,
    refuse_foreign_origin,
    set_session_cookie,
    settings,
    staff,
)

api = APIBlueprint("api_session", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="session")])


@api.post("/session", summary="Sign in")
@public
def open_session(body: SessionBody) -> Response:
    """Set the session cookie."""
    refuse_foreign_origin()
    lifetime = timedelta(hours=settings().session_hours)
    session = sign_in(body.username, body.password, request.remote_addr or "", g.now, lifetime)
    response = answer({"user": user_card(session.user), "open": first_page(session.user)})
    set_session_cookie(response, session.token, int(lifetime.total_seconds()))
    return response


@api.get("/session", summary="Who am I")
@staff("board.see")
def show_session() -> Response:
    """The signed-in member of staff."""
    return answer({"user": user_card(g.actor.user)})


@api.delete("/session", summary="Sign out")
@public
def close_session() -> Response:
    """End the session of the cookie; without one, nothing happens."""
    refuse_foreign_origin()
    if token := request.cookies.get(SESSION_COOKIE):
        sign_out(token, g.now)
    response = Response(status=204)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def user_card(user: SignedInUser) -> dict[str, object]:
    """An account as its owner sees it."""
    return {
        "id": user.id,
        "username": user.username,
        "display_name": user.display_name,
        "role": str(user.role),
        "counters": sorted(user.counters),
    }


def first_page(user: SignedInUser) -> str:
    """Where somebody's work begins."""
    return "/counter" if user.counters else "/admin"
