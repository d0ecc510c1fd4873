"""Calls as sound, for the boards."""

from __future__ import annotations

import hashlib

from flask import Response, g, request
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel

from kiosk.services.voice import call_clip
from kiosk.views.api.shapes import IdPath
from kiosk.views.door import right

api = APIBlueprint("api_voice", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="voice")])

WAV = "audio/wav"


class SpokenQuery(BaseModel):
    """In which language the call is wanted."""

    language: str = "vi"


@api.get("/voice/calls/<int:id>", summary="The present call of a number, spoken")
@right("board.see")
def call(path: IdPath, query: SpokenQuery) -> Response:
    """A WAV; 204 in quiet hours, when the voice is switched off, or where none can speak; 304 while it is the same."""
    sound = call_clip(g.actor.office_id, path.id, query.language, g.now)
    if sound is None:
        return Response(status=204)
    response = Response(sound, mimetype=WAV)
    response.set_etag(hashlib.sha256(sound).hexdigest()[:20])
    # A recall, or a call to another counter, has the same address: the browser asks whether it may use what it has.
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.make_conditional(request)
    return response
