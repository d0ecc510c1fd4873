"""The rating page behind the code on the slips: three answers, no name, no sign-in."""

from __future__ import annotations

import contextlib
from typing import Any

from flask import Blueprint, g, redirect, request
from itsdangerous import BadSignature, URLSafeSerializer

from kiosk.domain.errors import Conflict, NotFound
from kiosk.services import look
from kiosk.services.rate_service import SCORES, is_rated, rate_service, rated_thing
from kiosk.views.door import page, public, public_address, settings
from kiosk.views.forms import SEE_OTHER

blueprint = Blueprint("rating", __name__)


def rating_url(office: dict[str, Any], kind: str, key: int) -> str:
    """The address a slip's rating code leads to; signed, so that nobody rates what was not handed to him."""
    return f"{public_address(office)}/r/{_signer().dumps([kind, key])}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().key, salt="rating")


def _read(token: str) -> tuple[str, int]:
    try:
        kind, key = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        raise NotFound("unknown_rating_code") from None
    return str(kind), int(key)


@blueprint.get("/r/<token>")
@public
def form(token: str) -> str:
    """The three answers, or thanks when one was given. Raises NotFound("unknown_rating_code")."""
    kind, key = _read(token)
    thing = rated_thing(kind, key)
    office = look.office(thing.office_id)
    return page("rating/rating.html", token=token, rated=is_rated(kind, key), scores=SCORES, centre=office)


@blueprint.post("/r/<token>")
@public
def rate(token: str) -> Any:
    """Keep the answer; a second one changes nothing and is thanked for as well."""
    kind, key = _read(token)
    score = request.form.get("score", "")
    with contextlib.suppress(Conflict):
        rate_service(kind, key, int(score) if score in map(str, SCORES) else 0, g.now)
    return redirect(f"/r/{token}", SEE_OTHER)
