"""Counters: their consoles and the call for the next number."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.i18n import error_message
from kiosk.services import look
from kiosk.services.call_next import call_next
from kiosk.services.counter_state import ask_for_help, counter_state, set_counter_state
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import CounterStateBody, IdPath, NextBody
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
    shown = look.counter_console(g.actor.office_id, path.id, g.actor, g.now, language())
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
        path.id,
        g.actor,
        g.now,
        line=body.line,
        exclude=tuple(body.exclude),
        finish=body.finish,
        present=body.present,
        pick=body.pick,
        reason=body.reason,
    )
    return answer(look.ticket_card(ticket, g.now)) if ticket else Response(status=204)


@api.post("/counters/<int:id>/state", summary="Open, pause or close a counter")
@right("counter.state")
@idempotent
def state(path: IdPath, body: CounterStateBody) -> Response:
    """Whether the counter calls numbers; the visit it is busy with goes on."""
    counter = set_counter_state(path.id, body.state, body.reason, g.actor, g.now)
    return answer({"id": counter.id, "number": counter.number, "state": counter_state(counter)})


@api.post("/counters/<int:id>/help", summary="Ask for help at a counter")
@right("help.ask")
@idempotent
def help_wanted(path: IdPath) -> Response:
    """Tell the managers; at most once a minute."""
    ask_for_help(path.id, g.actor, g.now)
    return Response(status=202)
