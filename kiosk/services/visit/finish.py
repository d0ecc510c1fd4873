"""The end of a visit at a counter: it is over, or its next service waits."""

from __future__ import annotations

from kiosk.database import OfficeTransaction
from kiosk.domain.events import TicketFinished, TicketTransferred
from kiosk.domain.queueing import Lane, LineRule, Priority, Purpose, lane_of
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, Line, Ticket
from kiosk.services.visit.change import Change, counter_facts, seconds_between, ticket_facts


def end_visit(
    transaction: OfficeTransaction, ticket: Ticket, counter: Counter, *, forgotten: bool = False
) -> None:
    """Finish what is going on at this counter; a visit with further services waits for the next of them.

    `forgotten`: nobody pressed finish on its day; its end is not known and counts in no mean.
    """
    following = None if forgotten else _next_service(ticket)
    if following is not None:
        _next_leg(transaction, ticket, *following)
        return
    change = Change(transaction, ticket, "finish")
    ticket.ended_at = transaction.now
    ticket.forgotten = forgotten
    change.end_turn("forgotten" if forgotten else "finished")
    began = ticket.started_at or ticket.called_at
    change.tell(
        TicketFinished(
            **ticket_facts(ticket, ticket.line),
            counter=counter.id,
            counter_number=counter.number,
            served_seconds=seconds_between(began, transaction.now) or 0,
            way_seconds=seconds_between(ticket.called_at, ticket.started_at),
            forgotten=forgotten,
        )
    )


def _next_service(ticket: Ticket) -> tuple[Line, str | None, list[dict[str, object]]] | None:
    """The next of the visit's services whose line still exists, and what remains after it."""
    plan = list(ticket.plan)
    while plan:
        wanted = plan.pop(0)
        line = Line.get_or_none((Line.id == wanted["line"]) & (Line.office == ticket.office_id))
        if line is not None:
            return line, wanted.get("procedure"), plan
    return None


def _next_leg(
    transaction: OfficeTransaction,
    ticket: Ticket,
    line: Line,
    procedure: str | None,
    plan: list[dict[str, object]],
) -> None:
    change = Change(transaction, ticket, "transfer" if TicketState(ticket.state) in AT_COUNTER else "finish")
    before = ticket_facts(ticket, ticket.line) | counter_facts(ticket)
    served = seconds_between(ticket.started_at or ticket.called_at, transaction.now)
    change.end_turn("finished")
    wait_again(ticket, line, transaction)
    ticket.procedure, ticket.plan = procedure, plan
    change.tell(
        TicketTransferred(
            **ticket_facts(ticket, line),
            from_line=before["line"],
            was=str(change.was),
            position="arrival",
            counter=before.get("counter"),
            counter_number=before.get("counter_number"),
            leg=True,
            served_seconds=served,
        )
    )


def wait_again(ticket: Ticket, line: Line, transaction: OfficeTransaction) -> None:
    """Let a visit wait on a line, as somebody who came when this visitor came; the caller may place it otherwise."""
    ticket.line = line
    ticket.counter = None
    ticket.called_at = ticket.started_at = ticket.ended_at = None
    ticket.called_seq = None
    ticket.recalls, ticket.recalled_at = 0, []
    ticket.waiting_since = transaction.now
    ticket.for_counter = ticket.for_user = None
    ticket.park = None
    ticket.place = 1
    ticket.lane = lane_in(ticket, line)


def lane_in(ticket: Ticket, line: Line) -> Lane:
    """The lane of a ticket on a line."""
    return lane_of(
        Priority(ticket.priority),
        Purpose(ticket.purpose),
        ticket.dossiers,
        appointment=ticket.due_at is not None,
        bulk_from=LineRule.from_json(line.rule).bulk_from,
    )
