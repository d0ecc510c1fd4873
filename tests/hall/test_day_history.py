"""A day by quarter hour: what a chart shows has to be what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kiosk.database import bookkeeping
from kiosk.models import ForecastScore
from kiosk.services.day_close import close_day
from kiosk.services.look.overview_day import day_history
from kiosk.services.look.overview_forecast import honesty_by_day, honesty_of_day
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from kiosk.views.hall_chart import day_chart
from tests.factories import make_line, make_office
from tests.services.test_stories import Story

MONDAY = date(2026, 11, 23)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def history(story: Story, day: date = MONDAY) -> dict[str, Any]:
    return day_history(story.office, day, story.clock.moment)


def quarter(shown: dict[str, Any], hour: int, minute: int) -> dict[str, Any]:
    wanted = datetime(2026, 11, 23, hour, minute, tzinfo=HANOI)
    return next(each for each in shown["quarters"] if datetime.fromisoformat(each["at"]) == wanted)


def test_a_morning_by_quarter_hour(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 8, 2, tzinfo=HANOI)
    for _ in range(3):
        story.issue()
    story.clock.pass_(minutes=15)
    story.move(story.call(), "finish")
    story.clock.pass_(minutes=15)
    shown = history(story)
    at_eight, later, now = quarter(shown, 8, 0), quarter(shown, 8, 15), quarter(shown, 8, 30)
    assert (at_eight["arrived"], at_eight["waiting"], at_eight["finished"]) == (3, 3, 0)
    assert (later["arrived"], later["waiting"], later["finished"]) == (0, 3, 1)
    assert (now["waiting"], now["finished"]) == (2, 0)
    assert quarter(shown, 8, 45)["waiting"] is None, "what is still to come has no figure"
    assert datetime.fromisoformat(shown["quarters"][0]["at"]).hour == 7
    assert datetime.fromisoformat(shown["quarters"][-1]["at"]) == datetime(2026, 11, 23, 16, 45, tzinfo=HANOI)


def test_the_fullest_moment_counts_not_the_end_of_the_quarter(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 8, 1, tzinfo=HANOI)
    for _ in range(2):
        story.issue()
    story.clock.pass_(minutes=4)
    for counter in (story.place.counter, story.place.second):
        story.call(counter)
    story.clock.pass_(minutes=5)
    assert quarter(history(story), 8, 0)["waiting"] == 2
    story.clock.pass_(minutes=10)
    assert quarter(history(story), 8, 15)["waiting"] == 0


def test_everybody_who_came_is_counted_once_even_at_odd_hours(story: Story) -> None:
    for hour in (5, 8, 19):
        story.clock.moment = datetime(2026, 11, 23, hour, 0, tzinfo=HANOI)
        story.move(story.call(), "finish") if story.issue() else None
        story.issue()
    shown = history(story)
    assert sum(each["arrived"] or 0 for each in shown["quarters"]) == shown["issued"] == 6
    assert sum(each["finished"] or 0 for each in shown["quarters"]) == 3


def test_a_cancelled_wait_ends(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 8, 0, tzinfo=HANOI)
    ticket = story.issue().ticket
    story.clock.pass_(minutes=20)
    move_ticket(ticket.id, "cancel", story.officer(), story.clock.moment)
    story.clock.pass_(minutes=30)
    shown = history(story)
    assert [quarter(shown, 8, m)["waiting"] for m in (0, 15, 30, 45)] == [1, 1, 0, 0]


def test_whoever_was_parked_did_not_wait_until_the_end_of_the_day(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 8, 0, tzinfo=HANOI)
    story.issue()
    story.clock.pass_(minutes=5)
    ticket = story.call()
    move_ticket(ticket.id, "park", story.officer(), story.clock.moment, MoveDetails(reason="copy"))
    story.clock.pass_(hours=9)
    close_day(story.office, story.clock.moment, "user:1")
    shown = history(story)
    assert (quarter(shown, 8, 0)["waiting"], quarter(shown, 9, 0)["waiting"]) == (1, 0)


def test_a_sunday_on_which_nobody_came_has_no_chart(story: Story) -> None:
    sunday = date(2026, 11, 22)
    shown = history(story, sunday)
    assert (shown["quarters"], shown["issued"], shown["closed"]) == ([], 0, None)
    assert day_chart(shown["quarters"], HANOI) is None


def test_a_closed_day_keeps_its_summary_and_carried_numbers_come_in_the_morning(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 16, 50, tzinfo=HANOI)
    story.issue()
    story.clock.pass_(minutes=40)
    close_day(story.office, story.clock.moment, "user:1")
    closed = history(story)["closed"]
    assert (closed["issued"], closed["carried_over"]) == (1, 1)
    story.clock.moment = datetime(2026, 11, 25, 9, 0, tzinfo=HANOI)  # the 24th is a holiday
    tomorrow = history(story, date(2026, 11, 25))["quarters"]
    came = [each["at"] for each in tomorrow if each["arrived"]]
    assert [datetime.fromisoformat(at).astimezone(HANOI).strftime("%H:%M") for at in came] == ["07:30"]
    assert sum(each["waiting"] or 0 for each in history(story)["quarters"][-2:]) > 0


def test_the_chart_stays_inside_its_picture(story: Story) -> None:
    story.clock.moment = datetime(2026, 11, 23, 8, 0, tzinfo=HANOI)
    for _ in range(37):
        story.issue()
    story.clock.pass_(hours=1)
    chart = day_chart(history(story)["quarters"], HANOI)
    assert chart is not None
    assert chart["peak"]["n"] == 37
    assert chart["waiting"]["grid"][-1]["n"] >= 37
    assert len(chart["waiting"]["grid"]) <= 6
    assert all(bar["y"] >= 0 and bar["height"] > 0 for bar in chart["bars"])
    assert all(bar["x"] + bar["width"] <= chart["right"] for bar in chart["bars"])
    assert [mark["hour"] for mark in chart["hours"]][:2] == ["08:00", "09:00"]


def test_how_honest_the_forecasts_were(database: Any) -> None:
    with database.connection_context():
        office = make_office()
        first, second = make_line("T", office), make_line("G", office)
        for day, line, tickets, inside, late, error in [
            (MONDAY, first, 80, 72, 5, 30.0),
            (MONDAY, second, 20, 14, 6, -60.0),
            (MONDAY - timedelta(days=3), first, 10, 10, 0, 0.0),
        ]:
            with bookkeeping():
                ForecastScore.create(
                    office=office,
                    line=line,
                    day=day,
                    tickets=tickets,
                    inside=inside,
                    late=late,
                    early=tickets - inside - late,
                    mean_error_seconds=error,
                )
        assert [(each["day"], each["share"]) for each in honesty_by_day(office.id)] == [
            ("2026-11-23", 86),
            ("2026-11-20", 100),
        ]
        day = honesty_of_day(office.id, MONDAY)
        assert (day["tickets"], day["early"], day["late"], day["mean_error_seconds"]) == (100, 3, 11, 12)
        assert [(line["prefix"], line["share"]) for line in day["lines"]] == [("G", 70), ("T", 90)]
        assert honesty_of_day(office.id, date(2026, 1, 1))["share"] is None
