"""Asking plugins: each alone, in order, and what one raises stays with it."""

from __future__ import annotations

import logging
from datetime import date

import pytest

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Unavailable
from kiosk.plugin import calls
from kiosk.plugin.selection import Selection

FEE = """
from kiosk.domain.money import FeeLine

@hookimpl
def compute_fee(procedure):
    {body}
"""
CASE = {"answers": {}, "channel": Channel.IN_PERSON, "on": date(2026, 11, 23)}


@pytest.fixture
def everything_on(load):
    def switch_on():
        house = load()
        return Selection(house, frozenset(house.ready))

    return switch_on


def raising(words="Nguyễn Thị Hòa"):
    return FEE.format(body=f"raise ValueError('{words}')")


def test_a_raising_plugin_stays_alone(everything_on, write_plugin, caplog):
    write_plugin("raiser", raising())
    write_plugin("zealous", FEE.format(body="return [FeeLine('phi', 'zealous', 7)]"))
    offered = everything_on()
    procedure = offered.find_procedure("1.000703")
    answers = offered.ask("compute_fee", procedure=procedure, **CASE)
    assert [name for name, _ in answers] == ["zealous", "plain_fees"]
    assert offered.first("compute_fee", procedure=procedure, **CASE)[0].case == "zealous"
    assert offered.house.failures == {("raiser", "compute_fee"): 2}


def test_the_log_names_plugin_hook_and_place_and_nobody(everything_on, write_plugin, caplog):
    write_plugin("raiser", raising())
    offered = everything_on()
    with caplog.at_level(logging.ERROR):
        offered.ask("compute_fee", procedure=offered.find_procedure("1.000703"), **CASE)
    assert "plugin raiser failed in compute_fee: ValueError at raiser/__init__.py:" in caplog.text
    assert "Hòa" not in caplog.text


@pytest.mark.parametrize("body", ["raise SystemExit(1)", "return 1 / 0", "return undefined"])
def test_nothing_a_plugin_does_ends_the_process(everything_on, write_plugin, body):
    write_plugin("raiser", FEE.format(body=body))
    offered = everything_on()
    lines = offered.first("compute_fee", procedure=offered.find_procedure("1.000703"), **CASE)
    assert [line.amount for line in lines] == [200_000]


def test_the_owner_is_asked_first_and_built_in_plugins_last(everything_on, write_plugin):
    for name in ("alpha", "omega"):
        write_plugin(name, FEE.format(body=f"return [FeeLine('phi', '{name}', 7)]"))
    offered = everything_on()
    procedure = offered.find_procedure("1.002809")

    def who(**owner):
        return [name for name, _ in offered.ask("compute_fee", procedure=procedure, **CASE, **owner)]

    assert who() == ["alpha", "omega", "transport", "plain_fees"]
    assert who(owner="omega") == ["omega", "alpha", "transport", "plain_fees"]
    assert offered.first("compute_fee", owner="omega", procedure=procedure, **CASE)[0].case == "omega"


def test_a_fee_is_not_guessed_when_its_owner_fails(everything_on, write_plugin):
    write_plugin("raiser", raising())
    offered = everything_on()
    ask = {"owner": "raiser", "procedure": offered.find_procedure("1.000703"), **CASE}
    assert offered.first("compute_fee", **ask)[0].amount == 200_000
    with pytest.raises(Unavailable, match="plugin_failed") as caught:
        offered.first("compute_fee", strict=True, **ask)
    assert caught.value.fields == {"plugin": "raiser", "hook": "compute_fee"}


def test_a_slow_plugin_is_heard_counted_and_named(everything_on, write_plugin, caplog, monkeypatch):
    monkeypatch.setattr(calls, "SLOW_SECONDS", 0.01)
    write_plugin(
        "slow", "import time\n" + FEE.format(body="time.sleep(0.03); return [FeeLine('phi', 'late', 7)]")
    )
    offered = everything_on()
    with caplog.at_level(logging.WARNING):
        lines = offered.first("compute_fee", procedure=offered.find_procedure("1.000703"), **CASE)
    assert lines[0].case == "late"
    assert offered.house.slow_calls == {("slow", "compute_fee"): 1}
    assert "plugin slow took" in caplog.text


def test_a_plugin_that_is_off_is_not_asked_unless_it_owns_the_record(everything_on, write_plugin):
    write_plugin("off", FEE.format(body="return [FeeLine('phi', 'off', 7)]"))
    house = everything_on().house
    offered = Selection(house, frozenset(house.ready) - {"off"})
    ask = {"owner": "off", "procedure": offered.find_procedure("1.000703"), **CASE}
    assert offered.first("compute_fee", **ask)[0].case == "Cấp mới"
    assert offered.first("compute_fee", even_off=True, **ask)[0].case == "off"


def test_settings_reach_the_hooks_that_take_them_and_belong_to_the_plugin_asked(everything_on, write_plugin):
    code = """
    @hookimpl
    def settings_schema():
        return [Setting("minutes", "Phút", "int", {default})]

    @hookimpl
    def hold_minutes(settings):
        return settings["minutes"]
    """
    write_plugin("early", code.format(default=1))
    write_plugin("later", code.format(default=2))
    house = everything_on().house
    offered = Selection(house, frozenset(house.ready), {"later": {"minutes": 5}, "early": {"colour": "red"}})
    assert offered.ask("hold_minutes", ticket=None) == [("early", 1), ("later", 5), ("paper_ticket", 10)]


def test_the_houses_own_mistakes_are_loud(everything_on):
    offered = everything_on()
    with pytest.raises(LookupError, match="hold_hours"):
        offered.ask("hold_hours", ticket=None)
    with pytest.raises(TypeError, match="hold_minutes"):
        offered.ask("hold_minutes", tickets=None)
    with pytest.raises(TypeError, match="hold_minutes"):
        offered.ask("hold_minutes")
