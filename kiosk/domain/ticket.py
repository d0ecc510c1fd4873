"""The ticket: one visit of one citizen, from the kiosk to the end at the counter."""

from __future__ import annotations

from enum import StrEnum

from kiosk.domain.moves import MoveTable


class TicketState(StrEnum):
    """Where a visit stands."""

    EXPECTED = "expected"
    """Taken from afar; callable once its holder has checked in."""
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    """Begun, and sent elsewhere for a while: to copy, to pay, to another room."""
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Its day ended before its turn came."""
    CARRIED_OVER = "carried_over"
    """Its day ended before its turn came; its holder has a number of the next working day."""


AT_COUNTER = frozenset({TicketState.CALLED, TicketState.SERVING})
"""A counter with a ticket in one of these states is busy and may not call another."""

OPEN_STATES = frozenset(
    {TicketState.EXPECTED, TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED}
)
"""The visit is not over."""

HOUSE_MOVES = frozenset({"call", "postpone", "expire", "carry_over"})
"""Nobody names these at a counter: the queue, the phone and the end of the day make them."""

TICKET_MOVES = MoveTable[TicketState](
    "ticket",
    {
        "check_in": {TicketState.EXPECTED: TicketState.WAITING},
        "call": {TicketState.WAITING: TicketState.CALLED},
        "recall": {TicketState.CALLED: TicketState.CALLED},
        "start": {TicketState.CALLED: TicketState.SERVING},
        # A question answered on the spot ends without anybody pressing "start".
        "finish": {
            TicketState.SERVING: TicketState.FINISHED,
            TicketState.CALLED: TicketState.FINISHED,
        },
        "no_show": {TicketState.CALLED: TicketState.NO_SHOW},
        "return": {TicketState.NO_SHOW: TicketState.WAITING},
        "park": {TicketState.CALLED: TicketState.PARKED, TicketState.SERVING: TicketState.PARKED},
        "resume": {TicketState.PARKED: TicketState.SERVING},
        "transfer": {
            TicketState.WAITING: TicketState.WAITING,
            TicketState.CALLED: TicketState.WAITING,
            TicketState.SERVING: TicketState.WAITING,
            TicketState.PARKED: TicketState.WAITING,
        },
        "note": {
            TicketState.WAITING: TicketState.WAITING,
            TicketState.CALLED: TicketState.CALLED,
            TicketState.SERVING: TicketState.SERVING,
            TicketState.PARKED: TicketState.PARKED,
        },
        "postpone": {TicketState.WAITING: TicketState.WAITING},
        "cancel": {
            TicketState.EXPECTED: TicketState.CANCELLED,
            TicketState.WAITING: TicketState.CANCELLED,
            TicketState.CALLED: TicketState.CANCELLED,
            TicketState.PARKED: TicketState.CANCELLED,
        },
        "expire": {
            TicketState.EXPECTED: TicketState.EXPIRED,
            TicketState.WAITING: TicketState.EXPIRED,
            TicketState.PARKED: TicketState.EXPIRED,
        },
        "carry_over": {
            TicketState.WAITING: TicketState.CARRIED_OVER,
            TicketState.PARKED: TicketState.CARRIED_OVER,
        },
    },
)
