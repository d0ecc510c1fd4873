"""Which dossiers need somebody today, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from kiosk.domain.errors import DomainError
from kiosk.models import Dossier
from kiosk.services import look
from tests.services.test_stories import Story

LICENCE = "1.002809"
"""Đổi giấy phép lái xe: five working days."""


def at(story: Story, moment: str) -> None:
    story.clock.moment = datetime.fromisoformat(f"{moment}+07:00")


def needing(story: Story, attention: str, **filters: Any) -> list[str]:
    found = look.dossiers(story.officer(), story.clock.moment, "vi", attention=attention, **filters)
    return [item["code"] for item in found["items"]]


def received(story: Story, moment: str) -> Dossier:
    at(story, moment)
    return story.receive(procedure=LICENCE)


def test_a_dossier_asks_for_attention_as_its_days_pass(story: Story) -> None:
    early = received(story, "2026-11-30T09:00")
    late = received(story, "2026-11-30T15:30")
    assert (early.forward_by, late.forward_by) == (date(2026, 11, 30), date(2026, 12, 1))
    assert needing(story, "not_transferred") == []

    at(story, "2026-12-01T09:00")
    assert needing(story, "not_transferred") == [early.code]
    story.advance(early, "transfer")
    assert needing(story, "not_transferred") == []

    assert (early.due_on, late.due_on) == (date(2026, 12, 7), date(2026, 12, 7))
    at(story, "2026-12-03T09:00")
    assert needing(story, "due_soon") == []
    at(story, "2026-12-04T09:00")  # a Friday; the next working day is the Monday they are due
    assert sorted(needing(story, "due_soon")) == sorted([early.code, late.code])

    at(story, "2026-12-08T09:00")
    assert needing(story, "due_soon") == []
    assert sorted(needing(story, "overdue")) == sorted([early.code, late.code])
    story.advance(early, "finish")
    assert needing(story, "overdue") == [late.code]
    assert needing(story, "overdue", department="justice") == []


def test_a_clock_that_stands_does_not_hurry_anybody(story: Story) -> None:
    waiting, paying = received(story, "2026-11-30T09:00"), received(story, "2026-11-30T09:30")
    story.advance(waiting, "supplement", note="Thiếu ảnh")
    story.advance(paying, "suspend", note="Nộp phí thẩm định")
    assert needing(story, "awaiting_supplement") == [waiting.code]
    at(story, "2026-12-15T09:00")
    for attention in ("not_transferred", "due_soon", "overdue"):
        assert needing(story, attention) == []


def test_the_most_urgent_comes_first(story: Story) -> None:
    first, second = received(story, "2026-11-30T09:00"), received(story, "2026-12-01T09:00")
    at(story, "2026-12-20T09:00")
    assert needing(story, "overdue") == [first.code, second.code]
    assert needing(story, "") == [second.code, first.code]


def test_an_unknown_need_is_refused(story: Story) -> None:
    with pytest.raises(DomainError, match="unknown_attention"):
        needing(story, "sleepy")
