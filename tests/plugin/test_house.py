"""A plugin that is broken in any way is listed with its reason, and the house goes on without it."""

from __future__ import annotations

import shutil
import sys
from types import SimpleNamespace

import pytest

from kiosk.paths import plugins_dir
from kiosk.plugin import loading
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse

ANSWERS = """
@hookimpl
def check_intake(procedure, answers):
    return "no"
"""

OWN_CATALOGUE = """
from pathlib import Path
from kiosk.plugin import load_department

@hookimpl
def departments():
    return [load_department(Path(__file__).parent)]
"""

BUILTINS = {"event_log", "law_priorities", "paper_ticket", "plain_fees", "plain_terms"}
DEPARTMENTS = {
    "agriculture", "construction", "culture_tourism", "education", "finance", "foreign_affairs", "health",
    "home_affairs", "industrial_zones", "industry_trade", "information", "justice", "labour", "land_environment",
    "planning_investment", "provincial_office", "public_security", "science_technology", "social_insurance",
    "transport",
}  # fmt: skip
CHANNELS = {"email_notices", "sms_gateway", "zalo_oa"}
MONEY = {"vietcombank_qr"}
POST = {"bcci_post"}
SHIPPED = BUILTINS | DEPARTMENTS | CHANNELS | MONEY | POST


def test_what_is_shipped_works_and_the_template_is_not_loaded(load):
    house = load()
    assert {name: info.state for name, info in house.plugins.items()} == dict.fromkeys(SHIPPED, "ready")
    assert house.always_on == BUILTINS - {"event_log"}
    assert set(house.departments) == DEPARTMENTS
    assert [p.key for p in house.index.find("2.000488.000.00.00.H02")] == ["2.000488"]


@pytest.mark.parametrize(
    ("code", "facts", "problem", "reason"),
    [
        (ANSWERS, {"api": 2}, "wrong_api", "made for api 2"),
        (ANSWERS, {"api": "1"}, "bad_manifest", "sick/plugin.toml: api"),
        (ANSWERS, {"requires": ["kiosk>=99"]}, "missing_requirement", "needs kiosk 99 or later"),
        (
            ANSWERS,
            {"requires": ["absent"]},
            "missing_requirement",
            "requires 'absent', which is not installed",
        ),
        (ANSWERS, {"requires": ["sick"]}, "missing_requirement", "requires"),
        ("import absent_module", {}, "import_failed", "ModuleNotFoundError"),
        ("def broken(:", {}, "import_failed", "SyntaxError"),
        ("raise SystemExit(3)", {}, "import_failed", "SystemExit"),
        ("", {}, "wrong_hook", "implements no hook"),
        (ANSWERS.replace("answers", "replies"), {}, "wrong_hook", "replies"),
        (ANSWERS.replace("check_intake", "chek_intake"), {}, "wrong_hook", "unknown hook 'chek_intake'"),
        ("@hookimpl\ndef departments():\n    return 1 / 0", {}, "boot_failed", "ZeroDivisionError"),
        (
            "@hookimpl\ndef departments():\n    return ['justice']",
            {},
            "boot_failed",
            "expected Department, got str",
        ),
        (
            "@hookimpl\ndef settings_schema():\n    return [Setting('Key', 'K', 'int')]",
            {},
            "boot_failed",
            "setting 'Key' needs a key",
        ),
        (
            OWN_CATALOGUE,
            {},
            "boot_failed",
            "sick/procedures.toml: the file is missing",
        ),
    ],
)
def test_a_sick_plugin_is_red_with_its_reason_and_the_others_go_on(
    load, write_plugin, code, facts, problem, reason
):
    write_plugin("healthy", ANSWERS)
    write_plugin("sick", code, **facts)
    house = load()
    sick = house.plugins["sick"]
    assert (sick.state, sick.problem) == ("broken", problem)
    assert reason in sick.reason
    assert set(house.ready) == SHIPPED | {"healthy"}


