"""Asking plugins: each alone, in order, what one raises stays with it, and who fails again and again has a rest."""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Unavailable
from kiosk.domain.money import FeeLine
from kiosk.paths import plugins_dir
from kiosk.plugin.breaker import COOL_DOWN_SECONDS, FAILURES_IN_A_ROW
from kiosk.plugin.calls import HARD_SECONDS, SLOW_SECONDS
from kiosk.plugin.hookspecs import HOOKS, Gate
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.results import RESULTS
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


def test_a_silent_owner_is_no_consent_when_it_failed(everything_on, write_plugin):
    write_plugin("raiser", "@hookimpl\ndef check_intake():\n    raise ValueError")
    write_plugin("stern", "@hookimpl\ndef check_intake():\n    return 'no'")
    offered = everything_on()
    ask = {"procedure": offered.find_procedure("1.000703"), "answers": {}}
    assert ("stern", "no") in offered.ask("check_intake", owner="stern", strict=True, **ask)
    with pytest.raises(Unavailable, match="plugin_failed") as caught:
        offered.ask("check_intake", owner="raiser", strict=True, **ask)
    assert caught.value.fields == {"plugin": "raiser", "hook": "check_intake"}


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


class Watch:
    """Seconds that pass when the test says so."""

    def __init__(self):
        self.seconds = 1_000.0

    def __call__(self):
        return self.seconds

    def wait(self, seconds):
        self.seconds += seconds


@pytest.fixture
def watch():
    return Watch()


MOODY = """
from kiosk.domain.money import FeeLine

asked = 0

@hookimpl
def compute_fee(procedure, answers):
    global asked
    asked += 1
    return answers["do"]()

@hookimpl
def check_settings(values):
    return values["do"]()

@hookimpl
def on_dossier_event(event):
    event["do"]()
"""


def fine():
    return [FeeLine("phi", "moody", 7)]


def bad():
    raise ValueError("Nguyễn Thị Hòa")


class Moody:
    """A plugin that does what the test tells it, and a way to ask for its fee."""

    def __init__(self, house):
        self.house = house
        self.offered = Selection(house, frozenset(house.ready))
        self.procedure = self.offered.find_procedure("1.000703")

    def fee(self, do, **how):
        ask = CASE | {"answers": {"do": do, "fee_case": "new"}}
        return self.offered.first("compute_fee", owner="moody", procedure=self.procedure, **ask, **how)

    def case(self, do):
        return self.fee(do)[0].case

    def fail(self, times=FAILURES_IN_A_ROW):
        for _ in range(times):
            self.fee(bad)

    @property
    def asked(self):
        return sys.modules["kiosk_plugins.moody"].asked


KEY = ("moody", "compute_fee")


@pytest.fixture
def moody(folder, write_plugin, watch):
    write_plugin("moody", MOODY)
    return Moody(PluginHouse.of(discover([plugins_dir(), folder]), clock=watch))


def test_a_slow_plugin_is_heard_counted_and_named(moody, watch, caplog):
    assert moody.case(lambda: watch.wait(SLOW_SECONDS + 0.1) or fine()) == "moody"
    assert moody.house.slow_calls == {KEY: 1}
    assert moody.house.troubled == {}
    assert "plugin moody took 0.35 s in compute_fee" in caplog.text


def test_one_that_fails_again_and_again_is_left_alone(moody, caplog):
    moody.fail()
    assert moody.case(fine) == "Cấp mới"
    assert moody.asked == FAILURES_IN_A_ROW
    assert moody.house.failures == {KEY: FAILURES_IN_A_ROW}
    assert caplog.text.count("is in trouble") == 1
    assert "plugin moody is in trouble: compute_fee failed 5 times in a row" in caplog.text


def test_the_admin_can_read_since_when_and_why(moody, watch):
    moody.fail()
    watch.wait(12)
    moody.fee(fine)
    trouble = moody.house.troubled[KEY]
    assert (trouble.seconds, trouble.skipped) == (12, 1)
    assert trouble.why.startswith("ValueError at plugin/test_calls.py:")
    assert "Hòa" not in trouble.why


def test_a_fee_is_refused_while_its_owner_is_left_alone(moody):
    moody.fail()
    with pytest.raises(Unavailable, match="plugin_failed"):
        moody.fee(fine, strict=True)


