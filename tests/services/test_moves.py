"""A number on its way: paused, sent on, back after all, several services, undone, picked out of turn."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.errors import Conflict, DomainError, Forbidden, TooMany
from kiosk.domain.permissions import RIGHTS, Role
from kiosk.domain.queueing import CounterRule, LineRule, Mix, Mode, Part
from kiosk.domain.ticket import TicketState
from kiosk.models import Counter, CounterLine, Journal, Line, Ticket, Turn
from kiosk.services.call_next import call_next
from kiosk.services.counter_state import ask_for_help, set_counter_state
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from kiosk.services.verify_log import verify_office
from tests.services.test_stories import Story


def do(
    story: Story, ticket: Ticket, move: str, *, at: Any = None, role: Role = Role.OFFICER, **details: Any
) -> Ticket:
    """A move at a counter (the first, unless told)."""
    counters = [at] if at is not None else []
    return move_ticket(
        ticket.id, move, story.officer(*counters, role=role), story.clock.moment, MoveDetails(**details)
    )


def turns(ticket: Ticket) -> list[str]:
    return [row.outcome for row in Turn.select().where(Turn.ticket == ticket.id).order_by(Turn.id)]


def last_fact(story: Story) -> dict[str, Any]:
    row = Journal.select().where(Journal.office == story.office).order_by(Journal.seq.desc()).first()
    return {"kind": row.kind, **json.loads(row.facts)}


# ---- pausing


def test_a_visit_pauses_while_papers_are_copied_and_goes_on(story: Story) -> None:
    story.issue()
    story.issue()
    first = story.call()
    story.move(first, "start")
    parked = do(story, first, "park", reason="copy", room="Phòng photo tầng 1")
    assert parked.state == TicketState.PARKED
    second = story.call()
    assert second.id != first.id, "the counter was free for the next"
    story.clock.pass_(minutes=9)
    with pytest.raises(Conflict, match="counter_busy"):
        do(story, first, "resume")
    story.move(second, "finish")
    resumed = do(story, first, "resume")
    assert (resumed.state, resumed.counter_id) == (TicketState.SERVING, story.place.counter.id)
    story.clock.pass_(minutes=2)
    story.move(first, "finish")
    assert turns(first) == ["parked", "finished"]
    last = Turn.select().where(Turn.ticket == first.id).order_by(Turn.id.desc()).get()
    assert last.parked_seconds == 9 * 60
    assert (last.ended_at - last.started_at) == timedelta(minutes=2)


def test_pausing_needs_a_reason_of_the_list(story: Story) -> None:
    story.issue()
    ticket = story.call()
    with pytest.raises(DomainError, match="reason_missing"):
        do(story, ticket, "park", reason="lunch")
    assert Ticket.get_by_id(ticket.id).state == TicketState.CALLED


# ---- not there, and back


def test_somebody_who_was_not_there_comes_back_in_time_and_is_next(story: Story) -> None:
    story.issue()
    for _ in range(3):
        story.issue()
    gone = story.call()
    story.move(gone, "no_show")
    story.clock.pass_(minutes=8)
    back = do(story, gone, "return")
    assert back.state == TicketState.WAITING
    assert story.call().id == gone.id
    assert turns(gone) == ["no_show", "open"]


def test_too_late_to_come_back(story: Story) -> None:
    story.issue()
    gone = story.call()
    story.move(gone, "no_show")
    story.clock.pass_(minutes=16)
    with pytest.raises(Conflict, match="return_too_late"):
        do(story, gone, "return")


# ---- sending on


def test_a_visit_is_sent_to_another_line_with_its_number(story: Story) -> None:
    story.issue()
    ticket = story.call()
    story.move(ticket, "start")
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    sent = do(story, ticket, "transfer", line=other.id, note="Cần xác nhận của phòng bên")
    assert (sent.line_id, sent.home_id, sent.state) == (other.id, story.place.justice.id, TicketState.WAITING)
    assert sent.label == ticket.label
    assert last_fact(story)["kind"] == "ticket.transferred"
    assert "Cần xác nhận" not in json.dumps(last_fact(story), ensure_ascii=False), "words may name people"
    waiting = Ticket.select().where(Ticket.line == other.id, Ticket.state == TicketState.WAITING)
    assert [row.id for row in waiting] == [ticket.id]


def test_words_about_a_visit_are_for_staff_and_no_step_of_it(story: Story) -> None:
    story.issue()
    ticket = story.call()
    story.move(ticket, "start")
    noted = do(story, ticket, "note", note="  Bà Trần Thị Năm nghe kém\u200b ")
    assert (noted.note, noted.state) == ("Bà Trần Thị Năm nghe kém", TicketState.SERVING)
    assert last_fact(story)["kind"] == "ticket.noted"
    assert "Năm" not in json.dumps(last_fact(story), ensure_ascii=False)
    told = last_fact(story)
    do(story, ticket, "note", note="Bà Trần Thị Năm nghe kém")
    assert last_fact(story) == told, "the same words again are nothing new"
    assert do(story, ticket, "undo").state == TicketState.CALLED, "the start, not the note, is taken back"
    assert Ticket.get_by_id(ticket.id).note == "Bà Trần Thị Năm nghe kém"
    assert do(story, ticket, "note", note=" ").note == ""
    with pytest.raises(DomainError, match="text_too_long"):
        do(story, ticket, "note", note="x" * 601)
    story.move(ticket, "finish")
    with pytest.raises(Conflict, match="illegal_move"):
        do(story, ticket, "note", note="Quá muộn")


def test_words_of_a_move_stand_beside_those_that_were_there(story: Story) -> None:
    story.issue()
    ticket = story.call()
    do(story, ticket, "note", note="Nghe kém")
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    assert do(story, ticket, "transfer", line=other.id, note="Cần xác nhận").note == "Nghe kém · Cần xác nhận"
    do(story, ticket, "note", note="a" * 590)
    sent = do(story, ticket, "transfer", line=story.place.justice.id, note="Cần xác nhận")
    assert (len(sent.note), sent.note[:2], sent.note[-3:]) == (600, "…a", "hận")


def test_an_undo_keeps_words_written_after_the_move(story: Story) -> None:
    story.issue()
    ticket = story.call()
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    do(story, ticket, "transfer", line=other.id, note="Cần xác nhận")
    do(story, ticket, "note", note="Đã có xác nhận")
    undone = do(story, ticket, "undo")
    assert (undone.line_id, undone.note) == (story.place.justice.id, "Đã có xác nhận")


def serves(counter: Any, line: Line) -> bool:
    return CounterLine.select().where(CounterLine.counter == counter.id, CounterLine.line == line.id).exists()


def test_a_closed_line_takes_nobody_over(story: Story) -> None:
    story.issue()
    ticket = story.call()
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    Line.update(open=False).where(Line.id == other.id).execute()
    with pytest.raises(Conflict, match="line_closed"):
        do(story, ticket, "transfer", line=other.id)
    assert Ticket.get_by_id(ticket.id).state == TicketState.CALLED


def test_sent_to_one_counter_it_is_first_there_and_nobody_elses_for_a_while(story: Story) -> None:
    waiting = story.issue().ticket
    story.issue()
    ticket = story.call()
    assert ticket.id == waiting.id
    do(story, ticket, "transfer", counter=story.place.second.id)
    assert story.call().id != ticket.id
    there = story.call(story.place.second)
    assert there.id == ticket.id
    assert last_fact(story)["why"] == "assigned"


def test_a_counter_that_never_calls_keeps_nobody_for_ever(story: Story) -> None:
    story.issue()
    ticket = story.call()
    do(story, ticket, "transfer", counter=story.place.second.id)
    assert story.call() is None
    story.clock.pass_(minutes=21)
    assert story.call().id == ticket.id


@pytest.mark.parametrize("targets", [{}, {"line": 1, "counter": 1}])
def test_sending_on_needs_exactly_one_target(story: Story, targets: dict[str, int]) -> None:
    story.issue()
    ticket = story.call()
    with pytest.raises(DomainError, match="transfer_target_missing"):
        do(story, ticket, "transfer", **targets)


# ---- several services


def test_several_services_in_one_visit_follow_each_other(story: Story) -> None:
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    story.issue(then=(other.id,))
    ticket = story.call()
    story.move(ticket, "start")
    done = story.move(ticket, "finish")
    assert (done.state, done.line_id, done.plan) == (TicketState.WAITING, other.id, [])
    assert last_fact(story)["leg"] is True
    assert turns(ticket) == ["finished"]


def test_no_more_than_five_services(story: Story) -> None:
    with pytest.raises(DomainError, match="too_many_services"):
        story.issue(then=(story.place.justice.id,) * 5)


# ---- undo


@pytest.mark.parametrize(
    ("moves", "undone", "state"),
    [
        ([], "call", "waiting"),
        (["start"], "start", "called"),
        (["start", "finish"], "finish", "serving"),
        (["no_show"], "no_show", "called"),
        (["cancel"], "cancel", "called"),
    ],
)
def test_the_last_move_is_taken_back(story: Story, moves: list[str], undone: str, state: str) -> None:
    story.issue()
    ticket = story.call()
    before = Ticket.get_by_id(ticket.id).__data__ if moves else None
    for move in moves[:-1]:
        story.move(ticket, move)
        before = Ticket.get_by_id(ticket.id).__data__
    if moves:
        story.move(ticket, moves[-1])
    story.clock.pass_(seconds=20)
    assert do(story, ticket, "undo").state == state
    assert last_fact(story)["move"] == undone
    if before is not None:
        after = Ticket.get_by_id(ticket.id).__data__
        assert {**after, "last_move": None} == {**before, "last_move": None}
    with pytest.raises(Conflict, match="undo_nothing"):
        do(story, ticket, "undo")
    assert verify_office(story.office).broken is None


def test_an_undone_call_keeps_the_place_and_the_turn_of_the_lane(story: Story) -> None:
    for priority in (None, "elderly", "elderly", "elderly", "elderly"):
        story.issue(priority=priority)
    labels = []
    for undo_first in (True, False, False, False, False):
        ticket = story.call()
        if undo_first:
            do(story, ticket, "undo")
            assert story.call().id == ticket.id
        labels.append(ticket.label)
        story.move(ticket, "finish")
    assert labels == ["T002", "T003", "T004", "T001", "T005"], (
        "three with priority, then the other, whatever was undone"
    )


def test_undo_is_for_a_short_while(story: Story) -> None:
    story.issue()
    ticket = story.call()
    story.clock.pass_(seconds=61)
    with pytest.raises(Conflict, match="undo_too_late"):
        do(story, ticket, "undo")


def test_undo_after_the_counter_went_on(story: Story) -> None:
    story.issue()
    story.issue()
    first = story.call()
    story.move(first, "no_show")
    second = story.call()
    with pytest.raises(Conflict, match="counter_busy"):
        do(story, first, "undo")
    assert (Ticket.get_by_id(first.id).state, Ticket.get_by_id(second.id).state) == ("no_show", "called")


def test_undo_after_another_counter_called_it(story: Story) -> None:
    story.issue()
    ticket = story.call()
    do(story, ticket, "transfer", counter=story.place.second.id)
    story.call(story.place.second)
    with pytest.raises(Forbidden, match="not_your_counter"):
        do(story, ticket, "undo")
    assert Ticket.get_by_id(ticket.id).counter_id == story.place.second.id


def test_a_transfer_is_undone_whole(story: Story) -> None:
    story.issue()
    ticket = story.call()
    story.move(ticket, "start")
    before = Ticket.get_by_id(ticket.id).__data__
    other = Line.get(Line.id != story.place.justice.id, Line.office == story.office)
    do(story, ticket, "transfer", line=other.id, note="nhầm", position="first")
    do(story, ticket, "undo")
    after = Ticket.get_by_id(ticket.id).__data__
    assert {**after, "last_move": None} == {**before, "last_move": None}
    assert turns(ticket) == ["open"]


# ---- calling again, picking, pausing a counter, help


def test_calling_again_is_limited(story: Story) -> None:
    story.issue()
    ticket = story.call()
    for _ in range(3):
        story.move(ticket, "recall")
    with pytest.raises(TooMany, match="recall_too_soon") as refused:
        story.move(ticket, "recall")
    story.clock.pass_(seconds=refused.value.fields["retry_after"])
    assert story.move(ticket, "recall").recalls == 4


def test_picking_needs_the_right_and_a_reason_and_is_logged(story: Story) -> None:
    story.issue()
    wanted = story.issue().ticket
    with pytest.raises(Forbidden, match="not_allowed"):
        story.call(pick=wanted.id, reason="Người bệnh nặng")
    manager = story.officer(role=Role.MANAGER)
    assert "ticket.pick" in RIGHTS[Role.MANAGER]
    with pytest.raises(DomainError, match="reason_missing"):
        call_next(story.place.counter.id, manager, story.clock.moment, pick=wanted.id)
    called = call_next(
        story.place.counter.id, manager, story.clock.moment, pick=wanted.id, reason="Người bệnh nặng"
    )
    assert called.id == wanted.id
    fact = last_fact(story)
    assert (fact["picked"], fact["why"]) == (True, "picked")
    assert "bệnh" not in json.dumps(fact, ensure_ascii=False)
    assert Ticket.get_by_id(wanted.id).note == "Người bệnh nặng"


def test_a_paused_counter_calls_nobody(story: Story) -> None:
    story.issue()
    officer = story.officer()
    with pytest.raises(DomainError, match="reason_missing"):
        set_counter_state(story.place.counter.id, "paused", "", officer, story.clock.moment)
    set_counter_state(story.place.counter.id, "paused", "break", officer, story.clock.moment)
    with pytest.raises(Conflict, match="counter_paused"):
        story.call()
    set_counter_state(story.place.counter.id, "open", "", officer, story.clock.moment)
    assert story.call() is not None
    assert story.kinds().count("counter.state") == 2


def test_help_is_asked_for_once_a_minute(story: Story) -> None:
    ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)
    with pytest.raises(TooMany, match="help_is_coming"):
        ask_for_help(story.place.counter.id, story.officer(), story.clock.moment)


# ---- rules in use


def test_a_lane_of_carriers_gives_way_to_single_visitors(story: Story) -> None:
    rule = LineRule(Mix(Mode.RATIO, (Part("normal", 2), Part("bulk", 1)), {}), bulk_from=10)
    Line.update(rule=rule.to_json()).where(Line.id == story.place.justice.id).execute()
    story.issue(dossiers=30)
    story.issue(dossiers=25)
    for _ in range(4):
        story.issue()
    order = []
    for _ in range(6):
        ticket = story.call()
        order.append(ticket.lane)
        story.move(ticket, "finish")
    assert order == ["normal", "normal", "bulk", "normal", "normal", "bulk"]


def test_who_comes_for_a_result_has_a_short_lane(story: Story) -> None:
    for _ in range(4):
        story.issue()
    back = story.issue(purpose="pickup").ticket
    assert back.lane == "returning"
    assert story.call().id == back.id


def test_a_counter_calls_its_first_line_before_its_second(story: Story) -> None:
    counter, second = (
        story.place.counter,
        Line.get(Line.id != story.place.justice.id, Line.office == story.office),
    )
    if not serves(counter, second):
        CounterLine.create(counter=counter.id, line=second.id)
    first_there = story.issue(line=second).ticket
    later_here = story.issue().ticket
    lines = Mix(Mode.STRICT, (Part(str(story.place.justice.id)), Part(str(second.id))), {str(second.id): 30})
    Counter.update(rule=CounterRule(lines).to_json()).where(Counter.id == counter.id).execute()
    called = story.call()
    assert called.id == later_here.id
    story.move(called, "finish")
    story.issue()
    story.clock.pass_(minutes=31)
    assert story.call().id == first_there.id, "nobody waits past the bound"
