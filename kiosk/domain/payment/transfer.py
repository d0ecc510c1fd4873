"""Money that moved on an account of the office, as a bank's notice or a statement tells of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.domain.errors import DomainError
from kiosk.domain.money import LARGEST_AMOUNT

_WHOLE = re.compile(r"[0-9]{1,13}")
_GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3}(?:\1[0-9]{3})*)?")
_NO_FRACTION = re.compile(r"[.,]0{1,2}$")


@dataclass(frozen=True)
class Transfer:
    """One movement, whoever tells of it.

    `amount` is in whole đồng and above zero, `incoming` says which way it went, `at` is when the bank booked it.
    `teller_id` is what the one who tells calls it, `bank_reference` what the bank does, "" where none is said. `memo`
    mostly holds names and stays out of logs and journal.
    """

    teller_id: str
    bank_reference: str
    account: str
    amount: int
    incoming: bool
    at: datetime
    memo: str = field(repr=False)


def whole_amount(value: object) -> int:
    """The amount in a notice: a JSON integer or its digits as text, in whole đồng.

    Raises DomainError("amount_malformed") for a fraction, a sign, a grouped or empty text, a truth value, zero and what
    is longer than thirteen digits: a machine that writes such a thing means something else.
    """
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value)
    if type(value) is not int or not 0 < value <= LARGEST_AMOUNT:
        raise DomainError("amount_malformed", field="amount")
    return value


def written_amount(text: str) -> int:
    """The amount in a statement, as a bank writes it for people: "31,160", "31.160", "31160", "31,160.00".

    Raises DomainError("amount_malformed") for a sign, a fraction of a đồng, groups that are not of three, zero and what
    is longer than thirteen digits.
    """
    plain = text.strip().replace("\u00a0", "")
    fraction = _NO_FRACTION.search(plain)
    if fraction and not _GROUPED.fullmatch(plain):
        plain = plain[: fraction.start()]
    if not _GROUPED.fullmatch(plain) and not _WHOLE.fullmatch(plain):
        raise DomainError("amount_malformed", field="amount")
    return whole_amount(re.sub(r"[.,]", "", plain))
