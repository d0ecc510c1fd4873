"""What an office sets for its money, and when departments remit what they collected."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.money import LARGEST_AMOUNT
from kiosk.domain.payment.reference import check_prefix

THURSDAY, FRIDAY = 3, 4
DAY_OF_MONTH = 5
_SERIES = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,11}")
MOST_PREFIXES = 10


class RemittanceRule(StrEnum):
    """When what was collected is handed on to the state budget."""

    WEEKLY_THURSDAY = "weekly_thursday"
    """Every Thursday (TT 25/2021/TT-BTC)."""
    WEEKLY_FRIDAY = "weekly_friday"
    """On the fifth day of the week (TT 37/2023/TT-BTC)."""
    MONTHLY_FIFTH = "monthly_fifth"
    """By the 5th of the next month (TT 244/2016/TT-BTC, TT 226/2016/TT-BTC)."""


USUAL_RULES: Mapping[str, RemittanceRule] = {
    "public_security": RemittanceRule.WEEKLY_THURSDAY,
    "transport": RemittanceRule.WEEKLY_FRIDAY,
}
"""Departments whose circulars name a day of the week; all others remit by the month."""


@dataclass(frozen=True)
class Stretch:
    """The days one remittance covers, both included, and the day it is due."""

    first: date
    last: date
    due_on: date


def stretch_of(rule: RemittanceRule, day: date) -> Stretch:
    """The stretch a day's receipts belong to.

    A week's stretch ends on the day before the remittance, a month's on its last day.
    """
    if rule is RemittanceRule.MONTHLY_FIFTH:
        first = day.replace(day=1)
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return Stretch(first, last, last + timedelta(days=DAY_OF_MONTH))
    weekday = THURSDAY if rule is RemittanceRule.WEEKLY_THURSDAY else FRIDAY
    due = day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
    return Stretch(due - timedelta(days=7), due - timedelta(days=1), due)


@dataclass(frozen=True)
class MoneyRules:
    """How an office handles money.

    `prefix` begins its payment references, `former` are those it used before; a refund above `two_person_above` đồng
    needs a second person; `phi_series` and `le_phi_series` stand before the numbers of receipts; `remittance` names the
    calendar of departments that differ from `USUAL_RULES`.
    """

    prefix: str = "BGPH"
    former: tuple[str, ...] = ()
    two_person_above: int = 500_000
    phi_series: str = "BLP"
    le_phi_series: str = "BLLP"
    remittance: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> MoneyRules:
        """What is stored; names that are no longer known are left aside."""
        known = {each.name for each in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        return cls(**{**kept, "former": tuple(kept.get("former", ()))})

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {**asdict(self), "former": list(self.former), "remittance": dict(self.remittance)}

    @property
    def prefixes(self) -> tuple[str, ...]:
        """All prefixes a reference of this office may have, today's first."""
        return (self.prefix, *(each for each in self.former if each != self.prefix))

    def rule_of(self, department: str) -> RemittanceRule:
        """A department's remittance calendar."""
        named = self.remittance.get(department)
        return RemittanceRule(named) if named else USUAL_RULES.get(department, RemittanceRule.MONTHLY_FIFTH)

    def series_of(self, kind: str) -> str:
        """What stands before the number of a receipt for phí or lệ phí."""
        return self.phi_series if kind == "phi" else self.le_phi_series

    def check(self) -> MoneyRules:
        """Itself. Raises DomainError("reference_prefix_malformed", "money_rule_malformed")."""
        for each in self.prefixes:
            check_prefix(each)
        # A prefix inside another would find two references where there is one.
        for one in self.prefixes:
            if any(one != other and one in other for other in self.prefixes):
                raise DomainError("money_rule_malformed", field="prefix")
        if len(self.former) > MOST_PREFIXES:
            raise DomainError("money_rule_malformed", field="former")
        if type(self.two_person_above) is not int or not 0 <= self.two_person_above <= LARGEST_AMOUNT:
            raise DomainError("money_rule_malformed", field="two_person_above")
        for name in ("phi_series", "le_phi_series"):
            value = getattr(self, name)
            if not isinstance(value, str) or not _SERIES.fullmatch(value):
                raise DomainError("money_rule_malformed", field=name)
        if self.phi_series == self.le_phi_series:
            raise DomainError("money_rule_malformed", field="le_phi_series")
        if any(value not in set(RemittanceRule) for value in self.remittance.values()):
            raise DomainError("money_rule_malformed", field="remittance")
        return self
