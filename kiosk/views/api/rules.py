"""The calling rules of lines and counters, and their trial on a past day."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g
from flask_openapi3 import APIBlueprint, Tag
from pydantic import Field

from kiosk.domain.errors import DomainError
from kiosk.domain.queueing import CounterRule, LineRule
from kiosk.services import look, manage_rules
from kiosk.services.replay import days_with_visitors, default_day, try_rules
from kiosk.views.api.answers import answer
from kiosk.views.api.shapes import Body, IdPath
from kiosk.views.door import current_office, idempotent, right

api = APIBlueprint("api_rules", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="rules")])


class RuleBody(Body):
    """A rule, as `GET /api/v1/rules` shows it."""

    rule: dict[str, Any]


class TrialBody(Body):
    """Rules to try, by id of line and of counter; the others stay as they are."""

    day: date | None = Field(None, strict=False, description="The last day with visitors when left out.")
    lines: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=500)
    counters: dict[str, dict[str, Any]] = Field(default_factory=dict, max_length=500)


@api.get("/rules", summary="All calling rules")
@right("hall.rules")
def rules() -> Response:
    """By what each line calls, and how each counter mixes its lines."""
    listing = manage_rules.rules_listing(g.actor.office_id)
    return answer(
        {kind: [{**each, "rule": each["rule"].to_json()} for each in rows] for kind, rows in listing.items()}
    )


@api.post("/rules/lines/<int:id>", summary="Change a line's rule")
@right("hall.rules")
@idempotent
def change_line(path: IdPath, body: RuleBody) -> Response:
    """From the next call on; a new round begins."""
    manage_rules.set_line_rule(g.actor.office_id, path.id, LineRule.from_json(body.rule), g.now, g.actor.name)
    return Response(status=204)


@api.post("/rules/counters/<int:id>", summary="Change a counter's rule")
@right("hall.rules")
@idempotent
def change_counter(path: IdPath, body: RuleBody) -> Response:
    """How the counter mixes the lines it serves, from the next call on."""
    manage_rules.set_counter_rule(
        g.actor.office_id, path.id, CounterRule.from_json(body.rule), g.now, g.actor.name
    )
    return Response(status=204)


@api.post("/rules/replay", summary="Try rules on a past day")
@right("hall.rules")
def replay(body: TrialBody) -> Response:
    """The waits of a day as it was, under the rules of now, and under those sent; nothing is changed."""
    office = current_office()
    today = look.today(office, g.now)
    day = body.day or default_day(days_with_visitors(office["id"], today), today)
    if day is None:
        raise DomainError("replay_empty_day", field="day", day=today.isoformat())
    listing = manage_rules.rules_listing(office["id"])
    lines = {
        key: LineRule.from_json(rule) for key, rule in _known(listing["lines"], body.lines, "line").items()
    }
    counters = {
        key: CounterRule.from_json(rule)
        for key, rule in _known(listing["counters"], body.counters, "counter").items()
    }
    for rule in lines.values():
        rule.check()
    served = {each["id"]: each["lines"] for each in listing["counters"]}
    for counter, rule_ in counters.items():
        rule_.check(served[counter])
    return answer(try_rules(office["id"], day, lines, counters, g.now))


def _known(
    rows: list[dict[str, Any]], sent: dict[str, dict[str, Any]], kind: str
) -> dict[int, dict[str, Any]]:
    """The rules sent, by id. Raises DomainError("unknown_line", "unknown_counter") for an id of no row."""
    ids = {str(row["id"]): row["id"] for row in rows}
    if unknown := [key for key in sent if key not in ids]:
        raise DomainError(f"unknown_{kind}", **{kind: unknown[0][:20]})
    return {ids[key]: rule for key, rule in sent.items()}
