"""What a board is told when it comes in: the counters, every line's figures, notices, and how it speaks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.domain.errors import NotFound
from kiosk.services.look.board import board_figures, board_snapshot
from kiosk.services.look.board_figures import area_counters, area_lines
from tests.factories import HANOI, OPENING, make_counter, make_device, make_line, make_office, make_ticket

AT = OPENING + timedelta(hours=1)


def shown(office: Any, area: str = "all", now: datetime = AT) -> dict[str, Any]:
    return board_snapshot(office.id, area, now)


def call(line: Any, counter: Any, seq: int, **fields: Any) -> Any:
    return make_ticket(
        line, **{"state": "called", "counter": counter, "called_at": AT, "called_seq": seq, **fields}
    )


def test_each_counter_says_whether_it_is_open_and_with_whom(database: Database) -> None:
    office = make_office()
    line = make_line("T", office)
    open_, paused, closed, busy_paused = (
        make_counter(1, [line]),
        make_counter(2, [line], pause_reason="break"),
        make_counter(3, [line], open=False),
        make_counter(4, [line], pause_reason="papers"),
    )
    call(line, open_, 1)
    call(line, busy_paused, 2, state="serving")
    make_ticket(line, state="finished", counter=paused, called_at=AT, called_seq=3)
    assert shown(office)["counters"] == [
        {"number": 1, "state": "open", "label": "T001"},
        {"number": 2, "state": "paused", "label": None},
        {"number": 3, "state": "closed", "label": None},
        {"number": 4, "state": "paused", "label": "T002"},
    ]
    assert closed.number == 3
    assert shown(office)["counters_open"] == 1


def test_every_number_of_the_day_is_accounted_for_in_the_line_that_gave_it(database: Database) -> None:
    office = make_office()
    home, other = make_line("T", office), make_line("G", office, title="Giấy phép lái xe")
    counter = make_counter(1, [home, other])
    states = [
        "waiting",
        "called",
        "serving",
        "parked",
        "finished",
        "finished",
        "no_show",
        "cancelled",
        "expired",
    ]
    for state in states:
        make_ticket(home, state=state, counter=counter if state in {"called", "serving"} else None)
    make_ticket(home, state="carried_over")
    make_ticket(home, 90, state="waiting", day=OPENING.date() - timedelta(days=1))
    sent_on = make_ticket(home, 50, state="waiting")
    sent_on.line = other
    sent_on.save()
    rows = {row["prefix"]: row for row in shown(office)["lines"]}
    t, g = rows["T"], rows["G"]
    assert (t["issued"], t["served"], t["no_show"], t["cancelled"], t["carried_over"], t["expired"]) == (
        11,
        5,
        1,
        1,
        1,
        1,
    )
    assert (t["waiting"], g["waiting"]) == (1, 1), "who was sent on waits where they are now"
    assert g["issued"] == 0, "and counts where the number was given"
    assert t["issued"] == t["served"] + t["no_show"] + t["cancelled"] + t["carried_over"] + t["expired"] + 2


def test_an_area_has_its_lines_and_the_counters_that_serve_them(database: Database) -> None:
    office = make_office()
    west, east = make_line("T", office, area="west"), make_line("G", office, area="east")
    make_counter(1, [west], area="west")
    make_counter(2, [east], area="east")
    make_counter(3, [west, east], area="east")
    assert [line.prefix for line in area_lines(office.id, "west")] == ["T"]
    assert [counter.number for counter in area_counters(office.id, "west")] == [1, 3]
    assert [counter.number for counter in area_counters(office.id, "east")] == [2, 3]
    assert [counter.number for counter in area_counters(office.id, "all")] == [1, 2, 3]
    assert len(area_lines(office.id, "nowhere")) == 2, "an area without a line shows the whole office"
    assert len(area_counters(office.id, "nowhere")) == 3


def test_a_new_day_begins_empty(database: Database) -> None:
    office = make_office()
    line = make_line("T", office)
    call(line, make_counter(1, [line]), 7)
    before, after = (datetime(2026, 11, 23, 23, 59, 59, tzinfo=HANOI), datetime(2026, 11, 24, tzinfo=HANOI))
    assert [each["label"] for each in shown(office, now=before)["calls"]] == ["T001"]
    fresh = shown(office, now=after)
    assert fresh["calls"] == []
    assert fresh["lines"][0]["issued"] == 0


def test_who_was_sent_back_to_wait_is_called_nowhere(database: Database) -> None:
    office = make_office()
    line = make_line("T", office)
    counter = make_counter(1, [line])
    call(line, counter, 1)
    gone = call(line, counter, 2)
    gone.state, gone.called_seq, gone.counter = "waiting", None, None
    gone.save()
    assert [each["label"] for each in shown(office)["calls"]] == ["T001"]


def test_a_rush_leaves_the_newest_twelve_newest_first(database: Database) -> None:
    office = make_office()
    line = make_line("T", office)
    counter = make_counter(1, [line])
    for seq in range(1, 21):
        call(line, counter, seq, state="finished")
    assert [each["label"] for each in shown(office)["calls"]] == [f"T{n:03}" for n in range(20, 8, -1)]


def test_a_board_learns_how_it_speaks_but_not_with_which_voice(database: Database) -> None:
    office = make_office(hall={"voice": {"volume": 35, "quiet": [["11:30", "13:30"]], "pack": "centre"}})
    make_line("T", office)
    voice = shown(office)["voice"]
    assert voice == {
        "enabled": True,
        "volume": 35,
        "english": "asked",
        "chime": True,
        "quiet": [["11:30", "13:30"]],
    }
    assert shown(office)["board"] == {"seconds": 12, "show_figures": True}


def test_figures_are_that_part_of_the_snapshot_that_moves(database: Database) -> None:
    office = make_office()
    line = make_line("T", office)
    make_counter(1, [line])
    make_ticket(line)
    make_device("board", office=office)
    whole, moving = shown(office), board_figures(office.id, "all", AT)
    assert set(moving) == {"waiting", "wait_minutes", "counters_open", "counters", "lines"}
    assert moving.items() <= whole.items()
    assert moving["waiting"] == 1


def test_an_unknown_office_has_no_board(database: Database) -> None:
    with pytest.raises(NotFound, match="unknown_office"):
        board_snapshot(999, "all", AT)
