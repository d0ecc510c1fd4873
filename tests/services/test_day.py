"""The day of the hall: hours, lunch, closing, what becomes of whoever still waits, and the morning after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.ticket import TicketState
from kiosk.models import DayClose, ForecastScore, Line, Pace, PrintJob, Ticket
from kiosk.services import look
from kiosk.services.day_close import close_day, close_due_days, reopen_day
from kiosk.services.hall_settings import change_hall
from kiosk.services.hours import set_line_hours
from kiosk.services.pace import Paces
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from kiosk.services.verify_log import verify_office
from tests.factories import HANOI, make_printer
from tests.services.test_stories import HOUSE, Story

NEXT = date(2026, 11, 25)
"""The next working day after that of the stories: the 24th is a day off (Ngày Văn hóa Việt Nam)."""


def at(story: Story, hour: int, minute: int = 0, day: date | None = None) -> datetime:
    """Set the clock to a local time."""
    story.clock.moment = datetime.combine(
        day or story.clock.moment.astimezone(HANOI).date(), time(hour, minute), HANOI
    )
    return story.clock.moment


def keep_hours(story: Story, **values: Any) -> None:
    change_hall(story.office, "day", {"keep_hours": True, **values}, story.clock.moment, "system:test")


def line_of_menu(story: Story) -> dict[str, Any]:
    return next(
        line for line in look.lines(story.office, story.clock.moment) if line["id"] == story.place.justice.id
    )


def state(ticket: Ticket) -> str:
    return str(Ticket.get_by_id(ticket.id).state)


def test_numbers_are_given_in_the_hours_of_the_line_only(story: Story) -> None:
    keep_hours(story, numbers_before_minutes=15, numbers_at_lunch=False)
    for hour, minute, given in (
        (7, 14, False),
        (7, 15, True),
        (11, 29, True),
        (11, 30, False),
        (13, 30, True),
        (17, 0, False),
    ):
        at(story, hour, minute, NEXT)
        shown = line_of_menu(story)
        assert shown["open"] is given, (hour, minute)
        if given:
            story.issue()
        else:
            assert shown["open_reason"] == "outside_hours"
            with pytest.raises(Conflict, match="line_outside_hours"):
                story.issue()
    shown = line_of_menu(story)
    assert (shown["open"], shown["opens_at"]) == (False, None), "not again today"


def test_a_line_has_hours_of_its_own(story: Story) -> None:
    keep_hours(story, numbers_before_minutes=0)
    set_line_hours(
        story.office, story.place.justice.id, [["08:00", "10:00"]], story.clock.moment, "system:test"
    )
    at(story, 7, 45, NEXT)
    with pytest.raises(Conflict) as refused:
        story.issue()
    assert (refused.value.code, refused.value.fields["opens_at"]) == ("line_outside_hours", "08:00")
    at(story, 9)
    story.issue()
    with pytest.raises(DomainError, match="line_hours_malformed"):
        set_line_hours(
            story.office, story.place.justice.id, [["10:00", "08:00"]], story.clock.moment, "system:test"
        )


def test_no_numbers_on_a_day_off(story: Story) -> None:
    keep_hours(story)
    at(story, 9, day=date(2026, 11, 28))
    assert line_of_menu(story)["open_reason"] == "holiday"
    with pytest.raises(Conflict, match="line_outside_hours"):
        story.issue()


def test_the_kiosk_says_before_the_press_that_today_may_be_too_late(story: Story) -> None:
    keep_hours(story)
    at(story, 9, day=NEXT)
    assert line_of_menu(story)["capacity"]["fits"] == "yes"
    at(story, 16, 50)
    for _ in range(12):
        story.issue()
    capacity = line_of_menu(story)["capacity"]
    assert capacity["fits"] == "no"
    assert capacity["next_day"] == "2026-11-26"


def test_a_number_for_the_next_working_day_says_so_on_paper(story: Story) -> None:
    make_printer(office=story.place.office)
    at(story, 16, 55)
    today = story.issue()
    tomorrow = story.issue(next_day=True)
    assert (tomorrow.ticket.day, tomorrow.ticket.label) == (NEXT, "T001")
    slip = PrintJob.get_by_id(tomorrow.print_job).slip
    assert (slip["for_day"], slip["wait_minutes"]) == ("2026-11-25", None)
    assert story.call().id == today.ticket.id
    story.move(today.ticket, "finish")
    assert story.call() is None, "it is not called a day early"
    at(story, 8, day=NEXT)
    assert story.call().id == tomorrow.ticket.id


def test_an_office_may_not_carry_over(story: Story) -> None:
    change_hall(story.office, "day", {"carry_over": False}, story.clock.moment, "system:test")
    with pytest.raises(Conflict, match="next_day_not_offered"):
        story.issue(next_day=True)
    left = story.issue().ticket
    close_day(story.office, at(story, 17, 30), "system:test")
    assert state(left) == TicketState.EXPIRED


def test_whoever_still_waits_is_first_on_the_next_working_day(story: Story) -> None:
    make_printer(office=story.place.office)
    served = story.issue().ticket
    waiting = [story.issue().ticket for _ in range(3)]
    parked = story.issue(priority="elderly").ticket
    remote = story.issue(remote=True, person_key="k").ticket
    assert story.call().id == parked.id
    move_ticket(parked.id, "park", story.officer(), story.clock.moment, MoveDetails(reason="copy"))
    assert story.call().id == served.id
    summary = close_day(story.office, at(story, 17, 30), "system:test", house=HOUSE)
    assert [state(ticket) for ticket in waiting] == ["carried_over"] * 3
    assert (state(parked), state(remote), state(served)) == ("carried_over", "expired", "called")
    assert (summary["issued"], summary["carried_over"], summary["expired"]) == (6, 4, 1)
    papers = [job.slip["for_day"] for job in PrintJob.select() if job.slip["for_day"]]
    assert papers == ["2026-11-25"] * 4
    story.move(served, "finish")
    at(story, 7, 40, NEXT)
    newcomer = story.issue().ticket
    called = []
    for _ in range(5):
        ticket = story.call()
        called.append(ticket)
        story.move(ticket, "finish")
    assert called[0].priority == "elderly", "the parked visit goes on at its counter"
    assert [ticket.id for ticket in called[1:4]] == [Ticket.get_by_id(t.id).carried_to_id for t in waiting]
    assert called[4].id == newcomer.id
    assert len({ticket.label for ticket in called}) == 5
    assert verify_office(story.office).broken is None


def test_a_closed_day_gives_no_numbers_until_it_is_opened_again(story: Story) -> None:
    close_day(story.office, story.clock.moment, "system:test")
    with pytest.raises(Conflict, match="day_closed"):
        close_day(story.office, story.clock.moment, "system:test")
    with pytest.raises(Conflict, match="day_closed"):
        story.issue()
    reopen_day(story.office, story.clock.moment, "system:test")
    story.issue()


def test_days_close_by_themselves_in_the_evening_and_at_midnight(story: Story) -> None:
    keep_hours(story)
    at(story, 15)
    story.issue()
    assert close_due_days(at(story, 17, 29)) == 0
    assert close_due_days(at(story, 17, 31)) == 1
    assert close_due_days(at(story, 18)) == 0
    change_hall(story.office, "day", {"keep_hours": False}, story.clock.moment, "system:test")
    at(story, 9, day=NEXT)
    left = story.issue().ticket
    assert close_due_days(at(story, 23, 59)) == 0
    assert close_due_days(at(story, 0, 0, date(2026, 11, 26))) == 1
    assert state(left) == TicketState.CARRIED_OVER
    assert Ticket.get_by_id(left.id).carried_to.day == date(2026, 11, 26)


def test_the_server_was_off_for_a_week(story: Story) -> None:
    left = story.issue().ticket
    assert close_due_days(at(story, 8, day=date(2026, 12, 2))) == 1
    assert state(left) == TicketState.EXPIRED, "their next working day is over as well"
    assert DayClose.select().count() == 1


def test_a_forgotten_finish_is_flagged_at_night_and_counts_in_no_mean(story: Story) -> None:
    story.issue()
    forgotten = story.call()
    story.move(forgotten, "start")
    close_day(story.office, at(story, 17, 30), "system:test")
    assert state(forgotten) == TicketState.SERVING, "in the evening it may well go on"
    close_due_days(at(story, 0, 1, date(2026, 11, 24)))
    row = Ticket.get_by_id(forgotten.id)
    assert (row.state, row.forgotten) == (TicketState.FINISHED, True)
    assert DayClose.get().summary["forgotten"] == 1
    assert Paces().refresh(at(story, 9, day=NEXT)) == 0
    assert Pace.select().count() == 0


def test_the_night_measures_whether_forecasts_were_honest(story: Story) -> None:
    for _ in range(4):
        story.issue()
    Ticket.update(wait_low=0, wait_high=3).execute()
    for minutes in (1, 1, 1, 30):
        story.clock.pass_(minutes=minutes)
        story.move(story.call(), "finish")
    close_due_days(at(story, 0, 1, date(2026, 11, 24)))
    close_due_days(at(story, 0, 2, date(2026, 11, 24)))
    score = ForecastScore.get()
    assert (score.tickets, score.inside, score.late, score.early) == (4, 3, 1, 0)
    close_due_days(at(story, 0, 3, date(2026, 11, 24)))
    assert ForecastScore.select().count() == 1


def test_midnight_in_the_office_is_not_midnight_in_utc(story: Story) -> None:
    at(story, 23, 59)
    before = story.issue().ticket
    story.clock.pass_(minutes=2)
    after = story.issue().ticket
    assert (before.day + timedelta(days=1), after.label) == (after.day, "T001")
    assert Line.get_by_id(story.place.justice.id).round == {}
