"""Lines and counters: letters, numbers, and who serves whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from peewee import Database

from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.models import Counter, Journal, Line, Office
from kiosk.plugin import gate
from kiosk.plugin.testing import house_around
from kiosk.services import manage_places, overview
from tests.factories import make_counter, make_line, make_office, make_ticket

JUSTICE = Path(__file__).parents[2] / "plugins" / "justice"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """An office of an installation that knows the department of justice."""
    gate.use(house_around(JUSTICE))
    yield make_office()
    gate.use(None)


def facts(kind: str) -> list[dict[str, object]]:
    """The journal's facts of one kind, oldest first."""
    rows = Journal.select().where(Journal.kind == kind).order_by(Journal.seq)
    return [json.loads(row.facts) for row in rows]


def test_a_new_line_is_open_and_known_to_everybody(office: Office, noon: datetime) -> None:
    line = manage_places.add_line(
        office.id, "justice", "tp", "Hộ tịch", noon, "user:1", title_en="Civil status", area="A-1"
    )
    (shown,) = manage_places.lines(office.id)
    assert (shown["prefix"], shown["title"], shown["area"], shown["open"]) == ("TP", "Hộ tịch", "a-1", True)
    assert shown["department_title"] == gate.departments()["justice"].title
    assert facts("line.changed") == [{"line": line, "open": True, "prefix": "TP"}]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"department": "ministry"}, "unknown_department"),
        ({"prefix": "TPX"}, "prefix_malformed"),
        ({"prefix": "Đ"}, "prefix_malformed"),
        ({"prefix": "T"}, "prefix_taken"),
        ({"title": ""}, "text_empty"),
        ({"title": "H" * 201}, "text_too_long"),
        ({"area": "Khu A"}, "area_malformed"),
    ],
)
def test_a_line_that_cannot_be_leaves_nothing_behind(
    office: Office, noon: datetime, fields: dict[str, str], code: str
) -> None:
    make_line("T")
    wish = {"department": "justice", "prefix": "X", "title": "Hộ tịch", **fields}
    with pytest.raises(DomainError, match=code):
        manage_places.add_line(office.id, now=noon, actor="user:1", **wish)
    assert Line.select().count() == 1
    assert Journal.select().count() == 0


def test_two_offices_may_use_the_same_letter(office: Office, noon: datetime) -> None:
    make_line("T", office=make_office("other"))
    assert manage_places.add_line(office.id, "justice", "T", "Hộ tịch", noon, "user:1")


def test_a_letter_changes_only_while_nobody_holds_a_number_of_today(office: Office, noon: datetime) -> None:
    line = make_line("T")
    manage_places.change_line(office.id, line.id, "H", "Hộ tịch", noon, "user:1")
    make_ticket(Line.get_by_id(line.id), day=noon.date())
    with pytest.raises(Conflict, match="prefix_in_use_today"):
        manage_places.change_line(office.id, line.id, "X", "Hộ tịch", noon, "user:1")
    manage_places.change_line(office.id, line.id, "H", "Hộ tịch, chứng thực", noon, "user:1")
    changed = Line.get_by_id(line.id)
    assert (changed.prefix, changed.title) == ("H", "Hộ tịch, chứng thực")


def test_a_closed_line_says_when_it_opens_again_and_an_open_one_does_not(
    office: Office, noon: datetime
) -> None:
    line = make_line("T")
    manage_places.set_line_open(office.id, line.id, False, noon, "user:1", opens_again="13:30")
    assert Line.get_by_id(line.id).opens_again == "13:30"
    manage_places.set_line_open(office.id, line.id, True, noon, "user:1", opens_again="13:30")
    assert Line.get_by_id(line.id).opens_again == ""
    assert [fact["open"] for fact in facts("line.changed")] == [False, True]


def test_closing_a_closed_line_again_is_no_news(office: Office, noon: datetime) -> None:
    line = make_line("T")
    for _ in range(2):
        manage_places.set_line_open(office.id, line.id, False, noon, "user:1", opens_again="13:30")
    assert len(facts("line.changed")) == 1