def test_a_success_between_failures_begins_the_count_anew(moody):
    for _ in range(3):
        moody.fail(FAILURES_IN_A_ROW - 1)
        assert moody.case(fine) == "moody"
    assert moody.house.troubled == {}


def test_after_the_cool_down_one_call_tries_and_a_good_answer_ends_the_trouble(moody, watch, caplog):
    moody.fail()
    watch.wait(COOL_DOWN_SECONDS)
    assert moody.case(fine) == "moody"
    assert moody.house.troubled == {}
    assert "plugin moody answers compute_fee again; 0 calls had passed it by" in caplog.text
    assert moody.case(fine) == "moody"


def test_a_bad_answer_after_the_cool_down_means_another_one(moody, watch, caplog):
    moody.fail()
    watch.wait(COOL_DOWN_SECONDS)
    moody.fail(3)
    assert moody.asked == FAILURES_IN_A_ROW + 1
    watch.wait(COOL_DOWN_SECONDS - 1)
    assert moody.case(fine) == "Cấp mới"
    watch.wait(1)
    assert moody.case(fine) == "moody"
    assert caplog.text.count("is in trouble") == 1


def test_while_one_tries_after_the_cool_down_the_others_wait_on(moody, watch):
    moody.fail()
    watch.wait(COOL_DOWN_SECONDS)
    meanwhile = []
    assert moody.case(lambda: meanwhile.append(moody.case(fine)) or fine()) == "moody"
    assert meanwhile == ["Cấp mới"]
    assert moody.asked == FAILURES_IN_A_ROW + 1


def test_answers_that_take_too_long_are_failures_though_they_are_heard(moody, watch):
    for _ in range(FAILURES_IN_A_ROW):
        assert moody.case(lambda: watch.wait(HARD_SECONDS + 1) or fine()) == "moody"
    assert moody.case(fine) == "Cấp mới"
    assert moody.house.troubled[KEY].why == "took 3.0 s"


def test_one_hook_in_trouble_leaves_the_others_alone(moody):
    moody.fail()
    outcome = moody.house.call("moody", "check_settings", {"values": {"do": dict}}, {})
    assert outcome.value == {}
    assert set(moody.house.troubled) == {KEY}


def in_office(moody, office, **how):
    """The same plugins, asked by an office."""
    there = Moody(moody.house)
    there.offered = replace(there.offered, office=office, **how)
    return there


def test_what_fails_in_one_office_rests_in_no_other(moody, caplog):
    here, there = in_office(moody, 1), in_office(moody, 2)
    here.fail()
    assert here.case(fine) == "Cấp mới"
    assert there.case(fine) == "moody"
    assert here.case(fine) == "Cấp mới", "the other office's good answer ends no trouble here"
    assert "compute_fee failed 5 times in a row (office 1)" in caplog.text


def test_trouble_is_told_to_the_office_that_has_it_and_together_for_the_house(moody, watch):
    here, there = in_office(moody, 1), in_office(moody, 2)
    here.fail()
    watch.wait(5)
    there.fail()
    for each in (here, here, there):
        each.fee(fine)
    house = moody.house
    assert [house.troubled_in(office)[KEY].skipped for office in (1, 2)] == [2, 1]
    assert house.troubled_in(3) == {}
    assert (house.troubled[KEY].seconds, house.troubled[KEY].skipped) == (5, 3)


def test_what_fails_while_an_admin_tries_it_out_rests_nothing(moody):
    in_office(moody, 1, trial=True).fail(FAILURES_IN_A_ROW + 1)
    assert in_office(moody, 1).case(fine) == "moody"
    assert moody.house.troubled == {}
    assert in_office(moody, 1).offered.with_plugin("moody").trial


def test_an_admin_who_mends_settings_is_always_answered(moody):
    for _ in range(FAILURES_IN_A_ROW + 1):
        assert moody.house.call("moody", "check_settings", {"values": {"do": bad}}, {}).failed
    assert not moody.house.call("moody", "check_settings", {"values": {"do": dict}}, {}).failed


