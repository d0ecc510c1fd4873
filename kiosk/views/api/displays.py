"""Small displays over the counters that ask for themselves."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services.look.display import display_of
from kiosk.views.api.answers import conditional
from kiosk.views.door import right

api = APIBlueprint("api_displays", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="devices")])


@api.get("/display", summary="What this counter's display shows")
@right("display.see")
def display() -> Response:
    """The number called at the device's own counter; 304 while nothing changed."""
    return conditional(display_of(g.actor, g.now))
