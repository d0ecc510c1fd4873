"""A number taken on the phone before coming: it has its place in the queue, and is called once its holder is here."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict
from kiosk.domain.hall import RemoteSettings
from kiosk.domain.permissions import NOBODY
from kiosk.models import Ticket
from kiosk.services.hall_settings import hall_settings
from kiosk.services.issue_ticket import Issued, TicketHouse, Wish, issue_ticket
from kiosk.services.look.menu import lines

TYPICAL_OVER = timedelta(days=14)
SMALL_DAY = 20
"""A line's day is taken to have at least so many numbers, lest the first morning offers none from afar."""


def take_from_afar(office_id: int, wish: Wish, now: datetime, house: TicketHouse) -> Issued:
    """Give a number to somebody who is not here yet. `wish` names who (`person_key`).

    Raises what `issue_ticket` raises, Conflict("remote_not_offered", "remote_per_person", "remote_share_used",
    "remote_no_capacity").
    """
    settings = hall_settings(office_id).remote
    if not settings.enabled:
        raise Conflict("remote_not_offered")
    with office_transaction(office_id, now, "citizen") as transaction:
        _check_person(transaction, wish, settings)
        issued = issue_ticket(office_id, wish, NOBODY, now, house)
        _check_share(transaction, issued.ticket, settings)
        _check_capacity(office_id, issued.line.id, now)
    return issued


def remote_numbers_left(office_id: int, line_id: int, now: datetime, transaction: OfficeTransaction) -> int:
    """How many numbers of a line may still be taken from afar today."""
    share = hall_settings(office_id).remote.share_percent
    return max(0, _limit(line_id, transaction, share) - _given(line_id, transaction, remote=True))


def _check_person(transaction: OfficeTransaction, wish: Wish, settings: RemoteSettings) -> None:
    """Numbers given up again count too: else one could take and drop numbers all day."""
    mine = (
        Ticket.select()
        .where(
            (Ticket.day == transaction.day)
            & (Ticket.person_key == wish.person_key)
            & (Ticket.office == transaction.office_id)
            & (Ticket.remote == True)  # noqa: E712  (SQL, not Python)
        )
        .count()
    )
    if mine >= settings.per_person:
        raise Conflict("remote_per_person", most=settings.per_person)


def _check_share(transaction: OfficeTransaction, ticket: Ticket, settings: RemoteSettings) -> None:
    """Asked after the number was given, which is undone with the transaction: only then its line is known."""
    line = ticket.home_id
    if _given(line, transaction, remote=True) > _limit(line, transaction, settings.share_percent):
        raise Conflict("remote_share_used", line=line)


def _check_capacity(office_id: int, line_id: int, now: datetime) -> None:
    line = next(each for each in lines(office_id, now) if each["id"] == line_id)
    if line["capacity"]["fits"] == "no":
        raise Conflict("remote_no_capacity", line=line_id)


def _limit(line_id: int, transaction: OfficeTransaction, share_percent: int) -> int:
    """The share of what the line gives on a day: today so far or on a usual day, whichever is more."""
    basis = max(_given(line_id, transaction), _usual(line_id, transaction), SMALL_DAY)
    return max(1, math.floor(basis * share_percent / 100))


def _given(line_id: int, transaction: OfficeTransaction, *, remote: bool = False) -> int:
    rows = Ticket.select().where((Ticket.home == line_id) & (Ticket.day == transaction.day))
    return int(rows.where(Ticket.remote == True).count() if remote else rows.count())  # noqa: E712  (SQL, not Python)


def _usual(line_id: int, transaction: OfficeTransaction) -> int:
    """The mean of the days of the last two weeks on which the line gave numbers."""
    rows = (
        Ticket.select(fn.COUNT(Ticket.id))
        .where(
            (Ticket.home == line_id)
            & (Ticket.day < transaction.day)
            & (Ticket.day >= transaction.day - TYPICAL_OVER)
        )
        .group_by(Ticket.day)
    )
    days = [given for (given,) in rows.tuples()]
    return round(sum(days) / len(days)) if days else 0
