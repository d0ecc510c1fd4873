"""Who is called next, and why: lanes within a line, lines at a counter, and how both are mixed."""

from kiosk.domain.queueing.deciding import (
    Decision,
    LineHeads,
    decide_at_counter,
    order_at_counter,
)
from kiosk.domain.queueing.lanes import LANES, Lane, Purpose, lane_of, parse_purpose
from kiosk.domain.queueing.mixing import Choice, Head, Made, Mix, Mode, Part, Why, choose, order
from kiosk.domain.queueing.priority import ELDERLY_FROM_AGE, Priority, parse_priority
from kiosk.domain.queueing.rules import CounterRule, LineRule

__all__ = [
    "ELDERLY_FROM_AGE",
    "LANES",
    "Choice",
    "CounterRule",
    "Decision",
    "Head",
    "Lane",
    "LineHeads",
    "LineRule",
    "Made",
    "Mix",
    "Mode",
    "Part",
    "Priority",
    "Purpose",
    "Why",
    "choose",
    "decide_at_counter",
    "lane_of",
    "order",
    "order_at_counter",
    "parse_priority",
    "parse_purpose",
]
