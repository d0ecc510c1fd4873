"""Keep what a visitor thought of the service, bound to the visit or to the slip the code was printed on
(TT 01/2018 Đ.12.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ServiceRated
from kiosk.domain.names import clean_note
from kiosk.domain.ticket import TicketState
from kiosk.models import DeclinedApplication, Dossier, Rating, Ticket
from kiosk.services.announce import announce

SCORES = {3: "Rất hài lòng", 2: "Hài lòng", 1: "Không hài lòng"}
LONGEST_WORDS = 500
RATED_WITHIN = timedelta(days=3)
RATED = {"dossier": Dossier, "declined": DeclinedApplication}


def rated_thing(kind: str, key: int) -> Dossier | DeclinedApplication:
    """What a rating code stands for. Raises NotFound("unknown_rating_code")."""
    row = RATED[kind].get_or_none(RATED[kind].id == key) if kind in RATED else None
    if row is None:
        raise NotFound("unknown_rating_code")
    return row


def is_rated(kind: str, key: int) -> bool:
    """Whether the slip was rated already."""
    return Rating.select().where(getattr(Rating, kind) == key).exists()


def rate_service(kind: str, key: int, score: int, now: datetime) -> Rating:
    """Keep a rating; the first one stands. Raises NotFound("unknown_rating_code"), DomainError("unknown_score"),
    Conflict("already_rated")."""
    thing = rated_thing(kind, key)
    if score not in SCORES:
        raise DomainError("unknown_score", field="score", allowed=sorted(SCORES))
    with office_transaction(thing.office_id, now, "citizen") as transaction:
        if is_rated(kind, key):
            raise Conflict("already_rated")
        rating = Rating.create(
            office=thing.office_id,
            department=thing.department,
            ticket=thing.ticket_id,
            score=score,
            at=transaction.now,
            **{kind: key},
        )
        announce(
            transaction,
            ServiceRated(
                department=thing.department,
                score=score,
                dossier=key if kind == "dossier" else None,
                slip=key if kind == "declined" else None,
                ticket=thing.ticket_id,
            ),
        )
    return rating


def rate_visit(office_id: int, ticket_id: int, score: int, words: str, actor: str, now: datetime) -> Rating:
    """Keep what a visitor thought of a visit that is over; one a visit, the first one stands.

    `words` may name people: they stay in the row and out of the journal. Raises NotFound("unknown_ticket"),
    DomainError("unknown_score", those of clean_note), Conflict("visit_not_over", "rating_too_late", "already_rated").
    """
    if score not in SCORES:
        raise DomainError("unknown_score", field="score", allowed=sorted(SCORES))
    words = clean_note(words, LONGEST_WORDS, field="words")
    with office_transaction(office_id, now, actor) as transaction:
        ticket = Ticket.get_or_none((Ticket.id == ticket_id) & (Ticket.office == office_id))
        if ticket is None:
            raise NotFound("unknown_ticket", ticket=ticket_id)
        if ticket.state != TicketState.FINISHED or ticket.forgotten:
            raise Conflict("visit_not_over")
        if transaction.now - ticket.ended_at > RATED_WITHIN:
            raise Conflict("rating_too_late", days=RATED_WITHIN.days)
        if is_visit_rated(ticket.id):
            raise Conflict("already_rated")
        department = ticket.line.department
        rating = Rating.create(
            office=office_id,
            department=department,
            ticket=ticket.id,
            visit=ticket.id,
            score=score,
            words=words,
            at=transaction.now,
        )
        rated = ServiceRated(department=department, score=score, dossier=None, slip=None, ticket=ticket.id)
        announce(transaction, rated)
    return rating


def is_visit_rated(ticket_id: int) -> bool:
    """Whether a visit was rated already."""
    return Rating.select().where(Rating.visit == ticket_id).exists()
