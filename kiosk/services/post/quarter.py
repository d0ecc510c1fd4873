"""The post's own quarterly figures, noted to be compared with ours (the post reports by the 10th after a quarter)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from kiosk.database import office_transaction
from kiosk.domain.errors import DomainError
from kiosk.domain.events import PostFiguresNoted
from kiosk.domain.permissions import Actor
from kiosk.domain.post.terms import months_after
from kiosk.models import PostQuarter
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import honoured_carrier

FIGURES = ("received", "sent", "delivered", "returned", "collected")
MOST = 10**12


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first and last day of a quarter. Raises DomainError("unknown_quarter")."""
    if not (2000 <= year <= 2100 and 1 <= quarter <= 4):
        raise DomainError("unknown_quarter", field="quarter")
    first = date(year, 3 * quarter - 2, 1)
    return first, date.fromordinal(months_after(first, 3).toordinal() - 1)


def note_quarter(
    carrier: str, year: int, quarter: int, figures: Mapping[str, Any], actor: Actor, now: datetime
) -> PostQuarter:
    """Note what the post reports of a quarter; noted again, the later report holds, and both stay in the journal.

    Raises NotFound("unknown_carrier"), DomainError("unknown_quarter", "date_in_future", "unknown_figure",
    "out_of_range").
    """
    office_id = office_of(actor)
    first, _ = quarter_days(year, quarter)
    key = honoured_carrier(office_id, carrier).post.key
    for name, value in figures.items():
        if name not in FIGURES:
            raise DomainError("unknown_figure", field=str(name)[:40], allowed=list(FIGURES))
        if type(value) is not int or not 0 <= value <= MOST:
            raise DomainError("out_of_range", field=name)
    with office_transaction(office_id, now, actor.name) as transaction:
        if first > transaction.day:
            raise DomainError("date_in_future", field="quarter", latest=transaction.day.isoformat())
        values = {
            "figures": dict(figures),
            "officer": actor.user.id if actor.user else None,
            "at": transaction.now,
        }
        row, made = PostQuarter.get_or_create(
            office=office_id, carrier=key, year=year, quarter=quarter, defaults=values
        )
        if not made:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
        announce(
            transaction, PostFiguresNoted(carrier=key, year=year, quarter=quarter, figures=dict(figures))
        )
    return row
