"""Whatever is wrong with one plugin, the house starts, the others answer, and the list says where the fault lies."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from kiosk.domain.dossier import Channel
from kiosk.domain.errors import Conflict
from kiosk.paths import plugins_dir
from kiosk.plugin.hookspecs import HOOKS
from kiosk.plugin.loading import discover
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.results import RESULTS
from kiosk.plugin.selection import Selection

NEIGHBOURS = {"justice", "transport"}
REFUSING = "@hookimpl\ndef check_intake(procedure, answers):\n    return 'no'\n"
WRAPPING = """
from pluggy import HookimplMarker

@HookimplMarker("kiosk")(wrapper=True)
def compute_fee(procedure):
    yield
    return []
"""
BRINGING = """
from pathlib import Path
from kiosk.plugin import load_department

@hookimpl
def departments():
    return [load_department(Path(__file__).parent)]
"""


@pytest.fixture
def start(folder):
    """The house with the built-in plugins, two departments, and the test's own plugins."""

    def load():
        found = discover([plugins_dir(), folder])
        return PluginHouse.of(
            c for c in found if c.builtin or c.name in NEIGHBOURS or c.folder.parent == folder.resolve()
        )

    return load


@pytest.fixture
def reason(start):
    """Why the plugin `sick` is red; the house stands, and its neighbours answer as ever."""

    def read(problem):
        house = start()
        sick = house.plugins["sick"]
        assert (sick.state, sick.problem) == ("broken", problem)
        assert "sick" not in house.ready
        the_others_answer(house)
        return sick.reason

    return read


def the_others_answer(house):
    offered = Selection(house, frozenset(house.ready))
    licence = offered.find_procedure("1.002809")
    answers = {each.key: each.default for each in offered.intake_fields(licence)}
    ask = {"procedure": licence, "answers": answers, "channel": Channel.ONLINE, "on": date(2024, 6, 3)}
    lines = offered.first("compute_fee", owner="transport", strict=True, **ask)
    assert [line.amount for line in lines] == [115_000]
    assert offered.term_for(licence, answers).value > 0


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def sick_department(folder):
    """A copy of the template called `sick`, to be spoilt."""
    path = folder / "sick"
    shutil.copytree(plugins_dir() / "_template", path, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("plugin.toml", "procedures.toml", "__init__.py"):
        edit(path / name, '"template"', '"sick"')
    return path


class TestFiles:
    def test_python_that_does_not_parse(self, reason, write_plugin):
        write_plugin("sick", "\ndef broken(:\n")
        assert reason("import_failed").endswith("(sick/__init__.py:3)")

    def test_python_that_does_not_parse_in_a_part_of_it(self, reason, sick_department):
        sick_department.joinpath("fees.py").write_text("def broken(:\n", encoding="utf-8")
        assert "sick/fees.py:1" in reason("import_failed")

    def test_python_that_is_not_utf_8(self, reason, write_plugin):
        write_plugin("sick").joinpath("__init__.py").write_bytes(b'"""S\xff"""\n')
        assert "sick/__init__.py" in reason("import_failed")

    def test_no_python_at_all(self, reason, write_plugin):
        write_plugin("sick").joinpath("__init__.py").unlink()
        assert reason("import_failed").startswith("ImportError: it has no __init__.py")

    def test_a_manifest_that_is_not_toml(self, reason, write_plugin):
        write_plugin("sick", REFUSING, manifest="name = = 1")
        assert reason("bad_manifest").startswith("sick/plugin.toml: not TOML")

    def test_no_manifest(self, reason, write_plugin):
        write_plugin("sick", REFUSING).joinpath("plugin.toml").unlink()
        assert reason("bad_manifest") == "sick/plugin.toml: the file is missing"

    def test_a_catalogue_that_is_not_toml(self, reason, sick_department):
        sick_department.joinpath("procedures.toml").write_text("[department\n", encoding="utf-8")
        assert "sick/procedures.toml: not TOML" in reason("boot_failed")

    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            (
                "direct = 100_000",
                "direct = 100.5",
                "procedure 1.999001: fee[1].direct: must be a whole number",
            ),
            ("online = 80_000", "online = -1", "procedure 1.999001: fee[1].online: -1 is not between"),
            (
                'unit = "working_days" }\n',
                'unit = "weeks" }\n',
                "procedure 1.999001: term.unit: unknown 'weeks'",
            ),
            ('confidence = "low" ', 'confidence = "sure" ', "procedure 1.999001: confidence: unknown 'sure'"),
            ("originals = 1, copies = 0 },", "originals = 1 },", "components[1].copies: is missing"),
            ('prefix = "U"', 'prefix = "u"', "prefix: 'u' has the wrong shape"),
            ('field = "Mẫu"', 'field = "Mẫu"\ncolour = "red"', "procedure 1.999001: colour: unknown key"),
        ],
    )
    def test_a_catalogue_with_a_wrong_field(self, reason, sick_department, old, new, where):
        edit(sick_department / "procedures.toml", old, new)
        told = reason("boot_failed")
        assert "sick/procedures.toml: " in told
        assert where in told


