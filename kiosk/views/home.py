"""The front door: what this place is, and the way to everything else."""

from __future__ import annotations

from flask import Blueprint

from kiosk.views.door import page, public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def home() -> str:
    """For citizens the look-up, for staff the sign-in, in the demo its addresses."""
    return page("home/home.html")
