"""What an admin is told before a plugin is switched: what would appear, what is in the way, what stays honoured."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from peewee import Database

from kiosk.domain.errors import Conflict, NotFound
from kiosk.domain.permissions import Actor
from kiosk.models import Journal, Office, OfficePlugin, Ticket
from kiosk.paths import plugins_dir
from kiosk.plugin import gate
from kiosk.plugin.breaker import FAILURES_IN_A_ROW
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.services import manage_plugins
from kiosk.services.issue_ticket import TicketHouse, Wish, issue_ticket
from tests.factories import fact, make_counter, make_dossier, make_line, make_office, make_ticket, make_user

Write = Callable[..., Path]
MANIFEST = 'name = "{name}"\ntitle = "Sở {name}"\nversion = "2.1"\napi = 1\nowner = "Sở {name}"\nneeds = ["máy ký số"]\n'
CATALOGUE = """
[department]
key = "{name}"
title = "Sở {name}"
title_en = "Department {name}"
prefix = "{prefix}"
agency_number = "21"

[[procedure]]
key = "cap-giay"
code = "2.000488"
code_confidence = "verified"
name = "Cấp giấy"
field = "Giấy"
clock_start = "receipt"
confidence = "medium"
source = "for this test"
post = {{ receive = true, return = true }}
term = {{ value = 3, unit = "working_days" }}
components = [{{ name = "Đơn", originals = 1, copies = 0 }}]
fee = [{{ key = "free", title = "Không thu", kind = "le_phi", direct = 0, online = 0, unit = "lần", basis = "test" }}]
"""
DEPARTMENT = """
from pathlib import Path
from kiosk.plugin import hookimpl, Setting
from kiosk.plugin.catalogue import load_department

@hookimpl
def departments():
    return [load_department(Path(__file__).parent)]
"""
PICKY = """
from kiosk.plugin import hookimpl, Setting

@hookimpl
def settings_schema():
    return [Setting("key", "Khóa", "secret", required=True)]

@hookimpl
def check_settings(values):
    return {"key": "Cổng không nhận khóa này"} if values["key"] == "wrong" else None
"""
SHAKY = """
from kiosk.plugin import hookimpl

@hookimpl
def check_intake(procedure, answers):
    return str(1 / 0)
