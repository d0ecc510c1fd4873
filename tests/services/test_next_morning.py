"""What a night leaves behind: people who went home, a visit nobody ended, papers nobody waits for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.domain.errors import Forbidden, NotFound
from kiosk.domain.ticket import TicketState
from kiosk.models import PrintJob, Ticket
from kiosk.services import look, print_queue
from kiosk.services.serve_ticket import move_ticket
from tests.factories import make_printer
from tests.services.test_stories import Story


def test_those_who_went_home_are_nobody_ahead(story: Story) -> None:
    for _ in range(5):
        story.issue()
    story.clock.pass_(days=1)
    first = story.issue()
    assert (first.people_ahead, first.wait_minutes) == (0, (0, 0))
    assert look.follow(first.ticket.token, story.clock.moment)["people_ahead"] == 0
    assert (
        look.counter_console(story.office, story.place.counter.id, story.officer(), story.clock.moment, "vi")[
            "waiting_count"
        ]
        == 1
    )


def test_a_visit_nobody_ended_does_not_block_the_counter(story: Story) -> None:
    story.issue()
    forgotten = story.call()
    story.clock.pass_(days=1)
    today = story.issue()
    assert story.call().id == today.ticket.id
    assert Ticket.get_by_id(forgotten.id).state == TicketState.FINISHED
    assert "ticket.finished" in story.kinds()


def test_a_ticket_is_followed_until_the_end_of_the_next_day(story: Story) -> None:
    token = story.issue().ticket.token
    story.clock.pass_(days=1)
    assert look.follow(token, story.clock.moment)["state"] == "expired"
    story.clock.pass_(days=1)
    with pytest.raises(NotFound, match="unknown_ticket"):
        look.follow(token, story.clock.moment)


def test_papers_of_yesterday_are_not_printed(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    story.issue()
    story.clock.pass_(days=1)
    fresh = story.issue()
    assert print_queue.expire_stale(printer.id, story.clock.moment) == 1
    assert print_queue.next_job(printer.id, story.clock.moment).id == fresh.print_job


def test_a_paper_still_comes_while_its_number_is_being_served(story: Story) -> None:
    printer = make_printer(office=story.place.office)
    job = story.issue().print_job
    story.move(story.call(), "finish")
    assert print_queue.expire_stale(printer.id, story.clock.moment) == 0
    later = story.clock.moment + timedelta(minutes=5)
    assert print_queue.expire_stale(printer.id, later) == 1
    assert PrintJob.get_by_id(job).state == "expired"


def test_a_called_number_is_cancelled_at_its_own_counter_only(story: Story) -> None:
    story.issue()
    called = story.call()
    with pytest.raises(Forbidden, match="not_your_counter"):
        move_ticket(called.id, "cancel", story.officer(story.place.other_counter), story.clock.moment)
    assert story.move(called, "cancel").state == TicketState.CANCELLED
