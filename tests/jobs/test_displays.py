"""The number over the counter follows the counter; a dead display, bad settings and a database that is away harm nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from kiosk.database import bookkeeping, connection
from kiosk.jobs import displays as job
from kiosk.jobs.displays import Displays
from kiosk.models import Counter, Device
from kiosk.services.look.display import BLINK_FOR, counter_displays
from kiosk.services.serve_ticket import move_ticket
from tests.devices.display_twins import Frame, LedLine, http_display, until
from tests.factories import make_device
from tests.services.test_stories import Story, story

__all__ = ["story"]

CALLED, RECALLED = Frame(1, "C", True, "T001"), Frame(1, "C", True, "T001")


@pytest.fixture
def line() -> Iterator[LedLine]:
    opened = LedLine()
    yield opened
    opened.close()


@pytest.fixture
def displays(story: Story, monkeypatch: pytest.MonkeyPatch) -> Iterator[Displays]:
    """What the worker runs, under the story's clock."""
    monkeypatch.setattr("kiosk.jobs.displays.clock.now", lambda: story.clock.moment)
    running = Displays()
    yield running
    running.stop()


def led(story: Story, port: str, counter: Any = None, name: str = "Màn hình 1", **more: Any) -> Device:
    """A display of our own protocol over a counter."""
    options = {"driver": "rs485", "port": port, "show": "label", "gap_ms": 0, **more}
    return make_device(
        "display", name, story.place.office, counter=counter or story.place.counter, options=options
    )


def health_of(device: Device) -> dict[str, Any]:
    with connection():
        return Device.get_by_id(device.id).health


def test_the_display_follows_its_counter(story: Story, displays: Displays, line: LedLine) -> None:
    led(story, line.port)
    displays.refresh()
    assert line.next() == Frame(1, "F", False, "    ")
    story.issue()
    ticket = story.call()
    displays.ring()
    assert line.next() == CALLED
    story.clock.pass_(seconds=BLINK_FOR.total_seconds())
    displays.ring()
    assert line.next() == Frame(1, "C", False, "T001")
    story.move(ticket, "recall")
    displays.ring()
    assert line.next() == RECALLED
    story.move(ticket, "start")
    displays.ring()
    assert line.next() == Frame(1, "S", False, "T001")
    story.move(ticket, "finish")
    displays.ring()
    assert line.next() == Frame(1, "F", False, "    ")
    with bookkeeping():
        Counter.update(open=False).execute()
    displays.ring()
    assert line.next() == Frame(1, "X", False, "----")
    displays.stop()
    assert line.next() == Frame(1, "A", False, "----")


def test_counters_on_one_bus_show_each_their_own(story: Story, displays: Displays, line: LedLine) -> None:
    led(story, line.port)
    led(story, line.port, story.place.second, "Màn hình 2", address=2)
    for _ in range(2):
        story.issue()
    story.call()
    story.call(story.place.second)
    displays.refresh()
    assert {line.next(), line.next()} == {Frame(1, "C", True, "T001"), Frame(2, "C", True, "T002")}


def test_a_dead_display_costs_the_others_nothing_and_is_known(
    story: Story, displays: Displays, line: LedLine
) -> None:
    dead = led(story, "/dev/no-such-adapter", name="Hỏng")
    well = led(story, line.port, ack=True)
    line.answers = lambda frame: b"\x0601"
    with http_display() as (url, posted, answers):
        answers.extend([500] * 1000)
        gateway = make_device(
            "display", "Cổng", story.place.office, counter=story.place.counter,
            options={"driver": "http", "url": url},
        )  # fmt: skip
        displays.refresh()
        line.next()
        story.issue()
        story.call()
        displays.ring()
        assert line.next() == CALLED
        for device in (dead, gateway):
            until(lambda device=device: health_of(device).get("problem") == "display_offline")
        health = until(lambda: health_of(well))
        assert (health["problem"], health["confirmed"]) == (None, True)
        displays.stop()
        posted.get(timeout=5)
    with connection():
        seen = {row.id: row.last_seen_at for row in Device.select()}
    assert seen[well.id] == story.clock.moment
    assert seen[dead.id] is None


def test_what_an_admin_changes_is_noticed(story: Story, displays: Displays, line: LedLine) -> None:
    device = led(story, line.port)
    story.issue()
    story.call()
    displays.refresh()
    assert line.next() == CALLED
    with bookkeeping():
        device.options = {**device.options, "address": 9, "show": "digits"}
        device.save()
    displays.refresh()
    assert line.next() == Frame(1, "A", False, "----"), "the old address shows no old number"
    until(lambda: displays.refresh() or not line.frames.empty())
    assert line.next() == Frame(9, "C", True, " 001")
    with bookkeeping():
        device.revoked_at = story.clock.moment
        device.save()
    displays.refresh()
    assert line.next() == Frame(9, "A", False, "----")
    until(lambda: displays.refresh() or not displays._lines)
    assert line.frames.empty()


def test_settings_that_cannot_be_read_are_told_and_skipped(
    story: Story, displays: Displays, line: LedLine
) -> None:
    odd = led(story, line.port, name="Lạ", colour="red")
    led(story, line.port)
    make_device("display", "Tự hỏi", story.place.office, counter=story.place.counter)
    displays.refresh()
    assert line.next() == Frame(1, "F", False, "    ")
    assert until(lambda: health_of(odd).get("problem")) == "display_options_malformed"


def test_an_old_number_does_not_stand_when_the_database_is_away(
    story: Story, displays: Displays, line: LedLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    led(story, line.port)
    story.issue()
    story.call()
    displays.refresh()
    assert line.next() == CALLED
    with monkeypatch.context() as away:
        away.setattr(job, "AWAY_AFTER_SECONDS", 0.0)
        away.setattr(job, "counter_displays", lambda *_: 1 / 0)
        displays.ring()
        assert line.next() == Frame(1, "A", False, "----")
    assert line.until(lambda frame: frame.state == "C").text == "T001"


def test_yesterdays_forgotten_visit_is_not_shown(story: Story) -> None:
    story.issue()
    story.call()
    counter = story.place.counter.id
    shown = counter_displays(story.office, [counter], story.clock.moment)[counter]
    assert (shown["label"], shown["digits"], shown["seq"] > 0) == ("T001", "001", True)
    tomorrow = story.clock.moment + timedelta(days=1)
    assert counter_displays(story.office, [counter], tomorrow)[counter]["state"] == "free"


def test_only_a_recall_of_this_ticket_makes_it_blink(story: Story) -> None:
    counters = (story.place.counter.id, story.place.second.id)
    for _ in counters:
        story.issue()
    mine, other = story.call(), story.call(story.place.second)
    there = story.officer(story.place.second)
    move_ticket(other.id, "recall", there, story.clock.pass_(minutes=1))
    story.clock.pass_(minutes=1)
    story.move(mine, "recall")
    shown = counter_displays(story.office, counters, story.clock.moment)
    assert (shown[counters[0]]["blink"], shown[counters[1]]["blink"]) == (True, False)
    assert shown[counters[0]]["seq"] > shown[counters[1]]["seq"] > other.called_seq > mine.called_seq
    assert json.dumps(shown)
