"""Numbers the post allotted to an office: entered once, drawn in order, never given twice."""

from __future__ import annotations

from datetime import datetime

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import NumbersAllotted
from kiosk.domain.names import clean_note
from kiosk.domain.permissions import Actor
from kiosk.domain.post.s10 import LAST_SERIAL, check_service, make_number, read_own_number
from kiosk.models import NumberPool, Parcel
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.post.carriers import offered_carrier

MOST_AT_ONCE = 1_000_000
LONGEST_NOTE = 400
LOW = 50
"""So few left, and somebody should ask the post for more."""


def allot_numbers(
    service: str, first: str, last: str, actor: Actor, now: datetime, *, carrier: str = "", note: str = ""
) -> NumberPool:
    """Enter serials the post allotted: two letters, and the first and last as eight digits or whole numbers.

    Raises DomainError("service_letters_malformed", "serial_malformed", "serials_reversed", "too_many_numbers",
    "parcel_number_malformed"), Conflict("numbers_overlap", "no_postal_carrier").
    """
    office_id = office_of(actor)
    key = offered_carrier(office_id, carrier).post.key
    letters = check_service(service)
    low, high = _serial(first, letters, "first"), _serial(last, letters, "last")
    if high < low:
        raise DomainError("serials_reversed", field="last")
    if high - low >= MOST_AT_ONCE:
        raise DomainError("too_many_numbers", field="last", most=MOST_AT_ONCE)
    words = clean_note(note, LONGEST_NOTE) if note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        # A number is one's in the whole country, so pools of other offices count as well.
        other = (
            NumberPool.select()
            .where((NumberPool.service == letters) & (NumberPool.first <= high) & (NumberPool.last >= low))
            .first()
        )
        if other is not None:
            raise Conflict(
                "numbers_overlap",
                first=make_number(letters, other.first),
                last=make_number(letters, other.last),
            )
        pool = NumberPool.create(
            office=office_id,
            carrier=key,
            service=letters,
            first=low,
            last=high,
            next=low,
            note=words,
            officer=actor.user.id if actor.user else None,
            created_at=transaction.now,
        )
        _tell(transaction, pool)
    return pool


def switch_pool(pool_id: int, *, active: bool, actor: Actor, now: datetime) -> NumberPool:
    """Stop drawing from a pool, or go on. Raises NotFound("unknown_pool")."""
    with office_transaction(office_of(actor), now, actor.name) as transaction:
        pool = NumberPool.get_or_none(
            (NumberPool.id == pool_id) & (NumberPool.office == transaction.office_id)
        )
        if pool is None:
            raise NotFound("unknown_pool", pool=pool_id)
        if bool(pool.active) != active:
            pool.active = active
            pool.save()
            _tell(transaction, pool)
    return pool


def draw(transaction: OfficeTransaction, carrier: str) -> tuple[str, int]:
    """The next free number of the oldest pool, and the pool. Raises Conflict("no_numbers_left")."""
    while True:
        pool = (
            NumberPool.select()
            .where(
                (NumberPool.office == transaction.office_id)
                & (NumberPool.carrier == carrier)
                & NumberPool.active
                & (NumberPool.next <= NumberPool.last)
            )
            .order_by(NumberPool.id)
            .first()
        )
        if pool is None:
            raise Conflict("no_numbers_left")
        number = make_number(pool.service, pool.next)
        NumberPool.update(next=pool.next + 1).where(NumberPool.id == pool.id).execute()
        # One that was typed from a printed label is passed over.
        if not Parcel.select().where(Parcel.number == number).exists():
            return number, pool.id


def numbers_left(office_id: int, carrier: str) -> int:
    """How many numbers may still be drawn."""
    left = NumberPool.select(fn.SUM(NumberPool.last - NumberPool.next + 1)).where(
        (NumberPool.office == office_id)
        & (NumberPool.carrier == carrier)
        & NumberPool.active
        & (NumberPool.next <= NumberPool.last)
    )
    return int(left.scalar() or 0)


def _serial(typed: str, letters: str, name: str) -> int:
    text = typed.strip().replace(" ", "")
    if text.isascii() and text.isdigit() and len(text) == len(str(LAST_SERIAL)):
        return int(text)
    if not text[:2].isalpha():
        raise DomainError("serial_malformed", field=name)
    number = read_own_number(text)
    if number[:2] != letters:
        raise DomainError("serial_malformed", field=name)
    return int(number[2:10])


def _tell(transaction: OfficeTransaction, pool: NumberPool) -> None:
    announce(
        transaction,
        NumbersAllotted(
            pool=pool.id,
            carrier=pool.carrier,
            service=pool.service,
            first=pool.first,
            last=pool.last,
            active=bool(pool.active),
        ),
    )