def test_news_is_told_at_least_once_however_often_the_plugin_failed(moody, watch):
    def tell(do):
        return not moody.house.call("moody", "on_dossier_event", {"event": {"do": do}}, {}).failed

    assert [tell(bad) for _ in range(FAILURES_IN_A_ROW + 2)] == [False] * (FAILURES_IN_A_ROW + 2)
    assert set(moody.house.troubled) == {("moody", "on_dossier_event")}, "shown in red all the same"
    assert tell(lambda: watch.wait(HARD_SECONDS * 10))
    assert moody.house.troubled == {}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda: 200_000.0, ": expected a list or None, got float"),
        (lambda: "200000", "got str"),
        (lambda: ["200000"], "[0]: expected FeeLine, got str"),
        (lambda: (line for line in fine()), "got generator"),
        (lambda: [broken_line(amount=1.5)], "[0].amount: expected int, got float"),
        (lambda: [broken_line(amount=True)], "[0].amount: expected int, got bool"),
        (lambda: [broken_line(case="")], "[0].case: is empty"),
        (lambda: [broken_line(case=None)], "[0].case: expected str, got NoneType"),
    ],
)
def test_a_fee_of_a_wrong_type_is_a_failure_and_never_an_answer(moody, answer, why, caplog):
    assert moody.case(answer) == "Cấp mới"
    assert moody.house.failures == {KEY: 1}
    assert "plugin moody failed in compute_fee: wrong answer" in caplog.text
    assert why in caplog.text
    with pytest.raises(Unavailable, match="plugin_failed"):
        moody.fee(answer, strict=True)


def broken_line(**fields):
    """A fee line whose own checks were passed by."""
    line = fine()[0]
    for name, value in fields.items():
        object.__setattr__(line, name, value)
    return line


SAYING = """
from kiosk.domain.deadlines import TimeUnit
from kiosk.domain.procedure import IntakeField

@hookimpl
def {hook}({arguments}):
    return {answer}
"""
FIELD = "[IntakeField('n', 'Số', 'Number', {})]"
GARBAGE = [
    ("intake_fields", "['copies']", "[0]: expected IntakeField, got str"),
    ("intake_fields", "IntakeField('n', 'Số', 'Number', 'count')", ": expected a list"),
    ("intake_fields", FIELD.format("'colour'"), "[0].kind: expected one of choice, count"),
    ("intake_fields", FIELD.format("'count', minimum='1'"), "[0].minimum: expected int, got str"),
    (
        "intake_fields",
        FIELD.format("'choice', choices=('a', 'b')"),
        "[0].choices[0]: expected a list, got str",
    ),
    ("intake_fields", FIELD.format("'count', default=5, maximum=4"), "[0].default: does not answer"),
    ("check_intake", "['no']", ": expected str or None, got list"),
    ("object_to_move", "False", ": expected str or None, got bool"),
    ("ticket_priority", "'queen'", ": expected Priority or None, got str"),
    ("ticket_priority", "3", ": expected Priority or None, got int"),
    ("term_for", "5", ": expected Term or None, got int"),
    ("term_for", "TimeUnit.NONE", ": expected Term or None, got TimeUnit"),
    ("ticket_prefix", "7", ": expected str or None, got int"),
    ("hold_minutes", "'ten'", ": expected int or None, got str"),
    ("notification_channels", "['sms']", "[0]: expected NotificationChannel, got str"),
    ("payment_providers", "['bank']", "[0]: expected PaymentProvider, got str"),
    ("postal_carriers", "['post']", "[0]: expected PostalCarrier, got str"),
    ("check_settings", "['bad']", ": expected a table or None, got list"),
    ("check_settings", "{'key': 1}", ": expected str, got int"),
]


@pytest.mark.parametrize(("hook", "answer", "why"), GARBAGE)
def test_garbage_never_reaches_whoever_asked(load, write_plugin, caplog, hook, answer, why):
    write_plugin("garbage", SAYING.format(hook=hook, arguments="", answer=answer))
    house = load()
    arguments = dict.fromkeys(HOOKS[hook].arguments - {"settings"})
    outcome = house.call("garbage", hook, arguments, {})
    assert (outcome.value, outcome.failed) == (None, True)
    assert f"plugin garbage failed in {hook}: wrong answer" in caplog.text
    assert why in caplog.text


def test_every_hook_that_answers_anything_is_checked():
    silent = {name for name, info in HOOKS.items() if info.signature.endswith("-> None")}
    assert {name for name, info in HOOKS.items() if info.gate is Gate.HONOURED} < silent
    assert set(RESULTS) == set(HOOKS) - silent
    checked = {hook for hook, _, _ in GARBAGE} | {"compute_fee", "departments", "settings_schema"}
    assert checked == set(RESULTS)