class TestPlace:
    def test_made_for_other_hooks(self, reason, write_plugin):
        write_plugin("sick", "raise RuntimeError('imported all the same')", api=2)
        assert reason("wrong_api") == "made for api 2, this house has api 1"

    def test_needs_a_newer_house(self, reason, write_plugin):
        write_plugin("sick", REFUSING, requires=["kiosk>=99.1"])
        assert "needs kiosk 99.1 or later" in reason("missing_requirement")

    def test_needs_one_that_is_not_there(self, reason, write_plugin):
        write_plugin("sick", REFUSING, requires=["absent"])
        assert reason("missing_requirement") == "requires 'absent', which is not installed"

    def test_needs_one_that_is_broken(self, reason, write_plugin):
        write_plugin("other", "raise ValueError")
        write_plugin("sick", REFUSING, requires=["other"])
        assert reason("missing_requirement") == "requires 'other', which is broken"

    def test_needs_itself_by_way_of_another(self, reason, write_plugin):
        write_plugin("other", REFUSING, requires=["sick"])
        write_plugin("sick", REFUSING, requires=["other"])
        assert "requires" in reason("missing_requirement")


class TestImport:
    @pytest.mark.parametrize(
        ("code", "told"),
        [
            ("raise ValueError('not today')", "ValueError: not today (sick/__init__.py:2)"),
            ("import sys\nsys.exit('bye')", "SystemExit: bye (sick/__init__.py:3)"),
            ("def again():\n    again()\nagain()", "RecursionError: maximum recursion depth exceeded"),
            ("raise MemoryError", "MemoryError:  (sick/__init__.py:2)"),
            ("import no_such_module", "No module named 'no_such_module' (sick/__init__.py:2)"),
            ("raise ValueError('one\\ntwo' + 'x' * 5_000)", "ValueError: one twoxxx"),
        ],
    )
    def test_raising_at_import(self, reason, write_plugin, code, told):
        write_plugin("sick", code)
        why = reason("import_failed")
        assert told in why
        assert "\n" not in why
        assert len(why) < 600

    def test_looking_at_its_names_raises(self, reason, write_plugin):
        write_plugin(
            "sick",
            """
            class Sly:
                @hookimpl
                def check_intake(self, answers):
                    return "no"

                def __dir__(self):
                    raise SystemExit("looked")

            plugin = Sly()
            """,
        )
        assert "SystemExit: looked" in reason("wrong_hook")


