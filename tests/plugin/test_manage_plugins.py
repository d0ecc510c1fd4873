"""Switching plugins on and off: every condition checked first, row and event together, on both databases."""

from __future__ import annotations

import threading

import pytest

from kiosk.database import connection, office_transaction
from kiosk.domain.errors import Conflict, DomainError, NotFound
from kiosk.migrate import upgrade
from kiosk.models import Journal, OfficePlugin
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from kiosk.services.manage_plugins import settings, switch
from tests.factories import make_office

DEPARTMENT = """
from kiosk.domain.procedure import Department

@hookimpl
def departments():
    return [Department("{name}", "Sở {name}", "{name}", "Q", "98", (), front_desk=False)]
"""
ANSWERS = "@hookimpl\ndef check_intake(answers):\n    return None\n"

PICKY = """
@hookimpl
def settings_schema():
    return [Setting("level", "Mức", "int", 1, most=9), Setting("key", "Khóa", "secret", required={required})]

@hookimpl
def check_settings(values):
    if values["level"] == 8:
        raise ConnectionError("no answer")
    return {{"level": "Máy không nhận mức 7"}} if values["level"] == 7 else None
"""


@pytest.fixture
def office(database, use_plugins):
    use_plugins()
    return make_office().id


def switches(office):
    with connection():
        rows = Journal.select().where((Journal.office == office) & (Journal.kind == "plugin.switched"))
        return [(row.actor, row.facts) for row in rows.order_by(Journal.seq)]


def rows(office):
    with connection():
        return {row.name: row.enabled for row in OfficePlugin.select().where(OfficePlugin.office == office)}


def test_on_and_off_leave_a_row_and_a_fact_each(office, noon):
    assert manage_plugins.enable(office, "justice", noon, "user:1") is True
    assert "justice" in gate.enabled(office)
    assert manage_plugins.disable(office, "justice", noon, "user:2") is True
    assert "justice" not in gate.enabled(office)
    assert rows(office) == {"justice": False}
    (first, facts), (second, _) = switches(office)
    assert (first, second) == ("user:1", "user:2")
    assert '"enabled":true' in facts
    assert '"version":"1.0"' in facts


def test_turning_a_switch_that_stands_so_already_changes_nothing(office, noon):
    assert manage_plugins.disable(office, "justice", noon, "user:1") is False
    manage_plugins.enable(office, "justice", noon, "user:1")
    assert manage_plugins.enable(office, "justice", noon, "user:1") is False
    assert len(switches(office)) == 1


