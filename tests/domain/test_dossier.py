"""The dossier's legal moves, and what its facts alone say it was on a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kiosk.domain.dossier import (
    CLOSING_MOVES,
    DOSSIER_MOVES,
    OPEN_STATES,
    DossierFact,
    DossierState,
    standing,
)
from kiosk.domain.errors import Conflict, DomainError
from tests.factories import HANOI, fact

JUNE = [date(2022, 6, day) for day in range(1, 31)]
YEAR_END = datetime(2022, 12, 31, tzinfo=HANOI)


def story(*moves: tuple[str, int, int | None]) -> list[DossierFact]:
    """Facts from (move, day of June, due day of June), in the order told."""
    return [
        fact(move, JUNE[on - 1], due_on=None if due is None else JUNE[due - 1], seq=seq)
        for seq, (move, on, due) in enumerate(moves, start=1)
    ]


def test_the_way_of_a_dossier_that_needed_a_supplement():
    facts = story(
        ("receive", 1, 8), ("supplement", 2, 8), ("complete", 20, 27), ("forward", 21, 27), ("finish", 24, 27)
    )
    facts += [fact("hand_over", JUNE[26], due_on=JUNE[26], seq=6)]

    waiting = standing(facts, JUNE[9], YEAR_END)
    assert waiting is not None
    assert waiting.is_open
    assert waiting.awaiting_supplement
    assert waiting.due_on == JUNE[7]

    again = standing(facts, JUNE[19], YEAR_END)
    assert again is not None
    assert (again.awaiting_supplement, again.due_on, again.forwarded_on) == (False, JUNE[26], None)

    done = standing(facts, JUNE[29], YEAR_END)
    assert done is not None
    assert not done.is_open
    assert (done.closed_on, done.closed_by, done.supplements) == (JUNE[23], "finish", 1)
    assert (done.forwarded_on, done.handed_over_on) == (JUNE[20], JUNE[26])


def test_nothing_is_known_before_it_was_received():
    facts = story(("receive", 10, 15))
    assert standing(facts, JUNE[8], YEAR_END) is None
    assert standing(facts, JUNE[9], YEAR_END) is not None


def test_what_was_entered_later_was_not_known():
    facts = [
        fact("receive", JUNE[0]),
        fact("finish", JUNE[4], at=datetime(2022, 6, 9, 8, 0, tzinfo=HANOI), seq=2),
    ]
    as_known = {day: standing(facts, JUNE[29], datetime(2022, 6, day, 12, tzinfo=HANOI)) for day in (8, 9)}
    assert as_known[8] is not None
    assert as_known[8].is_open
    assert as_known[9] is not None
    assert as_known[9].closed_on == JUNE[4]


def test_facts_may_come_in_any_order():
    facts = story(("receive", 1, 8), ("supplement", 2, 8), ("complete", 5, 12), ("finish", 6, 12))
    assert standing(reversed(facts), JUNE[29], YEAR_END) == standing(facts, JUNE[29], YEAR_END)


def test_an_apology_moves_the_due_date_and_is_remembered():
    apologised = standing(story(("receive", 1, 8), ("apologise", 7, 15)), JUNE[9], YEAR_END)
    assert apologised is not None
    assert (apologised.due_on, apologised.apologised_on) == (JUNE[14], JUNE[6])


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (DossierState.AWAITING_SUPPLEMENT, "finish"),
        (DossierState.AWAITING_SUPPLEMENT, "apologise"),
        (DossierState.IN_PROGRESS, "hand_over"),
        (DossierState.IN_PROGRESS, "complete"),
        (DossierState.FINISHED, "return"),
        (DossierState.HANDED_OVER, "hand_over"),
        (DossierState.RETURNED, "withdraw"),
        (DossierState.WITHDRAWN, "finish"),
    ],
)
def test_an_illegal_move_is_refused_and_says_what_is_legal(state, move):
    with pytest.raises(Conflict) as refusal:
        DOSSIER_MOVES.apply(state, move)
    assert refusal.value.code == "illegal_move"
    assert move not in refusal.value.fields["allowed"]


def test_an_unknown_move_is_told_from_an_illegal_one():
    with pytest.raises(DomainError) as refusal:
        DOSSIER_MOVES.apply(DossierState.IN_PROGRESS, "burn")
    assert refusal.value.code == "unknown_move"


def test_only_closing_moves_leave_the_open_states_and_none_leads_back():
    for move, table in DOSSIER_MOVES.moves.items():
        for origin, target in table.items():
            assert (origin in OPEN_STATES and target not in OPEN_STATES) == (move in CLOSING_MOVES)
            assert not (origin not in OPEN_STATES and target in OPEN_STATES)


def test_a_day_counts_to_its_end():
    finish = fact("finish", JUNE[4], seq=2)
    facts = [fact("receive", JUNE[0]), finish]
    the_day = standing(facts, JUNE[4], finish.at)
    assert the_day is not None
    assert not the_day.is_open
    the_moment_before = standing(facts, JUNE[4], finish.at - timedelta(microseconds=1))
    assert the_moment_before is not None
    assert the_moment_before.is_open
