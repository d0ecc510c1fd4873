"""Pictures from outside: only pixels come through, and what is no plain picture does not come in."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from kiosk.domain.errors import DomainError
from kiosk.services.pictures import MOST_BYTES
from kiosk.services.redraw_picture import LARGEST_PNG, redraw

Paint = Callable[..., bytes]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def refused(content: bytes) -> str:
    with pytest.raises(DomainError) as refusal:
        redraw(content)
    assert refusal.value.fields["field"] == "picture"
    return refusal.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_come_in_and_two_go_out(paint: Paint, form: str) -> None:
    drawn = redraw(paint(form, (400, 300)))
    assert (drawn.width, drawn.height) == (400, 300)
    assert drawn.mime == ("image/png" if form == "PNG" else "image/jpeg")
    assert opened(drawn.data).format == ("PNG" if form == "PNG" else "JPEG")
    assert len(drawn.digest) == 64


def test_where_and_by_whom_it_was_taken_does_not_come_through(paint: Paint) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh của ông Nguyễn Văn An"
    exif.get_ifd(0x8825)[1] = "N"
    drawn = redraw(paint("JPEG", exif=exif.tobytes(), comment=b"An"))
    assert b"Nguy" not in drawn.data
    assert dict(opened(drawn.data).getexif()) == {}


def test_a_picture_taken_upright_stays_upright(paint: Paint) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn = redraw(paint("JPEG", (400, 300), exif=exif.tobytes()))
    assert (drawn.width, drawn.height) == (300, 400)


def test_a_large_one_is_made_to_fit_the_screen(paint: Paint) -> None:
    drawn = redraw(paint("JPEG", (4000, 3000)))
    assert (drawn.width, drawn.height) == (1440, 1080)


def test_what_is_transparent_lies_on_white(paint: Paint) -> None:
    drawn = redraw(paint("PNG", colour=(255, 0, 0, 0), mode="RGBA"))
    assert opened(drawn.data).getpixel((5, 5)) == (255, 255, 255)


def test_a_photograph_as_png_does_not_stay_one() -> None:
    noise = io.BytesIO()
    Image.effect_noise((1600, 900), 90).convert("RGB").save(noise, "PNG")
    drawn = redraw(noise.getvalue())
    assert drawn.mime == "image/jpeg"
    assert len(noise.getvalue()) > LARGEST_PNG


def test_other_kinds_are_refused(paint: Paint) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for content in (svg, paint("GIF"), paint("BMP"), paint("TIFF"), b"%PDF-1.4", b"<html>", b""):
        assert refused(content) == "picture_kind_refused"


@pytest.mark.parametrize("form", ["WEBP", "PNG"])
def test_what_moves_is_refused(form: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue")]
    written = io.BytesIO()
    frames[0].save(written, form, save_all=True, append_images=frames[1:], duration=100)
    assert refused(written.getvalue()) == "picture_kind_refused"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(form: str) -> None:
    written = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(written, form)
    whole = written.getvalue()
    for cut in (4, 20, 60, len(whole) // 2):
        assert refused(whole[:cut]) == "picture_malformed", cut


def test_too_many_bytes_are_not_even_opened() -> None:
    assert refused(b"\xff\xd8" + b"\0" * MOST_BYTES) == "picture_too_large"


@pytest.mark.parametrize("size", [(5_000, 4_001), (60_000, 60_000)])
def test_too_many_pixels_are_refused_before_they_are_unpacked(size: tuple[int, int]) -> None:
    """A kilobyte that says it is enormous: the header alone is enough to refuse it."""
    header = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    assert refused(bomb) == "picture_too_large"
