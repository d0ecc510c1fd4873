"""A paper's bytes are what this model of printer understands, and no more of them than need be."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from PIL import Image

from kiosk.devices.encoding import encode_drawing, encode_slip, encode_test_pattern
from kiosk.devices.models import PrinterModel, printer_model, printer_models
from kiosk.devices.qr import PlacedCode, command_qr, draw_qr
from kiosk.devices.sheet import Drawing
from tests.devices.papers import FACTS, LONGEST, ORDINARY, SLIPS, printed, same
from tests.devices.reference import python_escpos

MODELS = sorted(printer_models())
KILOBYTE = 1024


@pytest.fixture(scope="module")
def generic() -> PrinterModel:
    """Return the usual printer, to be changed in single things."""
    return printer_model("generic-80mm")


def changed(model: PrinterModel, **facts: object) -> PrinterModel:
    return model.model_copy(update=facts)


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("key", MODELS)
def test_a_ticket_travels_in_20_kilobytes_and_as_text_in_one(key, slip):
    model = printer_model(key)
    assert len(encode_slip(SLIPS[slip], model).data) <= 20 * KILOBYTE
    assert len(encode_slip(SLIPS[slip], model, slow_line=True).data) <= KILOBYTE


def test_even_the_longest_ticket_printed_again_travels_in_20_kilobytes(generic):
    assert len(encode_slip(replace(LONGEST, repeat=1), generic).data) <= 20 * KILOBYTE
    offline = replace(LONGEST, repeat=1, offline=True, people_ahead=None, wait_minutes=None)
    assert len(encode_slip(offline, generic).data) <= 20 * KILOBYTE


@pytest.mark.parametrize("key", MODELS)
def test_a_job_begins_with_a_reset_in_dots_and_ends_as_the_cutter_wants(key):
    model = printer_model(key)
    end = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00", "none": b"\x1bJ"}[model.cutter]
    for slow_line in (False, True):
        data = encode_slip(ORDINARY, model, slow_line=slow_line).data
        assert data.startswith(b"\x1b@\x1dP" + bytes((model.dpi, model.dpi)))
        assert (b"\x1dV" in data[-4:]) == (model.cutter != "none")
    assert encode_slip(ORDINARY, model).data[-len(end) - (model.cutter == "none") :].startswith(end)


def test_a_full_cutter_cuts_fully(generic):
    model = changed(generic, cutter="full")
    assert encode_slip(ORDINARY, model).data.endswith(b"\x1dVA\x00")
    assert "GS V 65 0" in printed(encode_slip(ORDINARY, model), model).commands


def test_without_a_cutter_the_paper_is_fed_past_the_edge_it_is_torn_at():
    model = printer_model("xprinter-xp-58")
    job = encode_slip(ORDINARY, model)
    assert b"\x1dV" not in job.data
    assert job.picture is not None
    fed = job.picture.crop((0, job.rows - 95, model.dots, job.rows))
    assert fed.getextrema() == (1, 1)  # 12 mm of white
    text = encode_slip(ORDINARY, model, slow_line=True)
    assert text.data.endswith(b"\x1bd\x04")


@pytest.mark.parametrize("band", [24, 100, 240])
def test_no_picture_command_has_more_rows_than_the_model_takes(generic, band):
    model = changed(generic, max_band=band, doubling=False)
    strip = printed(encode_slip(ORDINARY, model), model)
    rows = [int(entry.split()[7]) for entry in strip.commands if entry.startswith("GS v 0")]
    assert max(rows) <= band


@pytest.mark.parametrize(
    ("facts", "absent"),
    [({"doubling": False}, r"GS v 0 m=3"), ({"left_margin": False}, r"GS L"), ({"qr": "raster"}, r"GS \( k")],
)
def test_what_a_model_lacks_is_not_used_and_the_picture_is_the_same(facts, absent):
    model = changed(printer_model("citizen-ct-s651"), qr="raster")
    usual, spared = encode_slip(ORDINARY, model), encode_slip(ORDINARY, changed(model, **facts))
    strip = printed(spared, changed(model, **facts))
    assert not [entry for entry in strip.commands if re.match(absent, entry)]
    assert usual.picture is not None
    assert same(strip.image, usual.picture)


def test_a_printer_that_draws_codes_is_told_what_to_draw():
    model = printer_model("epson-tm-t88v")
    data = encode_slip(ORDINARY, model).data
    assert data.count(ORDINARY.follow_url.encode()) == 1
    assert b"\x1d(k\x04\x001A2\x00" in data
    assert b"\x1d(k\x03\x001C\x06" in data
    assert b"\x1d(k\x03\x001E1" in data
    assert data.count(b"\x1d(k\x03\x001Q0") == 1
    assert len(data) < len(encode_slip(ORDINARY, changed(model, qr="raster")).data)


def test_what_follows_a_code_may_begin_at_the_first_dot_again():
    model = printer_model("citizen-ct-s651")
    picture = Image.new("1", (model.dots, 200), 1)
    code = PlacedCode("https://một.vn", 4, 100, 20, 4 * 25)
    picture.paste(0, (code.x, code.y), draw_qr(code.payload, code.module))
    picture.paste(0, (0, 150, model.dots, 160))
    job = encode_drawing(Drawing(picture, (code,)), model)
    assert code.side == draw_qr(code.payload, code.module).width
    assert same(printed(job, model).image, picture)


def test_the_code_commands_are_those_of_python_escpos():
    theirs = python_escpos()[0].Dummy()
    theirs.qr(ORDINARY.follow_url, ec=1, size=6, model=2, native=True)
    assert command_qr(ORDINARY.follow_url, 6) in theirs.output


@pytest.mark.parametrize("module", [0, 17])
def test_a_module_no_printer_draws_is_refused(module):
    with pytest.raises(ValueError, match="modules of"):
        command_qr("x", module)


def test_an_address_too_long_for_a_code_is_left_out_everywhere():
    endless = replace(ORDINARY, follow_url="https://motcua.bacgiang.gov.vn/" + "f" * 4000)
    without = replace(ORDINARY, follow_url="")
    model = printer_model("epson-tm-t88v")
    for slow_line in (False, True):
        ours = encode_slip(endless, model, slow_line=slow_line)
        assert b"\x1d(k" not in ours.data
        assert ours.rows == encode_slip(without, model, slow_line=slow_line).rows


def test_narrower_paper_in_the_same_printer_gets_a_narrower_picture():
    model = printer_model("epson-tm-m30")
    job = encode_slip(ORDINARY, model, dots=384)
    assert job.picture is not None
    assert job.picture.width == 384
    assert same(printed(job, model, width=384).image, job.picture)
    assert encode_test_pattern(model, FACTS, dots=384).picture.width == 384


def test_a_slow_line_gets_text_only_where_the_model_file_says_which(generic):
    pictures = changed(generic, text="raster")
    assert encode_slip(ORDINARY, generic, slow_line=True).picture is None
    assert encode_slip(ORDINARY, pictures, slow_line=True) == encode_slip(ORDINARY, pictures)


@pytest.mark.parametrize("key", MODELS)
def test_the_paper_used_is_what_comes_out_and_the_way_to_the_blade(key):
    model = printer_model(key)
    for slow_line in (False, True):
        job = encode_slip(ORDINARY, model, slow_line=slow_line)
        out = printed(job, model).image.height * 25.4 / model.dpi
        way = 0 if model.cutter == "none" else model.feed_before_cut_mm
        assert out + way <= job.millimetres(model) < out + way + 1
        assert 50 < job.millimetres(model) < 160
