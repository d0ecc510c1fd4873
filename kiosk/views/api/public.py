"""What anybody may ask: one's own number by its token, a dossier's progress by its code."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services import look
from kiosk.views.api.answers import answer, conditional
from kiosk.views.api.shapes import CodePath, TokenPath
from kiosk.views.door import language, public

api = APIBlueprint("api_public", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="public")])


@api.get("/follow/<string:token>", summary="Follow one's number")
@public
def follow(path: TokenPath) -> Response:
    """Position, range and counter of the ticket the token belongs to; 304 while nothing changed."""
    return conditional(look.follow(path.token, g.now))


@api.get("/lookup/<string:code>", summary="Progress of a dossier")
@public
def lookup(path: CodePath) -> Response:
    """The code and how far along it is: nothing else (TT 01/2018 Đ.16.2.d)."""
    return answer(look.progress(path.code, language()))