def test_switch_and_fact_stand_or_fall_together(office, noon):
    def enable_and_fail():
        with office_transaction(office, noon, "user:1"):
            manage_plugins.enable(office, "justice", noon, "user:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enable_and_fail()
    assert rows(office) == {}
    assert switches(office) == []


def test_an_unknown_plugin(office, noon):
    for verb in (manage_plugins.enable, manage_plugins.disable):
        with pytest.raises(NotFound, match="unknown_plugin"):
            verb(office, "nothing", noon, "user:1")
    with pytest.raises(NotFound, match="unknown_plugin"):
        manage_plugins.settings_of(office, "nothing")


def test_a_broken_plugin_is_refused_with_its_reason(office, noon, write_plugin, use_plugins):
    write_plugin("sick", "raise ValueError('broken on purpose')")
    use_plugins()
    with pytest.raises(Conflict, match="plugin_broken") as caught:
        manage_plugins.enable(office, "sick", noon, "user:1")
    assert "broken on purpose" in caught.value.fields["reason"]
    assert rows(office) == {}


def test_what_it_requires_is_switched_on_before_and_off_after(office, noon, write_plugin, use_plugins):
    write_plugin("extra", ANSWERS, requires=["justice"])
    use_plugins()
    with pytest.raises(Conflict, match="plugin_requires") as caught:
        manage_plugins.enable(office, "extra", noon, "user:1")
    assert caught.value.fields["requires"] == ["justice"]
    manage_plugins.enable(office, "justice", noon, "user:1")
    manage_plugins.enable(office, "extra", noon, "user:1")
    with pytest.raises(Conflict, match="plugin_in_use") as caught:
        manage_plugins.disable(office, "justice", noon, "user:1")
    assert caught.value.fields["by"] == ["extra"]
    manage_plugins.disable(office, "extra", noon, "user:1")
    manage_plugins.disable(office, "justice", noon, "user:1")


def test_a_plugin_with_tables_waits_for_kiosk_upgrade(office, noon, write_plugin, use_plugins, data_dir):
    folder = write_plugin("tabled", ANSWERS) / "migrations"
    folder.mkdir()
    (folder / "0001_initial.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE plugin_tabled_thing (id INTEGER PRIMARY KEY)')\n"
    )
    house = use_plugins()
    with pytest.raises(Conflict, match="plugin_not_migrated") as caught:
        manage_plugins.enable(office, "tabled", noon, "user:1")
    assert len(caught.value.fields["pending"]) == 1
    upgrade(data_dir, house.migrations())
    assert manage_plugins.enable(office, "tabled", noon, "user:1") is True


def test_the_built_in_plugins_have_no_switch(office, noon):
    assert manage_plugins.enable(office, "plain_fees", noon, "user:1") is False
    with pytest.raises(Conflict, match="plugin_always_on"):
        manage_plugins.disable(office, "plain_fees", noon, "user:1")


def test_a_required_setting_comes_before_the_switch(office, noon, write_plugin, use_plugins):
    write_plugin("picky", PICKY.format(required=True))
    use_plugins()
    with pytest.raises(DomainError, match="setting_invalid") as caught:
        manage_plugins.enable(office, "picky", noon, "user:1")
    assert (caught.value.fields["field"], caught.value.fields["reason"]) == ("key", "required")
    manage_plugins.save_settings(office, "picky", {"key": "s3cret"}, noon, "user:1")
    assert manage_plugins.enable(office, "picky", noon, "user:1") is True


def test_a_plugins_own_test_stands_before_saving_and_before_the_switch(
    office, noon, write_plugin, use_plugins
):
    write_plugin("picky", PICKY.format(required=False))
    use_plugins()
    with pytest.raises(DomainError, match="setting_invalid") as caught:
        manage_plugins.try_settings(office, "picky", {"level": 7})
    assert caught.value.fields["explanation"] == "Máy không nhận mức 7"
    for verb in (lambda: manage_plugins.save_settings(office, "picky", {"level": 7}, noon, "user:1"),):
        with pytest.raises(DomainError, match="setting_invalid"):
            verb()
    with pytest.raises(Conflict, match="plugin_broken"):
        manage_plugins.save_settings(office, "picky", {"level": 8}, noon, "user:1")
    assert rows(office) == {}


def test_settings_are_kept_while_the_plugin_is_off_and_secrets_stay_inside(
    office, noon, write_plugin, use_plugins
):
    write_plugin("picky", PICKY.format(required=False))
    use_plugins()
    saved = manage_plugins.save_settings(office, "picky", {"level": 3, "key": "s3cret"}, noon, "user:1")
    assert saved == {"level": 3, "key": True}
    assert "picky" not in gate.enabled(office)
    manage_plugins.enable(office, "picky", noon, "user:1")
    manage_plugins.disable(office, "picky", noon, "user:1")
    assert manage_plugins.settings_of(office, "picky") == {"level": 3, "key": True}
    assert gate.settings(office, "picky") == {"level": 3, "key": "s3cret"}
    with pytest.raises(DomainError, match="setting_invalid"):
        manage_plugins.save_settings(office, "picky", {"colour": "red"}, noon, "user:1")


def elsewhere(act):
    """Let another admin do something at another desk, and finish."""
    answers = []

    def run():
        with connection():
            answers.append(act())

    other = threading.Thread(target=run)
    other.start()
    other.join()
    return answers


def after_first(monkeypatch, module, name, act):
    """Let another admin act right after this admin's first look at `name`, whose calls are returned."""
    real, calls = getattr(module, name), []

    def look(*given):
        seen = real(*given)
        seen = list(seen) if name == "obstacles" else seen
        calls.append(given)
        if len(calls) == 1:
            assert elsewhere(act)
        return seen

    monkeypatch.setattr(module, name, look)
    return calls


def test_two_admins_who_save_at_once_keep_both_changes_and_test_them_together(office, noon, monkeypatch):
    def other():
        return manage_plugins.save_settings(office, "law_priorities", {"pregnancy": False}, noon, "user:2")

    tests = after_first(monkeypatch, settings, "try_values", other)
    mine = manage_plugins.save_settings(office, "law_priorities", {"merit": False}, noon, "user:1")
    kept = manage_plugins.settings_of(office, "law_priorities")
    assert kept == mine
    assert (kept["merit"], kept["pregnancy"]) == (False, False)
    values = [values for _, values in tests]
    assert values[-1]["pregnancy"] is False, "what is stored was tested as it is stored"


def test_what_it_requires_goes_off_between_the_look_and_the_switch(
    office, noon, write_plugin, use_plugins, monkeypatch
):
    write_plugin("extra", ANSWERS, requires=["justice"])
    use_plugins()
    manage_plugins.enable(office, "justice", noon, "user:1")
    after_first(
        monkeypatch, switch, "obstacles", lambda: manage_plugins.disable(office, "justice", noon, "user:2")
    )
    with gate.breath(), pytest.raises(Conflict, match="plugin_requires"):
        manage_plugins.enable(office, "extra", noon, "user:1")
    assert rows(office) == {"justice": False}


def test_somebody_comes_to_need_it_between_the_look_and_the_switch(
    office, noon, write_plugin, use_plugins, monkeypatch
):
    write_plugin("extra", ANSWERS, requires=["justice"])
    use_plugins()
    manage_plugins.enable(office, "justice", noon, "user:1")
    after_first(
        monkeypatch, switch, "users_of", lambda: manage_plugins.enable(office, "extra", noon, "user:2")
    )
    with gate.breath(), pytest.raises(Conflict, match="plugin_in_use"):
        manage_plugins.disable(office, "justice", noon, "user:1")
    assert rows(office) == {"justice": True, "extra": True}


def test_two_departments_with_one_letter_are_not_switched_on_at_once(
    office, noon, write_plugin, use_plugins, monkeypatch
):
    for name in ("alpha", "omega"):
        write_plugin(name, DEPARTMENT.format(name=name))
    use_plugins()
    after_first(
        monkeypatch, switch, "obstacles", lambda: manage_plugins.enable(office, "omega", noon, "user:2")
    )
    with gate.breath(), pytest.raises(Conflict, match="prefix_clash"):
        manage_plugins.enable(office, "alpha", noon, "user:1")
    assert rows(office) == {"omega": True}


def test_the_setting_of_a_built_in_plugin_is_effective_at_once(office, noon):
    with gate.breath():
        assert gate.first(office, "hold_minutes", ticket=None) == 10
        manage_plugins.save_settings(office, "paper_ticket", {"hold_minutes": 5}, noon, "user:1")
        assert gate.first(office, "hold_minutes", ticket=None) == 5


def test_the_listing_shows_every_plugin_what_it_offers_and_why_it_is_red(
    office, noon, write_plugin, use_plugins
):
    write_plugin("sick", "raise ValueError")
    use_plugins()
    manage_plugins.enable(office, "transport", noon, "user:1")
    with connection():
        OfficePlugin.create(office=office, name="gone", enabled=True, version="3", changed_at=noon)
    cards = {card.name: card for card in manage_plugins.listing(office)}
    assert {name: card.state for name, card in cards.items()} == dict.fromkeys(
        gate.house().owners.values(), "off"
    ) | {
        "gone": "broken",
        "sick": "broken",
        "justice": "off",
        "transport": "on",
        "event_log": "off",
        "bcci_post": "off",
        "email_notices": "off",
        "sms_gateway": "off",
        "vietcombank_qr": "off",
        "zalo_oa": "off",
        "law_priorities": "on",
        "paper_ticket": "on",
        "plain_fees": "on",
        "plain_terms": "on",
    }
    assert cards["transport"].procedures == 5
    assert [offer["title"] for offer in cards["justice"].offers] == ["Sở Tư pháp"]
    assert cards["sick"].problem == "import_failed"
    assert cards["gone"].problem == "not_installed"
    assert [setting["key"] for setting in cards["paper_ticket"].settings] == ["hold_minutes"]
    assert cards["paper_ticket"].values == {"hold_minutes": 10}


def test_a_plugin_that_was_removed_can_still_be_switched_off(office, noon):
    with connection():
        OfficePlugin.create(office=office, name="gone", enabled=True, version="3", changed_at=noon)
    assert manage_plugins.disable(office, "gone", noon, "user:1") is True
    assert rows(office) == {"gone": False}
