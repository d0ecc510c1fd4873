"""Forecasts from what the hall is doing now: who waits, which counters are open, when each comes free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from kiosk.domain.forecast import DEFAULT_PACE, Pace, Queue, remaining, wait_range
from kiosk.domain.ticket import AT_COUNTER, TicketState
from kiosk.models import Counter, CounterLine, Ticket
from kiosk.models import Pace as PaceRow
from kiosk.models.places import Line
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.hours import LineDay

WAITING = Prepared(
    lambda: (
        Ticket.select(Ticket.line, fn.COUNT(Ticket.line))
        .where(
            (Ticket.line << Line.select(Line.id).where(Line.office == Slot("office")))
            & (Ticket.day == Slot("day"))
            & (Ticket.state == TicketState.WAITING)
        )
        .group_by(Ticket.line)
        .tuples()
    )
)
STAFFED = Prepared(
    lambda: (
        CounterLine.select(
            CounterLine.counter, CounterLine.line, Counter.pause_reason, Ticket.line, Ticket.called_at
        )
        .join(Counter)
        .join(Ticket, JOIN.LEFT_OUTER, on=(Ticket.counter == Counter.id) & (Ticket.state << list(AT_COUNTER)))
        .where((Counter.office == Slot("office")) & (Counter.open == True))  # noqa: E712  (SQL, not Python)
        .tuples()
    )
)
PACES = Prepared(
    lambda: (
        PaceRow.select(
            PaceRow.line,
            PaceRow.procedure,
            PaceRow.mean_seconds,
            PaceRow.deviation_seconds,
            PaceRow.visits,
            PaceRow.width,
        )
        .join(Line)
        .where(Line.office == Slot("office"))
        .tuples()
    )
)
WHOLE_LINE = ""


@dataclass
class HallLoad:
    """The hall at a moment: who waits on each line, the open counters, how fast each line is."""

    now: datetime
    waiting: Mapping[int, int]
    counters: Mapping[int, set[int]]
    """Open counters by line."""
    resting: Mapping[int, set[int]]
    """Counters that pause, by line: over lunch they are the ones that will call again."""
    free_in: Mapping[int, float]
    """Seconds until a counter comes free, by counter; 0 is idle."""
    paces: Mapping[tuple[int, str], Pace]
    widths: Mapping[int, float]
    _serves: dict[int, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for served in (self.counters, self.resting):
            for line, counters in served.items():
                for counter in counters:
                    self._serves.setdefault(counter, set()).add(line)

    def pace(self, line: int, procedure: str | None = None) -> Pace:
        """How long visits of a line take, or of one procedure in it where enough of them were seen."""
        if procedure is not None and (own := self.paces.get((line, procedure))) is not None:
            return own
        return self.paces.get((line, WHOLE_LINE), DEFAULT_PACE)

    def open_counters(self, line: int) -> int:
        """How many counters serve a line now."""
        return len(self.counters.get(line, ()))

    def forecast(self, line: int, ahead: int, hours: LineDay) -> tuple[int, int]:
        """The wait in minutes (low, high) of someone with so many of the line before them."""
        counters = self.counters.get(line, set())
        rests = hours.rests(self.now)
        if rests:
            counters = counters | self.resting.get(line, set())
        queue = Queue(
            ahead=ahead + self._neighbours(line, counters, ahead),
            pace=self.pace(line),
            free_in=[1.0 if rests else self.free_in[counter] for counter in counters],
            width=self.widths.get(line, 1.0),
            breaks=hours.breaks(self.now),
        )
        return wait_range(queue, self.now)

    def _neighbours(self, line: int, counters: Collection[int], ahead: int) -> int:
        """People of other lines whom the same counters call meanwhile, as many as come before this one."""
        others = {other for counter in counters for other in self._serves[counter]} - {line}
        share = min(1.0, (ahead + 1) / (self.waiting.get(line, 0) + 1))
        people = 0.0
        for other in others:
            theirs = self.counters.get(other, set()) | self.resting.get(other, set())
            pace = self.pace(other).believed.mean / self.pace(line).believed.mean
            people += self.waiting.get(other, 0) * pace * len(theirs & set(counters)) / len(theirs)
        return round(people * share)


def hall_load(office_id: int, day: date, now: datetime) -> HallLoad:
    """Read the hall: three short queries, whatever the number of people in it."""
    counters: dict[int, set[int]] = {}
    resting: dict[int, set[int]] = {}
    free_in: dict[int, float] = {}
    paces: dict[tuple[int, str], Pace] = {}
    widths: dict[int, float] = {}
    for line, procedure, mean, deviation, visits, width in PACES.all(office=office_id):
        paces[line, procedure] = Pace(mean, deviation, visits)
        if procedure == WHOLE_LINE:
            widths[line] = width
    for counter, line, pause, present_line, called_at in STAFFED.all(office=office_id):
        (resting if pause else counters).setdefault(line, set()).add(counter)
        free_in[counter] = _free_in(paces, present_line, called_at, now)
    waiting: dict[int, int] = dict(WAITING.all(office=office_id, day=day))
    return HallLoad(now, waiting, counters, resting, free_in, paces, widths)


def _free_in(paces: Mapping[tuple[int, str], Pace], line: int | None, called_at: Any, now: datetime) -> float:
    if line is None or called_at is None:
        return 0.0
    return remaining((now - called_at).total_seconds(), paces.get((line, WHOLE_LINE), DEFAULT_PACE))
