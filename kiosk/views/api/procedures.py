"""The catalogue: departments, procedures, lines."""

from __future__ import annotations

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag

from kiosk.services import look
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import ProcedureQuery
from kiosk.views.door import language, right

api = APIBlueprint("api_procedures", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="catalogue")])


@api.get("/departments", summary="Departments switched on")
@right("board.see")
def departments() -> Response:
    """The departments whose plugins are enabled in the office."""
    return answer(look.departments(g.actor.office_id))


@api.get("/procedures", summary="Search procedures")
@right("board.see")
def procedures(query: ProcedureQuery) -> Response:
    """Procedures in force today, all or those matching every word, with or without diacritics."""
    office = look.office(g.actor.office_id)
    today = look.today(office, g.now)
    return answer(look.procedures(office["id"], query.department, query.q, today, language()))


@api.get("/lines", summary="Lines and who waits")
@right("board.see")
def lines() -> Response:
    """Every line with how many wait and how long it may take."""
    return answer(look.lines(g.actor.office_id, g.now))
