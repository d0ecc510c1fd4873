"""The dossier: one application for one procedure, its legal moves and what they mean for the counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.domain.moves import MoveTable


class DossierState(StrEnum):
    """Where an application stands (TT 22/2019 states 4, 5, 7, 9 and 10)."""

    IN_PROGRESS = "in_progress"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    FINISHED = "finished"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (DossierState.IN_PROGRESS, DossierState.AWAITING_SUPPLEMENT)
"""Counted as "đang giải quyết"; every other state counts as resolved."""

_OPEN_TO = {state: state for state in OPEN_STATES}

DOSSIER_MOVES = MoveTable[DossierState](
    "dossier",
    {
        "supplement": {DossierState.IN_PROGRESS: DossierState.AWAITING_SUPPLEMENT},
        "complete": {DossierState.AWAITING_SUPPLEMENT: DossierState.IN_PROGRESS},
        "forward": dict(_OPEN_TO),
        "apologise": {DossierState.IN_PROGRESS: DossierState.IN_PROGRESS},
        "finish": {DossierState.IN_PROGRESS: DossierState.FINISHED},
        "hand_over": {DossierState.FINISHED: DossierState.HANDED_OVER},
        "return": dict.fromkeys(OPEN_STATES, DossierState.RETURNED),
        "withdraw": dict.fromkeys(OPEN_STATES, DossierState.WITHDRAWN),
    },
)

CLOSING_MOVES = frozenset({"finish", "return", "withdraw"})
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


@dataclass(frozen=True)
class DossierFact:
    """One thing that happened to a dossier: `move` (or "receive") took effect on `on`, was entered `at`.

    `due_on` is the appointment after the fact; None when the procedure has no deadline.
    """

    seq: int
    at: datetime
    on: date
    move: str
    due_on: date | None


@dataclass(frozen=True)
class Standing:
    """What a dossier was at the end of a day, told by its facts alone."""

    received_on: date
    due_on: date | None
    closed_on: date | None
    closed_by: str | None
    awaiting_supplement: bool
    supplements: int
    forwarded_on: date | None
    apologised_on: date | None
    handed_over_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether processing goes on."""
        return self.closed_on is None


def standing(facts: Iterable[DossierFact], last: date, as_of: datetime) -> Standing | None:
    """Replay a dossier up to the end of day `last`, knowing only what was entered by `as_of`.

    Facts may come in any order; None when the dossier had not been received by then.
    """
    known = sorted((f for f in facts if f.on <= last and f.at <= as_of), key=lambda f: f.seq)
    if not known or known[0].move != "receive":
        return None
    state = DossierState.IN_PROGRESS
    due_on = known[0].due_on
    closed_on = handed_over_on = forwarded_on = apologised_on = None
    closed_by = None
    supplements = 0
    for fact in known[1:]:
        state = DOSSIER_MOVES.apply(state, fact.move)
        due_on = fact.due_on
        if fact.move in CLOSING_MOVES:
            closed_on, closed_by = fact.on, fact.move
        elif fact.move == "supplement":
            supplements += 1
        elif fact.move == "forward":
            forwarded_on = forwarded_on or fact.on
        elif fact.move == "apologise":
            apologised_on = fact.on
        elif fact.move == "hand_over":
            handed_over_on = fact.on
    return Standing(
        received_on=known[0].on,
        due_on=due_on,
        closed_on=closed_on,
        closed_by=closed_by,
        awaiting_supplement=state is DossierState.AWAITING_SUPPLEMENT,
        supplements=supplements,
        forwarded_on=forwarded_on,
        apologised_on=apologised_on,
        handed_over_on=handed_over_on,
    )
