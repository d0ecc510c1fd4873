"""The picture of a ticket: readable, complete, small, and made of nothing but its words."""

from __future__ import annotations

import unicodedata

import pytest
import segno
from PIL import Image, ImageChops

from kiosk.devices.escpos import encode_ticket
from kiosk.devices.qr import LEAST_MODULE, QUIET
from kiosk.devices.raster import draw_ticket
from kiosk.devices.typography import text_width, wrap

LONG_PROCEDURE = (
    "Đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các trường hợp giải quyết "
    "tranh chấp, khiếu nại, tố cáo về đất đai"
)
LONG_DEPARTMENT = "Ban Quản lý các khu công nghiệp tỉnh"
WIDTHS = pytest.mark.parametrize("width", [576, 384])


def find_code(image: Image.Image, url: str) -> tuple[int, int, int] | None:
    """Return (x, y, dots per module) at which the picture holds exactly this address's code."""
    matrix = [
        [bool(dark) for dark in row]
        for row in segno.make(url, error="m", micro=False, boost_error=False, mask=3).matrix
    ]
    pixels = image.load()
    for module in (5, 4):
        side = len(matrix) * module
        for y in range(image.height - side):
            for x in range(image.width - side):
                corners = ((0, 0), (len(matrix) - 1, 0), (0, len(matrix) - 1))
                if any(pixels[x + i * module, y + j * module] for i, j in corners):
                    continue
                if all(
                    (pixels[x + i * module + module // 2, y + j * module + module // 2] == 0) == dark
                    and (pixels[x + i * module, y + j * module] == 0) == dark
                    for j, row in enumerate(matrix)
                    for i, dark in enumerate(row)
                ):
                    return x, y, module
    return None


@WIDTHS
def test_a_ticket_is_black_and_white_and_as_wide_as_the_paper(make_slip, width):
    image = draw_ticket(make_slip(), width)
    assert image.mode == "1"
    assert image.width == width
    inked = ImageChops.invert(image.convert("L")).getbbox()
    assert inked is not None
    assert inked[0] >= 8
    assert inked[2] <= width - 8


@WIDTHS
def test_the_code_leads_to_the_follow_page_and_has_its_quiet_zone(make_slip, width):
    slip = make_slip()
    image = draw_ticket(slip, width)
    found = find_code(image, slip.follow_url)
    assert found is not None
    x, y, module = found
    assert module >= LEAST_MODULE
    modules = len(segno.make(slip.follow_url, error="m", micro=False, boost_error=False).matrix)
    quiet, side = QUIET * module, modules * module
    ink = ImageChops.invert(image.convert("L"))
    ink.paste(0, (x, y, x + side, y + side))
    # What the paper's own edge leaves white counts: the roll is wider than the head.
    assert (
        ink.crop((max(0, x - quiet), y - 12, min(width, x + side + quiet), y + side + 12)).getbbox() is None
    )


@pytest.mark.parametrize("facts", [{}, {"label": "A1"}, {"label": "LDXH1234"}, {"label": "MMMM0000"}])
@WIDTHS
def test_the_number_is_the_hero_and_fits(make_slip, facts, width):
    """The number's band is the tallest thing beside the code, and wide labels fill the paper."""
    image = draw_ticket(make_slip(follow_url="", **facts), width)
    ink = ImageChops.invert(image.convert("L"))
    rows = [ink.crop((0, y, width, y + 1)).getbbox() for y in range(image.height)]
    bands, start = [], None
    for y, row in enumerate([*rows, None]):
        if row and start is None:
            start = y
        elif not row and start is not None:
            bands.append((y - start, start, y))
            start = None
    tallest, top, bottom = max(bands)
    others = sorted(band[0] for band in bands)[-2]
    assert tallest > 1.2 * others
    box = ink.crop((0, top, width, bottom)).getbbox()
    assert box is not None
    wide = box[2] - box[0]
    assert wide <= width - 2 * round(20 * width / 576)
    assert wide >= 0.8 * width or len(facts.get("label", "C043")) < 4


def test_the_longest_names_wrap_and_nothing_leaves_the_paper(make_slip):
    short = draw_ticket(make_slip())
    image = draw_ticket(make_slip(department=LONG_DEPARTMENT, procedure=LONG_PROCEDURE))
    assert short.height < image.height < short.height + 160
    lines = wrap(LONG_PROCEDURE, "Medium", 27, 536, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(text_width(line, "Medium", 27) <= 536 for line in lines)


def test_a_name_without_spaces_is_broken_not_lost():
    lines = wrap("ABCDEFGHIJ" * 8, "Medium", 27, 536, 3)
    assert 2 <= len(lines) <= 3
    assert "".join(lines) == "ABCDEFGHIJ" * 8


def test_a_short_name_leaves_no_syllable_alone():
    first, second = wrap("Sở Lao động – Thương binh và Xã hội", "SemiBold", 30, 536, 3)
    assert min(len(first), len(second)) > 10


@WIDTHS
def test_decomposed_vietnamese_gives_the_same_picture(make_slip, width):
    names = ("office_title", "office_subtitle", "department", "procedure", "priority_label", "kiosk_name")
    slip = make_slip()
    loose = make_slip(**{name: unicodedata.normalize("NFD", getattr(slip, name)) for name in names})
    assert draw_ticket(loose, width).tobytes() == draw_ticket(slip, width).tobytes()


def test_control_and_bidi_characters_change_nothing(make_slip):
    plain = make_slip(department="Công an tỉnh")
    tricky = make_slip(department="Công\u202e an\u200b \x00tỉnh\x07")
    assert draw_ticket(tricky).tobytes() == draw_ticket(plain).tobytes()


def test_the_repeat_mark_is_seen_first(make_slip):
    first, second = draw_ticket(make_slip()), draw_ticket(make_slip(repeat=1))
    mark = second.height - first.height
    assert mark > 30
    assert (
        second.crop((0, mark + 16, 576, second.height)).tobytes()
        == first.crop((0, 16, 576, first.height)).tobytes()
    )
    top = ImageChops.invert(second.crop((0, 0, 576, mark)).convert("L"))
    assert top.getbbox() is not None
    assert draw_ticket(make_slip(repeat=2)).tobytes() != second.tobytes()


def test_an_address_too_long_for_any_readable_code_costs_only_the_code(make_slip):
    endless = "https://motcua.bacgiang.gov.vn/" + "f" * 4000
    assert (
        draw_ticket(make_slip(follow_url=endless)).tobytes()
        == draw_ticket(make_slip(follow_url="")).tobytes()
    )


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"label": "LDXH1234", "people_ahead": 143, "wait_minutes": (195, 230)},
        {"language": "en", "priority_label": "elderly"},
        {"people_ahead": 0, "wait_minutes": (0, 0), "procedure": None},
        {"department": LONG_DEPARTMENT, "priority_label": None},
    ],
)
def test_a_ticket_travels_in_20_kilobytes(make_slip, facts):
    assert len(encode_ticket(draw_ticket(make_slip(**facts)))) <= 20 * 1024


def test_narrow_paper_needs_less(make_slip):
    assert len(encode_ticket(draw_ticket(make_slip(), 384))) <= 16 * 1024
