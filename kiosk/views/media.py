"""Pictures of the boards, by digest alone: whoever knows one has seen it."""

from __future__ import annotations

import re

from flask import Blueprint, Response

from kiosk.domain.errors import NotFound
from kiosk.services.look.notices import EXTENSIONS, picture
from kiosk.views.door import public

blueprint = Blueprint("media", __name__)

A_YEAR = 31_536_000
DIGEST = re.compile(r"[0-9a-f]{64}")


@blueprint.get("/media/<digest>.<extension>")
@public
def media(digest: str, extension: str) -> Response:
    """A picture; its content can never change, so it may be kept. Raises NotFound("not_found")."""
    found = picture(digest) if DIGEST.fullmatch(digest) else None
    if found is None or EXTENSIONS[found[1]] != extension:
        raise NotFound("not_found")
    data, mime = found
    response = Response(data, mimetype=mime)
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR
    response.cache_control.immutable = True
    return response
