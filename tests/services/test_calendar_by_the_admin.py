"""The calendar an admin keeps: days off and on over the law's, taken back again, and the hours of the desks."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.database import OfficeTransaction, look_at_office
from kiosk.domain.deadlines import Term, TimeUnit, due_at
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.models import CalendarDay, Journal, Office, OfficeHours
from kiosk.services import manage_calendar, manage_hours
from kiosk.services.calendar_of import calendar_in, hours_in, national_calendar, swapped_days
from kiosk.services.calendar_year import calendar_changes, calendar_year
from tests.factories import HANOI, fact, make_dossier, make_office, make_user

STORM = "Nghỉ phòng bão số 5"
MON, FRI = date(2026, 11, 30), date(2026, 12, 4)
SAT, SUN = date(2026, 12, 5), date(2026, 12, 6)


@pytest.fixture
def office(database: Database) -> Office:
    """An office whose calendar nobody has touched."""
    return make_office()


def works(office: Office, now: datetime, day: date) -> bool:
    return calendar_in(seen(office, now)).is_working_day(day)


def seen(office: Office, now: datetime) -> OfficeTransaction:
    return look_at_office(office.id, now, "user:1")


def facts() -> list[dict[str, Any]]:
    return [json.loads(row.facts) for row in Journal.select().order_by(Journal.seq)]


def change(office: Office, now: datetime, first: date, last: date, word: str, reason: str = STORM) -> int:
    return manage_calendar.change_days(office.id, first, last, word, reason, now, "user:1")


def test_a_range_of_days_off_leaves_the_weekend_in_it_alone(office: Office, noon: datetime) -> None:
    assert works(office, noon, FRI)
    change(office, noon, FRI, date(2026, 12, 7), "off")
    assert [row.day for row in CalendarDay.select().order_by(CalendarDay.day)] == [FRI, date(2026, 12, 7)]
    assert not works(office, noon, FRI)
    assert facts() == [
        {
            "first": "2026-12-04",
            "last": "2026-12-07",
            "working": False,
            "before": {"2026-12-04": None, "2026-12-07": None},
        }
    ]
    assert STORM not in str(facts()), "a reason is free text, and the journal is for ever"


def test_a_weekend_may_be_worked_and_then_be_the_laws_again(office: Office, noon: datetime) -> None:
    change(office, noon, SAT, SAT, "on")
    assert works(office, noon, SAT)
    change(office, noon, MON, SUN, "law", "Rút lại")
    assert not works(office, noon, SAT)
    assert "working" not in facts()[-1]
    assert facts()[-1]["before"] == {"2026-12-05": True}


def test_what_is_so_already_is_no_change(office: Office, noon: datetime) -> None:
    for first, word in ((SAT, "off"), (MON, "on"), (MON, "law")):
        with pytest.raises(DomainError, match="calendar_unchanged"):
            change(office, noon, first, first, word)
    assert facts() == []


@pytest.mark.parametrize(
    ("first", "last", "word", "reason", "code"),
    [
        (FRI, MON, "off", STORM, "period_reversed"),
        (MON, MON + timedelta(92), "off", STORM, "calendar_range_too_long"),
        (date(2101, 1, 3), date(2101, 1, 3), "off", STORM, "calendar_year_missing"),
        (MON, MON, "maybe", STORM, "unknown_word"),
        (MON, MON, "off", "  ", "text_empty"),
        (MON, MON, "off", "x" * 201, "text_too_long"),
    ],
)
def test_a_change_that_cannot_be_leaves_nothing_behind(
    office: Office, noon: datetime, first: date, last: date, word: str, reason: str, code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        change(office, noon, first, last, word, reason)
    assert CalendarDay.select().count() == 0
    assert facts() == []


def test_the_effect_counts_open_appointments_which_are_not_moved(office: Office, noon: datetime) -> None:
    promised = make_dossier([fact("receive", noon.date(), due_on=FRI)])
    make_dossier([fact("receive", noon.date(), due_on=FRI), fact("finish", noon.date(), due_on=FRI, seq=2)])
    make_dossier([fact("receive", noon.date(), due_on=date(2026, 12, 8))])
    make_dossier([fact("receive", noon.date(), due_on=FRI)], office=make_office("other"))
    effect = manage_calendar.effect(office.id, MON, SUN, "off")
    assert (len(effect.days), effect.dossiers) == (5, 1)
    change(office, noon, MON, SUN, "off")
    assert type(promised).get_by_id(promised.id).due_on == FRI


def test_an_undone_change_gives_back_what_was_there_before(office: Office, noon: datetime) -> None:
    change(office, noon, FRI, FRI, "off")
    second = change(office, noon, MON, SUN, "on", "Làm bù")
    assert manage_calendar.what_undoing_does(office.id, second).days == (FRI, SAT, SUN)
    manage_calendar.undo(office.id, second, noon, "user:1")
    assert not works(office, noon, FRI)
    assert not works(office, noon, SAT)
    assert {row.day: row.working for row in CalendarDay.select()} == {FRI: False}
    assert facts()[-1]["undoes"] == second


def test_only_a_change_that_still_stands_can_be_undone(office: Office, noon: datetime) -> None:
    first = change(office, noon, FRI, FRI, "off")
    change(office, noon, FRI, FRI, "on")
    with pytest.raises(Conflict, match="calendar_changed_since"):
        manage_calendar.undo(office.id, first, noon, "user:1")
    with pytest.raises(NotFound, match="unknown_change"):
        manage_calendar.undo(office.id, 99, noon, "user:1")
    with pytest.raises(NotFound, match="unknown_change"):
        manage_calendar.undo(make_office("other").id, first, noon, "user:1")
    assert [entry["can_undo"] for entry in calendar_changes(office.id)] == [True, False]


def test_an_undoing_is_not_undone(office: Office, noon: datetime) -> None:
    undoing = manage_calendar.undo(office.id, change(office, noon, FRI, FRI, "off"), noon, "user:1")
    with pytest.raises(Conflict, match="calendar_changed_since"):
        manage_calendar.undo(office.id, undoing, noon, "user:1")


def test_the_year_names_every_day_that_is_special(office: Office, noon: datetime) -> None:
    change(office, noon, FRI, FRI, "off")
    change(office, noon, SAT, SAT, "on", "Làm bù")
    year = calendar_year(office.id, 2026)
    special = {day.day: (day.kind, day.name, day.reason) for day in year.special}
    assert special[date(2026, 2, 17)] == ("holiday", "Tết Nguyên Đán", "")
    assert special[date(2026, 8, 22)][0] == "swapped"
    assert special[FRI] == ("off", "", STORM)
    assert special[SAT] == ("on", "", "Làm bù")
    assert [len(month[0]) for month in year.months] == [7] * 12
    assert year.months[10][0][6].day == date(2026, 11, 1), "weeks begin on Monday"
    calendar = calendar_in(seen(office, noon))
    assert year.working_days == sum(calendar.is_working_day(day.day) for day in year.days)


def test_years_without_data_say_so(office: Office) -> None:
    for year in (0, 1899, 2101, 99999):
        assert calendar_year(office.id, year).known is False
    assert national_calendar(2100, "Asia/Ho_Chi_Minh").years == {2099, 2100}
    assert swapped_days(2024) == {date(2024, 5, 4)}


def test_years_whose_swaps_are_not_announced_say_so(office: Office) -> None:
    assert calendar_year(office.id, 2025).announced
    assert not calendar_year(office.id, 2099).announced


def test_changes_name_who_made_them(office: Office, noon: datetime) -> None:
    user = make_user(display_name="Trần Thị Quản Trị")
    manage_calendar.change_days(office.id, FRI, FRI, "off", STORM, noon, f"user:{user.id}")
    (entry,) = calendar_changes(office.id)
    assert (entry["by"], entry["can_undo"]) == ("Trần Thị Quản Trị", True)


SUMMER = ["07:00", "11:00", "13:00", "16:30"]


def set_hours(
    office: Office, now: datetime, first: date, hours: list[str], reason: str = "Giờ mùa hè"
) -> None:
    manage_hours.set_hours(office.id, first, hours, reason, now, "user:1")


def test_new_hours_hold_from_their_day_on_and_the_old_ones_are_kept(office: Office, noon: datetime) -> None:
    set_hours(office, noon, MON, SUMMER)
    assert hours_in(seen(office, noon)).opens == time(7, 30)
    later = datetime(2026, 11, 30, 8, tzinfo=HANOI)
    assert hours_in(seen(office, later)).closes == time(16, 30)
    assert [
        (row["valid_from"], row["state"]) for row in manage_hours.hours_listing(office.id, noon.date())
    ] == [
        (MON, "future"),
        (None, "in_force"),
    ]
    assert [row["state"] for row in manage_hours.hours_listing(office.id, MON)] == ["in_force", "past"]
    assert facts() == [{"valid_from": "2026-11-30", "hours": SUMMER}]


def test_a_term_in_working_hours_is_reckoned_by_the_hours_in_force(office: Office, noon: datetime) -> None:
    set_hours(office, noon, noon.date(), ["08:00", "11:00", "13:00", "16:00"])
    now = seen(office, noon)
    due = due_at(Term(4, TimeUnit.WORKING_HOURS), noon, calendar_in(now), hours_in(now))
    assert due == datetime(2026, 11, 23, 15, 42, tzinfo=HANOI)


@pytest.mark.parametrize(
    "hours",
    [
        ["07:30", "07:30", "13:30", "17:00"],
        ["07:30", "14:00", "13:30", "17:00"],
        ["07:30", "11:30", "13:30", "25:00"],
        ["07:30", "11:30", "13:30", ""],
        ["07:30", "11:30", "13:30"],
    ],
)
def test_hours_out_of_order_are_refused(office: Office, noon: datetime, hours: list[str]) -> None:
    with pytest.raises(DomainError, match="office_hours_malformed"):
        set_hours(office, noon, MON, hours)
    assert OfficeHours.select().count() == 0


def test_hours_begin_today_at_the_earliest(office: Office, noon: datetime) -> None:
    with pytest.raises(DomainError, match="hours_start_in_past"):
        set_hours(office, noon, noon.date() - timedelta(1), SUMMER)
    set_hours(office, noon, noon.date(), SUMMER)
    with pytest.raises(Conflict, match="hours_in_force"):
        manage_hours.withdraw_hours(office.id, noon.date(), noon, "user:1")


def test_planned_hours_can_be_replaced_and_taken_back(office: Office, noon: datetime) -> None:
    set_hours(office, noon, MON, SUMMER)
    set_hours(office, noon, MON, ["07:00", "11:30", "13:00", "16:30"])
    assert [row.hours[1] for row in OfficeHours.select()] == ["11:30"]
    manage_hours.withdraw_hours(office.id, MON, noon, "user:1")
    assert OfficeHours.select().count() == 0
    assert facts()[-1] == {"valid_from": "2026-11-30"}
    with pytest.raises(NotFound, match="unknown_hours"):
        manage_hours.withdraw_hours(office.id, MON, noon, "user:1")
