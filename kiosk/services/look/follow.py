"""One's own number as its holder sees it, answered from memory for as long as nothing happened to it.

Phones ask often and mostly for nothing: what is known of a ticket is kept in this process until the journal has an
entry about it, and its place comes from the hall's own picture (`look.hall`).
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from peewee import JOIN

from kiosk.database import binding
from kiosk.domain.errors import NotFound
from kiosk.domain.ticket import OPEN_STATES, TicketState
from kiosk.models import Counter, Journal, Line, Office, Ticket
from kiosk.models.prepared import Prepared, Slot
from kiosk.plugin import gate
from kiosk.services.look.hall import Place, last_seq_of, places
from kiosk.services.look.money import payment_of_ticket
from kiosk.services.rate_service import is_visit_rated
from kiosk.services.visit.postpone import MOST_POSTPONED

POLL_SECONDS_FAR, POLL_SECONDS_NEAR, POLL_SECONDS_QUIET = 15, 4, 60
NEAR = 3
"""With so few people ahead a phone asks more often."""
FOLLOWED_FOR = timedelta(days=1)
MOST_KEPT = 20_000
SHORTEST_TOKEN, LONGEST_TOKEN = 16, 64

TICKET = Prepared(
    lambda: (
        Ticket.select(Ticket, Line, Counter, Office)
        .join(Line, on=Ticket.line)
        .switch(Ticket)
        .join(Counter, JOIN.LEFT_OUTER, on=Ticket.counter)
        .switch(Ticket)
        .join(Office)
        .where(Ticket.token == Slot("token"))
        .limit(1)
    )
)
SINCE = Prepared(
    lambda: (
        Journal.select(Journal.kind, Journal.facts)
        .where((Journal.office == Slot("office")) & (Journal.seq > Slot("seq")))
        .order_by(Journal.seq)
        .tuples()
    )
)
HOUSE_KINDS = ("line.", "counter.", "plugin.", "procedure.", "catalogue.", "office.", "hall.")
"""Entries of these kinds may change words on everybody's page."""


@dataclass
class _Known:
    """A ticket as it was read, what does not move, and the last answer made from it."""

    ticket: int
    office: int
    day: date
    zone: ZoneInfo
    state: TicketState
    facts: dict[str, Any]
    called: dict[str, Any]
    answer: tuple[Any, str, bytes] | None = None