"""


@pytest.fixture
def use(tmp_path: Path) -> Iterator[Write]:
    """`use("a", prefix="A")`: a house of justice and departments written for the test; `code=` for other plugins."""
    mine = tmp_path / "plugins"
    mine.mkdir()

    def write(name: str, prefix: str = "Q", code: str = DEPARTMENT) -> Path:
        folder = mine / name
        folder.mkdir()
        (folder / "plugin.toml").write_text(MANIFEST.format(name=name), encoding="utf-8")
        (folder / "procedures.toml").write_text(CATALOGUE.format(name=name, prefix=prefix), encoding="utf-8")
        (folder / "__init__.py").write_text(code, encoding="utf-8")
        found = discover([plugins_dir(), mine])
        gate.use(
            PluginHouse.of(c for c in found if c.builtin or c.name == "justice" or mine in c.folder.parents)
        )
        return folder

    yield write
    gate.use(None)


@pytest.fixture
def office(database: Database) -> Office:
    """An office with nothing switched on."""
    return make_office()


def codes(trial: manage_plugins.DryRun) -> list[str]:
    return [error.code for error in trial.blocking]


def test_a_dry_run_shows_what_would_appear_and_changes_nothing(office: Office, use: Write) -> None:
    use("survey")
    trial = manage_plugins.dry_run(office.id, "survey")
    assert [(p["code"], p["doubts"]) for p in trial.procedures] == [("2.000488", ["details"])]
    (department,) = trial.departments
    assert (department["prefix"], department["lines"]) == ("Q", [])
    assert (codes(trial), trial.self_test, trial.needs) == ([], "none", ("máy ký số",))
    assert OfficePlugin.select().count() == 0
    assert Journal.select().count() == 0


def test_a_letter_another_department_uses_is_refused_until_there_is_a_line_with_another(
    office: Office, noon: datetime, use: Write
) -> None:
    use("survey", prefix="T")
    assert codes(manage_plugins.dry_run(office.id, "survey")) == []
    manage_plugins.enable(office.id, "justice", noon, "user:1")
    assert codes(manage_plugins.dry_run(office.id, "survey")) == ["prefix_clash"]
    with pytest.raises(Conflict, match="prefix_clash") as caught:
        manage_plugins.enable(office.id, "survey", noon, "user:1")
    assert (caught.value.fields["prefix"], caught.value.fields["other"]) == ("T", "Sở Tư pháp")
    make_line("Q", department="survey")
    assert manage_plugins.enable(office.id, "survey", noon, "user:1") is True


def test_a_letter_of_a_line_counts_even_where_its_department_is_off(office: Office, use: Write) -> None:
    use("survey", prefix="H")
    make_line("H", title="Hộ tịch", department="justice")
    assert codes(manage_plugins.dry_run(office.id, "survey")) == ["prefix_clash"]


def test_a_shared_procedure_code_is_only_worth_knowing(office: Office, noon: datetime, use: Write) -> None:
    use("survey")
    manage_plugins.enable(office.id, "justice", noon, "user:1")
    trial = manage_plugins.dry_run(office.id, "survey")
    assert trial.shared_codes == ({"code": "2.000488", "department": "Sở Tư pháp"},)
    assert codes(trial) == []


def test_lines_that_exist_are_shown_with_their_counters(office: Office, use: Write) -> None:
    use("survey")
    line = make_line("Q", department="survey")
    make_line("S", department="survey", open=False)
    make_counter(1, [line])
    (department,) = manage_plugins.dry_run(office.id, "survey").departments
    assert [(each["prefix"], each["open"], each["counters"]) for each in department["lines"]] == [
        ("Q", True, 1),
        ("S", False, 0),
    ]


def test_the_self_test_runs_once_the_settings_are_right(office: Office, noon: datetime, use: Write) -> None:
    use("bank", code=PICKY)
    trial = manage_plugins.dry_run(office.id, "bank")
    assert (codes(trial), trial.self_test) == (["setting_invalid"], "not_run")
    manage_plugins.save_settings(office.id, "bank", {"key": "right"}, noon, "user:1")
    assert manage_plugins.dry_run(office.id, "bank").self_test == "passed"
    OfficePlugin.update(settings={"key": "wrong"}).execute()
    with gate.breath():
        trial = manage_plugins.dry_run(office.id, "bank")
    assert (codes(trial), trial.self_test) == (["setting_invalid"], "failed")
    assert trial.blocking[0].fields["explanation"] == "Cổng không nhận khóa này"


def test_a_broken_plugin_has_one_obstacle_and_an_unknown_one_is_unknown(office: Office, use: Write) -> None:
    use("sick", code="raise ValueError('broken on purpose')")
    trial = manage_plugins.dry_run(office.id, "sick")
    assert (codes(trial), trial.self_test) == (["plugin_broken"], "not_run")
    with pytest.raises(NotFound, match="unknown_plugin"):
        manage_plugins.dry_run(office.id, "nothing")


def test_what_stays_honoured_is_counted(office: Office, noon: datetime, use: Write) -> None:
    use("survey")
    day = noon.date()
    line = make_line("T", title="Hộ tịch")
    counter = make_counter(1, [line])
    make_line("U", open=False)
    make_line("Q", department="survey")
    make_ticket(line, day=day)
    make_ticket(line, day=day)
    make_ticket(line, day=day, state="serving", called_at=noon, counter=counter)
    make_ticket(line, day=day, state="finished", called_at=noon, counter=counter)
    make_ticket(line, day=date(2026, 11, 20))
    make_dossier()
    make_dossier([fact("receive", day), fact("supplement", day, seq=2)])
    make_dossier([fact("receive", day), fact("finish", day, seq=2)])
    make_dossier(department="survey")
    stays = manage_plugins.honoured(office.id, "justice", day)
    assert stays.as_dict() == {
        "dossiers": 2,
        "results_to_collect": 1,
        "waiting": 2,
        "at_counter": 1,
        "lines": ("T · Hộ tịch",),
        "used_by": (),
    }
    assert manage_plugins.honoured(office.id, "never-was", day).dossiers == 0


def test_history_names_who_and_what_of_this_plugin_alone_page_by_page(
    office: Office, noon: datetime, use: Write
) -> None:
    use("justice_extra")
    user = make_user(display_name="Trần Thị Quản Trị")
    for _ in range(11):
        manage_plugins.enable(office.id, "justice", noon, f"user:{user.id}")
        manage_plugins.disable(office.id, "justice", noon, "system")
    manage_plugins.enable(office.id, "justice_extra", noon, "user:999")
    newest = manage_plugins.history(office.id, "justice")
    assert (newest["total"], newest["pages"], len(newest["entries"])) == (22, 2, 20)
    assert (newest["entries"][0]["by"], newest["entries"][1]["by"]) == ("", "Trần Thị Quản Trị")
    last = manage_plugins.history(office.id, "justice", page=99)
    assert (last["page"], len(last["entries"])) == (2, 2)
    assert manage_plugins.history(office.id, "justice_extra")["total"] == 1


def test_a_card_tells_hooks_and_doubts(office: Office, use: Write) -> None:
    use("survey")
    card = manage_plugins.card(office.id, "survey")
    assert (card.procedures, card.to_confirm, card.hooks) == (1, 1, ("departments",))
    assert [each.name for each in manage_plugins.listing(office.id)][:2] == ["survey", "justice"]


def test_a_card_names_the_hook_that_is_skipped(office: Office, use: Write) -> None:
    use("shaky", code=SHAKY)
    for _ in range(FAILURES_IN_A_ROW + 2):
        gate.house().call("shaky", "check_intake", {"procedure": None, "answers": {}}, {})
    (trouble,) = manage_plugins.card(office.id, "shaky").troubles
    assert (trouble["hook"], trouble["skipped"]) == ("check_intake", 2)
    assert "ZeroDivisionError" in str(trouble["reason"])


def test_a_line_without_a_counter_gives_no_number(office: Office, noon: datetime, use: Write) -> None:
    use("survey")
    manage_plugins.enable(office.id, "survey", noon, "user:1")
    line = make_line("Q", department="survey")
    kiosk, house = Actor(office.id), TicketHouse(b"k" * 32, "http://localhost")
    with pytest.raises(Conflict, match="line_without_counter"):
        issue_ticket(office.id, Wish(line=line.id), kiosk, noon, house)
    assert Ticket.select().count() == 0
    make_counter(1, [line], open=False)
    assert issue_ticket(office.id, Wish(line=line.id), kiosk, noon, house).ticket.number == 1
