"""Counters: their consoles and the call for the next number."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.i18n import error_message
from kiosk.services import look
from kiosk.services.call_next import call_next
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import IdPath, NextBody
from kiosk.views.door import idempotent, language, right

api = APIBlueprint("api_counters", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="counters")])


@api.get("/counters", summary="All counters")
@right("board.see")
def index() -> Response:
    """Counters of the office with their lines; `mine` where the caller may serve."""
    return answer(look.counters(g.actor.office_id, g.actor))


@api.get("/counters/<int:id>", summary="One counter's console")
@right("ticket.call")
def console(path: IdPath) -> Response:
    """Who waits and in which order, the present visit, the printer."""
    g.actor.require_counter(path.id)
    shown = look.counter_console(g.actor.office_id, path.id, g.now)
    if shown["printer"] is not None:
        problem = shown["printer"]["problem"]
        shown["printer"]["message"] = error_message(problem, language(), {}) if problem else ""
    return answer(shown)


@api.post("/counters/<int:id>/next", summary="Call the next number")
@right("ticket.call")
@idempotent
def call(path: IdPath, body: NextBody) -> Response:
    """The ticket called, or 204 when nobody is waiting."""
    ticket = call_next(
        path.id, g.actor, g.now, line=body.line, exclude=tuple(body.exclude), finish=body.finish
    )
    return answer(look.ticket_card(ticket, g.now)) if ticket else Response(status=204)
