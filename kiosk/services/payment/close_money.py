"""Count the cash and seal a money day; from then on its figures stand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.events import CashCounted, MoneyClosed
from kiosk.domain.money import check_amount
from kiosk.domain.names import clean_note
from kiosk.domain.payment.closing import digest
from kiosk.domain.permissions import Actor
from kiosk.models import CashCount, MoneyClose
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.payment.day_figures import figures_of, first_day_with_money
from kiosk.services.payment.money_rules import last_sealed
from kiosk.services.payment.take_money import check_counter

LONGEST_NOTE = 400


def count_cash(
    counter: int, amount: int, actor: Actor, now: datetime, *, day: date | None = None, note: str = ""
) -> CashCount:
    """What is in a counter's cash box for a day that is not sealed; counted again, the later figure holds.

    Raises NotFound("unknown_counter"), DomainError("amount_not_whole_dong", "date_in_future"), Conflict("day_sealed").
    """
    office_id = office_of(actor)
    words = clean_note(note, LONGEST_NOTE, "note") if note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        check_counter(office_id, counter, actor)
        wanted = _open_day(office_id, day or transaction.day, transaction.day)
        values = {
            "amount": check_amount(amount),
            "note": words,
            "officer": actor.user.id if actor.user else None,
            "at": transaction.now,
        }
        row, made = CashCount.get_or_create(office=office_id, counter=counter, day=wanted, defaults=values)
        if not made:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
        mine = next(c for c in figures_of(office_id, wanted).counters if c.counter == counter)
        announce(
            transaction,
            CashCounted(
                counter=counter,
                counted=amount,
                expected=mine.cash_expected,
                money_day=wanted.isoformat(),
            ),
        )
    return row


def close_money(day: date, actor: Actor, now: datetime, *, note: str = "") -> MoneyClose:
    """Seal a day, and with it the days before it on which no money moved; a difference needs a note.

    Raises Conflict("day_sealed", "earlier_day_open", "cash_not_counted", "money_does_not_balance"), DomainError("date_in_future",
    "difference_needs_note").
    """
    office_id = office_of(actor)
    words = clean_note(note, LONGEST_NOTE, "note") if note.strip() else ""
    with office_transaction(office_id, now, actor.name) as transaction:
        _open_day(office_id, day, transaction.day)
        earlier = first_day_with_money(office_id, last_sealed(office_id), day)
        if earlier is not None:
            raise Conflict("earlier_day_open", day=earlier.isoformat())
        figures = figures_of(office_id, day)
        if figures.uncounted:
            raise Conflict("cash_not_counted", counters=[c.number for c in figures.uncounted])
        if not figures.account.balances:
            raise Conflict("money_does_not_balance")
        if any(c.difference for c in figures.counters) and not words:
            raise DomainError("difference_needs_note", field="note", difference=figures.difference)
        stored = figures.as_json()
        row = MoneyClose.create(
            office=office_id,
            day=day,
            figures=stored,
            digest=digest(stored),
            note=words,
            officer=actor.user.id if actor.user else None,
            at=transaction.now,
        )
        announce(
            transaction,
            MoneyClosed(
                money_day=day.isoformat(),
                received=figures.received,
                refunded=figures.refunded,
                unmatched=figures.account.closing,
                difference=figures.difference,
                digest=row.digest,
            ),
        )
    return row


def sealed(office_id: int, day: date) -> MoneyClose | None:
    """The seal of a day, if it has one of its own."""
    return MoneyClose.get_or_none((MoneyClose.office == office_id) & (MoneyClose.day == day))


def seal_holds(row: MoneyClose) -> bool:
    """Whether the stored figures are still those that were sealed."""
    return digest(row.figures) == row.digest


def first_open_day(office_id: int, today: date) -> date:
    """The day money belongs to now."""
    last = last_sealed(office_id)
    return today if last is None else max(today, last + timedelta(days=1))


def _open_day(office_id: int, day: date, today: date) -> date:
    last = last_sealed(office_id)
    if last is not None and day <= last:
        raise Conflict("day_sealed", day=day.isoformat(), last=last.isoformat())
    if day > first_open_day(office_id, today):
        raise DomainError("date_in_future", field="day", latest=first_open_day(office_id, today).isoformat())
    return day
