"""What a rating tablet shows, and the answer it was given."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services.look.tablet import tablet_of, visit_at_tablet
from kiosk.services.rate_service import rate_visit
from kiosk.views.api.answers import answer, conditional
from kiosk.views.api.shapes import TabletRatingBody
from kiosk.views.door import idempotent, right

api = APIBlueprint("api_tablets", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="devices")])


@api.get("/tablet", summary="What this counter's rating tablet shows")
@right("tablet.show")
def tablet() -> Response:
    """The counter, and the visit that is asked about; 304 while nothing changed."""
    return conditional(tablet_of(g.actor, g.now))


@api.post("/tablet/rating", summary="Rate the visit that just ended here")
@right("tablet.show")
@idempotent
def rate(body: TabletRatingBody) -> Response:
    """Keep the answer for the visit the tablet asks about; once."""
    ticket = visit_at_tablet(g.actor, body.ticket, g.now)
    rate_visit(g.actor.office_id, ticket, body.score, "", g.actor.name, g.now)
    return answer(tablet_of(g.actor, g.now), 201)
