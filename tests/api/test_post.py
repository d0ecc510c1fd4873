"""The public post over HTTP: from an envelope to a delivered result, and every file a post should not send."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest

from kiosk.domain.post.s10 import make_number
from kiosk.models import Dossier, Parcel, ParcelNews, PostFile
from kiosk.services import manage_plugins
from kiosk.services.post.news_file import unfinished_files, work_off
from tests.api.desk import Desk, answered, everything_written, refused

OWNER, STREET = "Lê Thị Cúc", "Thôn Hoa Sen"
TO = {"name": OWNER, "street": STREET, "ward": "xã Tân Tiến", "province": "Bắc Giang", "phone": "0987654321"}
ENVELOPE = {
    "number": make_number("CP", 7),
    "procedure": "2.000488",
    "department": "justice",
    "applicant": {"name": OWNER, "phone": "0987654321", "address": f"{STREET}, xã Tân Tiến, tỉnh Bắc Giang"},
    "papers": [{"name": "Tờ khai yêu cầu cấp Phiếu LLTP", "told_originals": 1, "originals": 1}],
    "fee_collected": 200_000,
}


@pytest.fixture
def posting(desk: Desk) -> Desk:
    """A desk with a post and numbers."""
    office, now = desk.place.office.id, desk.clock.moment
    manage_plugins.save_settings(office, "bcci_post", {}, now, "system:test")
    manage_plugins.enable(office, "bcci_post", now, "system:test")
    answered(
        desk.who("manager").post(
            "/api/v1/post/numbers", {"service": "EL", "first": "49161000", "last": "49161099"}
        ),
        201,
    )
    return desk


def received(desk: Desk) -> str:
    """A dossier that came by post and has its result."""
    officer = desk.who("officer")
    record = answered(officer.post("/api/v1/post/handovers", {}), 201)
    answered(officer.post(f"/api/v1/post/handovers/{record['id']}/envelopes", ENVELOPE), 201)
    signed = answered(
        officer.post(f"/api/v1/post/handovers/{record['id']}/sign", {"postman": "Giáp Văn Bưu"}, key="s")
    )
    again = answered(
        officer.post(f"/api/v1/post/handovers/{record['id']}/sign", {"postman": "Giáp Văn Bưu"}, key="s")
    )
    assert again == signed
    code = str(signed["items"][0]["dossier"])
    answered(officer.post(f"/api/v1/dossiers/{code}/moves", {"move": "finish"}))
    return code


def parcel(desk: Desk, code: str, **fields: Any) -> str:
    body = {"dossier": code, "recipient": TO, **fields}
    return str(answered(desk.who("officer").post("/api/v1/post/parcels", body), 201)["number"])


def sent(desk: Desk, *numbers: str) -> dict[str, Any]:
    officer = desk.who("officer")
    manifest = answered(officer.post("/api/v1/post/manifests", {}), 201)
    for number in numbers:
        answered(officer.post(f"/api/v1/post/manifests/{manifest['id']}/lines", {"code": number}), 201)
    return answered(
        officer.post(f"/api/v1/post/manifests/{manifest['id']}/close", {"postman": "Giáp Văn Bưu"})
    )


def upload(desk: Desk, content: bytes | str, who: str = "manager", query: str = "") -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return desk.who(who).post(f"/api/v1/post/news{query}", raw)


def test_from_the_envelope_to_the_recipient(posting: Desk, caplog: pytest.LogCaptureFixture) -> None:
    officer = posting.who("officer")
    with caplog.at_level(logging.INFO):
        code = received(posting)
        number = parcel(posting, code)
        found = answered(officer.get(f"/api/v1/post/scan?code={code}"))
        assert (found["kind"], found["parcel"]["number"]) == ("parcel", number)
        assert (
            answered(officer.get(f"/api/v1/post/scan?code={ENVELOPE['number']}"))["dossier"]["code"] == code
        )
        manifest = sent(posting, number)
        assert manifest["number"] == "1/2026/BK-BCCI"
        posting.clock.pass_(minutes=60)
        answered(
            officer.post(
                f"/api/v1/post/parcels/{number}/moves",
                {"move": "delivered", "receiver": "self", "id_checked": True},
            )
        )
        looked_up = answered(posting.who("nobody").get(f"/api/v1/lookup/{code}"))
    assert looked_up["progress"]["state"] == "handed_over"
    assert looked_up["post"] == {
        "number": number,
        "title": "Đã giao",
        "sent_on": "2026-11-23",
        "delivered_on": "2026-11-23",
    }
    page = posting.who("nobody").get(f"/lookup/{code}?lang=vi").get_data(as_text=True)
    assert number in page
    assert "23/11/2026" in page
    assert OWNER not in page
    summary = answered(
        posting.who("manager").get("/api/v1/reports/period-summary?from=2026-11-01&to=2026-11-23")
    )
    assert summary["bcci"] == {"received": 1, "returned": 1, "both": 1, "total": 1}
    report = answered(posting.who("manager").get("/api/v1/reports/post?from=2026-11-01&to=2026-11-23"))
    assert (report["received"], report["returned"], report["both"]) == (1, 1, 1)
    assert report["procedures_listed"]["with_dossiers"] == 1
    said = caplog.text + everything_written()
    for personal in (OWNER, STREET, "0987654321", "987654321"):
        assert personal not in said


def test_papers_of_the_post(posting: Desk) -> None:
    code = received(posting)
    number = parcel(posting, code)
    officer = posting.who("officer")
    for address, start in (
        (f"/post/parcels/{number}/label.pdf", b"%PDF"),
        (f"/post/manifests/{sent(posting, number)['id']}.pdf", b"%PDF"),
        ("/post/manifests/1.xlsx", b"PK"),
        ("/post/handovers/1.pdf", b"%PDF"),
        ("/post/handovers/1.xlsx", b"PK"),
    ):
        response = officer.get(address)
        assert response.status_code == 200, address
        assert response.get_data().startswith(start), address
        assert response.headers["Cache-Control"] == "no-store"
    for form in ("pdf", "xlsx"):
        figures = posting.who("manager").get(f"/post/figures.{form}?from=2026-11-01&to=2026-11-23")
        assert figures.status_code == 200
    assert officer.get("/post/manifests/99.pdf").status_code == 404
    assert officer.get("/post/manifests/1.doc").status_code == 422
    open_one = answered(officer.post("/api/v1/post/manifests", {}), 201)["id"]
    assert officer.get(f"/post/manifests/{open_one}.pdf").status_code == 422


def test_what_the_desk_may_not_do(posting: Desk) -> None:
    officer = posting.who("officer")
    code = received(posting)
    refused(
        officer.post("/api/v1/post/parcels", {"dossier": code, "recipient": {"name": "An"}}),
        422,
        "missing_field",
    )
    refused(
        officer.post(
            "/api/v1/post/parcels", {"dossier": code, "recipient": {"name": "An", "province": "Huế"}}
        ),
        422,
        "address_missing",
    )
    refused(officer.get("/api/v1/post/scan?code=EL491610880VN"), 422, "parcel_number_malformed")
    refused(officer.get("/api/v1/post/scan?code=RB123456785GB"), 422, "parcel_number_foreign")
    refused(officer.get(f"/api/v1/post/scan?code={make_number('EL', 1)}"), 404, "unknown_parcel")
    number = parcel(posting, code)
    refused(officer.post(f"/api/v1/dossiers/{code}/moves", {"move": "hand_over"}), 409, "parcel_on_its_way")
    moves = f"/api/v1/post/parcels/{number}/moves"
    refused(officer.post(moves, {"move": "accepted"}), 409, "parcel_not_with_post")
    refused(officer.post(moves, {"move": "eaten"}), 422, "unknown_status")
    sent(posting, number)
    refused(
        officer.post(moves, {"move": "accepted", "at": "2026-11-23T08:00:00+07:00"}),
        409,
        "status_before_handover",
    )
    refused(
        officer.post(moves, {"move": "accepted", "at": "2026-11-23T08:00:00"}), 422, "moment_without_zone"
    )
    refused(officer.post(moves, {"move": "accepted", "at": "now"}), 422, "moment_malformed")
    refused(officer.post(moves, {"move": "delivered", "receiver": "dog"}), 422, "unknown_receiver")
    refused(officer.post(moves, {"move": "cancel"}), 409, "illegal_move")
    refused(upload(posting, "x", "officer"), 403, "not_allowed")
    refused(
        officer.post("/api/v1/post/money", {"numbers": [], "amount": 0, "evidence": "x"}), 403, "not_allowed"
    )
    assert Parcel.get().state == "handed_over"


def test_a_file_with_a_wrong_row_names_it_and_keeps_nothing(posting: Desk) -> None:
    number = parcel(posting, received(posting))
    sent(posting, number)
    posting.clock.pass_(minutes=120)
    at = (posting.clock.moment - timedelta(minutes=60)).strftime("%d/%m/%Y %H:%M:%S")
    head = "\ufeffSố hiệu;Trạng thái;Thời gian;Người nhận"
    good = f"{number};Đã nhận gửi;{at};"
    content = "\r\n".join([head, good, f"{make_number('EL', 5)};Đã phát;{at};{OWNER}", f"{number};Bay;{at};"])
    refused(upload(posting, content), 422, "post_rows_refused")
    answer = upload(posting, content).get_json()["error"]
    assert [(each["row"], each["code"]) for each in answer["fields"]["rows"]] == [
        (3, "unknown_parcel"),
        (4, "unknown_status"),
    ]
    assert (answer["fields"]["total"], answer["fields"]["good"]) == (2, 1)
    assert (PostFile.select().count(), ParcelNews.select().count()) == (0, 0)
    taken = answered(upload(posting, content, query="?leave_out=true"), 201)
    assert (taken["rows"], taken["left_out"], taken["finished"]) == (1, 2, False)
    work_off(unfinished_files()[0], posting.clock.moment)
    assert answered(posting.who("officer").get(f"/api/v1/post/news/{taken['id']}"))["moved"] == 1
    refused(upload(posting, b"\x00\x01"), 422, "post_file_unreadable")
    refused(upload(posting, "Số hiệu;Trạng thái;Thời gian\n"), 422, "post_file_empty")
    figures = posting.who("nobody").get("/metrics").get_data(as_text=True)
    assert (
        'kiosk_post_files_total{outcome="post_rows_refused"} 1.0' in figures or "post_rows_refused" in figures
    )
    page = posting.who("manager").post("/post/news", {}, method="GET").get_data(as_text=True)
    assert "Đã tải lên" in page


def test_without_a_post_the_pages_say_so(desk: Desk) -> None:
    officer = desk.who("officer")
    page = officer.get("/post?lang=vi").get_data(as_text=True)
    assert "Chưa bật phần mở rộng bưu chính nào" in page
    refused(officer.post("/api/v1/post/handovers", {}), 409, "no_postal_carrier")
    refused(officer.post("/api/v1/post/manifests", {}), 409, "no_postal_carrier")
    assert Dossier.select().count() == 0
