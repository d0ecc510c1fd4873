"""Keep what a visitor thought of the service, bound to the slip the code was printed on (TT 01/2018 Đ.12.2)."""

from __future__ import annotations

from datetime import datetime

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import ServiceRated
from kiosk.models import DeclinedApplication, Dossier, Rating
from kiosk.services.announce import announce

SCORES = {3: "Rất hài lòng", 2: "Hài lòng", 1: "Không hài lòng"}
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
