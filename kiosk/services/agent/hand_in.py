"""Numbers that a kiosk gave while the server was away become tickets: each once, in the place of its hour."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.codes import check_code
from kiosk.domain.errors import DomainError
from kiosk.domain.events import TicketCancelled
from kiosk.domain.numbering import ticket_label
from kiosk.domain.permissions import Actor
from kiosk.domain.printing import PrintState
from kiosk.domain.procedure import Procedure
from kiosk.domain.queueing import LineRule, Priority, Purpose, lane_of, parse_priority
from kiosk.domain.ticket import TICKET_MOVES, TicketState
from kiosk.models import Journal, LeasedNumber, Line, PrintJob, Ticket
from kiosk.plugin import gate
from kiosk.plugin.facts import Visitor
from kiosk.services import idempotency
from kiosk.services.announce import announce
from kiosk.services.hall_settings import hall_settings
from kiosk.services.issue_ticket import LANGUAGES, issued_event
from kiosk.services.pair_device import note_refusal
from kiosk.services.print_queue import STATES
from kiosk.services.queue_place import place_of
from kiosk.services.visit.change import ticket_facts

SUPERSEDED = "superseded-by-offline-number"
"""Kept in place of a request's hash: what asks with that key later is another wish, and refused."""


@dataclass(frozen=True)
class OfflineTicket:
    """What a kiosk says of a number it gave by itself.

    `wish_key` is the Idempotency-Key of a request for a number whose answer never came, so that the visitor who asked
    once does not get two. `issued_at` is on the server's clock, as far as the kiosk could know it.
    """

    key: str
    line: int
    day: date
    number: int
    issued_at: datetime
    token: str
    wish_key: str | None = None
    procedure: str | None = None
    department: str | None = None
    priority: str = Priority.NORMAL
    language: str = "vi"
    dossiers: int = 1


def hand_in(
    actor: Actor, tickets: Sequence[OfflineTicket], key: bytes, now: datetime
) -> list[dict[str, Any]]:
    """Take each number in, one transaction a number; repeated, it is known.

    Returns {key, state: accepted | known | refused, ticket, code} each; a number that this kiosk does not hold is
    refused ("number_not_leased", "number_taken") and logged, and the others are taken all the same.
    """
    return [_take(actor, one, key, now) for one in tickets]


def _take(actor: Actor, one: OfflineTicket, key: bytes, now: datetime) -> dict[str, Any]:
    result: dict[str, Any] = {"key": one.key, "state": "refused", "ticket": None, "code": None}
    try:
        with office_transaction(actor.office_id or 0, now, actor.name) as transaction:
            known = Ticket.get_or_none(
                (Ticket.home == one.line) & (Ticket.day == one.day) & (Ticket.number == one.number)
            )
            if known is not None:
                if known.token == one.token:
                    return {**result, "state": "known", "ticket": known.id}
                raise DomainError("number_taken", number=one.number)
            ticket = _accept(transaction, actor, one, key)
    except DomainError as error:
        note_refusal(actor.device.id if actor.device else 0, error.code, now)
        return {**result, "code": error.code}
    return {**result, "state": "accepted", "ticket": ticket.id}


def _accept(transaction: OfficeTransaction, actor: Actor, one: OfflineTicket, key: bytes) -> Ticket:
    leased = LeasedNumber.get_or_none(
        (LeasedNumber.office == transaction.office_id)
        & (LeasedNumber.line == one.line)
        & (LeasedNumber.day == one.day)
        & (LeasedNumber.number == one.number)
        & (LeasedNumber.device == (actor.device.id if actor.device else 0))
        & (LeasedNumber.state << ["held", "void"])
    )
    if leased is None:
        raise DomainError("number_not_leased", number=one.number)
    _cancel_ghost(transaction, actor, one)
    ticket = _ticket(transaction, actor, one, key, leased)
    leased.state, leased.ticket, leased.settled_at = "used", ticket.id, transaction.now
    leased.save()
    announce(transaction, issued_event(ticket, ticket.line))
    return ticket


def _ticket(
    transaction: OfficeTransaction, actor: Actor, one: OfflineTicket, key: bytes, leased: LeasedNumber
) -> Ticket:
    line = Line.get_by_id(one.line)
    procedure = _procedure(line, one, transaction)
    priority = gate.priority_for(transaction.office_id, procedure, Visitor(_claimed(one)))
    issued_at = min(max(one.issued_at, leased.leased_at), transaction.now)
    arrival = _arrival(transaction.office_id, issued_at)
    lane = lane_of(priority, Purpose.APPLY, one.dossiers, bulk_from=LineRule.from_json(line.rule).bulk_from)
    ticket = Ticket(
        office=transaction.office_id,
        home=line,
        line=line,
        day=one.day,
        number=one.number,
        label=ticket_label(line.prefix, one.number),
        state=TicketState.WAITING,
        priority=priority,
        lane=lane,
        arrival=arrival,
        procedure=procedure.key if procedure else None,
        dossiers=one.dossiers,
        language=one.language if one.language in LANGUAGES else "vi",
        offline=True,
        token=one.token,
        check_code=check_code(key, f"{line.id}:{one.day}:{one.number}"),
        device=actor.device.id if actor.device else None,
        issued_at=issued_at,
        waiting_since=issued_at,
    )
    settings = hall_settings(transaction.office_id).day
    _, ticket.wait_low, ticket.wait_high = place_of(transaction, ticket, line, settings)
    ticket.save(force_insert=True)
    return ticket


def _procedure(line: Line, one: OfflineTicket, transaction: OfficeTransaction) -> Procedure | None:
    """The wish as it can be known now: a plugin switched off meanwhile takes nobody's number away."""
    if one.procedure is None:
        return None
    return gate.known_procedure(line.department, one.procedure, transaction.office_id)


def _claimed(one: OfflineTicket) -> Priority:
    """The class claimed; one that is not known any more costs nobody the number."""
    try:
        return parse_priority(one.priority)
    except DomainError:
        return Priority.NORMAL


def _arrival(office_id: int, issued_at: datetime) -> int:
    """The place in the order of arrival that a moment has: after everything the journal knew by then."""
    last = (
        Journal.select(fn.MAX(Journal.seq))
        .where((Journal.office == office_id) & (Journal.at <= issued_at))
        .scalar()
    )
    return int(last or 0)


def _cancel_ghost(transaction: OfficeTransaction, actor: Actor, one: OfflineTicket) -> None:
    """The request whose answer never came may have given a number, or may still come: one wish, one number."""
    if not one.wish_key:
        return
    earlier = idempotency.answer_to(actor.name, one.wish_key)
    if earlier is None:
        idempotency.remember(actor.name, one.wish_key, SUPERSEDED, 409, "{}", transaction.now)
        return
    given = json.loads(earlier.body or "{}").get("id")
    ghost = (
        Ticket.select(Ticket, Line)
        .join(Line, on=Ticket.line)
        .where((Ticket.id == given) & (Ticket.office == transaction.office_id))
        .first()
        if isinstance(given, int)
        else None
    )
    if ghost is None or ghost.state != TicketState.WAITING:
        return
    PrintJob.update(state=PrintState.EXPIRED).where(
        (PrintJob.ticket == ghost.id) & (PrintJob.state << STATES)
    ).execute()
    was, ghost.state = ghost.state, TICKET_MOVES.apply(TicketState(ghost.state), "cancel")
    ghost.ended_at = transaction.now
    ghost.save(only=[Ticket.state, Ticket.ended_at])
    announce(transaction, TicketCancelled(**ticket_facts(ghost, ghost.line), was=str(was)))
