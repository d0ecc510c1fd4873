"""What an application would cost and when it would be due, for any day, channel and set of answers; keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kiosk.database import connection
from kiosk.domain import clock, deadlines, money
from kiosk.domain.deadlines import Term
from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Conflict
from kiosk.domain.procedure import IntakeField, Procedure
from kiosk.plugin import gate
from kiosk.plugin.selection import Selection
from kiosk.services.calendar_of import calendar_of, hours_of, zone_of
from kiosk.services.catalogue.changes import known_procedure
from kiosk.services.reckon_dossier import check_answers, parse_channel


@dataclass(frozen=True)
class Trial:
    """The outcome: fee lines with their legal basis, and the due date for a receipt at `received` (aware).

    With an `objection` the application is not received: there are no fees, no term and no due date.
    """

    procedure: Procedure
    channel: Channel
    received: datetime
    clock_at: datetime
    term: Term | None
    due_on: date | None
    due_at: datetime | None
    fees: tuple[money.FeeLine, ...]
    objection: str | None

    @property
    def total(self) -> int:
        """The sum in đồng."""
        return money.total(self.fees)


def questions(office_id: int, procedure: Procedure) -> list[IntakeField]:
    """What the counter would ask, also of a department that is switched off."""
    return _offered(office_id, procedure).intake_fields(procedure)


def try_out(
    office_id: int,
    department: str,
    key: str,
    received: datetime,
    channel: str,
    answers: Mapping[str, Any],
) -> Trial:
    """Reckon an application received at a naive moment on the office's clock; by post, stamped on the same day.

    Raises NotFound("unknown_procedure"), Conflict("procedure_not_in_force"), DomainError("unknown_channel",
    "unknown_answer", "answer_malformed"), Unavailable("plugin_failed").
    """
    with connection():
        zone = zone_of(office_id)
        local = received.replace(tzinfo=zone)
        day = local.date()
        calendar, hours = calendar_of(office_id, day, zone), hours_of(office_id, day)
    procedure = known_procedure(office_id, department, key, day)
    if not procedure.in_force(day):
        raise Conflict("procedure_not_in_force", procedure=procedure.key)
    by = parse_channel(channel)
    offered = _offered(office_id, procedure)
    checked = check_answers(offered.intake_fields(procedure), answers)
    owner = gate.plugin_of_department(department)
    objections = offered.ask("check_intake", owner=owner, strict=True, procedure=procedure, answers=checked)
    lines: Sequence[money.FeeLine] | None = None
    term: Term | None = None
    if not objections:  # the rules need not know a fee or a term for what is not received
        lines = offered.first(
            "compute_fee",
            owner=owner,
            strict=True,
            procedure=procedure,
            answers=checked,
            channel=by,
            on=day,
        )
        term = offered.term_for(procedure, checked)
    by_post = by is Channel.POST
    clock_at = clock.starts_at(procedure.clock_start, local, calendar, hours, day, by_post=by_post)
    return Trial(
        procedure=procedure,
        channel=by,
        received=local,
        clock_at=clock_at,
        term=term,
        due_on=deadlines.due_on(term, clock_at, calendar, hours),
        due_at=deadlines.due_at(term, clock_at, calendar, hours),
        fees=tuple(lines or ()),
        objection=objections[0][1] if objections else None,
    )


def _offered(office_id: int, procedure: Procedure) -> Selection:
    """The office with the procedure's own plugin asked as if it were on."""
    return gate.selection(office_id).with_plugin(gate.plugin_of_department(procedure.department) or "")
