"""The legal clock of a dossier: when it falls due, when it must be forwarded, when an apology is in time.

Rules: Civil Code 2015 Đ.147-148 (the day of receipt is not counted; a term ending on a day off ends
with the next working day), NĐ 61/2018 Đ.18-19. Days are days of the office's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from kiosk.domain.calendar import ONE_DAY, STANDARD_HOURS, OfficeHours, WorkingCalendar, local_day, local_time
from kiosk.domain.errors import DomainError

AFTERNOON_CUTOFF = time(15, 0)
"""Received later than this: forwarded, or settled "within the day", on the next working day."""

HOURS_PER_WORKING_DAY = 8
SUPPLEMENT_NOTICE_WORKING_DAYS = 3
LONGEST_TERM = 9_999
MONTHS_PER_YEAR = 12

Punctuality = Literal["early", "on_time", "late"]
OpenStatus = Literal["in_time", "overdue"]


class TimeUnit(StrEnum):
    """How a procedure's term is counted."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    SAME_DAY = "same_day"
    NONE = "none"


@dataclass(frozen=True)
class Term:
    """A procedure's legal time: `value` units; 0 for `same_day` and `none`, which count nothing.

    `extendable_to_working_days`: the longest it may take in all when the first term cannot be held
    (same-day mortgage registration may take 3, NĐ 99/2022 Đ.16.1). `excluded_calendar_days`: days the law does not
    count, such as 15 days of publication for a lost land certificate; the term runs when they are over.
    Raises `term_malformed`.
    """

    value: int
    unit: TimeUnit
    same_day_cutoff: time = AFTERNOON_CUTOFF
    extendable_to_working_days: int | None = None
    excluded_calendar_days: int = 0

    def __post_init__(self) -> None:
        try:  # a unit read from a data file is still a plain string
            object.__setattr__(self, "unit", TimeUnit(self.unit))
        except ValueError:
            raise DomainError("term_malformed", unit=self.unit, value=self.value) from None
        shortest = 0 if self.unit in (TimeUnit.SAME_DAY, TimeUnit.NONE) else 1
        if not _is_count(self.value, shortest):
            raise DomainError("term_malformed", unit=self.unit, value=self.value)
        if self.extendable_to_working_days is not None and not _is_count(self.extendable_to_working_days, 1):
            raise DomainError("term_malformed", unit=self.unit, value=self.extendable_to_working_days)
        if not _is_count(self.excluded_calendar_days, 0):
            raise DomainError("term_malformed", unit=self.unit, value=self.excluded_calendar_days)


def due_on(
    term: Term | None, start: datetime, calendar: WorkingCalendar, hours: OfficeHours = STANDARD_HOURS
) -> date | None:
    """The last day on which the result is still on time, or None for a procedure without a term.

    `start` is the moment the clock starts (aware). A dossier received on a day off needs no rule of its
    own: that day is not counted, the first working day after it is day one. Raises `moment_without_zone`.
    """
    local = local_time(start, calendar.zone)
    if term is None:
        return None
    local += timedelta(days=term.excluded_calendar_days)
    day = local.date()
    match term.unit:
        case TimeUnit.NONE:
            return None
        case TimeUnit.WORKING_DAYS:
            return calendar.add_working_days(day, term.value)
        case TimeUnit.CALENDAR_DAYS:
            return calendar.roll_forward(day + timedelta(days=term.value))
        case TimeUnit.MONTHS:
            return calendar.roll_forward(_add_months(day, term.value))
        case TimeUnit.SAME_DAY:
            return _same_or_next_working_day(local, calendar, term.same_day_cutoff)
        case TimeUnit.HOURS | TimeUnit.WORKING_HOURS:
            moment = due_at(term, local, calendar, hours)
            return moment.date() if moment else None


def due_at(
    term: Term | None, start: datetime, calendar: WorkingCalendar, hours: OfficeHours = STANDARD_HOURS
) -> datetime | None:
    """The moment an hour term ends, on the office's clock; None for terms counted in days.

    Clock hours run through the night; an end on a day off moves to the same time of the next working
    day. Working hours run while the desks are open; eight of them are one working day, whatever the
    opening hours. A dossier received while the desks are closed starts at the next opening.
    """
    local = local_time(start, calendar.zone)
    if term is None:
        return None
    if term.unit is TimeUnit.HOURS:
        # Through UTC, so that an hour stays an hour where a zone changes its clocks.
        end = (local.astimezone(UTC) + timedelta(hours=term.value)).astimezone(local.tzinfo)
        return datetime.combine(calendar.roll_forward(end.date()), end.timetz())
    if term.unit is TimeUnit.WORKING_HOURS:
        naive_end = _add_working_hours(local.replace(tzinfo=None), term.value, calendar, hours)
        return naive_end.replace(tzinfo=local.tzinfo)
    return None


def extended_due_on(term: Term, start: datetime, calendar: WorkingCalendar) -> date:
    """The last day after the extension the law allows, days it does not count left out; raises `term_not_extendable`."""
    if term.extendable_to_working_days is None:
        raise DomainError("term_not_extendable", unit=term.unit)
    first = local_day(start, calendar.zone) + timedelta(days=term.excluded_calendar_days)
    return calendar.add_working_days(first, term.extendable_to_working_days)


