"""Money over HTTP: the contract of payments, a messenger's notices with everything that may be wrong about them."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest

from kiosk.models import Dossier, NoticeRefusal, Transfer
from kiosk.plugin import gate
from kiosk.services import manage_plugins
from plugins.vietcombank_qr.tests.test_notices import signed
from plugins.vietcombank_qr.vietqr import decode
from tests.api.desk import Desk, answered, everything_written, refused

ACCOUNT, SECRET = "1017588888", "bi-mat-cua-bai-thu-nghiem"
NOTICES = "/p/vietcombank_qr/notices/demo"
PAYER = "NGUYEN THI HUONG GIANG"
FEES = [{"kind": "phi", "case": "Phí", "amount": 31_160, "quantity": 1, "legal_basis": None}]


@pytest.fixture
def paying(desk: Desk) -> Desk:
    """A desk with a bank."""
    office, now = desk.place.office.id, desk.clock.moment
    values = {"account": ACCOUNT, "holder": "TRUNG TAM PVHCC", "secret": SECRET}
    manage_plugins.save_settings(office, "vietcombank_qr", values, now, "system:test")
    manage_plugins.enable(office, "vietcombank_qr", now, "system:test")
    return desk


def owing(desk: Desk) -> str:
    """A dossier that costs 31.160 đồng."""
    ticket = desk.issue()
    called = desk.call()
    assert called["id"] == ticket["id"]
    code = desk.receive(ticket=called["id"])["code"]
    Dossier.update(fees=FEES, fee_total=31_160).where(Dossier.code == code).execute()
    return str(code)


def body(memo: str, amount: Any = 31_160, **fields: Any) -> bytes:
    return json.dumps(
        {
            "id": 77, "accountNumber": ACCOUNT, "transferType": "in", "transferAmount": amount,
            "content": f"MBVCB.77.{memo}.CT tu 0071 {PAYER}", "referenceCode": "MBVCB.77",
            "transactionDate": "2026-11-23 09:41:00", **fields,
        }
    ).encode()  # fmt: skip


def send(desk: Desk, raw: bytes, secret: str = SECRET, **headers: str) -> Any:
    given = signed(raw, desk.clock.moment, secret)
    return desk.who("nobody").post(
        NOTICES, raw, **{name.replace("-", "_"): v for name, v in {**given, **headers}.items()}
    )


def test_a_payment_is_asked_for_and_paid(paying: Desk) -> None:
    code = owing(paying)
    officer = paying.who("officer")
    asked = answered(
        officer.post("/api/v1/payments", {"dossier": code, "method": "vietcombank_qr"}, key="k1"), 201
    )
    assert asked["amount"] == 31_160
    assert decode(asked["qr"]).amount == 31_160
    assert decode(asked["qr"]).purpose == asked["reference"]
    again = answered(
        officer.post("/api/v1/payments", {"dossier": code, "method": "vietcombank_qr"}, key="k1"), 201
    )
    assert again == asked
    bare = asked["reference"].replace(" ", "").lower()
    assert officer.get(f"/payments/{bare}/qr.svg").mimetype == "image/svg+xml"
    assert send(paying, body(bare)).get_json() == {"success": True}
    shown = answered(officer.get(f"/api/v1/payments/{bare}"))
    assert (shown["state"], shown["qr"], shown["receipts"][0]["amount"]) == ("paid", None, 31_160)
    assert officer.get(f"/payments/{bare}/qr.svg").status_code == 404
    assert (
        answered(officer.get(f"/api/v1/counters/{paying.place.counter.id}/payment"))["payment"]["state"]
        == "paid"
    )
    refused(officer.post("/api/v1/payments", {"dossier": code, "method": "cash"}), 409, "already_paid")


def test_the_phone_of_the_visit_shows_the_code(paying: Desk) -> None:
    code = owing(paying)
    ticket = Dossier.get(Dossier.code == code).ticket
    follow = f"/api/v1/follow/{ticket.token}"
    nobody = paying.who("nobody")
    assert answered(nobody.get(follow))["payment"] is None
    asked = answered(
        paying.who("officer").post("/api/v1/payments", {"ticket": ticket.id, "method": "qr"}), 201
    )
    shown = answered(nobody.get(follow))["payment"]
    assert (shown["state"], shown["qr"]) == ("waiting", asked["qr"])
    assert nobody.get(f"/t/{ticket.token}/pay.svg").status_code == 200
    send(paying, body(asked["reference"]))
    assert answered(nobody.get(follow))["payment"]["state"] == "paid"
    assert nobody.get(f"/t/{ticket.token}/pay.svg").status_code == 404


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"method": "qr"}, 422, "dossier_or_ticket"),
        ({"dossier": "000.00.00.H00-000000-0000", "method": "qr"}, 404, "unknown_dossier"),
        ({"ticket": 999_999, "method": "qr"}, 404, "unknown_ticket"),
        ({"dossier": "?", "method": "bitcoin"}, 404, "unknown_payment_method"),
        ({"dossier": "?", "method": "exempt"}, 422, "reason_needed"),
        ({"dossier": "?", "method": "cash", "counter": 999_999}, 404, "unknown_counter"),
        ({"dossier": "?", "method": "cash", "amount": 1}, 422, "unknown_field"),
    ],
)
def test_wishes_that_cannot_be(paying: Desk, wish: dict[str, Any], status: int, code: str) -> None:
    if wish.get("dossier") == "?":
        wish = {**wish, "dossier": owing(paying)}
    refused(paying.who("officer").post("/api/v1/payments", wish), status, code)


def test_who_may_do_what(paying: Desk) -> None:
    asked = answered(
        paying.who("officer").post("/api/v1/payments", {"dossier": owing(paying), "method": "cash"}), 201
    )
    moves = f"/api/v1/payments/{asked['reference'].replace(' ', '')}/moves"
    refused(paying.who("officer").post(moves, {"move": "transfer", "evidence": "1"}), 403, "not_allowed")
    refused(paying.who("officer").post(moves, {"move": "cash", "amount": 31_161}), 422, "amount_above_rest")
    refused(paying.who("other_admin").post(moves, {"move": "cash"}), 404, "unknown_payment")
    assert answered(paying.who("officer").post(moves, {"move": "cash"}))["state"] == "paid"


def test_everything_that_may_be_wrong_about_a_notice(paying: Desk, caplog: pytest.LogCaptureFixture) -> None:
    right = body("BGPH 7K3Q2MX")
    late = {"X-SePay-Timestamp": str(int((paying.clock.moment - timedelta(minutes=6)).timestamp()))}
    wrong = [
        (lambda: paying.who("nobody").post(NOTICES, right), 401, "signature_missing"),
        (lambda: send(paying, right, secret="another-secret-of-somebody"), 401, "signature_wrong"),
        (lambda: send(paying, right, **late), 401, "signature_wrong"),
        (lambda: send(paying, b"\xff\xfe not text"), 400, "body_malformed"),
        (lambda: send(paying, b'{"id": 1, "id": 2}'), 400, "body_malformed"),
        (lambda: send(paying, right, **{"Content-Type": "text/plain"}), 415, "content_type_wrong"),
        (lambda: send(paying, b"x" * (64 * 1024 + 1)), 413, "body_too_large"),
        (lambda: send(paying, body("x", -1)), 422, "field_malformed"),
        (lambda: send(paying, body("x", 31_160.5)), 422, "field_malformed"),
        (lambda: send(paying, body("x", "31.160")), 422, "field_malformed"),
        (lambda: send(paying, body("x", accountNumber="0011223344")), 422, "account_not_ours"),
    ]
    with caplog.at_level(logging.INFO):
        for act, status, code in wrong:
            refused(act(), status, code)
    assert not Transfer.select().exists()
    assert {row.code for row in NoticeRefusal.select()} == {
        "body_malformed", "content_type_wrong", "field_malformed", "account_not_ours",
    }  # fmt: skip
    figures = paying.who("nobody").get("/metrics").get_data(as_text=True)
    assert 'kiosk_bank_notices_total{outcome="signature_wrong"}' in figures
    assert PAYER not in caplog.text + figures
    refused(paying.who("nobody").post("/p/nobody/notices/demo", right), 404, "unknown_payment_method")
    refused(paying.who("nobody").post("/p/vietcombank_qr/notices/nowhere", right), 404, "unknown_office")
    # The other office has another secret, or none.
    refused(paying.who("nobody").post("/p/vietcombank_qr/notices/khac", right), 404, "unknown_payment_method")


def test_what_payers_wrote_stands_in_its_own_table(paying: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert send(paying, body("khong co ma")).status_code == 200
    todo = answered(paying.who("manager").get("/api/v1/money"))
    assert PAYER in todo["unmatched"][0]["memo"]
    assert PAYER not in everything_written().replace(memo_of(paying), "")
    assert PAYER not in caplog.text
    refused(paying.who("officer").get("/api/v1/money"), 403, "not_allowed")


def memo_of(_: Desk) -> str:
    from kiosk.database import bookkeeping, proxy

    with bookkeeping():
        return repr(proxy.execute_sql('SELECT * FROM "bank_words"').fetchall())


def test_a_plugin_that_is_off_offers_nothing_and_still_hears(paying: Desk) -> None:
    asked = answered(
        paying.who("officer").post("/api/v1/payments", {"dossier": owing(paying), "method": "qr"}), 201
    )
    office = paying.place.office.id
    manage_plugins.disable(office, "vietcombank_qr", paying.clock.moment, "system:test")
    gate.forget(office)
    offered = answered(paying.who("officer").get("/api/v1/payment-methods"))["items"]
    assert [each["key"] for each in offered] == ["cash", "card", "transfer", "exempt"]
    assert send(paying, body(asked["reference"])).status_code == 200
    shown = answered(paying.who("officer").get(f"/api/v1/payments/{asked['reference']}"))
    assert shown["state"] == "paid"


def test_a_statement_is_taken_over_http_and_refusals_are_counted(paying: Desk) -> None:
    admin = paying.who("manager")
    rows = "Ngày giao dịch;Số tham chiếu;Thay đổi;Số tiền;Mô tả\n23/11/2026;1;+;1,000;x"
    right = f"Số tài khoản;{ACCOUNT}\n{rows}".encode()
    card = answered(admin.post("/api/v1/statements", right, Content_Type="text/csv"), 201)
    assert (card["lines"], card["done"], card["finished"]) == (1, 0, False)
    assert answered(admin.get(f"/api/v1/statements/{card['id']}"))["lines"] == 1
    refused(admin.post("/api/v1/statements", right, Content_Type="text/csv"), 409, "statement_known")
    foreign = f"Số tài khoản;00112233\n{rows}".encode()
    refused(admin.post("/api/v1/statements", foreign, Content_Type="text/csv"), 422, "account_not_ours")
    refused(
        admin.post("/api/v1/statements", b"PK\x03\x04 no zip", Content_Type="text/csv"),
        422,
        "statement_unreadable",
    )
    refused(paying.who("officer").post("/api/v1/statements", right), 403, "not_allowed")
    figures = paying.who("nobody").get("/metrics").get_data(as_text=True)
    for code in ("taken", "statement_known", "account_not_ours", "statement_unreadable"):
        assert f'kiosk_bank_statements_total{{outcome="{code}"}}' in figures
