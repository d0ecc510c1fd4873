"""The dossier: one application for one procedure, its legal moves and what they mean for the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.moves import MoveTable


class DossierState(StrEnum):
    """Where an application stands (TT 22/2019 states 4 to 10)."""

    IN_PROGRESS = "in_progress"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    SUSPENDED = "suspended"
    """The clock stands still while the applicant meets a financial duty."""
    FINISHED = "finished"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    """Processing was ended by a notice (TT 03/2025/TT-VPCP form 05), neither refused nor withdrawn."""


OPEN_STATES = (DossierState.IN_PROGRESS, DossierState.AWAITING_SUPPLEMENT, DossierState.SUSPENDED)
"""Counted as "đang giải quyết"; every other state counts as resolved."""

_OPEN_TO = {state: state for state in OPEN_STATES}
_NOT_GIVEN_OUT = {**_OPEN_TO, DossierState.FINISHED: DossierState.FINISHED}

DOSSIER_MOVES = MoveTable[DossierState](
    "dossier",
    {
        "supplement": {DossierState.IN_PROGRESS: DossierState.AWAITING_SUPPLEMENT},
        "complete": {DossierState.AWAITING_SUPPLEMENT: DossierState.IN_PROGRESS},
        "transfer": {DossierState.IN_PROGRESS: DossierState.IN_PROGRESS},
        "forward": dict(_OPEN_TO),
        "receive_back": dict(_OPEN_TO),
        "extend": {DossierState.IN_PROGRESS: DossierState.IN_PROGRESS},
        "apologise": {DossierState.IN_PROGRESS: DossierState.IN_PROGRESS},
        "suspend": {DossierState.IN_PROGRESS: DossierState.SUSPENDED},
        "resume": {DossierState.SUSPENDED: DossierState.IN_PROGRESS},
        "finish": {DossierState.IN_PROGRESS: DossierState.FINISHED},
        "hand_over": {DossierState.FINISHED: DossierState.HANDED_OVER},
        "deliver_by_post": dict(_NOT_GIVEN_OUT),
        "deliver_at_counter": dict(_NOT_GIVEN_OUT),
        "return": dict.fromkeys(OPEN_STATES, DossierState.RETURNED),
        "withdraw": dict.fromkeys(OPEN_STATES, DossierState.WITHDRAWN),
        "stop": dict.fromkeys(OPEN_STATES, DossierState.STOPPED),
    },
)

CORRECTION = "correct"
"""The entry that names an earlier one and says what was wrong with it; no move, so not in the table."""

CLOSING_MOVES = frozenset({"finish", "return", "withdraw", "stop"})
"""Moves that end processing: the dossier is resolved on that day (NĐ 61/2018 Đ.19.8; Biểu II.06a)."""


class Channel(StrEnum):
    """How the dossier came in."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    POST = "post"


class Delivery(StrEnum):
    """How the result goes out."""

    COUNTER = "counter"
    POST = "post"
    ONLINE = "online"


DELIVERY_MOVES = {"deliver_by_post": Delivery.POST, "deliver_at_counter": Delivery.COUNTER}
"""Moves by which the applicant wants the result in another way, or the post could not bring it."""


def delivery_after(first: str, moves: Iterable[str]) -> str:
    """How the result goes out after these moves, when at receipt it was to go `first`."""
    for move in moves:
        first = DELIVERY_MOVES.get(move, first)
    return first


@dataclass(frozen=True)
class DossierFact:
    """One thing that happened to a dossier: `move` (or "receive") took effect on `on`, was entered `at`.

    `due_on` is the appointment after the fact; None when the procedure has no deadline. A correction names in
    `corrects` the entry it puts right: from its own entry on, that one holds with the correction's `on` and `due_on`,
    or (`voids`) not at all.
    """

    seq: int
    at: datetime
    on: date
    move: str
    due_on: date | None
    corrects: int | None = None
    voids: bool = False


