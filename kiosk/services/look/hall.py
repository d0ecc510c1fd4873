"""The hall as people in it see it: each one's place and range, and every line's figures.

Places are reckoned once for a line and kept in this process until the office's journal has an entry that moves them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from kiosk.database import binding, look_at_office
from kiosk.domain.forecast import Pace
from kiosk.domain.queueing import LineRule
from kiosk.models import Journal, Line, Office
from kiosk.models.prepared import Prepared, Slot
from kiosk.services.forecasting import HallLoad, hall_load
from kiosk.services.hall_settings import hall_settings
from kiosk.services.hours import office_day
from kiosk.services.queue_order import line_order, waiting_in

FRESH_SECONDS = 15.0
"""Ranges shrink as time goes by even when nothing happens: they are reckoned anew at least so often."""
MOST_OFFICES = 64
MOVING = ("ticket.", "counter.", "line.", "rule.", "hours.", "hall.", "calendar.", "office.")
"""Entries of these kinds may move somebody's place or range."""

LAST_SEQ = Prepared(
    lambda: Office.select(Office.last_seq).where(Office.id == Slot("office")).limit(1).tuples()
)
KINDS_SINCE = Prepared(
    lambda: (
        Journal.select(Journal.kind)
        .where((Journal.office == Slot("office")) & (Journal.seq > Slot("seq")))
        .order_by(Journal.seq)
        .tuples()
    )
)


class Place(NamedTuple):
    """Where somebody stands: people ahead on the line, and the wait in minutes."""

    ahead: int
    low: int
    high: int


@dataclass(frozen=True)
class LineFigures:
    """A line at a moment: who waits, the range for whoever comes now, the open counters, the target in minutes."""

    waiting: int
    low: int
    high: int
    counters_open: int
    target_minutes: int


@dataclass
class _Hall:
    seq: int
    at: datetime
    day: date
    places: Mapping[int, Place]
    figures: Mapping[int, LineFigures]
    load: HallLoad = field(repr=False)


_halls: OrderedDict[tuple[int, int], _Hall] = OrderedDict()
_lock = threading.Lock()


def places(office_id: int, now: datetime) -> Mapping[int, Place]:
    """The place of everybody who waits today, by ticket id."""
    return _hall(office_id, now).places


def line_figures(office_id: int, now: datetime) -> Mapping[int, LineFigures]:
    """The figures of every line by id."""
    return _hall(office_id, now).figures


def line_pace(office_id: int, line: int, now: datetime) -> Pace:
    """How long visits of a line take of late."""
    return _hall(office_id, now).load.pace(line)


def last_seq_of(office_id: int) -> int:
    """Where an office's journal stands."""
    return int(LAST_SEQ.scalar(office=office_id) or 0)


def _hall(office_id: int, now: datetime) -> _Hall:
    key = (binding(), office_id)
    seq = last_seq_of(office_id)
    known = _halls.get(key)
    if known is not None and _holds(known, office_id, seq, now):
        return known
    made = _reckon(office_id, seq, now)
    with _lock:
        _halls[key] = made
        _halls.move_to_end(key)
        while len(_halls) > MOST_OFFICES:
            _halls.popitem(last=False)
    return made


def _holds(hall: _Hall, office_id: int, seq: int, now: datetime) -> bool:
    if not 0 <= (now - hall.at).total_seconds() < FRESH_SECONDS or seq < hall.seq:
        return False
    if seq != hall.seq:
        if any(kind.startswith(MOVING) for (kind,) in KINDS_SINCE.all(office=office_id, seq=hall.seq)):
            return False
        hall.seq = seq
    return True


def _reckon(office_id: int, seq: int, now: datetime) -> _Hall:
    office = look_at_office(office_id, now, "")
    load = hall_load(office_id, office.day, now)
    today = office_day(office_id, office.day, office.zone, hall_settings(office_id).day)
    lines = list(Line.select().where(Line.office == office_id))
    waiting = waiting_in([line.id for line in lines], office.day)
    found: dict[int, Place] = {}
    figures: dict[int, LineFigures] = {}
    for line in lines:
        hours = today.of_line(line.hours)
        called = line_order(line, waiting.get(line.id, {}), office.day, now)
        for ahead, ticket in enumerate(called):
            found[ticket] = Place(ahead, *load.forecast(line.id, ahead, hours))
        figures[line.id] = LineFigures(
            len(called),
            *load.forecast(line.id, len(called), hours),
            load.open_counters(line.id),
            LineRule.from_json(line.rule).target_minutes,
        )
    return _Hall(seq, now, office.day, found, figures, load)
