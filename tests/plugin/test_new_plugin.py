"""`kiosk plugins new`: what it makes works at once, what it refuses it refuses in one line and leaves nothing."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kiosk.domain.errors import Conflict, DomainError
from kiosk.domain.money import total
from kiosk.i18n import error_message
from kiosk.plugin.loading import TEMPLATE
from kiosk.plugin.manager import PluginHouse
from kiosk.plugin.new import create, next_steps, usual_folder
from kiosk.plugin.testing import everything_on, fee_ask, info_of
from tests.plugin.author import run_pytest


@pytest.fixture
def settings(folder):
    return SimpleNamespace(plugins_dir=folder, safe_mode=False)


def test_it_is_ready_at_once_under_its_own_names(settings, folder):
    path = create(settings, "archives", title="Chi cục Lưu trữ", title_en="Archives Office", prefix="QQ")
    assert path == folder / "archives"
    house = PluginHouse.load(settings)
    info = info_of(house, path)
    assert (info.manifest.title, info.manifest.title_en) == ("Chi cục Lưu trữ", "Archives Office")
    department = house.departments["archives"]
    assert (department.title, department.prefix, info.notes) == ("Chi cục Lưu trữ", "QQ", ())
    assert total(fee_ask(everything_on(house), info)("1.999001", copies=3)) == 120_000


def test_it_passes_its_own_tests(settings, tmp_path):
    path = create(settings, "archives")
    done = run_pytest(str(path), folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
    assert (path / "tests" / "test_archives.py").is_file()


def test_it_has_every_file_of_the_template_and_none_of_its_names(settings):
    path = create(settings, "archives", title="Lưu trữ", title_en="Archives")
    made = {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
    shipped = {
        str(f.relative_to(TEMPLATE)) for f in TEMPLATE.rglob("*") if f.is_file() and f.suffix != ".pyc"
    }
    assert made == {name.replace("test_template", "test_archives") for name in shipped}
    text = "".join(file.read_text(encoding="utf-8") for file in path.rglob("*") if file.is_file())
    assert not [word for word in ('"template"', "Sở Mẫu", "Department of Examples") if word in text]


def test_two_new_ones_side_by_side_have_letters_of_their_own(settings, folder):
    create(settings, "archives")
    path = create(settings, "border_guard")
    house = PluginHouse.load(settings)
    letters = [department.prefix for department in house.departments.values() if department.front_desk]
    assert len(set(letters)) == len(letters)
    assert run_pytest(str(path), folder=folder.parent).returncode == 0


@pytest.mark.parametrize(
    "title", ["Sở Y tế – Dân số (chi nhánh 2)", "Nguyễn's Office", "Ủy ban nhân dân Phường Đông Ngàn, Từ Sơn"]
)
def test_titles_reach_the_page_as_they_were_typed(settings, title):
    path = create(settings, "archives", title=f"  {title}\n", title_en=title)
    assert info_of(PluginHouse.load(settings), path).departments[0].title == title


@pytest.mark.parametrize(
    "name",
    ["", "Archives", "lưu_tru", "1st", "a-b", "a b", "_x", "x_", "a__b", "../x", "a/b", "x" * 41, "a\n", "."],
)
def test_a_name_that_is_none(settings, folder, name):
    with pytest.raises(DomainError, match="plugin_name_malformed"):
        create(settings, name)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("template", "kiosk"),
        ("tests", "kiosk"),
        ("calendar", "Python"),
        ("class", "Python"),
        ("plain_fees", "built-in plain_fees"),
        ("justice", "justice"),
    ],
)
def test_a_name_that_somebody_has(settings, folder, name, by):
    with pytest.raises(Conflict, match="plugin_name_taken") as caught:
        create(settings, name)
    assert by in caught.value.fields["by"]
    assert list(folder.iterdir()) == []


def test_a_name_that_is_a_department_of_another_plugin(settings, write_plugin):
    code = "from kiosk.domain.procedure import Department\n@hookimpl\ndef departments():\n"
    write_plugin("several", code + "    return [Department('archives', 'A', 'A', 'QX', '98', ())]")
    with pytest.raises(Conflict, match="plugin_name_taken") as caught:
        create(settings, "archives")
    assert caught.value.fields["by"] == "several"


def test_a_folder_that_is_there_is_not_touched(settings, folder):
    (folder / "archives").mkdir()
    (folder / "archives" / "notes.txt").write_text("mine")
    with pytest.raises(Conflict, match="plugin_folder_exists"):
        create(settings, "archives")
    assert [file.name for file in folder.rglob("*")] == ["archives", "notes.txt"]


def test_a_folder_that_cannot_be_written(settings, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Conflict, match="plugin_folder_unwritable") as caught:
        create(settings, "archives", into=tmp_path / "file" / "plugins")
    assert caught.value.fields["problem"] == "NotADirectoryError"


@pytest.mark.parametrize("title", ['Sở "Y"', "Sở \\ Y", "x" * 121, "<b>", "# Sở", "a | b", "\x00"])
def test_a_title_that_would_mean_something_to_toml_or_markdown(settings, folder, title):
    with pytest.raises(DomainError, match="plugin_title_malformed"):
        create(settings, "archives", title=title)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("prefix", "code"), [("T", "prefix_taken_by_department"), ("t", "prefix_malformed")])
def test_a_letter_that_cannot_be_had(settings, folder, prefix, code):
    with pytest.raises(DomainError, match=code):
        create(settings, "archives", prefix=prefix)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_refusal_is_one_line_with_the_facts(settings, language):
    with pytest.raises(Conflict) as caught:
        create(settings, "justice")
    line = error_message(caught.value.code, language, caught.value.fields)
    assert "justice" in line
    assert "\n" not in line


def test_it_goes_where_the_installation_looks_and_other_folders_there_are_left_alone(
    settings, folder, tmp_path, caplog
):
    assert usual_folder(settings) == folder
    assert usual_folder(SimpleNamespace(plugins_dir=None)) == TEMPLATE.parent
    elsewhere = tmp_path / "home"
    (elsewhere / "photos").mkdir(parents=True)
    (elsewhere / "photos" / "tet.jpg").touch()
    assert create(settings, "archives", into=elsewhere) == elsewhere / "archives"
    assert list(folder.iterdir()) == []
    assert caplog.text == ""


def test_the_next_steps_name_the_files(settings):
    path = create(settings, "archives")
    steps = next_steps(path)
    for name in ("plugin.toml", "procedures.toml", "intake.py", "fees.py", "QUALITY.md"):
        assert str(path / name) in steps
    assert f"pytest {path}" in steps
