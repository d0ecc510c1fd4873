"""Where messengers of banks tell of money: `/p/<plugin>/notices/<office>`, the same whether the plugin is on or off."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, g, request

from kiosk import metrics
from kiosk.domain.errors import NotFound
from kiosk.domain.payment.notice import NoticeRefused
from kiosk.services import look
from kiosk.services.payment.take_notice import take_notice
from kiosk.views.api.answers import answer, error_body, refuse
from kiosk.views.door import public

log = logging.getLogger(__name__)

blueprint = Blueprint("notices", __name__)

MOST_BYTES = 64 * 1024


@blueprint.post("/p/<plugin>/notices/<office>")
@public
def notice(plugin: str, office: str) -> Response:
    """Prove the sender, keep what it tells, answer. The body is looked at only once the sender is proven.

    Refused with "unknown_office" and "unknown_payment_method", and whatever NoticeRefused says.
    """
    try:
        if (request.content_length or 0) > MOST_BYTES:
            raise NoticeRefused("body_too_large")
        place = look.office_row(office)
        reply, outcomes = take_notice(place, plugin, dict(request.headers), request.get_data(), g.now)
    except NoticeRefused as refusal:
        # The code alone: a notice is full of names.
        log.warning("a notice for %s was refused: %s", plugin[:40], refusal.code)
        metrics.notices_total.labels(refusal.code).inc()
        return answer(error_body(refusal.code, refusal.fields), refusal.http_status)
    except NotFound as refusal:
        metrics.notices_total.labels("nobody").inc()
        return refuse(refusal)
    for outcome in outcomes:
        metrics.notices_total.labels(outcome).inc()
    return answer(dict(reply))
