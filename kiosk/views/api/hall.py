"""The hall in figures, for its manager: now, and any day by quarter hour."""

from __future__ import annotations

from datetime import date

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from kiosk.services import look
from kiosk.services.answer_help import answer_help
from kiosk.services.look.overview_day import day_history
from kiosk.services.look.overview_forecast import honesty_of_day
from kiosk.services.look.overview_hall import hall_overview
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import IdPath, Query
from kiosk.views.door import current_office, idempotent, right

api = APIBlueprint("api_hall", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="hall")])


class DayQuery(Query):
    """A day; today when left out."""

    day: date | None = Field(None)


@api.get("/hall", summary="The hall now")
@right("ops.see")
def now() -> Response:
    """Lines against their targets, counters, parked visits, and what needs somebody."""
    return answer(hall_overview(g.actor.office_id, g.now))


@api.get("/hall/day", summary="A day of the hall by quarter hour")
@right("ops.see")
def day(query: DayQuery) -> Response:
    """Who waited, came and was done; waits, ways and services apart; how honest the forecasts were."""
    wanted = query.day or look.today(current_office(), g.now)
    history = day_history(g.actor.office_id, wanted, g.now)
    return answer({**history, "forecast": honesty_of_day(g.actor.office_id, wanted)})


@api.post("/hall/help/<int:id>/answered", summary="Somebody went to help")
@right("ops.see")
@idempotent
def help_answered(path: IdPath) -> Response:
    """Acknowledge a call for help; `id` is the entry that asked (`seq` of the alert)."""
    answer_help(path.id, g.actor, g.now)
    return Response(status=204)
