"""What an author gets from an installed product: fixtures in any pytest, and contracts whose complaints help."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from textwrap import dedent

import pytest

from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import (
    Component,
    Department,
    FeeCase,
    IntakeField,
    OnlineLevel,
    Procedure,
    TermCase,
)
from kiosk.paths import plugins_dir
from kiosk.plugin.contract import department_problems, purity_problems
from kiosk.plugin.contract_rules import answers_to_try
from kiosk.plugin.loading import TEMPLATE, discover
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.manifest import FILE as MANIFEST
from kiosk.plugin.quality import FILE as QUALITY
from kiosk.plugin.quality import quality_problems, rules
from kiosk.plugin.selection import Selection
from kiosk.plugin.testing import A_MONDAY, folder_of
from tests.plugin.author import environment, offer_fixtures, run_pytest

SHIPPED = sorted(path for path in plugins_dir().iterdir() if (path / MANIFEST).is_file())
DAY = A_MONDAY.date()


class TestFixtures:
    """A department in a project of its own, tested with plain functions."""

    STORIES = """
    from datetime import date
    import pytest
    from kiosk.domain.dossier import Channel
    from kiosk.domain.money import total

    def test_fee(fee):
        assert total(fee("1.002809", channel=Channel.ONLINE, on=date(2024, 6, 3))) == 115_000

    def test_due(due):
        assert due("1.002809") == date(2026, 11, 30)

    def test_names(plugin, department, offered, house):
        assert plugin.name == department.key == "transport"
        assert "transport" in offered.names and "plain_fees" in house.ready

    def test_a_question_nobody_asked(fee):
        with pytest.raises(pytest.fail.Exception, match="does not ask"):
            fee("1.002809", colour="red")
    """

    @pytest.fixture
    def site(self, tmp_path):
        return offer_fixtures(tmp_path / "site")

    @pytest.fixture
    def project(self, tmp_path):
        path = tmp_path / "project"
        (path / "tests").mkdir(parents=True)
        (path / "tests" / "test_stories.py").write_text(dedent(self.STORIES), encoding="utf-8")
        return path

    def test_any_pytest_offers_them_and_the_ini_file_names_the_plugin(self, site, project):
        (project / "pytest.ini").write_text(f"[pytest]\nkiosk_plugin = {plugins_dir() / 'transport'}\n")
        done = run_pytest("tests", folder=project, paths=(site,))
        assert (done.returncode, "4 passed" in done.stdout) == (0, True), done.stdout

    def test_without_a_plugin_near_the_test_the_author_is_told_what_to_do(self, site, project):
        done = run_pytest("tests", folder=project, paths=(site,))
        assert done.returncode == 1
        assert "no plugin.toml above test_stories.py" in done.stdout
        assert "ini option kiosk_plugin" in done.stdout

    def test_fixtures_of_the_project_itself_come_first(self, site, project):
        project.joinpath("tests", "conftest.py").write_text(
            "import pytest\n@pytest.fixture\ndef fee():\n    return 'mine'\n"
        )
        project.joinpath("tests", "test_stories.py").write_text(
            "def test_mine(fee):\n    assert fee == 'mine'\n"
        )
        assert run_pytest("tests", folder=project, paths=(site,)).returncode == 0

    def test_a_run_that_has_nothing_to_do_with_plugins_loads_no_house(self, site, project):
        """Neither the contracts nor the database nor the web server."""
        project.joinpath("tests", "test_stories.py").write_text(
            "import sys\ndef test_light():\n"
            "    heavy = {'kiosk.plugin.testing', 'kiosk.plugin.manager', 'kiosk.models', 'peewee', 'flask'}\n"
            "    assert 'kiosk.plugin.pytest_plugin' in sys.modules\n"
            "    assert not heavy & sys.modules.keys()\n"
        )
        done = run_pytest("tests", "-W", "error", folder=project, paths=(site,))
        assert done.returncode == 0, done.stdout

    def test_the_product_itself_needs_no_pytest(self):
        code = "import sys; sys.modules['pytest'] = None; import kiosk.cli, kiosk.app, kiosk.plugin.new"
        subprocess.run([sys.executable, "-c", code], env=environment(), check=True)

    def test_the_plugin_is_the_nearest_folder_with_a_manifest(self, tmp_path):
        assert folder_of(plugins_dir() / "justice" / "tests" / "deep" / "test_x.py").name == "justice"
        with pytest.raises(LookupError, match=r"no plugin\.toml"):
            folder_of(tmp_path / "test_x.py")


GIAY = Procedure(
    department="sick",
    key="giay",
    name="Cấp giấy",
    field_name="Giấy",
    term=Term(5, TimeUnit.WORKING_DAYS),
    components=(Component("Đơn", 1, 0),),
    fees=(FeeCase("new", "Cấp mới", 10_000, 8_000),),
    code="1.999002",
    source="Ví dụ",
)
COPIES = "IntakeField('copies', 'Số bản', 'Copies', 'count', default=1, minimum=1, maximum=20)"
ASKING = f"""
from kiosk.domain.money import FeeLine
from kiosk.domain.deadlines import Term, TimeUnit
from kiosk.domain.procedure import IntakeField

