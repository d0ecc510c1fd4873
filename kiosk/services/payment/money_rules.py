"""How an office handles money, and to which day money belongs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.events import MoneyRulesChanged
from kiosk.domain.payment.rules import MoneyRules
from kiosk.models import MoneyClose, Office
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.announce import announce

RULES = Prepared(lambda: Office.select(Office.money).where(Office.id == Slot("office")).limit(1))
SEALED = Prepared(
    lambda: MoneyClose.select(fn.MAX(MoneyClose.day)).where(MoneyClose.office == Slot("office")).tuples()
)
CHANGEABLE = frozenset({"prefix", "two_person_above", "phi_series", "le_phi_series", "remittance"})


def money_rules(office_id: int) -> MoneyRules:
    """The rules in force. Raises NotFound("unknown_office")."""
    row = RULES.first(office=office_id)
    if row is None:
        raise NotFound("unknown_office", office=office_id)
    return MoneyRules.from_json(row.money)


def change_money_rules(office_id: int, values: Mapping[str, Any], now: datetime, actor: str) -> MoneyRules:
    """Set the named rules; a prefix that is replaced goes on being recognised. No change, no entry.

    Raises DomainError("money_rule_malformed", "reference_prefix_malformed").
    """
    unknown = sorted(values.keys() - CHANGEABLE)
    if unknown:
        raise DomainError("money_rule_malformed", field=unknown[0][:40])
    with office_transaction(office_id, now, actor) as transaction:
        office = Office.get_by_id(office_id)
        before = MoneyRules.from_json(office.money)
        after = replace(before, **values)
        if after.prefix != before.prefix:
            former = (before.prefix, *before.former)
            after = replace(after, former=tuple(dict.fromkeys(p for p in former if p != after.prefix)))
        after.check()
        changed = [name for name in sorted(CHANGEABLE) if getattr(after, name) != getattr(before, name)]
        if changed:
            office.money = after.as_json()
            office.save(only=[Office.money])
            announce(transaction, MoneyRulesChanged(changed=changed))
    return after


def last_sealed(office_id: int) -> date | None:
    """The last day whose cash desk was sealed."""
    day = SEALED.scalar(office=office_id)
    return date.fromisoformat(day) if isinstance(day, str) else day


def money_day(transaction: OfficeTransaction) -> date:
    """The day money belongs to that is heard of now: a sealed day never changes any more."""
    if "money_day" not in transaction.kept:
        sealed = last_sealed(transaction.office_id)
        after = transaction.day if sealed is None else sealed + timedelta(days=1)
        transaction.kept["money_day"] = max(transaction.day, after)
    day: date = transaction.kept["money_day"]
    return day


def rules_in(transaction: OfficeTransaction) -> MoneyRules:
    """The rules in force, read once a change."""
    if "money_rules" not in transaction.kept:
        transaction.kept["money_rules"] = money_rules(transaction.office_id)
    rules: MoneyRules = transaction.kept["money_rules"]
    return rules
