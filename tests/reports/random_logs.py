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
        seq += rng.randint(1, 5)
        facts.append(DossierFact(seq, entered, on, move, due))
    return facts


def _entered(rng: Random, on: date) -> datetime:
    """Mostly on the day itself, sometimes weeks later."""
    return _at(on + timedelta(days=rng.choice((0, 0, 0, 1, 5, 30))), rng.randint(7, 17))


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 15, tzinfo=HANOI)
