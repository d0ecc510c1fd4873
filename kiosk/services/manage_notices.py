"""What boards show beside the calls: lines of the ticker, notices and pictures, in the order the admin gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from kiosk.database import OfficeTransaction, office_transaction
from kiosk.domain.errors import DomainError, NotFound
from kiosk.domain.events import NoticeChanged
from kiosk.domain.names import clean_note
from kiosk.models import Notice, Picture
from kiosk.services import pictures
from kiosk.services.announce import announce
from kiosk.services.look.notices import EVERYWHERE, KINDS, areas

LONGEST_TEXT = 300
SHORTEST, LONGEST = 5, 120
"""Seconds a notice stays."""
MOST_OF_A_KIND = 40


@dataclass(frozen=True)
class NoticeWish:
    """A notice as the admin wants it; `text` of a picture says what is on it, `area` "" is everywhere."""

    kind: str
    text: str
    text_en: str = ""
    area: str = EVERYWHERE
    first_day: date | None = None
    last_day: date | None = None
    seconds: int = 12

    def facts(self, office_id: int) -> dict[str, Any]:
        """The columns, checked.

        Raises DomainError("unknown_notice_kind", "unknown_area", "out_of_range", "dates_reversed", "text_empty"
        and what clean_note raises).
        """
        if self.kind not in KINDS:
            raise DomainError("unknown_notice_kind", field="kind", allowed=list(KINDS))
        if self.area != EVERYWHERE and self.area not in areas(office_id):
            raise DomainError("unknown_area", field="area")
        if not SHORTEST <= self.seconds <= LONGEST:
            raise DomainError("out_of_range", field="seconds", least=SHORTEST, most=LONGEST)
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise DomainError("dates_reversed", field="last_day")
        text = clean_note(self.text, LONGEST_TEXT, "text")
        if not text:
            raise DomainError("text_empty", field="text")
        return {
            "kind": self.kind,
            "area": self.area,
            "text": text,
            "text_en": clean_note(self.text_en, LONGEST_TEXT, "text_en"),
            "first_day": self.first_day,
            "last_day": self.last_day,
            "seconds": self.seconds,
        }


def add_notice(
    office_id: int, wish: NoticeWish, now: datetime, actor: str, *, picture: bytes | None = None
) -> int:
    """Put a notice last among its kind and return its id.

    Raises what NoticeWish.facts and redraw raise, DomainError("picture_missing", "too_many_notices").
    """
    facts = wish.facts(office_id)
    drawn = _redrawn(picture) if picture and wish.kind == "picture" else None
    if wish.kind == "picture" and drawn is None:
        raise DomainError("picture_missing", field="picture")
    with office_transaction(office_id, now, actor) as transaction:
        _leave_room(office_id, wish.kind)
        kept = pictures.keep(office_id, drawn, now) if drawn else None
        return _add(transaction, facts, kept.id if kept else None, _last(office_id, wish.kind) + 1, "added")


def change_notice(
    office_id: int,
    notice_id: int,
    wish: NoticeWish,
    now: datetime,
    actor: str,
    *,
    picture: bytes | None = None,
) -> None:
    """Change what a notice says, where and when; its kind stays. Without `picture` the present one stays.

    Raises NotFound("unknown_notice") and what add_notice raises.
    """
    drawn = _redrawn(picture) if picture and wish.kind == "picture" else None
    facts = wish.facts(office_id)
    with office_transaction(office_id, now, actor) as transaction:
        row = _find(office_id, notice_id)
        if row.kind != wish.kind:
            raise DomainError("unknown_notice_kind", field="kind", allowed=[row.kind])
        if drawn is not None:
            row.picture = pictures.keep(office_id, drawn, now)
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
        _tell(transaction, row, "changed")


def move_notice(office_id: int, notice_id: int, up: bool, now: datetime, actor: str) -> None:
    """Change places with the neighbour of the same kind; at an end nothing happens. Raises NotFound("unknown_notice")."""
    with office_transaction(office_id, now, actor) as transaction:
        row = _find(office_id, notice_id)
        kind = (Notice.office == office_id) & (Notice.kind == row.kind)
        rows = list(Notice.select().where(kind).order_by(Notice.position, Notice.id))
        here = next(i for i, each in enumerate(rows) if each.id == row.id)
        there = here + (-1 if up else 1)
        if not 0 <= there < len(rows):
            return
        rows[here], rows[there] = rows[there], rows[here]
        for position, each in enumerate(rows, start=1):
            if each.position != position:
                each.position = position
                each.save(only=[Notice.position])
        _tell(transaction, row, "moved")


def set_notice_active(office_id: int, notice_id: int, active: bool, now: datetime, actor: str) -> None:
    """Show a notice, or keep it for later. Raises NotFound("unknown_notice")."""
    with office_transaction(office_id, now, actor) as transaction:
        row = _find(office_id, notice_id)
        if row.active != active:
            row.active = active
            row.save(only=[Notice.active])
            _tell(transaction, row, "on" if active else "off")


def delete_notice(office_id: int, notice_id: int, now: datetime, actor: str) -> dict[str, Any]:
    """Take a notice away and return what `restore_notice` needs, as JSON values. Raises NotFound("unknown_notice")."""
    with office_transaction(office_id, now, actor) as transaction:
        row = _find(office_id, notice_id)
        # By digest: an id may be given to another picture.
        digest = row.picture.digest if row.picture_id else None
        row.delete_instance()
        _tell(transaction, row, "deleted")
    return {
        "kind": row.kind,
        "area": row.area,
        "text": row.text,
        "text_en": row.text_en,
        "first_day": row.first_day and row.first_day.isoformat(),
        "last_day": row.last_day and row.last_day.isoformat(),
        "seconds": row.seconds,
        "picture": digest,
        "position": row.position,
        "active": row.active,
    }


def restore_notice(office_id: int, deleted: dict[str, Any], now: datetime, actor: str) -> int:
    """Undo `delete_notice`, within a day for a picture. Returns the new id.

    Raises DomainError("picture_missing") when the picture is gone, and what NoticeWish.facts raises.
    """
    told = {name: deleted[name] for name in ("kind", "area", "text", "text_en", "seconds")}
    for name in ("first_day", "last_day"):
        told[name] = date.fromisoformat(deleted[name]) if deleted[name] else None
    facts = NoticeWish(**told).facts(office_id)
    with office_transaction(office_id, now, actor) as transaction:
        picture = _kept(office_id, deleted["picture"])
        if facts["kind"] == "picture" and picture is None:
            raise DomainError("picture_missing", field="picture")
        _leave_room(office_id, facts["kind"])
        facts["active"] = bool(deleted["active"])
        return _add(transaction, facts, picture, int(deleted["position"]), "restored")


def _kept(office_id: int, digest: str | None) -> int | None:
    row = Picture.select(Picture.id).where((Picture.office == office_id) & (Picture.digest == digest)).first()
    return row.id if row else None


def _add(
    transaction: OfficeTransaction, facts: dict[str, Any], picture: int | None, position: int, change: str
) -> int:
    row = Notice.create(
        office=transaction.office_id,
        picture=picture,
        position=position,
        created_at=transaction.now,
        **facts,
    )
    _tell(transaction, row, change)
    return row.id


def _leave_room(office_id: int, kind: str) -> None:
    if Notice.select().where((Notice.office == office_id) & (Notice.kind == kind)).count() >= MOST_OF_A_KIND:
        raise DomainError("too_many_notices", field="kind", most=MOST_OF_A_KIND)


def _last(office_id: int, kind: str) -> int:
    here = (Notice.office == office_id) & (Notice.kind == kind)
    return int(Notice.select(fn.MAX(Notice.position)).where(here).scalar() or 0)


def _find(office_id: int, notice_id: int) -> Notice:
    row = Notice.get_or_none((Notice.id == notice_id) & (Notice.office == office_id))
    if row is None:
        raise NotFound("unknown_notice", notice=notice_id)
    return row


def _tell(transaction: OfficeTransaction, row: Notice, change: str) -> None:
    announce(transaction, NoticeChanged(notice=row.id, change=change, area=row.area))


def _redrawn(picture: bytes) -> pictures.Drawn:
    # Imported when somebody brings a picture: every server process would carry ten megabytes for it.
    from kiosk.services.redraw_picture import redraw

    return redraw(picture)
