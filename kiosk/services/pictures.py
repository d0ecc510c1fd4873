"""Pictures of boards, filed once; `redraw_picture` makes them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.models import Notice, Picture

MOST_BYTES = 5 * 1024 * 1024
KEPT_UNUSED = timedelta(days=1)
"""A picture nobody shows stays this long: a deletion may be undone."""


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
