"""The test print shows what has to be looked at: every letter, every dot of a row, millimetres, a code."""

from __future__ import annotations

import pytest
from PIL import Image, ImageChops

from kiosk.devices.charsets import LOWER_LETTERS, UPPER_LETTERS
from kiosk.devices.encoding import encode_test_pattern
from kiosk.devices.models import printer_model, printer_models
from kiosk.devices.pattern import lay_out_pattern, ruler_mm
from kiosk.devices.qr import draw_qr
from kiosk.domain.document import pattern_text
from tests.devices.papers import FACTS, printed

MODELS = sorted(printer_models())


def longest_run(row: Image.Image) -> int:
    return max(map(len, "".join("#" if not dot else " " for dot in row.tobytes()).split()), default=0)


@pytest.mark.parametrize("key", MODELS)
def test_the_first_and_the_last_dot_of_a_row_are_used(key):
    model = printer_model(key)
    picture = lay_out_pattern(pattern_text(FACTS, ruler_mm(model)), FACTS.link, model).picture
    ink = ImageChops.invert(picture.convert("L")).getbbox()
    assert ink is not None
    assert (ink[0], ink[2]) == (0, model.dots)
    rows = [picture.crop((0, y, model.dots, y + 1)).convert("L") for y in range(picture.height)]
    assert sum(longest_run(row) == model.dots for row in rows) >= 2  # the ruler's line and the frame
    for edge in (0, model.dots - 1):
        upright = "".join(
            "#" if not dot else " "
            for dot in picture.crop((edge, 0, edge + 1, picture.height)).convert("L").tobytes()
        )
        assert "#" * 80 in upright
    fine = Image.frombytes("1", (model.dots, 1), b"\x55" * (model.dots // 8)).crop((8, 0, model.dots - 8, 1))
    upright = [row.convert("1").crop((8, 0, model.dots - 8, 1)).tobytes() for row in rows]
    assert upright.count(fine.tobytes()) >= 24  # lines of a single dot, and a single dot apart


@pytest.mark.parametrize(
    ("key", "length"), [("generic-80mm", 72), ("epson-tm-t88v", 72), ("generic-58mm", 48)]
)
def test_the_ruler_has_true_millimetres(key, length):
    model = printer_model(key)
    assert ruler_mm(model) == length
    picture = lay_out_pattern(pattern_text(FACTS, length), "", model).picture
    tops = [
        y
        for y in range(picture.height - 8)
        if longest_run(picture.crop((0, y, model.dots, y + 1)).convert("L")) == model.dots
    ]
    ticks = picture.crop((0, tops[0] + 5, model.dots, tops[0] + 6)).convert("L").tobytes()
    starts = [x for x, dot in enumerate(ticks) if dot == 0 and (x == 0 or ticks[x - 1])]
    assert len(starts) == length + 1
    assert all(abs(x - mm * model.dpi / 25.4) <= 2 for mm, x in enumerate(starts))


@pytest.mark.parametrize("key", MODELS)
def test_the_printers_own_letters_are_proved_where_its_file_names_them(key):
    model = printer_model(key)
    for slow_line in (False, True):
        strip = printed(encode_test_pattern(model, FACTS, slow_line=slow_line), model)
        shown = "".join(strip.text.split())
        if model.page("tcvn3-lower") is None:
            assert "ESC t 30" not in strip.text
        else:
            assert LOWER_LETTERS in shown
            assert UPPER_LETTERS in shown


def test_the_code_is_the_one_asked_for():
    model = printer_model("generic-58mm")
    drawing = lay_out_pattern(pattern_text(FACTS, 48), FACTS.link, model)
    (code,) = drawing.codes
    drawn = drawing.picture.crop((code.x, code.y, code.x + code.side, code.y + code.side))
    assert drawn.tobytes() == ImageChops.invert(draw_qr(FACTS.link, code.module)).tobytes()
    assert code.payload == FACTS.link


def test_a_slow_line_gets_no_picture():
    model = printer_model("epson-tm-t88v")
    job = encode_test_pattern(model, FACTS, slow_line=True)
    assert job.picture is None
    assert len(job.data) < 1024
    lines = printed(job, model).text.split("\n")
    assert lines[:2] == ["PHIẾU IN THỬ", "Máy in sảnh chính"]
    assert lines[-1] == "dòng này."
    assert "134 chữ cái tiếng Việt" in " ".join(lines)
    assert "ở trên" not in " ".join(lines)  # there is nothing above to compare with


def test_without_an_address_there_is_no_code():
    model = printer_model("epson-tm-t88v")
    text = pattern_text(FACTS, 72)
    assert lay_out_pattern(text, "", model).codes == ()
    assert len(lay_out_pattern(text, "x" * 5000, model).codes) == 0