def test_toml_with_a_syntax_error_names_file_and_line(load, write_plugin):
    write_plugin("sick", ANSWERS, manifest='name = "sick"\ntitle = = 1\n')
    reason = load().plugins["sick"].reason
    assert "sick/plugin.toml" in reason
    assert "line 2" in reason


def test_a_broken_plugin_leaves_nothing_imported(load, write_plugin):
    write_plugin("sick", "from . import part\nraise ValueError").joinpath("part.py").touch()
    assert load().plugins["sick"].problem == "import_failed"
    assert [name for name in sys.modules if name.startswith("kiosk_plugins.sick")] == []


def test_plugins_live_in_a_private_package_and_leave_sys_path_alone(load, write_plugin):
    before = list(sys.path)
    write_plugin("calendar", "from . import words\n" + ANSWERS.replace('"no"', "words.NO")).joinpath(
        "words.py"
    ).write_text("NO = 'no'")
    house = load()
    assert house.call("calendar", "check_intake", {"procedure": None, "answers": {}}, {}).value == "no"
    assert sys.path == before
    assert "kiosk_plugins.calendar" in sys.modules
    assert not sys.modules.get("calendar", SimpleNamespace(__file__="")).__file__.startswith(
        str(house.plugins["calendar"].folder)
    )


def test_an_instance_called_plugin_is_registered_instead_of_the_module(load, write_plugin):
    write_plugin(
        "classy",
        """
        class Classy:
            @hookimpl
            def check_intake(self, answers):
                return f"no {answers['n']}"

        plugin = Classy()
        """,
    )
    house = load()
    assert house.call("classy", "check_intake", {"procedure": None, "answers": {"n": 3}}, {}).value == "no 3"


def test_a_plugin_follows_what_it_requires_whatever_their_names(load, write_plugin):
    write_plugin("alpha", ANSWERS, requires=["omega"])
    write_plugin("omega", ANSWERS, requires=["justice", "kiosk>=0.1"])
    house = load()
    assert {house.plugins[name].state for name in ("alpha", "omega")} == {"ready"}


def test_who_needs_a_broken_plugin_is_broken_too(load, write_plugin):
    write_plugin("alpha", ANSWERS, requires=["beta"])
    write_plugin("beta", ANSWERS, requires=["omega"])
    write_plugin("omega", "raise ValueError")
    house = load()
    assert {house.plugins[name].problem for name in ("alpha", "beta")} == {"missing_requirement"}
    assert "'omega', which is broken" in house.plugins["beta"].reason


def test_two_plugins_that_need_each_other_are_both_red(load, write_plugin):
    write_plugin("alpha", ANSWERS, requires=["omega"])
    write_plugin("omega", ANSWERS, requires=["alpha"])
    assert {info.problem for info in load().plugins.values() if info.state == "broken"} == {
        "missing_requirement"
    }


def test_two_plugins_of_one_name_are_both_kept_off_and_both_named(folder, tmp_path, write_plugin):
    further = tmp_path / "further"
    write_plugin("twin", ANSWERS)
    write_plugin("twin", ANSWERS, parent=further)
    house = PluginHouse.of(discover([folder, further]))
    twin = house.plugins["twin"]
    assert (twin.state, twin.problem) == ("broken", "name_clash")
    assert str(folder / "twin") in twin.reason
    assert str(further / "twin") in twin.reason
    assert "twin" not in house.ready


def test_nobody_pushes_out_a_built_in_plugin(load, write_plugin):
    write_plugin("plain_fees", ANSWERS)
    house = load()
    assert house.plugins["plain_fees"].state == "ready"
    (intruder,) = [info for info in house.plugins.values() if info.state == "broken"]
    assert intruder.problem == "name_clash"
    assert "built-in plain_fees" in intruder.reason


