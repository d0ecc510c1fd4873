"""The model files: all of them load, and a mistake in one is named with its file, key and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.devices.models import ModelFileError, load_model, printer_model, printer_models
from kiosk.domain.errors import DomainError
from kiosk.paths import firmware_dir

FILES = firmware_dir() / "printers"
PROMISED = {
    "generic-80mm",
    "generic-58mm",
    "epson-tm-t88v",
    "epson-tm-t88vi",
    "epson-tm-t82iii",
    "epson-tm-t20iii",
    "epson-tm-m30",
    "xprinter-xp-80c",
    "xprinter-xp-58",
    "bixolon-srp-350iii",
    "citizen-ct-s651",
    "star-tsp100-escpos",
}


@pytest.fixture
def spoil(tmp_path: Path):
    """Copy a good model file with one thing in it changed."""

    def change(old: str, new: str, key: str = "epson-tm-t88v") -> Path:
        text = (FILES / f"{key}.yaml").read_text("utf-8")
        assert old in text
        folder = tmp_path / "printers"
        folder.mkdir(exist_ok=True)
        path = folder / f"{key}.yaml"
        path.write_text(text.replace(old, new, 1), "utf-8")
        return path

    return change


def test_every_promised_model_has_a_file():
    assert set(printer_models()) >= PROMISED


@pytest.mark.parametrize("key", sorted(printer_models()))
def test_a_model_says_what_it_is_and_where_we_know_it_from(key):
    model = printer_model(key)
    assert model.key == key
    assert model.sources
    assert model.dots in {576, 512, 384}
    assert model.columns * 12 <= model.dots
    assert model.page("cp437") == 0


def test_an_unknown_model_is_refused_by_its_code():
    with pytest.raises(DomainError) as refusal:
        printer_model("fax-9000")
    assert refusal.value.code == "unknown_printer_model"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("cutter: partial", "cutter: sometimes", "cutter", "'sometimes' is not one of 'partial', 'full' or 'none'"),
        ("cutter: partial\n", "", "cutter", "is missing"),
        ("cutter: partial", "cutter: partial\ncuter: full", "cuter", "is not a key of printer models"),
        ("cutter: partial", "cutter: partial\ncutter: full", "cutter", "stands there twice, again in line 10"),
        ("dots: 512", "dots: '512'", "dots", "'512': input should be a valid integer"),
        ("dots: 512", "dots: 513", "dots", "513: input should be a multiple of 8"),
        ("dots: 512", "dots: 640", "dots", "640 at 180 dpi are wider than 80 mm of paper"),
        ("dpi: 180", "dpi: 200", "dpi", "200 is not one of 180 or 203"),
        ("  cutter: documented", "  cutter: no", "proofs.cutter", 'put yes, no, on and off in quotes: "no"'),
        ("  qr: documented", "  qr: claimed", "qr", "native needs proofs.qr documented or seen, not 'claimed'"),
        (
            "letters: tcvn3-upper, proved: documented",
            "letters: tcvn3-upper, proved: claimed",
            "text",
            "tcvn3 needs proved code pages tcvn3-upper",
        ),
        ("page: 31", "page: 310", "code_pages.2.page", "310: input should be less than or equal to 255"),
        ("left_margin: true", "left_margin: false", "qr", "native needs left_margin"),
        ("doubling: true", "doubling: 1", "doubling", "1: input should be a valid boolean"),
        (
            "cutter: partial\nfeed_before_cut_mm: 15",
            "cutter: none\nfeed_before_cut_mm: 4",
            "feed_before_cut_mm",
            "without a cutter at least 10.0 mm",
        ),
        ("key: epson-tm-t88v", "key: epson-tm-t88x", "key", "is not the name of the file, 'epson-tm-t88v'"),
        ("dots: 512", "dots: [512", "", "line "),
        ("key: epson-tm-t88v", "\tkey: epson-tm-t88v", "", "line 2: found character '\\t'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_key_and_reason(spoil, old, new, key, reason):
    path = spoil(old, new)
    with pytest.raises(ModelFileError) as refusal:
        load_model(path)
    assert refusal.value.file == "printers/epson-tm-t88v.yaml"
    assert refusal.value.key == key
    assert reason in refusal.value.reason
    assert str(refusal.value).startswith(f"printers/epson-tm-t88v.yaml: {key}")


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "just words", "\x00", "!!python/object/apply:os.getcwd []"]
)
def test_a_file_that_is_no_model_at_all_is_named(tmp_path, text):
    path = tmp_path / "nonsense.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ModelFileError, match=r"nonsense\.yaml: "):
        load_model(path)


def test_a_file_that_is_not_there_or_not_utf_8_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"gone\.yaml: "):
        load_model(tmp_path / "gone.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: Ti\xe9n")
    with pytest.raises(ModelFileError, match=r"latin\.yaml: "):
        load_model(tmp_path / "latin.yaml")


def test_a_model_does_not_change():
    with pytest.raises(ValueError, match="frozen"):
        printer_model("generic-80mm").dots = 1
