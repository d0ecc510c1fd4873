"""What is to be told, as rows: written from the journal and from the queue, once each, whatever is read twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import bookkeeping
from kiosk.domain.ticket import TicketState
from kiosk.models import Contact, Cursor, Journal, Message, Office, Parcel, PostMessage, Ticket
from kiosk.services.look.hall import places
from kiosk.services.read_journal import deliver

READER, POST_READER = "notify", "notify_post"
NEAR = 3
"""With so few people ahead a visitor is told to come close."""
FRESH_FOR = timedelta(minutes=5)
"""A call that is older helps nobody."""
POST_OCCASIONS = {
    "hand_over": "post_sent",
    "go_out": "post_out",
    "fail": "post_failed",
    "deliver": "post_delivered",
    "come_back": "post_returned",
}
"""By the move of a parcel; that the post has scanned it tells its recipient nothing new."""
OCCASIONS = {"ticket.called": "called", "ticket.recalled": "called", "ticket.carried_over": "carried_over"}


def read_news(now: datetime) -> int:
    """Queue a message for every call, carrying-over and step of a parcel since the last look; returns how many facts
    were read."""
    _begin_reading(READER, now)
    _begin_reading(POST_READER, now)

    def hear(event: dict[str, Any]) -> bool:
        if event["kind"] in OCCASIONS:
            _hear(event, now)
        return True

    def hear_of_parcel(event: dict[str, Any]) -> bool:
        if event.get("move") in POST_OCCASIONS:
            _hear_of_parcel(event, now)
        return True

    return deliver(READER, hear, "ticket.", now) + deliver(POST_READER, hear_of_parcel, "parcel.moved", now)


def tell_who_is_near(now: datetime) -> int:
    """Queue a message for everybody who asked for it and has few people ahead; returns how many were queued."""
    waiting = (
        Contact.select(Contact.office, Contact.ticket, Contact.channel, Ticket.postponed)
        .join(Ticket)
        .where(Ticket.state == TicketState.WAITING)
        .tuples()
    )
    by_office: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for office, ticket, channel, postponed in waiting:
        by_office[office].append((ticket, channel, postponed))
    queued = 0
    for office, wishes in by_office.items():
        where = places(office, now)
        told = _told_near([ticket for ticket, _, _ in wishes])
        for wish in wishes:
            place = where.get(wish[0])
            if place is not None and place.ahead <= NEAR and wish not in told:
                queue(office, wish[0], wish[1], "near", wish[2], now)
                queued += 1
    return queued


def queue(office: int, ticket: int, channel: str, occasion: str, round_: int, now: datetime) -> None:
    """Promise a message; the same promise twice is one."""
    with bookkeeping():
        Message.insert(
            office=office,
            ticket=ticket,
            channel=channel,
            occasion=occasion,
            round=round_,
            next_try_at=now,
            created_at=now,
        ).on_conflict_ignore().execute()


def _told_near(tickets: list[int]) -> set[tuple[int, str, int]]:
    """Who was told already; somebody who postponed comes near once more."""
    rows = Message.select(Message.ticket, Message.channel, Message.round).where(
        Message.ticket.in_(tickets) & (Message.occasion == "near")
    )
    return set(rows.tuples())


def _hear(event: Mapping[str, Any], now: datetime) -> None:
    occasion = OCCASIONS[event["kind"]]
    contacts = list(Contact.select().where(Contact.ticket == event["ticket"]))
    if not contacts or event["at"] < now - FRESH_FOR:
        return
    for contact in contacts:
        if occasion == "called":
            queue(event["office"], event["ticket"], contact.channel, occasion, event["seq"], now)
        else:
            _carry_over(contact, event, now)


def _hear_of_parcel(event: Mapping[str, Any], now: datetime) -> None:
    """Promise its recipient a message, if a channel was chosen when the parcel was registered."""
    channel = Parcel.select(Parcel.told_by).where(Parcel.id == event["parcel"]).scalar()
    if not channel:
        return
    with bookkeeping():
        PostMessage.insert(
            office=event["office"],
            parcel=event["parcel"],
            channel=channel,
            occasion=POST_OCCASIONS[event["move"]],
            round=event["seq"],
            next_try_at=now,
            created_at=now,
        ).on_conflict_ignore().execute()


def _carry_over(contact: Contact, event: Mapping[str, Any], now: datetime) -> None:
    """The new number takes the old one's place, also in what its holder is told."""
    with bookkeeping():
        Contact.insert(
            office=contact.office_id,
            ticket=event["to"],
            channel=contact.channel,
            address=contact.address,
            language=contact.language,
            created_at=now,
        ).on_conflict_ignore().execute()
        queue(event["office"], event["to"], contact.channel, "carried_over", event["seq"], now)


def _begin_reading(reader: str, now: datetime) -> None:
    """A new reader begins with the last minutes: nobody is told of calls of last year."""
    known = Cursor.select(Cursor.office).where(Cursor.reader == reader)
    for office in Office.select(Office.id).where(Office.id.not_in(known)):
        old = Journal.select(fn.MAX(Journal.seq)).where(
            (Journal.office == office.id) & (Journal.at < now - FRESH_FOR)
        )
        with bookkeeping():
            Cursor.insert(
                office=office.id, reader=reader, seq=old.scalar() or 0
            ).on_conflict_ignore().execute()