def test_a_counter_serves_its_lines_and_then_others(office: Office, noon: datetime) -> None:
    t, x = make_line("T"), make_line("X", title="Chứng thực")
    counter = manage_places.add_counter(office.id, 12, "", [t.id], noon, "user:1")
    manage_places.change_counter(office.id, counter, 12, "Hộ tịch", [x.id, t.id], noon, "user:1")
    (shown,) = manage_places.counters(office.id)
    assert [line["prefix"] for line in shown["lines"]] == ["T", "X"]
    assert [fact["lines"] for fact in facts("counter.changed")] == [[t.id], sorted([t.id, x.id])]
    assert manage_places.lines(office.id)[0]["counters"] == [12]


@pytest.mark.parametrize(
    ("number", "lines", "code"),
    [
        (0, [], "counter_number_out_of_range"),
        (1000, [], "counter_number_out_of_range"),
        (7, [], "counter_number_taken"),
        (8, [404], "unknown_line"),
    ],
)
def test_a_counter_that_cannot_be_leaves_nothing_behind(
    office: Office, noon: datetime, number: int, lines: list[int], code: str
) -> None:
    make_counter(7)
    with pytest.raises(DomainError, match=code):
        manage_places.add_counter(office.id, number, "", lines, noon, "user:1")
    assert Counter.select().count() == 1
    assert Journal.select().count() == 0


def test_a_counter_keeps_its_own_number_and_cannot_take_another_ones(office: Office, noon: datetime) -> None:
    make_counter(7)
    eight = make_counter(8)
    manage_places.change_counter(office.id, eight.id, 8, "Chứng thực", [], noon, "user:1")
    with pytest.raises(Conflict, match="counter_number_taken"):
        manage_places.change_counter(office.id, eight.id, 7, "Chứng thực", [], noon, "user:1")


def test_a_line_of_another_office_cannot_be_served(office: Office, noon: datetime) -> None:
    foreign = make_line("T", office=make_office("other"))
    with pytest.raises(NotFound, match="unknown_line"):
        manage_places.add_counter(office.id, 1, "", [foreign.id], noon, "user:1")


def test_opening_and_closing_a_counter_is_told_once_each(office: Office, noon: datetime) -> None:
    counter = make_counter(7)
    for open_ in (False, False, True):
        manage_places.set_counter_open(office.id, counter.id, open_, noon, "user:1")
    assert [fact["open"] for fact in facts("counter.changed")] == [False, True]


def test_what_belongs_to_another_office_is_unknown(office: Office, noon: datetime) -> None:
    other = make_office("other")
    line, counter = make_line("T", office=other), make_counter(1, office=other)
    with pytest.raises(NotFound, match="unknown_line"):
        manage_places.set_line_open(office.id, line.id, False, noon, "user:1")
    with pytest.raises(NotFound, match="unknown_counter"):
        manage_places.set_counter_open(office.id, counter.id, False, noon, "user:1")


def test_the_days_figures_add_up_over_lines(office: Office, noon: datetime) -> None:
    t, x = make_line("T"), make_line("X")
    counter = make_counter(1, lines=[t])
    make_ticket(t)
    make_ticket(t, state="serving", called_at=noon, counter=counter)
    make_ticket(t, state="finished", called_at=noon, counter=counter)
    make_ticket(x, state="no_show", called_at=noon, counter=counter)
    make_ticket(x, state="cancelled")
    shown = overview.today(office.id, noon.date())
    assert {key: value for key, value in shown.items() if key != "lines"} == {
        "issued": 5,
        "waiting": 1,
        "called": 3,
        "at_counter": 1,
        "finished": 1,
        "no_show": 1,
        "dossiers": 0,
    }
    assert [(line["prefix"], line["issued"], line["called"]) for line in shown["lines"]] == [
        ("T", 3, 2),
        ("X", 2, 1),
    ]
