"""The manager's live view, told as mornings of an office on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kiosk.database import bookkeeping
from kiosk.domain.errors import NotFound
from kiosk.domain.permissions import Role
from kiosk.models import Line, Printer, Ticket
from kiosk.services.answer_help import answer_help
from kiosk.services.counter_state import ask_for_help, set_counter_state
from kiosk.services.look.overview_hall import hall_overview
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from tests.factories import make_printer
from tests.services.test_stories import Story


def look(story: Story) -> dict[str, Any]:
    return hall_overview(story.office, story.clock.moment)


def line_of(story: Story, prefix: str = "T") -> dict[str, Any]:
    return next(each for each in look(story)["lines"] if each["prefix"] == prefix)


def counter_of(story: Story, number: int = 1) -> dict[str, Any]:
    return next(each for each in look(story)["counters"] if each["number"] == number)


def kinds(story: Story) -> list[str]:
    return [each["kind"] for each in look(story)["alerts"]]


def close_both(story: Story) -> None:
    for counter in (story.place.counter, story.place.second):
        set_counter_state(counter.id, "closed", "", story.officer(counter), story.clock.moment)


def test_an_empty_morning_has_nothing_to_tell(story: Story) -> None:
    shown = look(story)
    assert shown["totals"]["issued"] == shown["totals"]["waiting"] == 0
    assert shown["alerts"] == []
    assert line_of(story)["longest_wait_seconds"] is None
    assert line_of(story)["wait_minutes"] == [0, 0]
    assert counter_of(story)["ticket"] is None


def test_a_line_says_who_waits_how_long_and_by_which_right(story: Story) -> None:
    story.issue()
    story.clock.pass_(minutes=7)
    story.issue()
    story.issue(priority="elderly")
    story.clock.pass_(minutes=5)
    line = line_of(story)
    assert (line["waiting"], line["priority"], line["longest_wait_seconds"]) == (3, 1, 12 * 60)
    assert (line["over_target"], line["issued"]) == (0, 3)
    assert line["counters"] == {"open": 2, "paused": 0, "closed": 0}


def test_waiting_longer_than_the_target_is_told_of_the_line(story: Story) -> None:
    story.issue()
    story.clock.pass_(minutes=15)
    story.issue()
    assert kinds(story) == []
    story.clock.pass_(minutes=6)
    alert = look(story)["alerts"][0]
    assert (alert["kind"], alert["level"], alert["over"], alert["target_minutes"]) == (
        "line_over_target",
        "bad",
        1,
        20,
    )
    with bookkeeping():
        Line.update(rule={"target_minutes": 30}).where(Line.id == story.place.justice.id).execute()
    story.clock.pass_(seconds=16)  # figures are kept for a quarter of a minute
    assert kinds(story) == []


def test_who_asked_to_be_called_later_does_not_wait_too_long(story: Story) -> None:
    ticket = story.issue().ticket
    with bookkeeping():
        Ticket.update(not_before=story.clock.moment + timedelta(hours=1)).where(
            Ticket.id == ticket.id
        ).execute()
    story.clock.pass_(minutes=40)
    assert (kinds(story), line_of(story)["waiting"]) == ([], 1)


def test_people_wait_and_no_counter_serves_them(story: Story) -> None:
    story.issue()
    close_both(story)
    alert = look(story)["alerts"][0]
    assert (alert["kind"], alert["prefix"], alert["waiting"]) == ("line_unserved", "T", 1)
    assert line_of(story)["counters"] == {"open": 0, "paused": 0, "closed": 2}
    assert kinds(story) == ["line_unserved"], "one sentence is enough although the wait grows too"
    story.clock.pass_(minutes=30)
    assert kinds(story).count("line_over_target") == 0


def test_a_counter_shows_who_sits_there_with_whom_since_when(story: Story) -> None:
    story.issue()
    assert counter_of(story)["officer"] == "Nguyễn Thị Hòa"
    ticket = story.call()
    story.clock.pass_(seconds=50)
    shown = counter_of(story)["ticket"]
    assert (shown["label"], shown["state"], shown["seconds"]) == ("T001", "called", 50)
    story.move(ticket, "start")
    story.clock.pass_(seconds=100)
    shown = counter_of(story)["ticket"]
    assert (shown["state"], shown["seconds"]) == ("serving", 100), "service, without the way"
    story.move(ticket, "finish")
    counter = counter_of(story)
    assert (counter["ticket"], counter["served"]) == (None, 1)
    assert (counter["way"]["median"], counter["service"]["median"]) == (50, 100)
    totals = look(story)["totals"]
    assert (totals["finished"], totals["wait"]["median"], totals["left_out"]) == (1, 0, 0)


def test_a_number_counts_where_it_was_given_and_waits_where_it_was_sent(story: Story) -> None:
    ticket = story.issue().ticket
    to = MoveDetails(line=story.place.transport.id)
    move_ticket(ticket.id, "transfer", story.officer(), story.clock.moment, to)
    assert (line_of(story, "T")["issued"], line_of(story, "T")["waiting"]) == (1, 0)
    assert (line_of(story, "G")["issued"], line_of(story, "G")["waiting"]) == (0, 1)


def test_a_call_that_was_taken_back_was_no_wait(story: Story) -> None:
    story.issue()
    story.clock.pass_(minutes=3)
    story.move(story.call(), "undo")
    totals = look(story)["totals"]
    assert (totals["wait"]["n"], totals["waiting"]) == (0, 1)
    story.clock.pass_(minutes=2)
    story.call()
    assert look(story)["totals"]["wait"]["median"] == 300


def test_a_visit_that_never_ends_may_be_a_forgotten_finish(story: Story) -> None:
    story.issue()
    story.move(story.call(), "start")
    story.clock.pass_(minutes=45)
    assert kinds(story) == []
    story.clock.pass_(minutes=1)
    alert = look(story)["alerts"][0]
    assert (alert["kind"], alert["level"], alert["label"], alert["counter_number"]) == (
        "visit_long",
        "warn",
        "T001",
        1,
    )


def test_a_long_pause_of_a_counter_is_told(story: Story) -> None:
    set_counter_state(story.place.counter.id, "paused", "meeting", story.officer(), story.clock.moment)
    counter = counter_of(story)
    assert (counter["state"], counter["paused"]["reason"]) == ("paused", "meeting")
    story.clock.pass_(minutes=20)
    assert kinds(story) == []
    story.clock.pass_(minutes=1)
    assert kinds(story) == ["counter_paused"]


def test_a_visit_parked_for_long_is_told(story: Story) -> None:
    story.issue()
    ticket = story.call()
    move_ticket(ticket.id, "park", story.officer(), story.clock.moment, MoveDetails(reason="copy"))
    assert look(story)["parked"][0]["reason"] == "copy"
    story.clock.pass_(minutes=31)
    alert = look(story)["alerts"][0]
    assert (alert["kind"], alert["label"], alert["reason"]) == ("parked_long", "T001", "copy")
    assert line_of(story)["parked"] == 1


def test_help_is_wanted_until_somebody_goes_there(story: Story) -> None:
    manager = story.officer(role=Role.MANAGER)
    first = ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)
    story.clock.pass_(minutes=2)
    second = ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)
    (alert,) = look(story)["alerts"]
    assert (alert["kind"], alert["counter_number"], alert["times"], alert["seq"]) == (
        "help_wanted",
        1,
        2,
        second,
    )
    assert datetime.fromisoformat(alert["since"]) == story.clock.moment - timedelta(minutes=2)
    assert answer_help(first, manager, story.clock.moment)
    assert kinds(story) == ["help_wanted"], "the newer call is not answered by going to the older one"
    assert answer_help(second, manager, story.clock.moment)
    assert kinds(story) == []
    before = story.kinds()
    assert not answer_help(second, manager, story.clock.moment)
    assert story.kinds() == before
    story.clock.pass_(minutes=5)
    ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)
    assert kinds(story) == ["help_wanted"]


def test_only_a_call_for_help_can_be_answered(story: Story) -> None:
    story.issue()
    with pytest.raises(NotFound, match="unknown_help_call"):
        answer_help(1, story.officer(role=Role.MANAGER), story.clock.moment)


def test_printers_that_need_a_hand(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    with bookkeeping():
        Printer.update(paper_low=True).where(Printer.id == printer.id).execute()
    assert kinds(story) == ["paper_low"]
    with bookkeeping():
        Printer.update(problem="printer_cover_open").where(Printer.id == printer.id).execute()
    assert [(a["kind"], a["problem"]) for a in look(story)["alerts"]] == [
        ("printer_problem", "printer_cover_open")
    ]


def test_more_people_than_time_before_closing(story: Story) -> None:
    story.clock.moment = story.clock.moment.replace(hour=16, minute=30)
    for _ in range(3):
        story.issue()
    assert line_of(story)["fits"] in {"yes", "maybe"}
    for _ in range(30):
        story.issue()
    assert line_of(story)["fits"] == "no"
    assert "past_closing" in kinds(story)


def test_the_most_urgent_comes_first(story: Story) -> None:
    make_printer(office=story.place.office, paper_low=True)
    story.issue()
    story.clock.pass_(minutes=25)
    ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)
    assert kinds(story) == ["help_wanted", "line_over_target", "paper_low"]


def test_another_office_is_another_hall(story: Story) -> None:
    story.issue()
    other = hall_overview(story.place.other.id, story.clock.moment)
    assert other["totals"]["issued"] == 0
    assert [each["prefix"] for each in other["lines"]] == ["T"]
