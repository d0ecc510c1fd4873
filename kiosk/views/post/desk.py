"""The desk: scan something, see what it is; and what waits."""

from __future__ import annotations

from typing import Any

from flask import g, make_response, request

from kiosk.domain.errors import DomainError
from kiosk.services.look import post as shown
from kiosk.views.door import language, staff
from kiosk.views.forms import say
from kiosk.views.post.common import blueprint, show, today

LONGEST_CODE = 64


@blueprint.get("/post")
@staff("post.desk")
def desk() -> Any:
    """With ?code= what a scanner read, else what waits."""
    code = request.args.get("code", "").replace("\0", "").strip()[:LONGEST_CODE]
    office = g.actor.office_id
    found, problem, status = None, "", 200
    if code:
        try:
            found = shown.scan(office, code, g.actor, language())
        except DomainError as error:
            problem, status = say(error), error.status
    manifests = [each for each in shown.manifests(office) if each["state"] == "open"]
    content = show(
        "post/desk.html",
        "desk",
        code=code,
        found=found,
        problem=problem,
        figures=shown.desk(office, today()),
        # Whoever scans looks at one thing; the list comes back with the empty field.
        waiting=[] if code else shown.results_waiting(office),
        manifests=manifests,
        orders=shown.refused_orders(office, language()),
        complaints=shown.complaints(office, today()),
    )
    return make_response(content, status)
