"""Plugins of the office: what there is, switched on and off."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services import manage_plugins
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import NamePath
from kiosk.views.door import right
from kiosk.views.forms import say

api = APIBlueprint("api_plugins", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="plugins")])


@api.get("/plugins", summary="All plugins")
@right("admin.plugins")
def index() -> Response:
    """Installed plugins with their state, and the reason where one is broken."""
    return answer([asdict(card) for card in manage_plugins.listing(g.actor.office_id)])


@api.get("/plugins/<string:name>/dry-run", summary="What switching a plugin on would do")
@right("admin.plugins")
def dry_run(path: NamePath) -> Response:
    """Nothing is changed to find out; what is in `blocking` would refuse the switch."""
    trial = manage_plugins.dry_run(g.actor.office_id, path.name)
    blocking = [
        {"code": error.code, "message": say(error), "fields": error.fields} for error in trial.blocking
    ]
    return answer({**vars(trial), "blocking": blocking})


@api.post("/plugins/<string:name>/enable", summary="Switch a plugin on")
@right("admin.plugins")
def enable(path: NamePath) -> Response:
    """Effective in every process at the next request."""
    return _switched(path.name, True)


@api.post("/plugins/<string:name>/disable", summary="Switch a plugin off")
@right("admin.plugins")
def disable(path: NamePath) -> Response:
    """Nothing new is offered; what the plugin already owns is still honoured."""
    return _switched(path.name, False)


def _switched(name: str, on: bool) -> Response:
    # Idempotent by nature, so no answer is kept: a plugin's self-test must not run under the office's lock.
    switch = manage_plugins.enable if on else manage_plugins.disable
    switch(g.actor.office_id, name, g.now, g.actor.name)
    return answer(next(asdict(p) for p in manage_plugins.listing(g.actor.office_id) if p.name == name))
