"""List what each department's receipts brought, for the budget it belongs to, when its circular says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import RemittanceMade
from kiosk.domain.payment.rules import Stretch, stretch_of
from kiosk.domain.permissions import Actor
from kiosk.models import Dossier, Receipt, Remittance
from kiosk.services.announce import announce
from kiosk.services.payment.confirm_payment import office_of
from kiosk.services.payment.money_rules import last_sealed, money_rules
from kiosk.services.payment.receipts import receipt_number


@dataclass(frozen=True)
class Owed:
    """What a department has to remit for a stretch: sums in đồng, `open` while some of its days are not sealed."""

    department: str
    rule: str
    stretch: Stretch
    phi: int = 0
    le_phi: int = 0
    receipts: int = 0
    open: bool = False


def owed(office_id: int) -> list[Owed]:
    """What was not remitted yet, by department and stretch, the most urgent first."""
    rules, last = money_rules(office_id), last_sealed(office_id)
    found: dict[tuple[str, date], Owed] = {}
    for receipt, sign in _pending(office_id):
        rule = rules.rule_of(receipt.department)
        day = receipt.day if sign > 0 else receipt.voided_day
        stretch = stretch_of(rule, day)
        key = receipt.department, stretch.last
        known = found.get(key) or Owed(receipt.department, str(rule), stretch)
        amount = sign * receipt.amount
        known = replace(
            known,
            receipts=known.receipts + 1,
            open=known.open or last is None or day > last,
            **{receipt.kind: getattr(known, receipt.kind) + amount},
        )
        found[key] = known
    return sorted(found.values(), key=lambda each: (each.stretch.due_on, each.department))


def make_remittance(department: str, last_day: date, actor: Actor, now: datetime) -> Remittance:
    """List a department's receipts up to the end of a stretch; what was voided after it was remitted is taken off.

    Raises Conflict("nothing_to_remit", "day_not_sealed"), DomainError("not_a_stretch").
    """
    office_id = office_of(actor)
    with office_transaction(office_id, now, actor.name) as transaction:
        rule = money_rules(office_id).rule_of(department)
        stretch = stretch_of(rule, last_day)
        if stretch.last != last_day:
            raise DomainError("not_a_stretch", field="last_day", last=stretch.last.isoformat())
        # A stretch that is not over may be remitted up to what is sealed: the calendar names the latest day, not the first.
        seal = last_sealed(office_id)
        rows = [
            (receipt, sign)
            for receipt, sign in _pending(office_id, department)
            if (receipt.day if sign > 0 else receipt.voided_day) <= last_day
        ]
        if not rows:
            raise Conflict("nothing_to_remit")
        latest = max(receipt.day if sign > 0 else receipt.voided_day for receipt, sign in rows)
        if seal is None or latest > seal:
            raise Conflict("day_not_sealed", day=latest.isoformat())
        sums: dict[str, int] = defaultdict(int)
        for receipt, sign in rows:
            sums[receipt.kind] += sign * receipt.amount
        number = Remittance.select(fn.MAX(Remittance.number)).where(Remittance.office == office_id).scalar()
        row = Remittance.create(
            office=office_id,
            department=department,
            number=(number or 0) + 1,
            rule=rule,
            first_day=min(stretch.first, *(receipt.day for receipt, _ in rows)),
            last_day=last_day,
            due_on=stretch.due_on,
            phi=sums["phi"],
            le_phi=sums["le_phi"],
            receipts=len(rows),
            officer=actor.user.id if actor.user else None,
            at=transaction.now,
            day=transaction.day,
        )
        for receipt, sign in rows:
            column = Receipt.remittance if sign > 0 else Receipt.taken_off
            Receipt.update({column: row.id}).where(Receipt.id == receipt.id).execute()
        announce(
            transaction,
            RemittanceMade(
                remittance=row.id,
                department=department,
                first=row.first_day.isoformat(),
                last=row.last_day.isoformat(),
                due_on=row.due_on.isoformat(),
                phi=row.phi,
                le_phi=row.le_phi,
                receipts=row.receipts,
            ),
        )
    return row


def find_remittance(office_id: int, remittance_id: int) -> Remittance:
    """Raises NotFound("unknown_remittance")."""
    row = Remittance.get_or_none((Remittance.id == remittance_id) & (Remittance.office == office_id))
    if row is None:
        raise NotFound("unknown_remittance", remittance=remittance_id)
    return row


def lines_of(row: Remittance) -> list[dict[str, Any]]:
    """The receipts a remittance lists, those it takes off with a negative amount."""
    wanted = (Receipt.remittance == row.id) | (Receipt.taken_off == row.id)
    rows = Receipt.select(Receipt, Dossier.code).join(Dossier).where(wanted).order_by(Receipt.id)
    return [
        {
            "number": receipt_number(each),
            "kind": each.kind,
            "day": each.day.isoformat(),
            "dossier": each.dossier.code,
            "amount": each.amount * sign,
        }
        for each in rows
        for sign in ([1] if each.remittance_id == row.id else [])
        + ([-1] if each.taken_off_id == row.id else [])
    ]


def _pending(office_id: int, department: str | None = None) -> list[tuple[Receipt, int]]:
    """(receipt, sign): those to list, and those listed before that are void by now."""
    mine = Receipt.office == office_id
    if department is not None:
        mine &= Receipt.department == department
    new = Receipt.select().where(mine & Receipt.remittance.is_null() & Receipt.voided_at.is_null())
    gone = Receipt.select().where(
        mine
        & Receipt.remittance.is_null(False)
        & Receipt.taken_off.is_null()
        & Receipt.voided_at.is_null(False)
    )
    return [(row, 1) for row in new.order_by(Receipt.id)] + [(row, -1) for row in gone.order_by(Receipt.id)]
