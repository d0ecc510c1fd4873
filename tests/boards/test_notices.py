"""Notices by the manager: kept in order, shown on their days and in their area, told to the boards, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from peewee import Database

from kiosk.domain.errors import DomainError, NotFound
from kiosk.models import Journal, Notice, Picture
from kiosk.services import manage_notices
from kiosk.services.look.notices import all_notices, notices_shown
from kiosk.services.manage_notices import MOST_OF_A_KIND, NoticeWish
from tests.factories import OPENING, make_line, make_office

DAY = OPENING.date()
BY = "user:1"
Paint = Callable[..., bytes]


@pytest.fixture
def office(database: Database) -> Any:
    made = make_office()
    make_line("T", made)
    make_line("G", made, area="tang-2")
    return made


def add(office: Any, text: str, kind: str = "notice", picture: bytes | None = None, **wish: Any) -> int:
    return manage_notices.add_notice(office.id, NoticeWish(kind, text, **wish), OPENING, BY, picture=picture)


def texts(office: Any, area: str = "main", day: date = DAY) -> list[str]:
    return [row["text"] for row in notices_shown(office.id, area, day)]


def told(office: Any) -> list[dict[str, Any]]:
    rows = Journal.select().where(Journal.kind == "notice.changed").order_by(Journal.seq)
    return [json.loads(row.facts) for row in rows]


def test_notices_are_shown_in_the_order_the_manager_gives_them(office: Any) -> None:
    first, second, third = (add(office, text) for text in ("Một", "Hai", "Ba"))
    manage_notices.move_notice(office.id, third, True, OPENING, BY)
    manage_notices.move_notice(office.id, third, True, OPENING, BY)
    manage_notices.move_notice(office.id, third, True, OPENING, BY)
    assert texts(office) == ["Ba", "Một", "Hai"]
    manage_notices.move_notice(office.id, first, False, OPENING, BY)
    assert texts(office) == ["Ba", "Hai", "Một"]
    assert [fact["change"] for fact in told(office)] == ["added"] * 3 + ["moved"] * 3
    assert second


def test_a_notice_is_shown_on_its_days_in_its_area(office: Any) -> None:
    add(office, "Mọi nơi")
    add(office, "Tầng hai", area="tang-2")
    add(office, "Ngày mai", first_day=DAY + timedelta(days=1))
    add(office, "Đến hôm nay", last_day=DAY)
    assert texts(office) == ["Mọi nơi", "Đến hôm nay"]
    assert texts(office, "tang-2") == ["Mọi nơi", "Tầng hai", "Đến hôm nay"]
    assert texts(office, day=DAY + timedelta(days=1)) == ["Mọi nơi", "Ngày mai"]
    standing = {row["text"]: row["standing"] for row in all_notices(office.id, DAY + timedelta(days=1))}
    assert standing == {"Mọi nơi": "shown", "Tầng hai": "shown", "Ngày mai": "shown", "Đến hôm nay": "over"}
    assert [row["standing"] for row in all_notices(office.id, DAY)][2] == "coming"


def test_one_that_is_switched_off_is_kept_for_later(office: Any) -> None:
    notice = add(office, "Nghỉ Tết")
    manage_notices.set_notice_active(office.id, notice, False, OPENING, BY)
    manage_notices.set_notice_active(office.id, notice, False, OPENING, BY)
    assert texts(office) == []
    manage_notices.set_notice_active(office.id, notice, True, OPENING, BY)
    assert texts(office) == ["Nghỉ Tết"]
    assert [fact["change"] for fact in told(office)] == ["added", "off", "on"], "no change, no entry"


def test_what_was_deleted_comes_back_where_it_was(office: Any, paint: Paint) -> None:
    add(office, "Một", "picture", paint())
    notice = add(office, "Hai", "picture", paint("PNG", colour="blue"), first_day=DAY, seconds=20)
    add(office, "Ba", "picture", paint("PNG", colour="green"))
    before = notices_shown(office.id, "main", DAY)
    deleted = manage_notices.delete_notice(office.id, notice, OPENING, BY)
    assert texts(office) == ["Một", "Ba"]
    manage_notices.restore_notice(office.id, json.loads(json.dumps(deleted)), OPENING, BY)
    assert notices_shown(office.id, "main", DAY) == before


def test_a_picture_that_is_gone_for_good_does_not_come_back(office: Any, paint: Paint) -> None:
    notice = add(office, "Một", "picture", paint())
    deleted = manage_notices.delete_notice(office.id, notice, OPENING, BY)
    tomorrow = OPENING + timedelta(days=1, minutes=1)
    manage_notices.add_notice(office.id, NoticeWish("picture", "Hai"), tomorrow, BY, picture=paint("JPEG"))
    assert Picture.select().count() == 1
    with pytest.raises(DomainError, match="picture_missing"):
        manage_notices.restore_notice(office.id, deleted, tomorrow, BY)


def test_the_same_picture_is_kept_once_and_a_change_keeps_it(office: Any, paint: Paint) -> None:
    one, two = (add(office, text, "picture", paint()) for text in ("Một", "Hai"))
    assert Picture.select().count() == 1
    manage_notices.change_notice(office.id, one, NoticeWish("picture", "Một, mới"), OPENING, BY)
    row = Notice.get_by_id(one)
    assert (row.text, row.picture_id) == ("Một, mới", Notice.get_by_id(two).picture_id)
    manage_notices.change_notice(
        office.id, one, NoticeWish("picture", "Ảnh khác"), OPENING, BY, picture=paint("PNG", colour="blue")
    )
    assert Picture.select().count() == 2


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        (NoticeWish("poster", "x"), "unknown_notice_kind", "kind"),
        (NoticeWish("notice", "  "), "text_empty", "text"),
        (NoticeWish("notice", "dài " * 200), "text_too_long", "text"),
        (NoticeWish("notice", "😀"), "text_not_allowed", "text"),
        (NoticeWish("notice", "x", area="sân sau"), "unknown_area", "area"),
        (NoticeWish("notice", "x", seconds=2), "out_of_range", "seconds"),
        (
            NoticeWish("notice", "x", first_day=DAY, last_day=DAY - timedelta(days=1)),
            "dates_reversed",
            "last_day",
        ),
        (NoticeWish("picture", "x"), "picture_missing", "picture"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_name(
    office: Any, wish: NoticeWish, code: str, field: str
) -> None:
    with pytest.raises(DomainError, match=code) as refusal:
        manage_notices.add_notice(office.id, wish, OPENING, BY)
    assert refusal.value.fields["field"] == field
    assert told(office) == []


def test_there_is_an_end_to_notices(office: Any) -> None:
    for n in range(MOST_OF_A_KIND):
        add(office, f"Thông báo {n}")
    with pytest.raises(DomainError, match="too_many_notices"):
        add(office, "Một nữa")
    add(office, "Chân bảng", "ticker")


def test_another_offices_notices_are_out_of_reach(office: Any) -> None:
    notice = add(office, "Của ta")
    other = make_office("khac")
    for act in (
        lambda: manage_notices.delete_notice(other.id, notice, OPENING, BY),
        lambda: manage_notices.set_notice_active(other.id, notice, False, OPENING, BY),
        lambda: manage_notices.move_notice(other.id, notice, True, OPENING, BY),
        lambda: manage_notices.change_notice(other.id, notice, NoticeWish("notice", "x"), OPENING, BY),
    ):
        with pytest.raises(NotFound, match="unknown_notice"):
            act()
    assert texts(office) == ["Của ta"]


def test_the_journal_says_that_a_notice_changed_and_not_what_it_says(office: Any) -> None:
    add(office, "Mời bà Nguyễn Thị Hoa liên hệ quầy 1", area="tang-2")
    [fact] = told(office)
    assert set(fact) == {"notice", "change", "area"}
    assert fact["area"] == "tang-2"
