"""An admin's word on single days: off, worked after all, or as the law has them; each change can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kiosk.database import OfficeTransaction, connection, office_transaction
from kiosk.domain.calendar import WorkingCalendar
from kiosk.domain.dossier import OPEN_STATES
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.events import CalendarChanged
from kiosk.domain.names import clean_note
from kiosk.models import CalendarDay, Dossier, Journal
from kiosk.services.announce import announce
from kiosk.services.calendar_of import national_calendar, national_days, zone_of

LONGEST_RANGE = 92
LONGEST_REASON = 200

WORKING: dict[str, bool | None] = {"off": False, "on": True, "law": None}


@dataclass(frozen=True)
class Effect:
    """What a change would do: `days` are changed, `dossiers` open ones were promised for one of them.

    An appointment that was given is not moved: the citizen has it on paper.
    """

    first: date
    last: date
    working: bool | None
    days: tuple[date, ...]
    dossiers: int


def effect(office_id: int, first: date, last: date, word: str) -> Effect:
    """What `change_days` would do. Raises what it raises, but for the reason."""
    working = _checked(first, last, word)
    with connection():
        days = _days_to_change(office_id, first, last, working)
        return Effect(first, last, working, days, _promised(office_id, days))


def change_days(
    office_id: int, first: date, last: date, word: str, reason: str, now: datetime, actor: str
) -> int:
    """Make the days of a range days off, working days or (law) what the law says; returns the entry in the journal.

    Only days that are not so already are changed, so a weekend inside a range of days off stays what it is. Raises
    DomainError("unknown_word", "period_reversed", "calendar_range_too_long", "calendar_year_missing",
    "calendar_unchanged", those of the reason).
    """
    working = _checked(first, last, word)
    reason = clean_reason(reason)
    with office_transaction(office_id, now, actor) as transaction:
        days = _days_to_change(office_id, first, last, working)
        if not days:
            raise DomainError("calendar_unchanged")
        before = {day: _override(office_id, day) for day in days}
        for day in days:
            _set(transaction, day, working, reason)
        return announce(
            transaction,
            CalendarChanged(
                first=first.isoformat(), last=last.isoformat(), working=working, before=_told(before)
            ),
        )


def what_undoing_does(office_id: int, entry: int) -> Effect:
    """What `undo` would do. Raises what it raises."""
    with connection():
        facts = _entry(office_id, entry)
        days = tuple(map(date.fromisoformat, facts["before"]))
        return Effect(min(days), max(days), None, days, _promised(office_id, days))


def undo(office_id: int, entry: int, now: datetime, actor: str) -> int:
    """Take a change back: its days are again what they were before; returns the new entry in the journal.

    Raises NotFound("unknown_change"), Conflict("calendar_changed_since": one of the days was changed again).
    """
    with office_transaction(office_id, now, actor) as transaction:
        facts = _entry(office_id, entry)
        before = {date.fromisoformat(day): working for day, working in facts["before"].items()}
        now_set = {day: _override(office_id, day) for day in before}
        reason = f"Hoàn tác lần đổi ngày {transaction.local():%d/%m/%Y}"
        for day, working in before.items():
            _set(transaction, day, working, reason)
        first, last = min(before), max(before)
        return announce(
            transaction,
            CalendarChanged(
                first=first.isoformat(),
                last=last.isoformat(),
                working=None,
                before=_told(now_set),
                undoes=entry,
            ),
        )


def clean_reason(text: str) -> str:
    """Why something is changed, in one line. Raises DomainError("text_empty", "text_too_long", "text_not_allowed")."""
    reason = " ".join(clean_note(text, LONGEST_REASON, field="reason").split())
    if not reason:
        raise DomainError("text_empty", field="reason")
    return reason


def overrides(office_id: int, year: int) -> dict[date, CalendarDay]:
    """The admins' own days of a year."""
    whole = (CalendarDay.day >= date(year, 1, 1)) & (CalendarDay.day <= date(year, 12, 31))
    with connection():
        rows = CalendarDay.select().where((CalendarDay.office == office_id) & whole).order_by(CalendarDay.day)
        return {row.day: row for row in rows}


def _checked(first: date, last: date, word: str) -> bool | None:
    if word not in WORKING:
        raise DomainError("unknown_word", field="word", allowed=list(WORKING))
    if last < first:
        raise DomainError("period_reversed", field="last")
    if (last - first).days >= LONGEST_RANGE:
        raise DomainError("calendar_range_too_long", field="last", most=LONGEST_RANGE)
    for year in (first.year, last.year):
        if not national_days(year):
            raise DomainError("calendar_year_missing", field="first", year=year)
    return WORKING[word]


def _days_to_change(office_id: int, first: date, last: date, working: bool | None) -> tuple[date, ...]:
    rows = CalendarDay.select().where(
        (CalendarDay.office == office_id) & (CalendarDay.day >= first) & (CalendarDay.day <= last)
    )
    own = {row.day: row.working for row in rows}
    if working is None:
        return tuple(sorted(own))
    law = national_calendar(first.year, zone_of(office_id).key)
    return tuple(day for day in _range(first, last) if _works(law, own, day) != working)


def _works(law: WorkingCalendar, own: Mapping[date, bool], day: date) -> bool:
    return own[day] if day in own else law.is_working_day(day)


def _range(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


def _promised(office_id: int, days: tuple[date, ...]) -> int:
    """How many open dossiers were promised for one of these days."""
    wanted = (Dossier.office == office_id) & (Dossier.state << OPEN_STATES) & (Dossier.due_on << days)
    return int(Dossier.select(Dossier.id).where(wanted).count())


def _override(office_id: int, day: date) -> bool | None:
    row = CalendarDay.get_or_none((CalendarDay.office == office_id) & (CalendarDay.day == day))
    return None if row is None else bool(row.working)


def _set(transaction: OfficeTransaction, day: date, working: bool | None, reason: str) -> None:
    office = transaction.office_id
    CalendarDay.delete().where((CalendarDay.office == office) & (CalendarDay.day == day)).execute()
    if working is not None:
        CalendarDay.create(office=office, day=day, working=working, reason=reason)


def _told(days: Mapping[date, bool | None]) -> dict[str, bool | None]:
    return {day.isoformat(): working for day, working in days.items()}


def _entry(office_id: int, entry: int) -> dict[str, Any]:
    """The facts of a change that still stands as it was made."""
    row = Journal.get_or_none(
        (Journal.office == office_id) & (Journal.seq == entry) & (Journal.kind == CalendarChanged.kind)
    )
    if row is None:
        raise NotFound("unknown_change", entry=entry)
    facts: dict[str, Any] = json.loads(row.facts)
    if not stands(
        facts,
        {date.fromisoformat(day): _override(office_id, date.fromisoformat(day)) for day in facts["before"]},
    ):
        raise Conflict("calendar_changed_since", entry=entry)
    return facts


def stands(facts: Mapping[str, Any], own: Mapping[date, bool | None]) -> bool:
    """Whether a change was not followed by another on one of its days; an undoing cannot be undone."""
    return "undoes" not in facts and all(
        own.get(date.fromisoformat(day)) == facts.get("working") for day in facts["before"]
    )
