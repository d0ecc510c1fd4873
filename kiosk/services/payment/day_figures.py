"""Add a money day up from its rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from peewee import fn

from kiosk.domain.payment.closing import AccountFigures, CounterFigures, DayFigures
from kiosk.domain.payment.states import UNPAID, PaymentState
from kiosk.models import (
    CashCount,
    Contradiction,
    Counter,
    Credit,
    Payment,
    Receipt,
    Refund,
    SetAside,
    Transfer,
)
from kiosk.services.payment.providers import CASH

PAID_OUT = "paid_out"


def figures_of(office_id: int, day: date) -> DayFigures:
    """The figures of a day that is not sealed yet, or as they were when it was."""
    return DayFigures(
        day=day.isoformat(),
        counters=_counters(office_id, day),
        account=_account(office_id, day),
        receipts=_receipts(office_id, day),
        unconfirmed=_unconfirmed(office_id, day),
        overpaid=_overpaid(office_id),
        contradictions=Contradiction.select()
        .where((Contradiction.office == office_id) & Contradiction.open)
        .count(),
    )


def _counters(office_id: int, day: date) -> tuple[CounterFigures, ...]:
    found: dict[int | None, dict[str, Any]] = defaultdict(lambda: {"received": defaultdict(int)})
    asked = (
        Payment.select(
            Payment.counter, Payment.state, fn.SUM(Payment.amount), fn.SUM(Payment.amount - Payment.received)
        )
        .where(
            (Payment.office == office_id) & (Payment.day == day) & (Payment.state != PaymentState.CANCELLED)
        )
        .group_by(Payment.counter, Payment.state)
    )
    for counter, state, amount, rest in asked.tuples():
        sums = found[counter]
        if state == PaymentState.EXEMPT:
            sums["exempt"] = sums.get("exempt", 0) + int(amount)
            continue
        sums["asked"] = sums.get("asked", 0) + int(amount)
        if state in (*UNPAID, PaymentState.PARTLY_PAID):
            sums["unpaid"] = sums.get("unpaid", 0) + int(rest)
    credited = (
        Credit.select(Credit.counter, Credit.method, fn.SUM(Credit.amount))
        .where((Credit.office == office_id) & (Credit.day == day))
        .group_by(Credit.counter, Credit.method)
    )
    for counter, method, amount in credited.tuples():
        found[counter]["received"][method] += int(amount)
    cash_back: dict[int | None, int] = defaultdict(int)
    refunds = (
        Refund.select(Refund.counter, Refund.method, fn.SUM(Refund.amount))
        .where(
            (Refund.office == office_id)
            & (Refund.day == day)
            & (Refund.state == PAID_OUT)
            & Refund.payment.is_null(False)
        )
        .group_by(Refund.counter, Refund.method)
    )
    for counter, method, amount in refunds.tuples():
        found[counter]["refunded"] = found[counter].get("refunded", 0) + int(amount)
        if method == CASH:
            cash_back[counter] += int(amount)
    counts = {
        row.counter_id: row
        for row in CashCount.select().where((CashCount.office == office_id) & (CashCount.day == day))
    }
    places = {row.id: row for row in Counter.select().where(Counter.office == office_id)}
    rows = []
    for counter in {*found, *counts}:
        sums, place, count = found[counter], places.get(counter), counts.get(counter)
        rows.append(
            CounterFigures(
                counter=counter,
                number=place.number if place else None,
                title=place.title if place else "",
                received=dict(sorted(sums.pop("received").items())),
                cash_expected=found_cash(office_id, day, counter) - cash_back[counter],
                counted=count.amount if count else None,
                note=count.note if count else "",
                **sums,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.number is None, row.number or 0)))


def first_day_with_money(office_id: int, after: date | None, before: date) -> date | None:
    """The first day between two (neither included; `after` None is from the beginning) on which any money moved."""
    found = []
    for model in (Credit, Transfer, Refund, Receipt, SetAside):
        column: Any = model.day
        wanted = (model.office == office_id) & (column < before)
        if after is not None:
            wanted &= column > after
        found.append(model.select(fn.MIN(column)).where(wanted).scalar())
    days = [date.fromisoformat(day) if isinstance(day, str) else day for day in found if day is not None]
    return min(days, default=None)


def found_cash(office_id: int, day: date, counter: int | None) -> int:
    """The cash a counter took in on a day, mistakes taken off, in đồng."""
    where = (Credit.office == office_id) & (Credit.day == day) & (Credit.method == CASH)
    where &= Credit.counter.is_null() if counter is None else Credit.counter == counter
    return int(Credit.select(fn.SUM(Credit.amount)).where(where).scalar() or 0)


def _account(office_id: int, day: date) -> AccountFigures:
    opening = _flows(office_id, lambda column: column < day)
    today = _flows(office_id, lambda column: column == day)
    before = opening["came"] - opening["never_came"] - opening["credited"]
    before -= opening["returned"] + opening["aside"]
    after = before + today["came"] - today["never_came"] - today["credited"]
    after -= today["returned"] + today["aside"]
    return AccountFigures(opening=before, closing=after, **today)


def _flows(office_id: int, on: Any) -> dict[str, int]:
    """What came and went on some days, by what became of it; `on` makes a condition of a column."""

    def total(column: Any, *where: Any) -> int:
        query = column.model.select(fn.SUM(column)).where(column.model.office == office_id, *where)
        return int(query.scalar() or 0)

    return {
        "came": total(Transfer.amount, Transfer.incoming == True, on(Transfer.day)),  # noqa: E712  (a column)
        "went_out": total(Transfer.amount, Transfer.incoming == False, on(Transfer.day)),  # noqa: E712
        "never_came": total(SetAside.amount, SetAside.never_came == True, on(SetAside.day)),  # noqa: E712
        "aside": total(SetAside.amount, SetAside.never_came == False, on(SetAside.day)),  # noqa: E712
        "credited": total(Credit.amount, Credit.transfer.is_null(False), on(Credit.day)),
        "returned": total(
            Refund.amount, Refund.transfer.is_null(False), Refund.state == PAID_OUT, on(Refund.day)
        ),
    }


def _receipts(office_id: int, day: date) -> dict[str, dict[str, int]]:
    sums = {kind: {"issued": 0, "voided": 0, "amount": 0} for kind in ("phi", "le_phi")}
    issued = (
        Receipt.select(Receipt.kind, fn.COUNT(Receipt.id), fn.SUM(Receipt.amount))
        .where((Receipt.office == office_id) & (Receipt.day == day))
        .group_by(Receipt.kind)
    )
    for kind, count, amount in issued.tuples():
        sums[kind]["issued"], sums[kind]["amount"] = count, int(amount)
    voided = (
        Receipt.select(Receipt.kind, fn.COUNT(Receipt.id), fn.SUM(Receipt.amount))
        .where((Receipt.office == office_id) & (Receipt.voided_day == day))
        .group_by(Receipt.kind)
    )
    for kind, count, amount in voided.tuples():
        sums[kind]["voided"] = count
        sums[kind]["amount"] -= int(amount)
    return sums


def _unconfirmed(office_id: int, day: date) -> int:
    wanted = (Transfer.office == office_id) & (Transfer.confirmed == False) & (Transfer.day <= day)  # noqa: E712
    return int(Transfer.select(fn.SUM(Transfer.amount - Transfer.aside)).where(wanted).scalar() or 0)


def _overpaid(office_id: int) -> int:
    wanted = (Payment.office == office_id) & (Payment.state == PaymentState.OVERPAID)
    held = Payment.received - Payment.refunded - Payment.amount
    return int(Payment.select(fn.SUM(held)).where(wanted).scalar() or 0)