class TestHooks:
    @pytest.mark.parametrize(
        ("code", "told"),
        [
            (REFUSING.replace("answers", "replies"), "replies"),
            (REFUSING.replace("check_intake", "chek_intake"), "unknown hook 'chek_intake'"),
            ("", "it implements no hook"),
            ("class plugin:\n    @hookimpl\n    def check_intake(self):\n        ...", "implements no hook"),
            (WRAPPING, "compute_fee: a plugin answers for itself"),
        ],
    )
    def test_hooks_that_do_not_fit(self, reason, write_plugin, code, told):
        write_plugin("sick", code)
        assert told in reason("wrong_hook")

    @pytest.mark.parametrize("hook", ["departments", "settings_schema"])
    @pytest.mark.parametrize(
        ("answer", "told"),
        [
            ("1 / 0", "ZeroDivisionError: division by zero (sick/__init__.py:4)"),
            ("exit(3)", "SystemExit: 3 (sick/__init__.py:4)"),
            ("5", "expected a list, got int"),
            ("'justice'", "expected a list, got str"),
            ("['justice']", "[0]: expected "),
            ("[None]", "got NoneType"),
            ("{'a': 1}", "expected a list, got dict"),
        ],
    )
    def test_garbage_at_boot(self, reason, write_plugin, hook, answer, told):
        write_plugin("sick", f"@hookimpl\ndef {hook}():\n    return {answer}")
        assert told in reason("boot_failed")

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ("key=5", "departments[0].key: expected str, got int"),
            ("key=['a']", "departments[0].key: expected str, got list"),
            ("prefix='ab'", "departments[0].prefix: expected one or two capital letters"),
            ("procedures=('giay',)", "departments[0].procedures[0]: expected Procedure, got str"),
            (
                "procedures=(giay(name=None),)",
                "departments[0].procedures[0].name: expected str, got NoneType",
            ),
            ("procedures=(giay(department='other'),)", "procedures[0].department: is not 'sick'"),
            ("procedures=(giay(), giay())", "the key ('sick', 'giay') is used twice"),
            ("procedures=(giay(term=5),)", "procedures[0].term: expected Term or None, got int"),
            ("procedures=(giay(keywords='xe'),)", "procedures[0].keywords: expected a list, got str"),
            ("procedures=(giay(valid_from='2024'),)", "valid_from: expected date or None, got str"),
            ("procedures=(giay(components=('Đơn',)),)", "components[0]: expected Component, got str"),
            (
                "procedures=(giay(fees=(FeeCase('a', 'A', 1.5, 0),)),)",
                "departments[0].procedures[0].fees[0].direct: expected int, got float",
            ),
            ("procedures=(giay(fees=(FeeCase('a', 'A', True, 0),)),)", "direct: expected int, got bool"),
        ],
    )
    def test_a_department_that_is_none(self, reason, write_plugin, change, told):
        write_plugin(
            "sick",
            f"""
            from dataclasses import replace
            from kiosk.domain.procedure import Department, FeeCase, Procedure

            def giay(**other):
                return replace(Procedure("sick", "giay", "Giấy", "Giấy", None, (), ()), **other)

            @hookimpl
            def departments():
                return [replace(Department("sick", "Sở Ốm", "Sick", "Q", "98", ()), {change})]
            """,
        )
        assert told in reason("boot_failed")

    @pytest.mark.parametrize(
        "hook", [name for name in HOOKS if name not in {"departments", "settings_schema"}]
    )
    @pytest.mark.parametrize(
        "body",
        ["raise ValueError", "raise SystemExit", "raise MemoryError", "return sick()", "return object()"],
    )
    def test_raising_or_rambling_when_it_is_asked(self, start, write_plugin, hook, body):
        write_plugin("sick", f"def sick():\n    return sick()\n\n@hookimpl\ndef {hook}():\n    {body}")
        house = start()
        assert house.plugins["sick"].state == "ready"
        outcome = house.call("sick", hook, dict.fromkeys(HOOKS[hook].arguments - {"settings"}), {})
        assert outcome.failed is not (body == "return object()" and hook not in RESULTS)
        assert outcome.value is None or not outcome.failed
        the_others_answer(house)


class TestClashes:
    def test_two_of_one_name(self, start, write_plugin, tmp_path, folder):
        write_plugin("twin", REFUSING)
        write_plugin("twin", REFUSING, parent=tmp_path / "further")
        house = PluginHouse.of(discover([plugins_dir(), folder, tmp_path / "further"]))
        why = house.plugins["twin"].reason
        assert str(folder / "twin") in why
        assert str(tmp_path / "further" / "twin") in why
        the_others_answer(house)

    def test_two_that_are_one_and_the_same_object(self, start, write_plugin):
        write_plugin("other", REFUSING + "import sys\nplugin = sys.modules[__name__]")
        write_plugin("sick", "import sys\nplugin = sys.modules['kiosk_plugins.other']", requires=["other"])
        house = start()
        assert house.plugins["sick"].reason == "its `plugin` is the very object of 'other'"
        assert "other" in house.ready
        the_others_answer(house)

    def test_two_that_bring_one_department_name_each_other(self, start, sick_department, write_plugin):
        rival = write_plugin("rival", BRINGING)
        shutil.copy(sick_department / "procedures.toml", rival)
        house = start()
        for name in ("sick", "rival"):
            assert house.plugins[name].problem == "name_clash"
            assert "'sick' is brought by " in house.plugins[name].reason
        the_others_answer(house)

    def test_two_departments_may_have_one_code_and_are_told_apart_by_department(self, start, sick_department):
        edit(sick_department / "procedures.toml", '"1.999001"', '"1.002809"')
        house = start()
        offered = Selection(house, frozenset(house.ready))
        with pytest.raises(Conflict, match="procedure_ambiguous") as caught:
            offered.find_procedure("1.002809")
        assert caught.value.fields == {"departments": ["sick", "transport"]}
        assert offered.find_procedure("1.002809", "sick").name == "Cấp giấy phép mẫu"
        assert offered.find_procedure("1.002809", "transport").name.startswith("Đổi giấy phép lái xe")

    def test_two_departments_that_want_one_letter_both_work_and_the_admin_is_told(
        self, start, sick_department, caplog
    ):
        edit(sick_department / "procedures.toml", 'prefix = "U"', 'prefix = "T"')
        house = start()
        assert house.plugins["sick"].notes == (
            "department.prefix: 'T' of 'sick' is also that of 'justice'; give its line another letter",
        )
        assert house.plugins["justice"].notes != ()
        assert house.plugins["transport"].notes == ()
        assert {"sick", "justice"} <= set(house.ready)
        assert "plugin sick: department.prefix: 'T'" in caplog.text
        the_others_answer(house)
