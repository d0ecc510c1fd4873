"""Whether somebody tells of a movement that is known already.

A notice, a statement and a person may all tell of one transfer, each in their own words. It is the same when whoever
tells gives it the same number, when the bank's reference is the same, or when account, direction, amount and memo agree
within a day and a half and the two are not told apart by anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from kiosk.domain.payment.reference import find_references
from kiosk.domain.payment.transfer import Transfer

SAME_REFERENCE = timedelta(days=3)
"""Banks count their document numbers anew; after this long the same one may mean another movement."""
ALIKE = timedelta(hours=36)
"""A statement gives the day, a notice the minute, and what is sent at night is booked the next morning."""
SHORTEST_PART = 8
"""A shorter memo is no part of a longer one: it says too little."""

_NOISE = re.compile(r"[^0-9A-Z]+")
_LETTERS = re.compile(r"[A-Z]+")


class Source(StrEnum):
    """Who tells."""

    NOTICE = "notice"
    STATEMENT = "statement"
    HAND = "hand"


@dataclass(frozen=True)
class Told:
    """A transfer as somebody tells of it.

    Within one `session` (all notices of a messenger, one statement file) no two tellings mean the same transfer unless
    their `transfer.teller_id` is the same.
    """

    source: Source
    session: str
    transfer: Transfer


@dataclass
class KnownTransfer:
    """A transfer the office has, and who has told of it.

    `told` are (source, session, the bank's reference in its bare form), `mark` what `memo_mark` made of its memo.
    """

    id: int
    account: str
    amount: int
    incoming: bool
    at: datetime
    mark: str
    told: list[tuple[str, str, str]] = field(default_factory=list)

    def agrees(self, transfer: Transfer) -> bool:
        """Whether account, amount and direction are the same."""
        return (self.account, self.amount, self.incoming) == (
            transfer.account,
            transfer.amount,
            transfer.incoming,
        )


class Book(Protocol):
    """The transfers an office has, as `identify` looks them up."""

    def by_teller(self, session: str, teller_id: str) -> KnownTransfer | None:
        """The transfer of which that session told under that number."""

    def by_reference(self, reference: str, at: datetime) -> Iterable[KnownTransfer]:
        """Those told of with this bare bank reference, at most `SAME_REFERENCE` from `at`."""

    def alike(self, transfer: Transfer, mark: str) -> Iterable[KnownTransfer]:
        """Those of the same account, amount and direction, at most `ALIKE` from its moment, whose mark may be the same.

        Where `mark` names our references, only those with the same mark.
        """

    def remember(self, known: KnownTransfer) -> None:
        """A transfer that was just kept."""

    def tell(self, known: KnownTransfer, telling: dict[str, Any]) -> None:
        """Keep the row that says who told of it."""


@dataclass(frozen=True)
class Identity:
    """Which transfer is meant, None for a new one; `contradicts` when it was told of differently before."""

    known: KnownTransfer | None
    contradicts: bool = False


def identify(told: Told, mark: str, book: Book) -> Identity:
    """Which of the office's transfers somebody tells of."""
    transfer = told.transfer
    if transfer.teller_id and (known := book.by_teller(told.session, transfer.teller_id)):
        return Identity(known, not known.agrees(transfer))
    reference = bare_reference(transfer.bank_reference)
    if reference:
        same = [
            each for each in book.by_reference(reference, transfer.at) if each.account == transfer.account
        ]
        agreeing = [each for each in same if each.agrees(transfer)]
        if agreeing:
            return Identity(agreeing[0])
        if same:
            return Identity(same[0], contradicts=True)
    fitting = [
        each
        for each in book.alike(transfer, mark)
        if _not_told_apart(each, told, reference) and same_memo(each.mark, mark)
    ]
    return Identity(min(fitting, key=lambda each: (abs(each.at - transfer.at), each.id), default=None))


def _not_told_apart(known: KnownTransfer, told: Told, reference: str) -> bool:
    for source, session, earlier in known.told:
        if session == told.session:
            return False
        comparable = source == told.source or same_numbering(reference, earlier)
        if comparable and reference and earlier and reference != earlier:
            return False
    return True


def same_numbering(one: str, other: str) -> bool:
    """Whether two bare references are surely of one numbering: they begin with the same letters.

    Digits alone prove nothing: a messenger's number and a document number may be equally long.
    """
    letters, others = _LETTERS.match(one), _LETTERS.match(other)
    return bool(letters and others and letters[0] == others[0])


def bare_reference(reference: str) -> str:
    """A bank's reference without what differs from one paper to the next: capitals and digits only."""
    return _NOISE.sub("", reference.upper())


def memo_mark(memo: str, prefixes: Sequence[str]) -> str:
    """What a memo is recognised by: our references in it, else its letters and digits."""
    found = [each for prefix in prefixes for each in find_references(memo, prefix).references]
    if found:
        return "=" + ",".join(sorted(bare_reference(each) for each in found))
    plain = unicodedata.normalize("NFKD", memo).upper().replace("Đ", "D")
    return _NOISE.sub("", plain)


def names_us(mark: str) -> bool:
    """Whether a mark is made of our references."""
    return mark.startswith("=")


def same_memo(one: str, other: str) -> bool:
    """Whether two marks may be of one memo: equal, or one is a part of the other as a bank cut it off."""
    if one == other:
        return True
    if names_us(one) or names_us(other):
        return False
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_PART and short in long
