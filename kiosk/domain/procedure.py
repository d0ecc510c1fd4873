"""A procedure (thủ tục hành chính) as a department's plugin describes it: components, terms, fees, rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kiosk.domain.deadlines import Term

SURE_CODES = frozenset({"verified", "memory-high"})
"""Confidences of a code that need nobody's second look."""


class ClockStart(StrEnum):
    """What starts the legal clock (QĐ 45/2016 Đ.7.4; NĐ 99/2022 Đ.16.2; NĐ 28/2015 Đ.18.1)."""

    RECEIPT = "receipt"
    DECIDING_AGENCY = "deciding_agency"
    POSTMARK = "postmark"


class SupplementClock(StrEnum):
    """What a supplement does to the term: anew by the decree, or paused where a special law says so."""

    RESTART = "restart"
    PAUSE = "pause"


@dataclass(frozen=True)
class Component:
    """One paper of the dossier; counts are sheets asked for; `condition` says when it is not always needed."""

    name: str
    originals: int
    copies: int
    condition: str | None = None
    max_age_months: int | None = None
    """How old the paper may be at the most, where the law says so."""


@dataclass(frozen=True)
class FeeCase:
    """One line of the fee table: whole đồng in person and online, in force within its dates (both included)."""

    key: str
    title: str
    direct: int
    online: int
    unit: str = "lần"
    kind: str = "le_phi"
    basis: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    online_from: date | None = None
    """The online amount holds only inside `online_from`–`online_to`; the direct one before and after."""
    online_to: date | None = None
    extra: bool = False
    """Comes on top of another case (per further copy, per page) and is reckoned by the department's rule."""
    by_rule: bool = False
    """Has no amount of its own: the department's rule reckons it by a formula, which `note` tells in words."""
    unknown: bool = False
    """Nobody has found the amount yet: nothing is charged before the department has confirmed it."""
    note: str | None = None

    def amount(self, online: bool, on: date) -> int:
        """What the case costs on that day by that channel, in whole đồng."""
        if not online:
            return self.direct
        if self.online_from and on < self.online_from:
            return self.direct
        if self.online_to and on > self.online_to:
            return self.direct
        return self.online

    def in_force(self, on: date) -> bool:
        """Whether the case may be used on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True)
class TermCase:
    """A term that replaces the usual one when its case applies; `term` None means no fixed deadline."""

    key: str
    title: str
    term: Term | None


@dataclass(frozen=True)
class OnlineLevel:
    """Level 1–4 of the online service (TT 32/2017 Đ.5) with the days on which it was provided at it."""

    level: int
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Procedure:
    """One procedure of one department; (code, department) is its key in law, `key` its key in the system."""

    department: str
    key: str
    name: str
    field_name: str
    term: Term | None
    components: tuple[Component, ...]
    fees: tuple[FeeCase, ...]
    code: str | None = None
    term_cases: tuple[TermCase, ...] = ()
    levels: tuple[OnlineLevel, ...] = ()
    post_receive: bool = False
    post_return: bool = False
    clock_start: ClockStart = ClockStart.RECEIPT
    supplement_clock: SupplementClock = SupplementClock.RESTART
    on_the_spot: bool = False
    """Answered while the citizen waits: recorded without a receipt slip unless one is asked for (NĐ 61/2018 Đ.17.4)."""
    collect_back: tuple[str, ...] = ()
    """Old papers that the citizen gives back when the result is handed over (QĐ 45/2016 Đ.9)."""
    linked_to: str | None = None
    """Department whose decision the dossier goes on to (hồ sơ liên thông), where every dossier does."""
    valid_from: date | None = None
    valid_to: date | None = None
    confidence: str = "high"
    code_confidence: str = "verified"
    source: str = ""
    notes: str = ""
    keywords: tuple[str, ...] = ()
    """Everyday words a citizen would search by."""

    @property
    def doubts(self) -> tuple[str, ...]:
        """What of it is still to be confirmed with the department: "code", "details", "fee"."""
        found = {
            "code": self.code is None or self.code_confidence not in SURE_CODES,
            "details": self.confidence != "high",
            "fee": any(case.unknown for case in self.fees),
        }
        return tuple(name for name, doubtful in found.items() if doubtful)

    def level_on(self, day: date) -> int | None:
        """The online level on that day, or None when none is known."""
        for level in self.levels:
            if (level.valid_from is None or level.valid_from <= day) and (
                level.valid_to is None or day <= level.valid_to
            ):
                return level.level
        return None

    def in_force(self, day: date) -> bool:
        """Whether dossiers of it may be received on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def fees_on(self, day: date) -> tuple[FeeCase, ...]:
        """The fee cases in force on that day."""
        return tuple(case for case in self.fees if case.in_force(day))


@dataclass(frozen=True)
class Department:
    """A sở, ban or ngành that offers procedures at the centre; `prefix` is the letter of its tickets."""

    key: str
    title: str
    title_en: str
    prefix: str
    agency_number: str
    """The two digits NN of TT 01/2018 Đ.19 in "000.00.NN.H02"."""
    procedures: tuple[Procedure, ...] = field(default=())
    front_desk: bool = True
    """False for an authority that only gets linked dossiers from others and has no line, such as the Provincial Office."""


@dataclass(frozen=True)
class IntakeField:
    """A question the counter asks because a fee or a term depends on it."""

    key: str
    title: str
    title_en: str
    kind: str
    """ "choice", "count", "amount" (whole đồng) or "yes_no"."""
    choices: tuple[tuple[str, str], ...] = ()
    """(key, Vietnamese title) pairs, for kind "choice"."""
    default: str | int | bool | None = None
    minimum: int = 0
    maximum: int = 999
