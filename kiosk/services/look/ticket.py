"""A ticket as staff, its holder and its printer see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kiosk.domain.errors import NotFound
from kiosk.domain.printing import PrintState
from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import Priority
from kiosk.domain.ticket import HOUSE_MOVES, TICKET_MOVES, TicketState
from kiosk.models import Line, PrintJob, Ticket
from kiosk.plugin import gate
from kiosk.services.issue_ticket import Issued
from kiosk.services.print_document import PRIORITY_TITLES


def ticket_card(ticket: Ticket, now: datetime, counters: Mapping[int, int] | None = None) -> dict[str, Any]:
    """A ticket for the staff; `counters` gives counter numbers by id where the row was not joined."""
    english = PRIORITY_TITLES[Priority(ticket.priority)]
    called = ticket.called_at or ticket.ended_at or now
    came = ticket.issued_at if ticket.waiting_since is None else ticket.waiting_since
    number = None
    if ticket.counter_id:
        number = counters[ticket.counter_id] if counters else ticket.counter.number
    over = ticket.ended_at or now
    return {
        "id": ticket.id,
        "label": ticket.label,
        "number": ticket.number,
        "state": str(ticket.state),
        "line": _line(ticket.line),
        "department": ticket.line.department,
        "procedure": _procedure_of(ticket),
        "priority": str(ticket.priority),
        "priority_title": english[0],
        "priority_title_en": english[1],
        "lane": str(ticket.lane),
        "purpose": str(ticket.purpose),
        "language": ticket.language,
        "dossiers": ticket.dossiers,
        "day": ticket.day.isoformat(),
        "issued_at": ticket.issued_at.isoformat(),
        "waiting_since": came.isoformat(),
        "due_at": _iso(ticket.due_at),
        "not_before": _iso(ticket.not_before),
        "called_at": _iso(ticket.called_at),
        "started_at": _iso(ticket.started_at),
        "ended_at": _iso(ticket.ended_at),
        "recalls": ticket.recalls,
        "waited_seconds": max(0, int((called - came).total_seconds())),
        "way_seconds": _seconds(ticket.called_at, ticket.started_at),
        "served_seconds": _seconds(ticket.started_at or ticket.called_at, over) if ticket.called_at else None,
        "counter": {"id": ticket.counter_id, "number": number} if ticket.counter_id else None,
        "for_counter": ticket.for_counter_id,
        "for_officer": ticket.for_user_id,
        "plan": _plan(ticket),
        "park": ticket.park,
        "note": ticket.note,
        "remote": ticket.remote,
        "check_code": ticket.check_code,
        "moves": [m for m in TICKET_MOVES.allowed(TicketState(ticket.state)) if m not in HOUSE_MOVES],
    }


def _seconds(begin: datetime | None, end: datetime | None) -> int | None:
    return max(0, int((end - begin).total_seconds())) if begin and end else None


def _plan(ticket: Ticket) -> list[dict[str, Any]]:
    """The further services of the visit, in order."""
    if not ticket.plan:
        return []
    lines = {row.id: row for row in Line.select().where(Line.id << [each["line"] for each in ticket.plan])}
    return [_line(lines[each["line"]]) for each in ticket.plan if each["line"] in lines]


def _line(line: Line) -> dict[str, Any]:
    return {"id": line.id, "prefix": line.prefix, "title": line.title, "title_en": line.title_en}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _procedure_of(ticket: Ticket) -> dict[str, Any] | None:
    if ticket.procedure is None:
        return None
    found = gate.known_procedure(ticket.line.department, ticket.procedure, ticket.office_id)
    if found is None:
        return {"key": ticket.procedure, "code": None, "name": ticket.procedure}
    return procedure_name(found)


def procedure_name(procedure: Procedure) -> dict[str, Any]:
    """What a procedure is called."""
    return {"key": procedure.key, "code": procedure.code, "name": procedure.name}


def issued_card(issued: Issued, base_url: str) -> dict[str, Any]:
    """What the kiosk is told about a number it was given."""
    ticket, line = issued.ticket, issued.line
    return {
        "id": ticket.id,
        "label": ticket.label,
        "number": ticket.number,
        "follow_url": f"{base_url}/t/{ticket.token}",
        "people_ahead": issued.people_ahead,
        "wait_minutes": list(issued.wait_minutes),
        "check_code": ticket.check_code,
        "state": str(ticket.state),
        "line": _line(line),
        "department": {"key": line.department, "title": line.title, "title_en": line.title_en},
        "procedure": procedure_name(issued.procedure) if issued.procedure else None,
        "priority": str(ticket.priority),
        "lane": str(ticket.lane),
        "purpose": str(ticket.purpose),
        "plan": _plan(ticket),
        "day": ticket.day.isoformat(),
        "due_at": _iso(ticket.due_at),
        "dossiers": ticket.dossiers,
        "language": ticket.language,
        "issued_at": ticket.issued_at.isoformat(),
        "printing": {"state": "queued" if issued.print_job else "none", "problem": None},
    }


def printing_state(office_id: int, ticket_id: int) -> dict[str, Any]:
    """How the paper of a ticket stands: none, queued, printed or trouble (with the problem's code).

    `printer` names the printer it comes out of when that is not the kiosk's own.

    Raises NotFound("unknown_ticket").
    """
    if not Ticket.select().where((Ticket.id == ticket_id) & (Ticket.office == office_id)).exists():
        raise NotFound("unknown_ticket", ticket=ticket_id)
    job = PrintJob.select().where(PrintJob.ticket == ticket_id).order_by(PrintJob.id.desc()).first()
    if job is None:
        return {"state": "none", "problem": None}
    if job.state == PrintState.EXPIRED:
        return {"state": "none", "problem": None}
    elsewhere = {"printer": job.printer.name} if job.moved_from_id else {}
    if job.state == PrintState.CONFIRMED:
        return {"state": "printed", "problem": None, **elsewhere}
    return {"state": "trouble" if job.problem else "queued", "problem": job.problem or None, **elsewhere}
