"""What a visitor thought of the visit: once, about that visit, words kept from everybody but managers."""

from __future__ import annotations

import json

import pytest

from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.domain.permissions import DEVICE_RIGHTS, Actor, DeviceKind, PairedDevice
from kiosk.models import Journal, Rating, Ticket
from kiosk.services.look.follow import follow
from kiosk.services.look.tablet import tablet_of, visit_at_tablet
from kiosk.services.rate_service import rate_visit
from kiosk.services.serve_ticket import move_ticket
from tests.services.test_stories import Story


def finished(story: Story) -> Ticket:
    story.issue()
    ticket = story.call()
    story.move(ticket, "start")
    return story.move(ticket, "finish")


def rate(story: Story, ticket: Ticket, score: int = 3, words: str = "") -> Rating:
    return rate_visit(story.office, ticket.id, score, words, "citizen", story.clock.moment)


def tablet(story: Story) -> Actor:
    device = PairedDevice(1, "Đánh giá", DeviceKind.TABLET, "main", None, story.place.counter.id)
    return Actor(story.office, device=device, permissions=DEVICE_RIGHTS[DeviceKind.TABLET])


def test_a_visit_is_rated_once_and_its_words_stay_out_of_the_journal(story: Story) -> None:
    ticket = finished(story)
    rate(story, ticket, 2, "Chị Lan ở quầy 1 rất nhiệt tình")
    with pytest.raises(Conflict, match="already_rated"):
        rate(story, ticket, 1)
    row = Rating.get()
    assert (row.visit_id, row.score, row.words) == (ticket.id, 2, "Chị Lan ở quầy 1 rất nhiệt tình")
    entry = Journal.select().order_by(Journal.seq.desc()).first()
    assert (entry.kind, json.loads(entry.facts)["ticket"]) == ("service.rated", ticket.id)
    assert "Lan" not in entry.facts
    assert follow(ticket.token, story.clock.moment)["rating"] == "given"


def test_only_a_visit_that_is_over_is_rated_and_not_for_ever(story: Story) -> None:
    story.issue()
    ticket = story.call()
    with pytest.raises(Conflict, match="visit_not_over"):
        rate(story, ticket)
    story.move(ticket, "finish")
    with pytest.raises(DomainError, match="unknown_score"):
        rate(story, ticket, 5)
    story.clock.pass_(days=4)
    with pytest.raises(Conflict, match="rating_too_late"):
        rate(story, ticket)
    with pytest.raises(NotFound, match="unknown_ticket"):
        rate_visit(story.office, 999_999, 3, "", "citizen", story.clock.moment)


def test_the_tablet_asks_whoever_is_just_leaving_and_nobody_else(story: Story) -> None:
    assert tablet_of(tablet(story), story.clock.moment)["ask"] is None
    first = finished(story)
    asked = tablet_of(tablet(story), story.clock.moment)["ask"]
    assert asked == {"ticket": first.id, "label": first.label}
    assert visit_at_tablet(tablet(story), first.id, story.clock.moment) == first.id
    story.issue()
    story.call()
    assert tablet_of(tablet(story), story.clock.moment)["ask"] is None, "the next visitor is there"
    with pytest.raises(NotFound, match="unknown_ticket"):
        visit_at_tablet(tablet(story), first.id, story.clock.moment)


def test_the_tablet_is_quiet_when_the_phone_was_quicker_or_time_is_up(story: Story) -> None:
    rated = finished(story)
    rate(story, rated)
    assert tablet_of(tablet(story), story.clock.moment)["ask"] is None
    finished(story)
    story.clock.pass_(seconds=46)
    assert tablet_of(tablet(story), story.clock.moment)["ask"] is None


def test_a_finish_taken_back_is_not_asked_about(story: Story) -> None:
    ticket = finished(story)
    move_ticket(ticket.id, "undo", story.officer(), story.clock.moment)
    assert tablet_of(tablet(story), story.clock.moment)["ask"] is None
