"""The rating tablet at a counter: quiet while somebody is served, three faces when the visit is over."""

from __future__ import annotations

from flask import Blueprint, g

from kiosk.services.look.tablet import tablet_of
from kiosk.services.rate_service import SCORES
from kiosk.views.door import device, page

blueprint = Blueprint("tablet", __name__)


@blueprint.get("/tablet")
@device("tablet")
def tablet() -> str:
    """The tablet of one counter; it asks by itself. Raises Conflict("device_without_counter")."""
    return page("tablet/tablet.html", shown=tablet_of(g.actor, g.now), scores=SCORES)
