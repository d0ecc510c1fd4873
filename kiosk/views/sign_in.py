"""The staff's way in and out."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Blueprint, g, make_response, redirect, request

from kiosk.domain.errors import DomainError, TooMany
from kiosk.domain.permissions import Role, SignedInUser
from kiosk.services import manage_users
from kiosk.services.sign_in import sign_in, sign_out
from kiosk.views.door import SESSION_COOKIE, page, public, set_session_cookie, settings
from kiosk.views.forms import SEE_OTHER, say, text

blueprint = Blueprint("sign_in", __name__)

_OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\s]*")
"""A path of this site: "//elsewhere" and "/\\elsewhere" are other sites to a browser."""


@blueprint.get("/sign-in")
@public
def form() -> str:
    """The form; before the first account, how to make it."""
    return _form(request.args.get("next", ""))


@blueprint.post("/sign-in")
@public
def enter() -> Any:
    """Check name and password, and lead to where the person wanted to go."""
    wanted = text("next")
    lifetime = timedelta(hours=settings().session_hours)
    try:
        made = sign_in(text("username"), text("password"), request.remote_addr or "", g.now, lifetime)
    except DomainError as error:
        response = make_response(_form(wanted, username=text("username"), problem=say(error)), error.status)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.fields["retry_after"])
        return response
    response = make_response(redirect(own_address(wanted) or home_of(made.user), SEE_OTHER))
    set_session_cookie(response, made.token, int(lifetime.total_seconds()))
    return response


@blueprint.post("/sign-out")
@public
def leave() -> Any:
    """End the session, here and in the database."""
    if token := request.cookies.get(SESSION_COOKIE):
        sign_out(token, g.now)
    response = make_response(redirect("/sign-in", SEE_OTHER))
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def own_address(wanted: str) -> str:
    """The address if it is a page of this site, else ""."""
    return wanted if _OWN_ADDRESS.fullmatch(wanted) else ""


def home_of(user: SignedInUser) -> str:
    """The page a member of staff begins with."""
    return "/admin" if user.role is Role.ADMIN else "/counter"


def _form(wanted: str, *, username: str = "", problem: str = "") -> str:
    return page(
        "session/sign_in.html",
        wanted=own_address(wanted),
        username=username[:60],
        problem=problem,
        first_run=manage_users.nobody_yet(),
    )
