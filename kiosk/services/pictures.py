"""Pictures for boards: whatever comes in is drawn anew, so that only its pixels are kept."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageOps

from kiosk.domain.errors import DomainError
from kiosk.models import Notice, Picture

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 20_000_000
SCREEN = (1920, 1080)
FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_PNG = 1024 * 1024
"""A photograph as PNG would be several times this; it is kept as JPEG."""
QUALITY = 88
KEPT_UNUSED = timedelta(days=1)
"""A picture nobody shows stays this long: a deletion may be undone."""
_BEGINNINGS = (b"\xff\xd8", b"\x89PNG", b"RIFF")
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)
"""What the decoders raise for files that were cut off or tampered with."""


@dataclass(frozen=True)
class Drawn:
    """A picture as it is kept and served."""

    data: bytes
    mime: str
    width: int
    height: int

    @property
    def digest(self) -> str:
        """Its name."""
        return hashlib.sha256(self.data).hexdigest()


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


def keep(office_id: int, drawn: Drawn, now: datetime) -> Picture:
    """File a picture once, and forget those that no notice shows any more; inside the office's transaction."""
    shown = Notice.select(Notice.picture).where(Notice.picture.is_null(False))
    Picture.delete().where(
        (Picture.office == office_id) & (Picture.created_at < now - KEPT_UNUSED) & Picture.id.not_in(shown)
    ).execute()
    row, made = Picture.get_or_create(
        office=office_id,
        digest=drawn.digest,
        defaults={
            "mime": drawn.mime,
            "width": drawn.width,
            "height": drawn.height,
            "data": drawn.data,
            "created_at": now,
        },
    )
    if not made:
        row.created_at = now
        row.save(only=[Picture.created_at])
    return row
