"""For every model file: the bytes of its tickets, decoded again, are the picture meant, dot for dot."""

from __future__ import annotations

import pytest
from PIL import Image

from kiosk.devices.encoding import encode_slip, encode_test_pattern
from kiosk.devices.models import printer_model, printer_models
from tests.devices.papers import FACTS, GOLDEN, SLIPS, golden_names, golden_path, printed, same

MODELS = sorted(printer_models())
KEPT = [(model, slip) for model in MODELS for slip in golden_names(model)]


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("key", MODELS)
def test_what_comes_out_of_the_printer_is_the_picture_meant(key, slip):
    model = printer_model(key)
    job = encode_slip(SLIPS[slip], model)
    strip = printed(job, model, piece=997)
    assert job.picture is not None
    assert same(strip.image, job.picture)
    assert strip.image.width == model.dots
    assert strip.image.height == job.rows
    assert strip.text == (f"[QR] {SLIPS[slip].follow_url}" if model.qr == "native" else "")


@pytest.mark.parametrize(("key", "slip"), KEPT)
def test_the_picture_is_the_one_we_looked_at(key, slip):
    """After a change that is meant: `python -m tests.devices.golden_rewrite`, and look at the pictures."""
    picture = encode_slip(SLIPS[slip], printer_model(key)).picture
    assert picture is not None
    with Image.open(golden_path(key, slip)) as golden:
        assert same(picture, golden)


def test_no_golden_is_left_behind():
    assert {path.name for path in GOLDEN.glob("*.png")} == {golden_path(*kept).name for kept in KEPT}


@pytest.mark.parametrize("key", MODELS)
def test_the_test_print_comes_out_dot_for_dot(key):
    model = printer_model(key)
    job = encode_test_pattern(model, FACTS)
    strip = printed(job, model)
    assert job.picture is not None
    drawn = strip.image.crop((0, 0, model.dots, job.picture.height))
    assert same(drawn, job.picture)
    assert strip.image.height == job.rows
