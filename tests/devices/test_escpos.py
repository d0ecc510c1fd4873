"""The bytes: decoded again they are the picture, dot for dot, and nothing else is in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from kiosk.devices.escpos import encode_ticket, request_process_id
from kiosk.devices.models import printer_model
from kiosk.devices.paper import PaperDecoder, Strip
from kiosk.devices.qr import command_qr, draw_qr
from kiosk.devices.raster import draw_ticket
from tests.devices.reference import python_escpos

WIDTHS = pytest.mark.parametrize("width", [576, 384])


def decode(data: bytes, width: int, piece: int | None = None) -> tuple[list[Strip], list[bytes]]:
    """Print bytes on virtual paper, in pieces of so many bytes."""
    strips: list[Strip] = []
    ids: list[bytes] = []
    decoder = PaperDecoder(width, strips.append, ids.append)
    for start in range(0, len(data), piece or len(data) or 1):
        decoder.feed(data[start : start + (piece or len(data))])
    decoder.tear()
    return strips, ids


def same(first: Image.Image, second: Image.Image) -> bool:
    return first.size == second.size and first.tobytes() == second.tobytes()


@st.composite
def pictures(draw: Callable, width: int) -> Image.Image:
    """Draw boxes, lines, single dots, 2 x 2 blocks and large whites, at odd places and at the very edges."""
    height = draw(st.integers(1, 700))
    image = Image.new("1", (width, height), 1)
    pen = ImageDraw.Draw(image)
    for _ in range(draw(st.integers(0, 8))):
        x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
        kind = draw(st.sampled_from(["dot", "box", "pairs", "noise", "edge"]))
        if kind == "dot":
            pen.point((x, y), 0)
        elif kind == "box":
            pen.rectangle((x, y, x + draw(st.integers(0, 200)), y + draw(st.integers(0, 300))), 0)
        elif kind == "pairs":
            blocks = Image.frombytes("1", (16, 4), draw(st.binary(min_size=8, max_size=8))).resize((32, 8), 0)
            image.paste(blocks, (x & ~1, y & ~1))
        elif kind == "noise":
            image.paste(Image.frombytes("1", (40, 5), draw(st.binary(min_size=25, max_size=25))), (x, y))
        else:
            pen.line((width - 1, y, width - 1, y + 9), 0)
            pen.line((0, y, 0, y + 3), 0)
    return image


@pytest.mark.parametrize("options", [{}, {"doubling": False}, {"left_margin": False}])
@WIDTHS
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow]
)
@given(data=st.data())
def test_any_picture_comes_back_dot_for_dot(width, options, data):
    image = data.draw(pictures(width))
    strips, _ = decode(encode_ticket(image, **options), width)
    assert len(strips) == 1
    assert strips[0].complete
    assert same(strips[0].image, image)


@WIDTHS
def test_a_ticket_comes_back_dot_for_dot(make_slip, width):
    image = draw_ticket(make_slip(repeat=1), width)
    for options in (
        {},
        {"doubling": False},
        {"left_margin": False},
        {"doubling": False, "left_margin": False},
    ):
        strips, _ = decode(encode_ticket(image, **options), width)
        assert same(strips[0].image, image)


@pytest.mark.parametrize("width", [8, 13, 200, 575, 568])
def test_any_width_is_packed_whole(width):
    image = Image.effect_noise((width, 37), 90).convert("1")
    strips, _ = decode(encode_ticket(image), width)
    assert same(strips[0].image, image)


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_how_the_network_cuts_the_bytes_does_not_matter(make_slip, piece):
    image = draw_ticket(make_slip(), 384)
    strips, ids = decode(encode_ticket(image) + request_process_id(b"0042"), 384, piece)
    assert same(strips[0].image, image)
    assert ids == [b"0042"]


def test_large_number_travels_at_a_quarter(make_slip):
    image = draw_ticket(make_slip())
    small, large = encode_ticket(image), encode_ticket(image, doubling=False)
    assert b"\x1dv0\x03" in small
    assert b"\x1dv0\x03" not in large
    assert len(small) < 0.8 * len(large)


@pytest.mark.parametrize(
    "box", [(8, 2, 575, 41), (0, 0, 575, 7), (16, 2, 23, 9), (568, 4, 575, 11), (8, 0, 559, 3)]
)
def test_doubled_areas_stay_on_the_paper_and_whole(box):
    """Areas of an odd number of bytes, at both edges: half of them must still be whole bytes."""
    image = Image.new("1", (576, 50), 1)
    ImageDraw.Draw(image).rectangle(box, 0)
    data = encode_ticket(image)
    assert b"\x1dv0\x03" in data
    strips, _ = decode(data, 576)
    assert same(strips[0].image, image)
    for at in range(len(data) - 8):
        if data[at : at + 4] == b"\x1dv0\x03" and data[at - 4 : at - 2] == b"\x1dL":
            assert int.from_bytes(data[at - 2 : at], "little") + 16 * data[at + 4] <= 576


def test_white_is_fed_not_printed():
    image = Image.new("1", (576, 1000), 1)
    image.putpixel((300, 990), 0)
    assert len(encode_ticket(image)) < 60


def test_no_band_is_taller_than_cheap_firmware_takes():
    solid = Image.new("1", (384, 1500), 0)
    strips, _ = decode(encode_ticket(solid, doubling=False), 384)
    rows = [int(entry.split()[7]) for entry in strips[0].commands if entry.startswith("GS v 0")]
    assert max(rows) <= 240
    assert sum(rows) == 1500


def test_a_job_begins_with_a_reset_sets_its_units_and_ends_with_a_partial_cut(make_slip):
    data = encode_ticket(draw_ticket(make_slip()), dpi=180)
    assert data.startswith(b"\x1b@\x1dP\xb4\xb4")
    assert data.endswith(b"\x1dVB\x00")
    assert b"\x1dVB" not in encode_ticket(draw_ticket(make_slip()), cut=False)[-4:]


def test_hostile_names_never_reach_the_wire_as_commands(make_slip):
    """All 256 byte values, and the worst ESC/POS sequences, in every text of the slip."""
    attack = "".join(map(chr, range(256))) + "\x1b@\x1dV\x00\x10\x14\x01\x00\x01\x1bp\x00\x19\x19"
    fields = ("office_title", "office_subtitle", "department", "procedure", "priority_label", "kiosk_name")
    slip = make_slip(label="C\x1b@1", check_code="\x1dV\x00", **dict.fromkeys(fields, attack))
    image = draw_ticket(slip)
    strips, ids = decode(encode_ticket(image), 576)
    assert len(strips) == 1
    assert not ids
    assert strips[0].text == ""
    assert same(strips[0].image, image)
    allowed = ("ESC @", "GS P", "GS L", "GS v 0", "ESC J", "GS V")
    assert all(entry.startswith(allowed) for entry in strips[0].commands)
    assert sum(entry.startswith("GS V") for entry in strips[0].commands) == 1


@pytest.mark.parametrize("wrong", [b"", b"123", b"12345", b"12\x003", b"\xff123"])
def test_a_process_id_is_four_printable_characters(wrong):
    with pytest.raises(ValueError, match="four printable"):
        request_process_id(wrong)


def reference(image: Image.Image) -> bytes:
    """Encode a picture as python-escpos does."""
    printer = python_escpos()[0].Dummy()
    printer.image(image, impl="bitImageRaster", fragment_height=240)
    return printer.output


@WIDTHS
def test_our_bytes_print_what_python_escpos_prints(make_slip, width):
    image = draw_ticket(make_slip(), width)
    theirs, _ = decode(reference(image), width)
    ours, _ = decode(encode_ticket(image), width)
    assert same(ours[0].image, theirs[0].image)
    assert same(ours[0].image, image)


def test_the_description_lists_commands_in_order():
    strips, _ = decode(b"\x1b@Xin ch\x85o\n\x1bd\x02\x1dVB\x00", 576)
    assert strips[0].text == "Xin chào"
    assert strips[0].commands == ("ESC @", "ESC d 2", "GS V 66 0")
    assert strips[0].image.height == 90
    assert strips[0].image.getextrema()[0] == 0


def test_unknown_commands_are_named_and_do_not_stop_the_paper():
    strips, _ = decode(b"\x1b@\x1bz\x1d(k\x03\x00\x31\x43\x03A\n\x1dV\x00", 576)
    assert "unknown 1b 7a" in strips[0].commands
    assert "GS ( k 31 43 03" in strips[0].commands
    assert strips[0].text == "A"


def test_paper_that_ends_without_a_cut_is_torn():
    first, second = decode(b"\x1b@one\n\x1b@two\n\x1dV\x01", 576)[0]
    assert (first.text, first.complete) == ("one", False)
    assert (second.text, second.complete) == ("two", True)


def test_letters_are_as_large_and_as_bold_as_told():
    plain, large, wide, bold = (
        decode(b"\x1b@" + style + b"ABC\n\x1dVB\x00", 576)[0][0].image
        for style in (b"", b"\x1d!\x33", b"\x1d!\x30", b"\x1bE\x01")
    )
    ink = [ImageChops.invert(image.convert("L")).getbbox() for image in (plain, large, wide, bold)]
    assert all(ink)
    assert (plain.height, large.height, wide.height) == (30, 96, 30)
    assert ink[1][2] - ink[1][0] >= 3.5 * (ink[0][2] - ink[0][0])
    assert ink[2][2] - ink[2][0] >= 3.5 * (ink[0][2] - ink[0][0])
    assert bold.convert("L").histogram()[0] > plain.convert("L").histogram()[0]


def test_a_line_that_is_too_long_goes_on_in_the_next():
    assert decode(b"\x1b@" + b"0123456789" * 5 + b"\n\x1dVB\x00", 384)[0][0].text == (
        "01234567890123456789012345678901\n234567890123456789"
    )


def test_letters_are_put_where_they_are_told():
    lefts = []
    for side in (0, 1, 2):
        (strip,), _ = decode(b"\x1b@\x1ba" + bytes((side,)) + b"AB\n\x1dVB\x00", 576)
        lefts.append(ImageChops.invert(strip.image.convert("L")).getbbox()[0])
    assert lefts[0] < 12
    assert 276 <= lefts[1] < 288
    assert 552 <= lefts[2] < 564


def test_marks_apart_from_their_letters_are_joined():
    """CP1258 sends a tone after its letter; the paper shows one letter."""
    (strip,), _ = decode(b"\x1b@\x1bt\x34H\xf4\xf2 ti\xf2ch\n\x1dVB\x00", 576)
    assert strip.text == "Hộ tịch"


def test_a_code_of_the_printers_own_is_drawn_where_the_margin_is():
    (strip,), _ = decode(
        b"\x1b@\x1dL\x64\x00" + command_qr("https://một.vn", 4) + b"\x1dVA\x00", 576, piece=3
    )
    code = draw_qr("https://một.vn", 4)
    assert strip.image.height == code.height
    assert (
        strip.image.crop((100, 0, 100 + code.width, code.height)).tobytes()
        == ImageChops.invert(code).tobytes()
    )
    assert strip.text == "[QR] https://một.vn"
    assert strip.commands[-1] == "GS V 65 0"


def test_a_code_nobody_stored_prints_nothing():
    (strip,), _ = decode(b"\x1b@\x1d(k\x03\x001Q0A\n\x1b@", 576)
    assert strip.text == "A"


@pytest.mark.parametrize(("feed", "whole"), [(78, False), (79, True)])
def test_paper_without_a_cutter_is_whole_when_it_was_fed_out(feed, whole):
    strips: list[Strip] = []
    decoder = PaperDecoder(384, strips.append, lambda _: None, printer_model("xprinter-xp-58"))
    decoder.feed(b"\x1b@\x1dv0\x00\x01\x00\x01\x00\xff\x1bJ" + bytes((feed,)))
    assert not strips
    decoder.abandon()
    assert [strip.complete for strip in strips] == [whole]
    # The same white does not make a paper whole that breaks off in the middle of a command.
    decoder.feed(b"\x1b@\x1dv0\x00\x01\x00\x01\x00\xff\x1bJ\x64\x1dv0\x00\x01")
    decoder.abandon()
    assert not strips[1].complete
    # And a new job ends the one before, however it stands.
    decoder.feed(b"\x1b@one\n\x1bJ\x64\x1b@two\n\x1b@")
    assert [(strip.text, strip.complete) for strip in strips[2:]] == [("one", True), ("two", False)]


def test_bands_never_overlap(make_slip):
    """The rows of all rasters and feeds add up to the picture's height, in order."""
    image = draw_ticket(make_slip())
    strips, _ = decode(encode_ticket(image), 576)
    height = 0
    for entry in strips[0].commands:
        if entry.startswith("ESC J"):
            height += int(entry.split()[2])
        elif entry.startswith("GS v 0"):
            height += int(entry.split()[7]) * (2 if "m=3" in entry else 1)
    assert height == image.height
