"""Random but lawful histories of dossiers, entered late now and then, for the tests of the counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from kiosk.domain.counting import CountedDossier
from kiosk.domain.dossier import DOSSIER_MOVES, DossierFact, DossierState
from tests.factories import HANOI

START = date(2022, 1, 3)
DAYS = 60
DEPARTMENTS = ("justice", "transport", "land")


def random_log(rng: Random, size: int) -> list[CountedDossier]:
    """`size` dossiers received within DAYS days of START; facts of one dossier never run backwards."""
    return [
        CountedDossier(
            key=key,
            department=rng.choice(DEPARTMENTS),
            channel=rng.choice(("in_person", "online", "post")),
            delivery=rng.choice(("counter", "post", "online")),
            level=rng.choice((None, 2, 3, 4)),
            facts=tuple(_history(rng)),
        )
        for key in range(1, size + 1)
    ]


def random_moment(rng: Random) -> datetime:
    """A moment in or after the time of the log."""
    return _at(START + timedelta(days=rng.randint(0, 2 * DAYS)), rng.randint(0, 23))


def _history(rng: Random) -> list[DossierFact]:
    on = START + timedelta(days=rng.randint(0, DAYS))
    entered = _entered(rng, on)
    due = rng.choice((None, on + timedelta(days=rng.randint(0, 20))))
    seq = rng.randint(1, 1_000)
    facts = [DossierFact(seq, entered, on, "receive", due)]
    state = DossierState.IN_PROGRESS
    for _ in range(rng.randint(0, 7)):
        allowed = DOSSIER_MOVES.allowed(state)
        if not allowed:
            break
        move = rng.choice(allowed)
        state = DOSSIER_MOVES.apply(state, move)
        on += timedelta(days=rng.choice((0, 0, 1, 3, 9)))
        entered = max(entered + timedelta(minutes=1), _entered(rng, on))
        if move in {"complete", "apologise"} and due is not None:
            due = on + timedelta(days=rng.randint(0, 20))
        elif move == "resume" and due is not None:
            due += timedelta(days=rng.randint(0, 9))
        seq += rng.randint(1, 5)
        facts.append(DossierFact(seq, entered, on, move, due))
    if rng.random() < 0.3:
        facts.append(_correction(rng, facts))
    return facts


def _correction(rng: Random, facts: list[DossierFact]) -> DossierFact:
    """Put the last entry right: on an earlier day, with another due date, or as never made."""
    wrong = facts[-1]
    earliest = facts[-2].on if len(facts) > 1 else wrong.on
    on = earliest + timedelta(days=rng.randint(0, (wrong.on - earliest).days))
    due = wrong.due_on and wrong.due_on + timedelta(days=rng.choice((0, 2, 7)))
    entered = wrong.at + timedelta(days=rng.choice((0, 1, 20)), minutes=5)
    voids = len(facts) > 1 and rng.random() < 0.4
    return DossierFact(
        wrong.seq + rng.randint(1, 9), entered, on, "correct", due, corrects=wrong.seq, voids=voids
    )


def _entered(rng: Random, on: date) -> datetime:
    """Mostly on the day itself, sometimes weeks later."""
    return _at(on + timedelta(days=rng.choice((0, 0, 0, 1, 5, 30))), rng.randint(7, 17))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 15, tzinfo=HANOI)
