"""A department's own rule that fails refuses, on both databases: in its own office, for its own records, and no further."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.errors import Unavailable
from kiosk.models import Dossier
from kiosk.paths import plugins_dir
from kiosk.plugin import gate
from kiosk.plugin.breaker import FAILURES_IN_A_ROW
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.services import manage_plugins
from kiosk.services.catalogue.override_procedure import Wish, override
from kiosk.services.catalogue.try_out import try_out
from tests.factories import make_counter, make_line
from tests.services.test_plugins_before_a_switch import CATALOGUE, DEPARTMENT, MANIFEST
from tests.services.test_stories import LICENCE, Story

KEY, ADMIN = "cap-giay", "user:1"
DAY = date(2026, 11, 23)
FAILS = "\n@hookimpl\ndef {hook}:\n    raise ValueError('Trần Văn An')\n"
FAILS_AT_13 = "\n@hookimpl\ndef {hook}:\n    if procedure.fees[0].direct == 13:\n        raise ValueError\n"
FAILS_ONLINE = (
    "\n@hookimpl\ndef compute_fee(channel):\n    if channel == 'online':\n        raise ValueError\n"
)

UseSurvey = Callable[[str], None]


@pytest.fixture
def survey(story: Story, tmp_path: Path) -> UseSurvey:
    """`survey(code)`: both offices have a department on that answers with that code, beside justice and transport."""

    def use(code: str) -> None:
        folder = tmp_path / "plugins" / "survey"
        folder.mkdir(parents=True)
        (folder / "plugin.toml").write_text(MANIFEST.format(name="survey"), encoding="utf-8")
        (folder / "procedures.toml").write_text(CATALOGUE.format(name="survey", prefix="S"), encoding="utf-8")
        (folder / "__init__.py").write_text(DEPARTMENT + code, encoding="utf-8")
        found = discover([plugins_dir(), folder.parent])
        gate.use(
            PluginHouse.of(c for c in found if c.builtin or c.name in {"survey", "justice", "transport"})
        )
        for office in (story.place.office, story.place.other):
            manage_plugins.enable(office.id, "survey", story.clock.moment, ADMIN)

    return use


def receive(story: Story, **fields: Any) -> Any:
    return story.receive(KEY, department="survey", **fields)


def refused(act: Callable[[], Any], hook: str) -> None:
    with pytest.raises(Unavailable, match="plugin_failed") as caught:
        act()
    assert caught.value.fields == {"plugin": "survey", "hook": hook}


@pytest.mark.parametrize("hook", ["check_intake(answers)", "compute_fee(answers)", "term_for(answers)"])
def test_nothing_is_received_while_the_departments_own_rule_fails_or_rests(
    story: Story, survey: UseSurvey, hook: str
) -> None:
    survey(FAILS.format(hook=hook))
    name = hook.partition("(")[0]
    before = story.kinds()
    for _ in range(FAILURES_IN_A_ROW + 1):
        refused(lambda: receive(story), name)
    assert Dossier.select().count() == 0
    assert story.kinds() == before
    (trouble,) = manage_plugins.card(story.office, "survey").troubles
    assert (trouble["hook"], trouble["skipped"]) == (name, 1)


def test_no_move_is_made_while_the_departments_own_plugin_cannot_say_whether_it_may(
    story: Story, survey: UseSurvey
) -> None:
    survey(FAILS.format(hook="object_to_move(thing)"))
    line = make_line("S", department="survey")
    desk = make_counter(7, [line], office=story.place.office)
    ticket, dossier = story.issue(line).ticket, receive(story)
    for _ in range(FAILURES_IN_A_ROW + 1):
        refused(lambda: story.advance(dossier, "finish"), "object_to_move")
    refused(lambda: story.call(desk), "object_to_move")
    assert Dossier.get_by_id(dossier.id).state == dossier.state
    assert type(ticket).get_by_id(ticket.id).state == "waiting"


def test_another_departments_records_go_on(story: Story, survey: UseSurvey) -> None:
    survey(FAILS.format(hook="object_to_move(thing)") + FAILS.format(hook="check_intake(answers)"))
    ticket = story.issue().ticket
    called = story.call()
    assert called is not None
    assert called.id == ticket.id
    assert story.advance(story.receive(LICENCE), "finish").state == "finished"


def test_what_one_office_made_fail_goes_on_in_the_other(story: Story, survey: UseSurvey) -> None:
    survey(FAILS_AT_13.format(hook="check_intake(procedure)"))
    other = copy(story)
    other.office = story.place.other.id
    wish = Wish("survey", KEY, "fee", "free", {"direct": 13, "online": 13}, DAY, None, "NQ 10/2026")
    override(story.office, wish, story.clock.moment, ADMIN)
    for _ in range(FAILURES_IN_A_ROW + 1):
        refused(lambda: receive(story), "check_intake")
    assert receive(other).office_id == other.office
    assert [each["hook"] for each in manage_plugins.card(story.office, "survey").troubles] == ["check_intake"]
    assert manage_plugins.card(other.office, "survey").troubles == ()
    assert set(gate.house().troubled) == {("survey", "check_intake")}


def test_what_an_admin_tries_out_in_vain_stops_no_counter(story: Story, survey: UseSurvey) -> None:
    survey(FAILS_ONLINE)
    nine = datetime.combine(DAY, time(9))
    for _ in range(FAILURES_IN_A_ROW + 1):
        refused(lambda: try_out(story.office, "survey", KEY, nine, "online", {}), "compute_fee")
    assert receive(story).code
