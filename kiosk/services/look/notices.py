"""Notices as boards show them and as the admin lists them."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import JOIN

from kiosk.models import Line, Notice, Picture

EVERYWHERE = ""
KINDS = ("ticker", "notice", "picture")
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


def picture_address(digest: str, mime: str) -> str:
    """Where a kept picture is served."""
    return f"/media/{digest}.{EXTENSIONS[mime]}"


def notices_shown(office_id: int, area: str, day: date) -> list[dict[str, Any]]:
    """What the boards of an area show beside the calls on a day, in order."""
    rows = [
        row
        for row in _rows(office_id)
        if row.active
        and row.area in {EVERYWHERE, area}
        and (row.first_day is None or row.first_day <= day)
        and (row.last_day is None or day <= row.last_day)
    ]
    return [
        {
            "kind": row.kind,
            "text": row.text,
            "text_en": row.text_en,
            "picture": _address(row),
            "seconds": row.seconds,
        }
        for row in rows
        if row.kind != "picture" or row.picture_id
    ]


def all_notices(office_id: int, day: date) -> list[dict[str, Any]]:
    """Every notice by kind and order, and whether it is shown today: "shown", "off", "coming" or "over"."""
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "area": row.area,
            "text": row.text,
            "text_en": row.text_en,
            "picture": _address(row),
            "picture_id": row.picture_id,
            "first_day": row.first_day,
            "last_day": row.last_day,
            "seconds": row.seconds,
            "active": row.active,
            "standing": _standing(row, day),
        }
        for row in _rows(office_id)
    ]


def areas(office_id: int) -> list[str]:
    """The areas that lines are in."""
    rows = Line.select(Line.area).where(Line.office == office_id).distinct().order_by(Line.area)
    return [row.area for row in rows]


def picture(digest: str) -> tuple[bytes, str] | None:
    """A kept picture and its type."""
    row = Picture.select().where(Picture.digest == digest).first()
    return (bytes(row.data), row.mime) if row else None


def _rows(office_id: int) -> list[Notice]:
    bare = (Picture.id, Picture.digest, Picture.mime)
    return list(
        Notice.select(Notice, *bare)
        .join(Picture, JOIN.LEFT_OUTER)
        .where(Notice.office == office_id)
        .order_by(Notice.kind, Notice.position, Notice.id)
    )


def _address(row: Notice) -> str | None:
    return picture_address(row.picture.digest, row.picture.mime) if row.picture_id else None


def _standing(row: Notice, day: date) -> str:
    if not row.active:
        return "off"
    if row.first_day is not None and day < row.first_day:
        return "coming"
    return "over" if row.last_day is not None and row.last_day < day else "shown"
