"""What a dossier adds to the figures of any period, told once and added up by day.

Most dossiers are plain: received, perhaps passed on, ended, perhaps handed over, each entered within days of happening, and
with one due date (or one that the transfer to the deciding agency set). What a plain dossier adds to a report follows from
the days of its steps alone, so the steps can be counted by day once and summed for any period. Every other dossier (asked
for a supplement, suspended, extended, re-appointed, corrected, entered late) is counted by its facts, one by one.

`kiosk.domain.counting` says what each figure means; this is its arithmetic for the plain ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from kiosk.domain.deadlines import punctuality
from kiosk.domain.dossier import CLOSING_MOVES, DELIVERY_MOVES, Delivery, DossierFact

LAG = timedelta(days=16)
"""A step entered later than this after its day makes a dossier one that is counted by its facts."""
PASSING_MOVES = frozenset({"transfer", "forward", "receive_back", *DELIVERY_MOVES})

RECEIVED, CLOSED, FORWARDED, POSTED = "received", "closed", "forwarded", "posted"


class Step(NamedTuple):
    """Where a count belongs: what happened on which day to a dossier of which procedure, and what tells them apart.

    `what` is "channel:level" of what was received, "move:punctuality:linked" of what was closed, "" otherwise.
    """

    kind: str
    day: date
    department: str
    procedure: str
    what: str


@dataclass(frozen=True)
class Tally:
    """A dossier as far as counting by day goes; `plain` is whether that is all there is to it.

    `due_on` holds from `due_since` on (None: from the beginning), `first_due_on` before.
    """

    dossier: int
    department: str
    procedure: str
    channel: str
    level: int | None
    delivery: str
    received_on: date
    first_due_on: date | None
    due_on: date | None
    due_since: date | None = None
    forwarded_on: date | None = None
    closed_on: date | None = None
    closed_by: str = ""
    handed_over_on: date | None = None
    posted: bool = False
    plain: bool = True

    @property
    def late(self) -> bool:
        """Whether it ran past its due date, or may still do so: asked for when open dossiers are overdue."""
        return self.due_on is not None and (self.closed_on is None or self.closed_on > self.due_on)

    def due_at(self, day: date) -> date | None:
        """The due date that held at the end of a day."""
        return self.first_due_on if self.due_since is not None and day < self.due_since else self.due_on


def advance(tally: Tally, fact: DossierFact, zone: tzinfo) -> Tally:
    """The tally after one more fact, entered after all others."""
    if fact.corrects is not None or _entered_late(fact, zone):
        return replace(tally, plain=False)
    if fact.move in DELIVERY_MOVES:
        return replace(tally, delivery=DELIVERY_MOVES[fact.move])
    if fact.move == "hand_over":
        return replace(tally, handed_over_on=fact.on, posted=tally.delivery == Delivery.POST)
    if fact.move in CLOSING_MOVES:
        after = replace(tally, closed_on=fact.on, closed_by=fact.move)
        return after if fact.due_on == tally.due_on else replace(after, plain=False)
    if fact.move not in PASSING_MOVES:
        return replace(tally, due_on=fact.due_on, plain=False)
    if fact.move == "forward" and tally.forwarded_on is None:
        tally = replace(tally, forwarded_on=fact.on)
    if fact.due_on == tally.due_on:
        return tally
    once = fact.move == "transfer" and tally.due_since is None
    return replace(tally, due_on=fact.due_on, due_since=fact.on, plain=tally.plain and once)


def tally_of(begun: Tally, facts: Iterable[DossierFact], zone: tzinfo) -> Tally:
    """The tally of a dossier by all its facts; `begun` is what its receipt says. Facts may come in any order."""
    ordered = sorted(facts, key=lambda fact: fact.seq)
    tally = begun
    for fact in ordered:
        if fact.move == "receive":
            tally = replace(tally, plain=tally.plain and not _entered_late(fact, zone))
        else:
            tally = advance(tally, fact, zone)
    days = [fact.on for fact in ordered if fact.corrects is None]
    return tally if days == sorted(days) else replace(tally, plain=False)


def steps(tally: Tally) -> Counter[Step]:
    """What a dossier adds to the counts of days; nothing when it is not plain."""
    found: Counter[Step] = Counter()
    if not tally.plain:
        return found
    about = tally.department, tally.procedure
    found[Step(RECEIVED, tally.received_on, *about, f"{tally.channel}:{tally.level or 0}")] = 1
    if tally.forwarded_on is not None:
        found[Step(FORWARDED, tally.forwarded_on, *about, "")] = 1
    if tally.closed_on is not None:
        by_date = punctuality(tally.closed_on, tally.due_on)
        linked = int(tally.forwarded_on is not None)
        found[Step(CLOSED, tally.closed_on, *about, f"{tally.closed_by}:{by_date}:{linked}")] = 1
    if tally.posted and tally.handed_over_on is not None:
        found[Step(POSTED, tally.handed_over_on, *about, "")] = 1
    return found


def changes(before: Tally | None, after: Tally | None) -> dict[Step, int]:
    """What has to be added to the counts of days when a dossier's tally changes."""
    old = steps(before) if before is not None else Counter()
    new = steps(after) if after is not None else Counter()
    return {step: new[step] - old[step] for step in {**old, **new} if new[step] != old[step]}


def _entered_late(fact: DossierFact, zone: tzinfo) -> bool:
    entered: datetime = fact.at.astimezone(zone)
    return entered.date() - fact.on > LAG or entered.date() < fact.on
