"""When a line is served on a day, and when numbers are given for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from kiosk.database import office_transaction
from kiosk.domain.calendar import OfficeHours
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.events import HoursChanged
from kiosk.domain.hall import DaySettings
from kiosk.models import Line
from kiosk.services.announce import announce
from kiosk.services.calendar_of import calendar_of, hours_of

MOST_INTERVALS = 4
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class LineDay:
    """A line on one day: the spans in which it is served, in order; none on a day off.

    `kept` is whether numbers are given only in these hours.
    """

    day: date
    spans: tuple[Span, ...]
    kept: bool
    settings: DaySettings

    @property
    def opens_at(self) -> datetime | None:
        """The beginning of the first span."""
        return self.spans[0][0] if self.spans else None

    @property
    def closes_at(self) -> datetime | None:
        """The end of the last span."""
        return self.spans[-1][1] if self.spans else None

    def served(self, now: datetime) -> bool:
        """Whether counters are meant to serve the line at this moment."""
        return any(begins <= now < ends for begins, ends in self.spans)

    def gives_numbers(self, now: datetime) -> bool:
        """Whether a number may be taken now."""
        if not self.kept:
            return True
        if self.opens_at is None or self.closes_at is None:
            return False
        first = self.opens_at - timedelta(minutes=self.settings.numbers_before_minutes)
        if not first <= now < self.closes_at:
            return False
        return self.settings.numbers_at_lunch or now < self.opens_at or self.served(now)

    def next_numbers_at(self, now: datetime) -> datetime | None:
        """When numbers are given again on this day; None when they are now, or not again today."""
        if self.gives_numbers(now) or self.opens_at is None:
            return None
        first = self.opens_at - timedelta(minutes=self.settings.numbers_before_minutes)
        return min((at for at in (first, *(begins for begins, _ in self.spans)) if at > now), default=None)

    def breaks(self, now: datetime) -> tuple[Span, ...]:
        """The times in which nobody is called: until the line opens, and between its spans; none where hours are
        not kept."""
        if not self.kept or self.opens_at is None:
            return ()
        before = ((now, self.opens_at),) if now < self.opens_at else ()
        return (*before, *((earlier[1], later[0]) for earlier, later in pairwise(self.spans)))

    def rests(self, now: datetime) -> bool:
        """Whether nobody is meant to serve the line now, but somebody will later today."""
        return any(begins <= now < ends for begins, ends in self.breaks(now))


@dataclass(frozen=True)
class OfficeDay:
    """What all lines of an office share on a day, read once."""

    day: date
    zone: ZoneInfo
    works: bool
    hours: OfficeHours
    settings: DaySettings

    def of_line(self, own: Sequence[Sequence[str]] | None) -> LineDay:
        """The day of a line with hours of its own, or (None) the office's."""
        if not self.works:
            return LineDay(self.day, (), self.settings.keep_hours, self.settings)
        pairs = read_intervals(own) if own is not None else self.hours.intervals
        spans = tuple((self._at(opens), self._at(closes)) for opens, closes in pairs if opens < closes)
        return LineDay(self.day, spans, self.settings.keep_hours, self.settings)

    def _at(self, local: time) -> datetime:
        return datetime.combine(self.day, local, self.zone)


def line_day(
    office_id: int, day: date, zone: ZoneInfo, settings: DaySettings, own: Sequence[Sequence[str]] | None
) -> LineDay:
    """The day of one line, without a question to the database where hours are not kept."""
    if not settings.keep_hours:
        return LineDay(day, (), False, settings)
    return office_day(office_id, day, zone, settings).of_line(own)


def office_day(office_id: int, day: date, zone: ZoneInfo, settings: DaySettings) -> OfficeDay:
    """The day of an office: whether it works, and its hours."""
    works = calendar_of(office_id, day, zone).is_working_day(day)
    return OfficeDay(day, zone, works, hours_of(office_id, day), settings)


def next_office_day(office_id: int, day: date, zone: ZoneInfo) -> date:
    """The first working day after one."""
    return calendar_of(office_id, day, zone).next_working_day(day)


def set_line_hours(
    office_id: int, line_id: int, intervals: Sequence[Sequence[str]] | None, now: datetime, actor: str
) -> None:
    """Give a line hours of its own, or (None) the office's again. No change, no entry.

    Raises NotFound("unknown_line"), DomainError("line_hours_malformed").
    """
    hours = None
    if intervals is not None:
        hours = [
            [opens.isoformat("minutes"), closes.isoformat("minutes")]
            for opens, closes in read_intervals(intervals)
        ]
        if not hours:
            raise DomainError("line_hours_malformed", field="hours")
    with office_transaction(office_id, now, actor) as transaction:
        line = Line.get_or_none((Line.id == line_id) & (Line.office == office_id))
        if line is None:
            raise NotFound("unknown_line", line=line_id)
        if line.hours == hours:
            return
        line.hours = hours
        line.save(only=[Line.hours])
        announce(transaction, HoursChanged(line=line_id, hours=hours))


def read_intervals(pairs: Sequence[Sequence[str]]) -> list[tuple[time, time]]:
    """Pairs of local times in rising order. Raises DomainError("line_hours_malformed")."""
    try:
        read = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs]
    except (TypeError, ValueError):
        raise DomainError("line_hours_malformed", field="hours") from None
    times = [at for pair in read for at in pair]
    rising = all(earlier < later for earlier, later in pairwise(times))
    if len(read) > MOST_INTERVALS or not rising or any(at.tzinfo for at in times):
        raise DomainError("line_hours_malformed", field="hours")
    return read