def restart(
    term: Term | None, completed_at: datetime, calendar: WorkingCalendar, hours: OfficeHours = STANDARD_HOURS
) -> date | None:
    """The new due date after a supplement: the whole term again from the day the dossier is complete.

    "Thời hạn giải quyết được tính lại từ đầu sau khi nhận đủ hồ sơ" (NĐ 61/2018 Đ.19.4).
    """
    return due_on(term, completed_at, calendar, hours)


def extend_by_pause(
    term: Term, due: date | None, asked_at: datetime, completed_at: datetime, calendar: WorkingCalendar
) -> date | None:
    """The due date pushed back by the days the supplement took, for procedures whose law pauses the clock.

    Counts working days for terms in working days, hours or the same day, else calendar days.
    """
    if due is None:
        return None
    asked, completed = local_day(asked_at, calendar.zone), local_day(completed_at, calendar.zone)
    if term.unit in (TimeUnit.CALENDAR_DAYS, TimeUnit.MONTHS):
        return calendar.roll_forward(due + max(completed - asked, timedelta(0)))
    return calendar.add_working_days(due, calendar.working_days_between(asked, completed))


def forward_by(received: datetime, calendar: WorkingCalendar) -> date:
    """The day the dossier must leave for the deciding agency: today, or after 15:00 the next working day.

    NĐ 61/2018 Đ.18.2: this moves the transfer, never the due date.
    """
    return _same_or_next_working_day(local_time(received, calendar.zone), calendar, AFTERNOON_CUTOFF)


def supplement_notice_by(received: datetime, calendar: WorkingCalendar) -> date:
    """The last day to ask for a supplement: 3 working days after receipt (NĐ 61/2018 Đ.19.4)."""
    return calendar.add_working_days(local_day(received, calendar.zone), SUPPLEMENT_NOTICE_WORKING_DAYS)


def punctuality(finished_on: date, due: date | None) -> Punctuality:
    """Early, on time or late, by dates and never by hours; without a due date always on time."""
    if due is None or finished_on == due:
        return "on_time"
    return "early" if finished_on < due else "late"


def open_status(due: date | None, last_day: date) -> OpenStatus:
    """How a dossier still open at the end of `last_day` counts: in time while due >= last_day."""
    return "in_time" if due is None or due >= last_day else "overdue"


def apology_allowed(today: date, due: date | None, already_reappointed: bool) -> bool:
    """Whether a new date may still be appointed: once, and at least 1 day before expiry (Đ.19.9)."""
    return due is not None and not already_reappointed and today <= due - ONE_DAY


def _is_count(value: object, shortest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and shortest <= value <= LONGEST_TERM


def _same_or_next_working_day(local: datetime, calendar: WorkingCalendar, cutoff: time) -> date:
    day = local.date()
    if calendar.is_working_day(day) and local.time() <= cutoff:
        return day
    return calendar.next_working_day(day)


def _add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day (Civil Code Đ.148.3)."""
    year, month_index = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    first = date(year, month_index + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - ONE_DAY
    return first.replace(day=min(day.day, last.day))


def _add_working_hours(
    received: datetime, count: int, calendar: WorkingCalendar, hours: OfficeHours
) -> datetime:
    days, rest = divmod(count, HOURS_PER_WORKING_DAY)
    opening = _next_opening(received, calendar, hours)
    moment = datetime.combine(calendar.add_working_days(opening.date(), days), opening.time())
    if rest:
        one_day_later = datetime.combine(calendar.next_working_day(moment.date()), moment.time())
        counted = _walk_open_hours(moment, timedelta(hours=rest), calendar, hours)
        moment = min(counted, one_day_later)  # an office open under 8 h: 7 h never outlast one day
    return _as_closing(moment, calendar, hours)


def _next_opening(moment: datetime, calendar: WorkingCalendar, hours: OfficeHours) -> datetime:
    """The moment itself while the desks are open, else when they next open."""
    day = moment.date()
    if calendar.is_working_day(day):
        for start, end in hours.intervals:
            if moment.time() < end:
                return datetime.combine(day, max(moment.time(), start))
    return datetime.combine(calendar.next_working_day(day), hours.opens)


def _walk_open_hours(
    moment: datetime, left: timedelta, calendar: WorkingCalendar, hours: OfficeHours
) -> datetime:
    day = moment.date()
    while True:
        for start, end in hours.intervals:
            begin, close = max(moment, datetime.combine(day, start)), datetime.combine(day, end)
            if begin >= close:
                continue
            if left <= close - begin:
                return begin + left
            left -= close - begin
        day = calendar.next_working_day(day)


def _as_closing(moment: datetime, calendar: WorkingCalendar, hours: OfficeHours) -> datetime:
    """An end that falls on an opening belongs to the closing before it: no work lies between the two."""
    if moment.time() == hours.opens:
        return datetime.combine(calendar.previous_working_day(moment.date()), hours.closes)
    if moment.time() == hours.afternoon[0]:
        return datetime.combine(moment.date(), hours.morning[1])
    return moment
