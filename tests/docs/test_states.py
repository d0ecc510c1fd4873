"""docs/states.md shows the tables of moves as the code has them, and explains each move."""

from __future__ import annotations

import pytest

from kiosk.domain.dossier import DOSSIER_MOVES
from kiosk.domain.payment.states import PAYMENT_MOVES, REFUND_MOVES
from kiosk.domain.post.states import PARCEL_MOVES
from kiosk.domain.printing import PRINT_MOVES
from kiosk.domain.ticket import TICKET_MOVES

TABLES = [
    pytest.param("## Ticket", TICKET_MOVES, "| move | who makes it | meaning |", id="ticket"),
    pytest.param("## Dossier", DOSSIER_MOVES, "| move | meaning | the clock | the counts |", id="dossier"),
    pytest.param("## Payment", PAYMENT_MOVES, "| move | meaning |", id="payment"),
    pytest.param("## Refund", REFUND_MOVES, "| move | meaning |", id="refund"),
    pytest.param("## Parcel", PARCEL_MOVES, "| move | meaning |", id="parcel"),
    pytest.param("## Paper", PRINT_MOVES, "| move | meaning |", id="paper"),
]


@pytest.mark.parametrize(("heading", "moves", "head"), TABLES)
def test_the_table_is_the_code_s(doc, heading, moves, head):
    section = doc("states.md").section(heading)
    printed = section[section.index("| from | move | to |") :].partition("\n\n")[0]
    assert sorted(printed.splitlines()) == sorted(moves.as_markdown().splitlines())


@pytest.mark.parametrize(("heading", "moves", "head"), TABLES)
def test_every_move_is_explained_and_no_other(doc, heading, moves, head):
    states = doc("states.md")
    explained = [row[0] for row in states.rows(head, states.section(heading))]
    assert len(explained) == len(set(explained))
    assert set(explained) == set(moves.moves)
