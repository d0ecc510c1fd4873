"""The pages around the boards: the manager's, the public figures, and the pictures by digest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from kiosk.models import Notice
from kiosk.services.hall_settings import hall_settings
from kiosk.services.pictures import MOST_BYTES
from tests.api.desk import Desk

Paint = Callable[..., bytes]
HERE = "/admin/notices"


class Manager:
    """The manager's browser: it carries the form's token, and may send files."""

    def __init__(self, desk: Desk, who: str = "manager") -> None:
        self.client = desk.who(who).client
        page = self.client.get(f"{HERE}?kind=picture").get_data(as_text=True)
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(self, path: str, picture: bytes | None = None, **fields: Any) -> Any:
        told = {"csrf_token": self.token, "area": "", "seconds": "12", **fields}
        parts = [_part(f'name="{name}"', str(value).encode()) for name, value in told.items()]
        if picture is not None:
            parts.append(_part('name="picture"; filename="anh.png"', picture))
        # By hand: the client would lay five megabytes on the disk and leave them there.
        body = b"".join(parts) + b"--edge--\r\n"
        return self.client.post(f"{HERE}{path}", data=body, content_type="multipart/form-data; boundary=edge")

    def see(self, path: str = HERE) -> str:
        return str(self.client.get(path).get_data(as_text=True))


def _part(name: str, value: bytes) -> bytes:
    return b"--edge\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + value + b"\r\n"


@pytest.fixture
def manager(desk: Desk) -> Manager:
    return Manager(desk)


def test_a_notice_is_written_moved_switched_off_deleted_and_brought_back(
    desk: Desk, manager: Manager
) -> None:
    for text in ("Thông báo một", "Thông báo hai"):
        assert manager.send("", kind="notice", text=text, text_en="Notice").status_code == 303
    first, second = (row.id for row in Notice.select().order_by(Notice.id))
    moved = manager.send(f"/{second}/move", way="up")
    assert moved.headers["Location"] == f"{HERE}?moved={second}&way=up#n{second}"
    page = manager.see(moved.headers["Location"])
    assert page.index("Thông báo hai") < page.index("Thông báo một")
    assert page.count("data-focus") == 1, "the keyboard stays where it was"
    manager.send(f"/{second}/active", active="no")
    assert not Notice.get_by_id(second).active
    assert "Hoàn tác" not in manager.see()
    gone = manager.send(f"/{first}/delete")
    assert Notice.select().count() == 1
    assert "Hoàn tác" in manager.see(gone.headers["Location"])
    manager.send("/undo")
    assert sorted(row.text for row in Notice.select()) == ["Thông báo hai", "Thông báo một"]
    assert manager.send("/undo").status_code == 404, "once"


def test_a_refused_form_keeps_what_was_typed_and_says_why(manager: Manager) -> None:
    refused = manager.send("", kind="notice", text="Đang viết dở", seconds="1")
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Đang viết dở" in page
    assert 'role="alert"' in page
    late = manager.send("", kind="notice", text="x", first_day="2026-12-02", last_day="2026-12-01")
    assert "Ngày cuối phải sau" in late.get_data(as_text=True)
    assert Notice.select().count() == 0


def test_a_picture_is_served_by_its_digest_alone_and_for_long(
    desk: Desk, manager: Manager, paint: Paint
) -> None:
    assert manager.send("", paint(), kind="picture", text="Sơ đồ sảnh").status_code == 303
    address = re.search(r'src="(/media/[0-9a-f]{64}\.png)"', manager.see())[1]
    answer = desk.who("nobody").get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    for wrong in (
        address.replace(".png", ".svg"),
        address.replace(".png", ".html"),
        "/media/1.png",
        f"/media/{'0' * 64}.png",
        f"/media/{address[7:71].upper()}.png",
    ):
        assert desk.who("nobody").get(wrong).status_code == 404, wrong


def test_a_picture_may_be_five_megabytes_and_no_more_and_a_strangers_stays_small(
    desk: Desk, manager: Manager
) -> None:
    refused = manager.send("", b"\xff\xd8" + b"\0" * (MOST_BYTES - 2), kind="picture", text="Ảnh")
    assert "Không đọc được ảnh" in refused.get_data(as_text=True)
    over = manager.send("", b"\xff\xd8" + b"\0" * (MOST_BYTES + 100), kind="picture", text="Ảnh")
    assert "Tối đa 5 MB" in over.get_data(as_text=True)
    far_over = manager.send("", b"\0" * (MOST_BYTES + 200_000), kind="picture", text="Ảnh")
    assert far_over.status_code == 413
    nobody = desk.who("nobody").post(HERE, b"\0" * 200_000, Content_Type="multipart/form-data; boundary=edge")
    assert nobody.status_code in {302, 401, 413}
    assert Notice.select().count() == 0


def test_only_who_rules_the_hall_hangs_up_notices(desk: Desk) -> None:
    for who, status in (("officer", 403), ("manager", 200), ("admin", 200), ("nobody", 302)):
        assert desk.who(who).get(HERE, Accept="text/html").status_code == status, who


def test_how_boards_turn_their_pages_is_set_here(desk: Desk, manager: Manager) -> None:
    assert manager.send("/boards", board_seconds="20").status_code == 303
    board = hall_settings(desk.place.office.id).board
    assert (board.seconds, board.show_figures) == (20, False)
    assert manager.send("/boards", board_seconds="3").status_code == 422


def test_anybody_may_see_the_days_figures_and_nobody_in_them(desk: Desk) -> None:
    for _ in range(3):
        desk.issue()
    called = desk.call()
    page = desk.who("nobody").get("/today/demo").get_data(as_text=True)
    [row] = re.findall(r"<tr role=\"row\">(?:(?!</tr>).)*Hộ tịch.*?</tr>", page, re.DOTALL)
    assert re.findall(r"data-label=\"([^\"]+)\">(\d+)<", row) == [
        ("Đã cấp", "3"),
        ("Đang chờ", "2"),
        ("Đã gọi, phục vụ", "1"),
        ("Vắng mặt", "0"),
        ("Đã hủy", "0"),
        ("Chuyển ngày sau", "0"),
        ("Hết hiệu lực", "0"),
    ]
    assert called["label"] not in page
    assert "Figures of the day" in desk.who("nobody", "en").get("/today/demo?lang=en").get_data(as_text=True)
    assert desk.who("nobody").get("/today/nowhere").status_code == 404
