"""plugin.toml is read without importing, and every mistake in it names file and key."""

from __future__ import annotations

import pytest

from kiosk.plugin.manifest import ManifestError, read_manifest

GOOD = """
name = "sample"
title = "Sở Mẫu"
version = "1.2"
api = 1
owner = "Sở Mẫu"
requires = ["kiosk>=0.1", "justice"]
needs = ["Máy quét"]
"""


def manifest(tmp_path, text, name="sample"):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "plugin.toml").write_text(text, encoding="utf-8")
    return read_manifest(folder)


def test_a_good_manifest_tells_what_it_says(tmp_path):
    read = manifest(tmp_path, GOOD)
    assert (read.name, read.title, read.title_en, read.version, read.api) == (
        "sample",
        "Sở Mẫu",
        "Sở Mẫu",
        "1.2",
        1,
    )
    assert (read.requires, read.kiosk_from, read.needs) == (("justice",), (0, 1), ("Máy quét",))


def test_the_code_beside_it_is_not_run(tmp_path):
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('imported')")
    (folder / "plugin.toml").write_text(GOOD, encoding="utf-8")
    assert read_manifest(folder).name == "sample"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("api = 1", ""), "api: is missing"),
        (("api = 1", 'api = "1"'), "api: must be a whole number"),
        (("api = 1", "api = true"), "api: must be a whole number"),
        (('version = "1.2"', "version = 1.2"), "version: must be text"),
        (('version = "1.2"', 'version = "new"'), "version: 'new' has the wrong shape"),
        (('owner = "Sở Mẫu"', 'owner = "  "'), "owner: must not be empty"),
        (('"justice"', '"justice<2"'), "requires: 'justice<2' is neither"),
        (('"justice"', "7"), "requires: must be a list of texts"),
        (('name = "sample"', 'name = "other"'), "name: 'other' is not the name of its folder"),
        (('name = "sample"', 'name = "Sample"'), "name: 'Sample' has the wrong shape"),
        (("api = 1", "api = 1\nalways_on = true"), "always_on: only a built-in"),
        (("api = 1", "api = 1\ncolour = 'red'"), "colour: unknown key"),
        (("api = 1", "api = = 1"), "not TOML"),
    ],
)
def test_a_mistake_names_file_and_key(tmp_path, change, complaint):
    with pytest.raises(ManifestError) as caught:
        manifest(tmp_path, GOOD.replace(*change))
    assert str(caught.value).startswith("sample/plugin.toml: ")
    assert complaint in str(caught.value)


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ManifestError, match=r"empty/plugin.toml: the file is missing"):
        read_manifest(tmp_path / "empty")
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "plugin.toml").write_bytes('title = "Sở"'.encode("utf-16"))
    with pytest.raises(ManifestError, match=r"latin/plugin.toml: cannot be read"):
        read_manifest(tmp_path / "latin")
