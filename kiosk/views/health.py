"""For those who watch the machine: /health and /metrics."""

from __future__ import annotations

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from kiosk import __version__, metrics
from kiosk.services import look
from kiosk.views.api.answers import answer
from kiosk.views.door import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@public
def health() -> Response:
    """200 when the database answers; no details for strangers."""
    look.first_office()
    return answer({"status": "ok", "version": __version__})


@blueprint.get("/metrics")
@public
def figures() -> Response:
    """Prometheus figures of this process and of the queues. No names, no numbers of tickets."""
    return Response(metrics.render(look.queue_figures()), mimetype=CONTENT_TYPE_LATEST)
