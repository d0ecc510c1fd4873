"""What reaches a board's room, and when a board is drawn anew: read from the journal by the real tail."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk import clock
from kiosk.domain.events import EVENTS
from kiosk.realtime.rooms import Register, Room, Visitor
from kiosk.realtime.tail import RESHAPING, Tail
from kiosk.services.counter_state import set_counter_state
from kiosk.services.manage_notices import NoticeWish, add_notice
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from tests.services.test_stories import Story, story

__all__ = ["story"]

LINES: dict[int, dict[str, Any]] = {
    1: {"title": "Hộ tịch", "title_en": "", "area": "main", "counters": [1]},
    2: {"title": "Đất đai", "title_en": "", "area": "tang-2", "counters": [2]},
}


def board(area: str = "main") -> Room:
    return Room(f"board:demo:{area}", 1, "board", area=area)


@pytest.mark.parametrize("kind", ["ticket.parked", "ticket.returned", "ticket.undone", "ticket.transferred"])
def test_moves_that_change_a_board_reach_its_area_alone(kind: str) -> None:
    fact = {"line": 2, "area": "tang-2"}
    assert board("tang-2").wants(kind, fact, LINES)
    assert board("all").wants(kind, fact, LINES)
    assert not board("main").wants(kind, fact, LINES)


def test_whoever_is_sent_on_leaves_the_board_they_were_called_on() -> None:
    fact = {"line": 2, "area": "tang-2", "from_line": 1}
    assert board("main").wants("ticket.transferred", fact, LINES)
    assert board("tang-2").wants("ticket.transferred", fact, LINES)


def test_a_notice_for_everywhere_reaches_everybody_and_one_for_an_area_only_it() -> None:
    assert board("main").wants("notice.changed", {"area": ""}, LINES)
    assert board("tang-2").wants("notice.changed", {"area": "tang-2"}, LINES)
    assert not board("main").wants("notice.changed", {"area": "tang-2"}, LINES)


@pytest.mark.parametrize("kind", ["ticket.started", "ticket.finished", "dossier.received", "hall.changed"])
def test_what_is_nobodys_business_in_the_hall_is_not_told_there(kind: str) -> None:
    assert not board("all").wants(kind, {"area": "main"}, LINES)


class Hall:
    """A board room watched by the tail, without the thread: what it sent, by name."""

    def __init__(self, office_id: int) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        register = Register()
        room = Room("board:demo:all", office_id, "board", area="all")
        register.arrive("1", Visitor(SimpleNamespace()))
        self.tail = Tail(
            register, lambda name, payload, _room: self.sent.append((name, payload)), lambda _: None
        )
        self.tail.watch(office_id)
        register.join("1", room)

    def hear(self) -> list[str]:
        """Let the tail read and pay what it owes; the names of what was sent."""
        before = len(self.sent)
        self.tail._tell_news()
        self.tail.send_owed()
        return [name for name, _ in self.sent[before:]]

    def last(self, name: str) -> dict[str, Any]:
        return next(payload for each, payload in reversed(self.sent) if each == name)


@pytest.fixture
def hall(story: Story, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr(clock, "now", lambda: story.clock.moment)
    return Hall(story.office)


def test_a_call_goes_out_first_and_the_sums_after(hall: Hall, story: Story) -> None:
    story.issue()
    hall.hear()
    called = story.call()
    assert hall.hear() == ["event", "figures"]
    figures = hall.last("figures")
    assert figures["counters"][0]["label"] == called.label
    assert hall.hear() == [], "nothing is said twice"


def test_a_call_taken_back_brings_the_present_state(hall: Hall, story: Story) -> None:
    story.issue()
    called = story.call()
    hall.hear()
    move_ticket(called.id, "undo", story.officer(), story.clock.moment, MoveDetails())
    assert hall.hear() == ["event", "snapshot"]
    assert hall.last("event")["state"] == "waiting"
    assert hall.last("snapshot")["calls"] == []
    assert hall.last("snapshot")["seq"] >= hall.last("event")["seq"]


def test_a_counter_that_pauses_shows_at_once(hall: Hall, story: Story) -> None:
    set_counter_state(story.place.counter.id, "paused", "break", story.officer(), story.clock.moment)
    assert hall.hear() == ["event", "figures"]
    assert hall.last("figures")["counters"][0]["state"] == "paused"


def test_a_notice_hung_up_is_on_the_boards_by_itself(hall: Hall, story: Story) -> None:
    add_notice(story.office, NoticeWish("notice", "Chiều nay nghỉ"), story.clock.moment, "user:1")
    assert hall.hear() == ["event", "snapshot"]
    assert [each["text"] for each in hall.last("snapshot")["notices"]] == ["Chiều nay nghỉ"]


def test_midnight_empties_the_boards_though_nothing_happens(hall: Hall, story: Story) -> None:
    story.issue()
    story.call()
    hall.hear()
    hall.tail.notice_midnight()
    assert hall.hear() == [], "the day is still the same"
    zone = story.clock.moment.tzinfo
    day = story.clock.moment.date() + timedelta(days=1)
    story.clock.moment = datetime(day.year, day.month, day.day, 0, 0, 1, tzinfo=zone)
    hall.tail.notice_midnight()
    assert hall.hear() == ["snapshot"]
    assert hall.last("snapshot")["calls"] == []
    hall.tail.notice_midnight()
    assert hall.hear() == []


def test_what_redraws_a_board_is_an_event_there_is() -> None:
    assert set(EVENTS) >= RESHAPING