@hookimpl
def intake_fields(procedure):
    return [{COPIES}]
"""

REMEMBERING = """
said = []

@hookimpl
def {hook}():
    said.append(1)
    return {answer}
"""


def fee_case(**other):
    return replace(GIAY, fees=(replace(GIAY.fees[0], **other),))


class TestFactsContract:
    """Each broken promise is one sentence that names procedure and field."""

    @pytest.fixture
    def problems(self, tmp_path):
        house = PluginHouse.of(c for c in discover([tmp_path]) if c.builtin)
        offered = Selection(house, frozenset(house.ready))
        return lambda *some: department_problems(
            offered, Department("sick", "Sở Ốm", "Sick", "Q", "98", some), A_MONDAY
        )

    def test_one_that_keeps_its_promises_has_none(self, problems):
        assert problems(GIAY) == []

    @pytest.mark.parametrize(
        ("procedure", "problem"),
        [
            (replace(GIAY, name=" "), "giay: name: is empty"),
            (replace(GIAY, components=()), "giay: components: there are none"),
            (replace(GIAY, components=(Component("Đơn", 1, 0.5),)), "giay: components: 'Đơn' has no counts"),
            (replace(GIAY, confidence="sure"), "giay: confidence: 'sure' is not one of high, medium, low"),
            (replace(GIAY, code_confidence="sure"), "giay: code_confidence: 'sure' is not one of verified"),
            (replace(GIAY, confidence="medium", source=" "), "giay: source: must say where facts come from"),
            (fee_case(direct=-1), "giay: fee 'new': direct, online: not whole đồng"),
            (fee_case(online=8_000.5), "giay: fee 'new': direct, online: not whole đồng"),
            (fee_case(online=12_000), "giay: fee 'new': online: dearer than direct"),
            (fee_case(title=""), "giay: fee 'new': title: is empty"),
            (
                replace(GIAY, fees=(*GIAY.fees, *GIAY.fees)),
                "giay: fee 'new': valid_from: two hold on the same",
            ),
            (
                replace(GIAY, levels=(OnlineLevel(3), OnlineLevel(4, DAY))),
                "giay: levels: two hold on the same",
            ),
            (
                replace(GIAY, term_cases=(TermCase("a", "A", None),) * 2),
                "giay: term_cases: the same key twice",
            ),
            (replace(GIAY, term=None), "giay: notes: must say why there is no term"),
            (replace(GIAY, fees=()), "giay: compute_fee: no fee line by channel in_person on 2026-11-23"),
        ],
    )
    def test_a_broken_promise_is_named(self, problems, procedure, problem):
        assert problems(procedure)[0].startswith(problem)

    def test_a_dearer_online_fee_needs_a_note(self, problems):
        assert problems(fee_case(online=12_000, note="Gồm phí chuyển phát")) == []

    def test_two_of_one_key_or_of_one_code_at_a_time(self, problems):
        assert problems(GIAY, GIAY) == ["giay: key: is used twice"]
        old = replace(GIAY, key="giay-cu")
        assert problems(old, GIAY) == ["giay: valid_from: overlaps 'giay-cu', which has the same code"]
        closed, opened = replace(old, valid_to=date(2025, 12, 31)), replace(GIAY, valid_from=date(2026, 1, 1))
        assert problems(closed, opened) == []

    def test_a_department_without_procedures_has_no_front_desk(self, problems, tmp_path):
        assert problems() == ["sick: procedures: there are none"]

    def test_a_fee_that_will_end_is_missed_on_the_day_after(self, problems):
        (problem,) = problems(fee_case(valid_to=date(2027, 6, 30)))
        assert problem.startswith("giay: compute_fee: no fee line by channel in_person on 2027-07-01")
        until = replace(fee_case(valid_to=date(2027, 6, 30)), valid_to=date(2027, 6, 30))
        assert problems(until) == [], "nobody asks for it then"


class TestRulesContract:
    """Rules in Python are tried with every answer a counter can give."""

    @pytest.fixture
    def sick(self, folder, write_plugin):
        def make(code):
            path = write_plugin("sick", ASKING + dedent(code))
            text = path.joinpath("__init__.py").read_text(encoding="utf-8")
            head = (
                "from tests.plugin.test_fixtures import GIAY\nfrom kiosk.domain.procedure import Department\n"
            )
            brings = "\n@hookimpl\ndef departments():\n    return [Department('sick', 'Sở Ốm', 'Sick', 'Q', '98', (GIAY,))]"
            path.joinpath("__init__.py").write_text(head + text + brings, encoding="utf-8")
            house = PluginHouse.of(
                c for c in discover([folder]) if c.builtin or c.folder.parent == folder.resolve()
            )
            assert house.plugins["sick"].state == "ready", house.plugins["sick"].reason
            offered = Selection(house, frozenset(house.ready))
            return offered, house.departments["sick"], A_MONDAY

        return make

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            ("if answers['copies'] == 20: raise ValueError", "plugin_failed by channel in_person"),
            ("if channel == 'online': return [5.5]", "plugin_failed by channel online"),
            ("if answers['copies'] > 1: return []", "no fee line by channel in_person on 2026-11-23"),
            ("return [FeeLine('phi', 'x', 9_999_999_999_999)] * 2", "amount_too_large"),
        ],
    )
    def test_a_fee_that_fails_for_one_answer_only(self, sick, body, problem):
        (told,) = department_problems(*sick(f"@hookimpl\ndef compute_fee(answers, channel):\n    {body}"))
        assert told.startswith("giay: compute_fee: ")
        assert problem in told
        assert "'copies': " in told

    def test_a_term_that_fails_for_one_answer_only(self, sick):
        code = "@hookimpl\ndef term_for(answers):\n    return Term(1 // (20 - answers['copies']) or 1, TimeUnit.MONTHS)"
        (told,) = department_problems(*sick(code))
        assert told == "giay: term_for: plugin_failed, answers {'copies': 20}"

    def test_a_rule_that_refuses_its_own_defaults(self, sick):
        (told,) = department_problems(*sick("@hookimpl\ndef check_intake():\n    return 'Không nhận'"))
        assert told == "giay: check_intake: refuses its own default answers: Không nhận"

    def test_an_answer_that_is_refused_needs_no_fee(self, sick):
        code = """
        @hookimpl
        def check_intake(answers):
            return "Quá nhiều" if answers["copies"] > 5 else None

        @hookimpl
        def compute_fee(answers):
            return [FeeLine("phi", "x", 5)] if answers["copies"] <= 5 else 1 / 0
        """
        assert department_problems(*sick(code)) == []

    def test_rules_that_keep_their_promises_are_pure(self, sick):
        asked = sick(
            "@hookimpl\ndef compute_fee(answers):\n    return [FeeLine('phi', 'x', 5, answers['copies'])]"
        )
        assert (department_problems(*asked), purity_problems(*asked)) == ([], [])

    @pytest.mark.parametrize(
        ("code", "problem"),
        [
            (
                REMEMBERING.format(hook="compute_fee", answer="[FeeLine('phi', 'x', len(said))]"),
                "giay: compute_fee: the second answer differs from the first",
            ),
            (
                REMEMBERING.format(hook="term_for", answer="Term(len(said), TimeUnit.MONTHS)"),
                "giay: term_for: the second answer differs from the first",
            ),
            (
                "@hookimpl\ndef check_intake(answers):\n    answers['copies'] = 7",
                "giay: answers: a rule changes the answers it is given",
            ),
        ],
    )
    def test_rules_that_remember_or_meddle_are_named(self, sick, code, problem):
        assert problem in purity_problems(*sick(code))


class TestAnswersToTry:
    def test_every_choice_with_the_ends_of_every_count(self):
        kind = IntakeField("kind", "Loại", "Kind", "choice", (("a", "A"), ("b", "B")), "a")
        proxy = IntakeField("proxy", "Ủy quyền", "Proxy", "yes_no", default=False)
        copies = IntakeField("copies", "Số bản", "Copies", "count", default=2, minimum=1, maximum=9)
        tried = [tuple(answers.values()) for answers in answers_to_try((kind, proxy, copies))]
        assert tried[0] == ("a", False, 2)
        assert len(tried) == len(set(tried)) == 2 * 2 * 3
        assert {copies for _, _, copies in tried} == {1, 2, 9}

    def test_of_very_many_questions_each_pair(self):
        fields = [IntakeField(f"n{n}", "Số", "Number", "count", default=1, maximum=9) for n in range(10)]
        tried = [tuple(answers.values()) for answers in answers_to_try(fields)]
        assert len(tried) < 500
        assert all(
            any(t[a] == 9 and t[b] == 0 for t in tried) for a in range(10) for b in range(10) if a != b
        )


class TestQuality:
    @pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
    def test_every_plugin_answers_every_rule(self, path):
        template = (TEMPLATE / QUALITY).read_text(encoding="utf-8")
        assert quality_problems((path / QUALITY).read_text(encoding="utf-8"), template) == []

    def test_the_template_has_rules(self):
        found = rules((TEMPLATE / QUALITY).read_text(encoding="utf-8"))
        assert len(found) == 8
        assert "own tables" in found

    @pytest.mark.parametrize(
        ("state", "good"),
        [
            ("done", True),
            ("done: six procedures", True),
            ("done, except one", True),
            ("exempt: none", True),
            ("open: the amounts of 2026", True),
            ("exempt", False),
            ("exempt:", False),
            ("open", False),
            ("", False),
            ("maybe", False),
            ("donee", False),
        ],
    )
    def test_a_state_says_something(self, state, good):
        table = f"| rule | state |\n|---|---|\n| own tables | {state} |\n"
        assert (quality_problems(table, table) == []) is good

    def test_a_rule_that_was_left_out_is_missed(self):
        table = "| rule | state |\n|---|---|\n| own tables | done |\n"
        (problem,) = quality_problems(table, table + "| personal data | done |\n")
        assert problem == "QUALITY.md: the rule 'personal data' is missing"
