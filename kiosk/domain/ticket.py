"""The ticket: one visit of one citizen, from the kiosk to the end at the counter."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.moves import MoveTable


class TicketState(StrEnum):
    """Where a visit stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
"""A counter with a ticket in one of these states is busy and may not call another."""

TICKET_MOVES = MoveTable[TicketState](
    "ticket",
    {
        "call": {TicketState.WAITING: TicketState.CALLED},
        "recall": {TicketState.CALLED: TicketState.CALLED},
        "start": {TicketState.CALLED: TicketState.SERVING},
        # A question answered on the spot ends without anybody pressing "start".
        "finish": {
            TicketState.SERVING: TicketState.FINISHED,
            TicketState.CALLED: TicketState.FINISHED,
        },
        "no_show": {TicketState.CALLED: TicketState.NO_SHOW},
        "cancel": {TicketState.WAITING: TicketState.CANCELLED, TicketState.CALLED: TicketState.CANCELLED},
    },
)