@dataclass(frozen=True)
class Standing:
    """What a dossier was at the end of a day, told by its facts alone.

    `first_due_on` is the appointment on the receipt slip, `lawful_due_on` the one after supplements and extensions but
    without the re-appointment of an apology, `due_on` the one that holds. `reappointed`: an apology in time moved it.
    """

    state: DossierState
    received_on: date
    first_due_on: date | None
    lawful_due_on: date | None
    due_on: date | None
    reappointed: bool
    closed_on: date | None
    closed_by: str | None
    supplements: int
    forwarded_on: date | None
    transferred_on: date | None
    apologised_on: date | None
    handed_over_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether processing goes on."""
        return self.closed_on is None

    @property
    def awaiting_supplement(self) -> bool:
        """Whether papers are awaited."""
        return self.state is DossierState.AWAITING_SUPPLEMENT

    @property
    def clock_stands(self) -> bool:
        """Whether the time that passes is not the agency's."""
        return self.state in (DossierState.AWAITING_SUPPLEMENT, DossierState.SUSPENDED)


def effective(facts: Iterable[DossierFact], as_of: datetime) -> list[DossierFact]:
    """The facts as they hold by what was entered up to `as_of`, corrections applied, in the order of entry.

    Facts may come in any order; the latest correction of an entry counts.
    """
    known = sorted((fact for fact in facts if fact.at <= as_of), key=lambda fact: fact.seq)
    corrections = {fact.corrects: fact for fact in known if fact.corrects is not None}
    plain = (fact for fact in known if fact.corrects is None)
    if not corrections:
        return list(plain)
    return [_corrected(fact, corrections.get(fact.seq)) for fact in plain if not _voided(fact, corrections)]


def _voided(fact: DossierFact, corrections: Mapping[int, DossierFact]) -> bool:
    return fact.seq in corrections and corrections[fact.seq].voids


def _corrected(fact: DossierFact, by: DossierFact | None) -> DossierFact:
    return fact if by is None else replace(fact, on=by.on, due_on=by.due_on)


def standing(facts: Iterable[DossierFact], last: date, as_of: datetime) -> Standing | None:
    """Replay a dossier up to the end of day `last`, knowing only what was entered by `as_of`.

    Facts may come in any order; None when the dossier had not been received by then.
    """
    known = [fact for fact in effective(facts, as_of) if fact.on <= last]
    if not known or known[0].move != "receive":
        return None
    state = DossierState.IN_PROGRESS
    lawful_due_on = due_on = known[0].due_on
    reappointed = False
    first_on: dict[str, date] = {}
    last_on: dict[str, date] = {}
    closed_by = None
    for fact in known[1:]:
        state = DOSSIER_MOVES.apply(state, fact.move)
        lawful_due_on, reappointed = _by_law(fact, due_on, lawful_due_on, reappointed)
        due_on = fact.due_on
        first_on.setdefault(fact.move, fact.on)
        last_on[fact.move] = fact.on
        if fact.move in CLOSING_MOVES:
            closed_by = fact.move
    return Standing(
        state=state,
        received_on=known[0].on,
        first_due_on=known[0].due_on,
        lawful_due_on=lawful_due_on,
        due_on=due_on,
        reappointed=reappointed,
        closed_on=last_on[closed_by] if closed_by else None,
        closed_by=closed_by,
        supplements=sum(fact.move == "supplement" for fact in known),
        forwarded_on=first_on.get("forward"),
        transferred_on=first_on.get("transfer"),
        apologised_on=last_on.get("apologise"),
        handed_over_on=last_on.get("hand_over"),
    )


def _by_law(
    fact: DossierFact, before: date | None, lawful: date | None, reappointed: bool
) -> tuple[date | None, bool]:
    """The lawful due date after a fact, and whether an apology still stands; `before` is the due date before it."""
    if fact.move == "apologise":
        return lawful, True
    if not reappointed:
        return fact.due_on, False
    if fact.due_on == before:
        return lawful, True
    if fact.move == "resume" and lawful is not None and fact.due_on is not None and before is not None:
        return lawful + (fact.due_on - before), True  # a pause moves both dates, and excuses neither
    return fact.due_on, False