def test_two_plugins_that_bring_one_department_are_both_red(load, write_plugin):
    code = (plugins_dir() / "transport" / "procedures.toml").read_text(encoding="utf-8")
    path = write_plugin("rival", OWN_CATALOGUE)
    (path / "procedures.toml").write_text(code, encoding="utf-8")
    house = load()
    assert "'transport' is brought by 'transport' and 'rival'" in house.plugins["rival"].reason
    assert {house.plugins[name].problem for name in ("rival", "transport")} == {"name_clash"}
    assert set(house.departments) == DEPARTMENTS - {"transport"}


def test_safe_mode_starts_the_built_in_plugins_only(folder, write_plugin):
    write_plugin("noisy", "raise RuntimeError('imported in safe mode')")
    house = PluginHouse.load(SimpleNamespace(plugins_dir=folder, safe_mode=True))
    assert set(house.ready) == BUILTINS
    assert (house.plugins["noisy"].state, house.plugins["noisy"].problem) == ("skipped", "safe_mode")


def test_load_reads_the_further_folder_of_the_settings(folder, write_plugin):
    write_plugin("ours", ANSWERS)
    house = PluginHouse.load(SimpleNamespace(plugins_dir=folder, safe_mode=False))
    assert set(house.ready) == SHIPPED | {"ours"}


def test_folders_that_begin_with_an_underscore_are_not_plugins(load, write_plugin):
    write_plugin("_draft", ANSWERS)
    assert not any("draft" in name for name in load().plugins)


@pytest.fixture
def installed(tmp_path, monkeypatch, write_plugin):
    """A distribution with a `kiosk.plugins` entry point, on the path as if it had been installed."""
    site = tmp_path / "site"

    def install(name, code, entry):
        write_plugin(name, code, parent=site)
        info = site / f"kiosk_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: kiosk-{name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[kiosk.plugins]\n{name} = {entry}\n")
        monkeypatch.syspath_prepend(site)

    yield install
    for name in [name for name in sys.modules if name.startswith("outside")]:
        del sys.modules[name]
    shutil.rmtree(site, ignore_errors=True)


def test_an_installed_distribution_is_a_plugin_like_any_other(load, installed):
    installed("outside", ANSWERS, "outside")
    house = load()
    assert house.plugins["outside"].state == "ready"
    assert house.plugins["outside"].origin == "package kiosk-outside"
    assert house.call("outside", "check_intake", {"procedure": None, "answers": {}}, {}).value == "no"


def test_an_installed_plugin_for_another_api_is_listed_and_never_imported(
    load, installed, write_plugin, tmp_path
):
    installed("outside_old", "raise RuntimeError('imported')", "outside_old")
    manifest = tmp_path / "site" / "outside_old" / "plugin.toml"
    manifest.write_text(manifest.read_text().replace("api = 1", "api = 7"))
    info = load().plugins["outside_old"]
    assert (info.state, info.problem) == ("broken", "wrong_api")
    assert "outside_old" not in sys.modules


def test_an_entry_point_that_leads_nowhere_is_red(load, installed):
    installed("outside", ANSWERS, "absent_package")
    assert load().plugins["outside"].problem == "bad_manifest"


def test_a_folder_and_a_package_of_one_name_clash(load, installed, write_plugin):
    installed("outside", ANSWERS, "outside")
    write_plugin("outside", ANSWERS)
    reason = load().plugins["outside"].reason
    assert "package kiosk-outside" in reason
    assert "plugins/outside" in reason


def test_migrations_are_known_by_their_folder(load, write_plugin):
    folder = write_plugin("tabled", ANSWERS) / "migrations"
    folder.mkdir()
    shipped = load().migrations()
    assert [name for name, _ in shipped] == ["zalo_oa"]
    (folder / "0001_initial.py").write_text("def up(migrator, db):\n    pass\n")
    assert load().migrations() == sorted([*shipped, ("tabled", folder)])


def test_the_private_package_has_no_folder_of_its_own(load):
    load()
    assert sys.modules[loading.PRIVATE_PACKAGE].__path__ == []