@dataclass
class _Phones:
    """What is known of the tickets of one office, and up to which entry of its journal that holds."""

    seq: int
    by_token: OrderedDict[str, _Known] = field(default_factory=OrderedDict)
    token_of: dict[int, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget(self, ticket: int) -> None:
        token = self.token_of.pop(ticket, None)
        if token is not None:
            self.by_token.pop(token, None)

    def clear(self) -> None:
        self.by_token.clear()
        self.token_of.clear()

    def keep(self, token: str, known: _Known) -> None:
        self.by_token[token] = known
        self.token_of[known.ticket] = token
        while len(self.by_token) > MOST_KEPT:
            _, oldest = self.by_token.popitem(last=False)
            self.token_of.pop(oldest.ticket, None)


_phones: dict[tuple[int, int], _Phones] = {}
_office_of: OrderedDict[tuple[int, str], int] = OrderedDict()


def follow(token: str, now: datetime) -> dict[str, Any]:
    """What the holder of a ticket sees on the phone, until the end of the next day.

    Raises NotFound("unknown_ticket") for a wrong or an old token alike.
    """
    known = _read(token)
    return _answer(known, _place(known, now), now)


def follow_answer(token: str, now: datetime) -> tuple[str, bytes]:
    """The same as (ETag, JSON), from memory where nothing happened. Raises NotFound("unknown_ticket")."""
    known = _known(token)
    place = _place(known, now)
    today = now.astimezone(known.zone).date()
    key = (place, today)
    if known.answer is None or known.answer[0] != key:
        body = json.dumps(_answer(known, place, now), ensure_ascii=False, separators=(",", ":")).encode()
        known.answer = key, hashlib.sha256(body).hexdigest()[:20], body
    return known.answer[1], known.answer[2]


def ticket_of_token(token: str) -> tuple[int, int]:
    """(office id, ticket id) of a follow token. Raises NotFound("unknown_ticket")."""
    row = Ticket.select(Ticket.office, Ticket.id).where(Ticket.token == token).tuples().first()
    if row is None:
        raise NotFound("unknown_ticket", ticket=None)
    return int(row[0]), int(row[1])


def _known(token: str) -> _Known:
    database = binding()
    office = _office_of.get((database, token))
    if office is not None:
        phones = _phones.get((database, office))
        if phones is not None:
            _catch_up(phones, office)
            known = phones.by_token.get(token)
            if known is not None:
                return known
    return _learn(database, token)


def _learn(database: int, token: str) -> _Known:
    # The sequence first: what happens in between is then looked at again rather than missed.
    office, _ = ticket_of_token(token)
    phones = _phones.get((database, office))
    if phones is None:
        phones = _phones.setdefault((database, office), _Phones(last_seq_of(office)))
    _catch_up(phones, office)
    with phones.lock:
        seq = phones.seq
    known = _read(token)
    with phones.lock:
        if phones.seq == seq:
            phones.keep(token, known)
            _office_of[database, token] = office
            while len(_office_of) > MOST_KEPT:
                _office_of.popitem(last=False)
    return known


def _catch_up(phones: _Phones, office: int) -> None:
    seq = last_seq_of(office)
    if seq == phones.seq:
        return
    with phones.lock:
        if seq < phones.seq:  # another database under the same name: a restore
            phones.clear()
        else:
            for kind, facts in SINCE.all(office=office, seq=phones.seq):
                if kind.startswith(HOUSE_KINDS):
                    phones.clear()
                elif kind.startswith(("ticket.", "service.", "payment.")):
                    phones.forget(json.loads(facts).get("ticket") or 0)
        phones.seq = max(seq, phones.seq) if seq >= phones.seq else seq


def _read(token: str) -> _Known:
    if not SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN:
        raise NotFound("unknown_ticket", ticket=None)
    ticket = TICKET.first(token=token)
    if ticket is None:
        raise NotFound("unknown_ticket", ticket=None)
    with gate.breath():
        procedure = (
            gate.known_procedure(ticket.line.department, ticket.procedure, ticket.office_id)
            if ticket.procedure
            else None
        )
    state = TicketState(ticket.state)
    return _Known(
        ticket=ticket.id,
        office=ticket.office_id,
        day=ticket.day,
        zone=ZoneInfo(ticket.office.zone),
        state=state,
        facts={
            "label": ticket.label,
            "department": ticket.line.title,
            "department_en": ticket.line.title_en,
            "line_title": ticket.line.title,
            "area": ticket.line.area,
            "procedure": procedure.name if procedure else None,
            "day": ticket.day.isoformat(),
            "issued_at": ticket.issued_at.isoformat(),
            "due_at": _iso(ticket.due_at),
            "not_before": _iso(ticket.not_before),
            "park": {"reason": ticket.park["reason"], "room": ticket.park["room"]} if ticket.park else None,
            "next_services": _further(ticket),
            "carried": _carried(ticket),
            "rating": _rating(ticket),
            "bring": [component.name for component in procedure.components] if procedure else [],
            "moves": _moves(ticket, state),
            "payment": _payment(ticket),
            "office": {
                "key": ticket.office.key,
                "title": ticket.office.title,
                "subtitle": ticket.office.subtitle,
                "zone": ticket.office.zone,
            },
        },
        called={
            "counter": {"number": ticket.counter.number} if ticket.counter_id else None,
            "called_at": _iso(ticket.called_at),
            "recalls": ticket.recalls,
        },
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _further(ticket: Ticket) -> list[dict[str, str]]:
    lines = {row.id: row for row in Line.select().where(Line.id << [each["line"] for each in ticket.plan])}
    rows = [lines[each["line"]] for each in ticket.plan if each["line"] in lines]
    return [{"title": row.title, "title_en": row.title_en} for row in rows]


def _carried(ticket: Ticket) -> dict[str, Any] | None:
    """The number of the next working day that stands for this one; its token is the same holder's to know."""
    if ticket.carried_to_id is None:
        return None
    new = Ticket.get_by_id(ticket.carried_to_id)
    return {"label": new.label, "follow_url": f"/t/{new.token}", "day": new.day.isoformat()}


def _rating(ticket: Ticket) -> str:
    if ticket.state != TicketState.FINISHED or ticket.forgotten:
        return "none"
    return "given" if is_visit_rated(ticket.id) else "asked"


def _payment(ticket: Ticket) -> dict[str, Any] | None:
    """What the visit owes and how to pay it; nothing about who."""
    card = payment_of_ticket(ticket.id, "vi")
    if card is None:
        return None
    names = ("reference", "state", "amount", "received", "qr", "account", "expires_at")
    return {name: card[name] for name in names}


def _moves(ticket: Ticket, state: TicketState) -> list[str]:
    """What the holder may do now."""
    if state is TicketState.EXPECTED:
        return ["cancel", "check_in"]
    if state is TicketState.WAITING:
        return ["cancel", "later"] if ticket.postponed < MOST_POSTPONED else ["cancel"]
    return []


def _place(known: _Known, now: datetime) -> Place | None:
    """Where the ticket stands in today's queue, if it waits there."""
    today = now.astimezone(known.zone).date()
    if known.day < today - FOLLOWED_FOR:
        raise NotFound("unknown_ticket", ticket=None)
    if known.state is not TicketState.WAITING or known.day != today:
        return None
    return places(known.office, now).get(known.ticket)


def _answer(known: _Known, place: Place | None, now: datetime) -> dict[str, Any]:
    today = now.astimezone(known.zone).date()
    over = known.day < today and known.state in OPEN_STATES
    state = str(TicketState.EXPIRED) if over else str(known.state)
    ahead, low, high = place or (0, 0, 0)
    return {
        **known.facts,
        "state": state,
        "people_ahead": ahead,
        "wait_minutes": [low, high],
        **known.called,
        "moves": [move for move in known.facts["moves"] if known.day == today or move == "cancel"]
        if known.day >= today
        else [],
        "poll_seconds": _poll_seconds(known, place, today),
    }


def _poll_seconds(known: _Known, place: Place | None, today: date) -> int:
    payment = known.facts["payment"]
    if payment is not None and payment["state"] in {"waiting", "partly_paid"} and known.day == today:
        return POLL_SECONDS_NEAR
    if known.state not in OPEN_STATES or known.day != today:
        return POLL_SECONDS_QUIET
    if known.state is TicketState.WAITING and place is not None and place.ahead > NEAR:
        return POLL_SECONDS_FAR
    return POLL_SECONDS_NEAR if known.state in {TicketState.WAITING, TicketState.CALLED} else POLL_SECONDS_FAR
