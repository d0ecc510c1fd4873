"""Pictures for boards: whatever comes in is drawn anew, so that only its pixels are kept."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps

from kiosk.domain.errors import DomainError
from kiosk.services.pictures import MOST_BYTES, Drawn

MOST_PIXELS = 20_000_000
SCREEN = (1920, 1080)
FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PNG = 1024 * 1024
"""A photograph as PNG would be several times this; it is kept as JPEG."""
QUALITY = 88
_BEGINNINGS = (b"\xff\xd8", b"\x89PNG", b"RIFF")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
"""What the decoders raise for files that were cut off or tampered with."""


def redraw(content: bytes) -> Drawn:
    """A JPEG, PNG or WebP as a plain JPEG or PNG no larger than a screen: no EXIF, no profile, nothing hidden.

    Raises DomainError("picture_too_large", "picture_kind_refused": other kinds and animations, "picture_malformed").
    """
    if len(content) > MOST_BYTES:
        raise DomainError("picture_too_large", field="picture", megabytes=MOST_BYTES // 1024**2)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _refuse(opened)
            opened.draft("RGB", SCREEN)
            return _encode(_plain(opened), opened.format == "PNG")
    except Image.UnidentifiedImageError:
        code = "picture_malformed" if content.startswith(_BEGINNINGS) else "picture_kind_refused"
        raise DomainError(code, field="picture") from None
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except _BROKEN:
        raise DomainError("picture_malformed", field="picture") from None


def _refuse(opened: Image.Image) -> None:
    """Before a single pixel is unpacked."""
    if getattr(opened, "is_animated", False):
        raise DomainError("picture_kind_refused", field="picture")
    if opened.width * opened.height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> DomainError:
    return DomainError("picture_too_large", field="picture", megapixels=MOST_PIXELS // 1_000_000)


def _plain(opened: Image.Image) -> Image.Image:
    """Upright, in plain colours on white, no larger than the screen."""
    upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail(SCREEN, Image.Resampling.LANCZOS)
    paper = Image.new("RGB", upright.size, "white")
    paper.paste(upright, mask=upright.getchannel("A"))
    return paper


def _encode(image: Image.Image, keep_sharp: bool) -> Drawn:
    if keep_sharp:
        written = io.BytesIO()
        image.save(written, "PNG", optimize=True)
        if written.tell() <= LARGEST_PNG:
            return Drawn(written.getvalue(), "image/png", *image.size)
    written = io.BytesIO()
    image.save(written, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Drawn(written.getvalue(), "image/jpeg", *image.size)
