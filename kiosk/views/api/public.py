"""What anybody may ask: one's own number by its token, a dossier's progress by its code."""

from __future__ import annotations

import hashlib

from flask import Response, request
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services import look
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import CodePath, TokenPath
from kiosk.views.door import dump, language, public

api = APIBlueprint("api_public", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="public")])


@api.get("/follow/<string:token>", summary="Follow one's number")
@public
def follow(path: TokenPath) -> Response:
    """Position, range and counter of the ticket the token belongs to; 304 while nothing changed."""
    body = look.follow(path.token)
    response = answer(body)
    response.set_etag(hashlib.sha256(dump(body).encode()).hexdigest()[:20])
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.make_conditional(request)
    return response


@api.get("/lookup/<string:code>", summary="Progress of a dossier")
@public
def lookup(path: CodePath) -> Response:
    """The code and how far along it is: nothing else (TT 01/2018 Đ.16.2.d)."""
    return answer(look.progress(path.code, language()))
