"""Call the next number: whose turn it is by the rules of line and counter; never one ticket at two counters."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, Forbidden, NotFound
from kiosk.domain.events import TicketCalled
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.queueing import Decision
from kiosk.domain.ticket import AT_COUNTER
from kiosk.models import Counter, CounterLine, Line, Ticket
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.queue_order import decide, round_of
from kiosk.services.visit.change import Change, ticket_facts
from kiosk.services.visit.finish import end_visit
from kiosk.services.visit.note import add_words

COUNTER = Prepared(
    lambda: (
        Counter.select().where((Counter.id == Slot("counter")) & (Counter.office == Slot("office"))).limit(1)
    )
)
PRESENT_TICKET = Prepared(
    lambda: (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.counter == Slot("counter")) & (Ticket.state << list(AT_COUNTER)))
        .limit(1)
    )
)
SERVED_LINES = Prepared(
    lambda: CounterLine.select(CounterLine.line).where(CounterLine.counter == Slot("counter")).tuples()
)
TICKET = Prepared(
    lambda: (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.id == Slot("ticket")) & (Ticket.office == Slot("office")))
        .limit(1)
    )
)
LONGEST_REASON = 200


def call_next(
    counter_id: int,
    actor: Actor,
    now: datetime,
    *,
    line: int | None = None,
    exclude: tuple[int, ...] = (),
    finish: bool = False,
    present: int | None = None,
    pick: int | None = None,
    reason: str = "",
) -> Ticket | None:
    """Give this counter the ticket whose turn it is, or None.

    `line` narrows to one of the counter's lines, `exclude` leaves tickets out, `finish` ends the present visit in
    the same transaction (only `present`, where it is given). `pick` calls a particular ticket out of turn, which
    needs the right to, a reason, and is logged. Raises NotFound("unknown_counter", "unknown_line", "unknown_ticket"), Forbidden("not_your_counter",
    "not_allowed"), Conflict("counter_closed", "counter_paused", "counter_busy", "illegal_move"),
    DomainError("line_not_served", "reason_missing").
    """
    actor.require_counter(counter_id)
    office_id = actor.office_id
    if office_id is None:
        raise NotFound("unknown_counter", counter=counter_id)
    if pick is not None:
        reason = _check_pick(actor, reason)
    with office_transaction(office_id, now, actor.name) as transaction:
        counter = COUNTER.first(counter=counter_id, office=office_id)
        if counter is None:
            raise NotFound("unknown_counter", counter=counter_id)
        if not counter.open:
            raise Conflict("counter_closed", counter=counter.number)
        if counter.pause_reason:
            raise Conflict("counter_paused", counter=counter.number, reason=counter.pause_reason)
        _free_the_counter(transaction, counter, finish, present)
        decision: Decision | int | None = pick
        if pick is None:
            lines = served_lines(office_id, counter_id, line)
            user = actor.user.id if actor.user else None
            decision = decide(counter, user, lines, transaction.day, transaction.now, exclude)
        if decision is None:
            return None
        return _call(transaction, counter, actor, decision, reason)


def _check_pick(actor: Actor, reason: str) -> str:
    if not actor.may("ticket.pick"):
        raise Forbidden("not_allowed", permission="ticket.pick")
    reason = clean_note(reason, LONGEST_REASON, field="reason")
    if not reason:
        raise DomainError("reason_missing", field="reason")
    return reason


def _call(
    transaction: OfficeTransaction, counter: Counter, actor: Actor, decision: Decision | int, reason: str
) -> Ticket:
    wanted = decision.ticket if isinstance(decision, Decision) else decision
    ticket = TICKET.first(ticket=wanted, office=transaction.office_id)
    if ticket is None:
        raise NotFound("unknown_ticket", ticket=wanted)
    if ticket.day != transaction.day:
        raise Conflict("not_today", day=ticket.day.isoformat())
    change = Change(transaction, ticket, "call")
    ticket.counter, ticket.called_at = counter, transaction.now
    if reason:
        add_words(ticket, reason)  # they may name people, so they stay out of the journal
    change.open_turn(user=actor.user.id if actor.user else None)
    why = "picked" if reason else "assigned"
    if isinstance(decision, Decision):
        why = decision.lane_why.code
        change.turn_round("line", ticket.line, round_of(decision.line_made, transaction.day))
        change.turn_round("counter", counter, round_of(decision.counter_made, transaction.day))
    change.tell(
        TicketCalled(
            **ticket_facts(ticket, ticket.line),
            counter=counter.id,
            counter_number=counter.number,
            language=ticket.language,
            waited_seconds=max(0, int((transaction.now - ticket.waiting_since).total_seconds())),
            lane=str(ticket.lane),
            why=why,
            picked=why == "picked",
        )
    )
    return ticket


def _free_the_counter(
    transaction: OfficeTransaction, counter: Counter, finish: bool, present: int | None
) -> None:
    current = ticket_at(counter.id)
    if current is None:
        return
    forgotten = current.day < transaction.day
    other = (
        present is not None and current.id != present
    )  # a window that did not hear of it ends nobody's visit
    if (not finish or other) and not forgotten:
        raise Conflict("counter_busy", counter=counter.number, ticket=current.id, label=current.label)
    end_visit(transaction, current, counter, forgotten=forgotten)


def ticket_at(counter_id: int) -> Ticket | None:
    """The ticket a counter is busy with, or None."""
    return PRESENT_TICKET.first(counter=counter_id)


def served_lines(office_id: int, counter_id: int, only: int | None = None) -> list[int]:
    """The lines a counter serves now, or the one asked for if it is among them.

    A disabled department's citizens who already hold a number are still called.
    Raises NotFound("unknown_line") and DomainError("line_not_served").
    """
    lines = [line for (line,) in SERVED_LINES.all(counter=counter_id)]
    if only is None:
        return lines
    if only not in lines:
        if not Line.select().where((Line.id == only) & (Line.office == office_id)).exists():
            raise NotFound("unknown_line", line=only)
        raise DomainError("line_not_served", line=only, counter=counter_id)
    return [only]
