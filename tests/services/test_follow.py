"""The phone's answer: kept in memory, and never other than what the database says."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest

from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.ticket import TicketState
from kiosk.models import Line, Ticket
from kiosk.services.day_close import close_day
from kiosk.services.holder import move_by_holder
from kiosk.services.look.follow import _read, follow, follow_answer
from kiosk.services.serve_ticket import MoveDetails, move_ticket
from tests.services.test_stories import HOUSE, Story


def seen(story: Story, ticket: Ticket) -> dict:
    """What the phone gets from memory; it has to be what a fresh look gives."""
    etag, body = follow_answer(ticket.token, story.clock.moment)
    assert json.loads(body) == follow(ticket.token, story.clock.moment)
    assert follow_answer(ticket.token, story.clock.moment)[0] == etag
    return json.loads(body)


def test_the_phone_follows_a_visit_to_its_end(story: Story) -> None:
    first, mine = story.issue().ticket, story.issue().ticket
    assert (seen(story, mine)["state"], seen(story, mine)["people_ahead"]) == ("waiting", 1)
    story.call()
    assert seen(story, mine)["people_ahead"] == 0
    story.move(first, "finish")
    story.call()
    shown = seen(story, mine)
    assert (shown["state"], shown["counter"]["number"]) == ("called", story.place.counter.number)
    story.move(mine, "recall")
    assert seen(story, mine)["recalls"] == 1
    move_ticket(
        mine.id, "park", story.officer(), story.clock.moment, MoveDetails(reason="pay", room="Quầy thu phí")
    )
    assert seen(story, mine)["park"]["room"] == "Quầy thu phí"
    move_ticket(mine.id, "resume", story.officer(), story.clock.moment)
    story.move(mine, "finish")
    assert (seen(story, mine)["state"], seen(story, mine)["rating"]) == ("finished", "asked")


def test_what_memory_says_is_what_the_database_says_whatever_happens(story: Story) -> None:
    """A random morning: after each move every phone's answer is compared with a fresh one."""
    dice = random.Random(7)
    tickets: list[Ticket] = []
    for _ in range(120):
        story.clock.pass_(seconds=dice.randint(1, 40))
        try:
            match dice.choice(
                ("issue", "issue", "call", "finish", "no_show", "undo", "cancel", "later", "rename")
            ):
                case "issue":
                    tickets.append(story.issue(priority=dice.choice((None, None, "elderly"))).ticket)
                case "call":
                    story.call()
                case "later":
                    move_by_holder(dice.choice(tickets).token, "later", story.clock.moment, minutes=10)
                case "rename":
                    story.rename_line(f"Hộ tịch {dice.randint(1, 9)}")
                case move:
                    move_ticket(dice.choice(tickets).id, move, story.officer(), story.clock.moment)
        except (DomainError, IndexError):
            continue
        for ticket in dice.sample(tickets, min(4, len(tickets))):
            kept = json.loads(follow_answer(ticket.token, story.clock.moment)[1])
            fresh = _read(ticket.token)
            assert kept["state"] in {str(fresh.state)}
            assert {k: kept[k] for k in fresh.facts if k != "moves"} == {
                k: v for k, v in fresh.facts.items() if k != "moves"
            }
            assert kept["counter"] == fresh.called["counter"]


def test_the_holder_gives_the_number_up(story: Story) -> None:
    ticket = story.issue().ticket
    assert "cancel" in seen(story, ticket)["moves"]
    move_by_holder(ticket.token, "cancel", story.clock.moment)
    assert seen(story, ticket)["state"] == "cancelled"
    with pytest.raises(Conflict, match="illegal_move"):
        move_by_holder(ticket.token, "cancel", story.clock.moment)


def test_a_called_number_is_not_given_up_on_the_phone(story: Story) -> None:
    ticket = story.issue().ticket
    story.call()
    with pytest.raises(Conflict, match="illegal_move"):
        move_by_holder(ticket.token, "cancel", story.clock.moment)


def test_called_later_the_place_is_kept(story: Story) -> None:
    mine, other = story.issue().ticket, story.issue().ticket
    move_by_holder(mine.token, "later", story.clock.moment, minutes=15)
    assert story.call().id == other.id
    story.move(other, "finish")
    third = story.issue().ticket
    story.clock.pass_(minutes=16)
    assert story.call().id == mine.id
    assert third.id != mine.id
    with pytest.raises(DomainError, match="minutes_not_offered"):
        move_by_holder(third.token, "later", story.clock.moment, minutes=500)
    for _ in range(2):
        move_by_holder(third.token, "later", story.clock.moment, minutes=10)
    with pytest.raises(Conflict, match="postponed_enough"):
        move_by_holder(third.token, "later", story.clock.moment, minutes=10)
    assert seen(story, third)["moves"] == ["cancel"]


def test_a_number_from_afar_is_called_only_after_its_holder_came(story: Story) -> None:
    remote = story.issue(remote=True, person_key="k").ticket
    story.clock.pass_(minutes=5)
    present = story.issue().ticket
    assert seen(story, remote)["moves"] == ["cancel", "check_in"]
    assert story.call().id == present.id
    story.move(present, "finish")
    assert story.call() is None
    with pytest.raises(Conflict, match="not_at_the_door"):
        move_by_holder(remote.token, "check_in", story.clock.moment)
    move_by_holder(remote.token, "check_in", story.clock.moment, at_door=True)
    assert story.call().id == remote.id


def test_whoever_was_carried_over_finds_the_new_number(story: Story) -> None:
    ticket = story.issue().ticket
    seen(story, ticket)
    close_day(story.office, story.clock.moment, "system:test", house=HOUSE)
    shown = seen(story, ticket)
    assert (shown["state"], shown["carried"]["label"]) == (TicketState.CARRIED_OVER, "T001")
    token = shown["carried"]["follow_url"].rpartition("/")[2]
    assert follow(token, story.clock.moment)["day"] == shown["carried"]["day"]


def test_a_wrong_token_and_an_old_one_are_alike(story: Story) -> None:
    ticket = story.issue().ticket
    for token in ("x" * 22, "short", "'; DROP TABLE ticket;--"):
        with pytest.raises(NotFound, match="unknown_ticket"):
            follow_answer(token, story.clock.moment)
    with pytest.raises(NotFound, match="unknown_ticket"):
        follow_answer(ticket.token, story.clock.moment + timedelta(days=2))


def test_the_page_names_nobody(story: Story) -> None:
    ticket = story.issue().ticket
    Ticket.update(note="Bà Nguyễn Thị Hòa").where(Ticket.id == ticket.id).execute()
    assert "Hòa" not in json.dumps(seen(story, ticket), ensure_ascii=False)
    assert Line.get_by_id(ticket.line_id).title in seen(story, ticket)["department"]
