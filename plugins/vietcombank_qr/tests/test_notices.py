"""Notices as messengers send them: recorded shapes, and whatever is wrong with them."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.vietcombank_qr import notices
from plugins.vietcombank_qr.notices import NoticeRefused

NOW = datetime(2026, 11, 25, 2, 14, 7, tzinfo=UTC)
SECRET = "mot-bi-mat-du-dai"
JSON = {"Content-Type": "application/json; charset=utf-8"}

SEPAY = {
    "id": 92704, "gateway": "Vietcombank", "transactionDate": "2026-11-25 09:14:02", "accountNumber": "1017588888",
    "code": None, "content": "MBVCB.5017712.BGPH7K3Q2MX.CT tu 0071000888888 TRAN VAN AN toi 1017588888", "transferType": "in",
    "transferAmount": 31160, "accumulated": 19077000, "subAccount": None, "referenceCode": "MBVCB.5017712", "description": "",
}  # fmt: skip
CASSO_ROW = {
    "id": 2841, "tid": "5017712", "description": "BGPH 7K3Q2MX", "amount": 31160, "cusum_balance": 19077000,
    "when": "2026-11-25 09:14:02", "bank_sub_acc_id": "1017588888",
}  # fmt: skip
SYNC = {
    "bankaccount": "1017588888", "amount": 31160, "transType": "C", "content": "VQR BGPH", "transactionid": "T-77",
    "transactiontime": 1795572842000, "referencenumber": "FT26329", "orderId": "BGPH 7K3Q2MX", "terminalCode": "Q1", "sign": "x",
}  # fmt: skip
RECORDED = {"sepay": SEPAY, "casso": {"error": 0, "data": [CASSO_ROW]}, "vietqr": SYNC}


def signed(body: bytes, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-SePay-Signature": f"sha256={digest}", "X-SePay-Timestamp": stamp}


@pytest.mark.parametrize("shape", sorted(RECORDED))
def test_a_recorded_notice_is_read(shape: str) -> None:
    body = notices.read_body(JSON, json.dumps(RECORDED[shape]).encode())
    (transfer,) = notices.READERS[shape](body)
    assert (transfer.account, transfer.amount, transfer.incoming) == ("1017588888", 31_160, True)
    assert transfer.at == datetime(2026, 11, 25, 2, 14, 2, tzinfo=UTC)
    assert "BGPH" in transfer.memo
    assert transfer.teller_id in {"92704", "2841", "T-77"}
    assert transfer.bank_reference in {"MBVCB.5017712", "5017712", "FT26329"}


def test_money_that_went_out_says_so() -> None:
    assert not notices.read_sepay({**SEPAY, "transferType": "out"})[0].incoming
    assert not notices.read_vietqr_sync({**SYNC, "transType": "D"})[0].incoming
    out = notices.read_casso({"data": [{**CASSO_ROW, "amount": -31_160}]})[0]
    assert (out.incoming, out.amount) == (False, 31_160)


def test_an_order_joins_the_memo_only_where_the_content_lacks_it() -> None:
    assert notices.read_vietqr_sync(SYNC)[0].memo == "VQR BGPH BGPH 7K3Q2MX"
    assert notices.read_vietqr_sync({**SYNC, "content": "x BGPH 7K3Q2MX"})[0].memo == "x BGPH 7K3Q2MX"
    assert notices.read_vietqr_sync({**SYNC, "transactiontime": 1795572842})[0].at.second == 2


# ---- who sends


@given(body=st.binary(max_size=200))
def test_a_signed_body_passes_with_the_old_secret_and_the_new(body: bytes) -> None:
    notices.check_hmac([SECRET], signed(body), body, NOW)
    notices.check_hmac(["moi", SECRET], signed(body), body, NOW)
    with pytest.raises(NoticeRefused, match="signature_wrong"):
        notices.check_hmac(["moi"], signed(body), body, NOW)


@given(body=st.binary(min_size=1, max_size=60), data=st.data())
def test_one_changed_bit_is_seen(body: bytes, data: Any) -> None:
    at = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(NoticeRefused, match="signature_wrong"):
        notices.check_hmac([SECRET], signed(body), bytes(changed), NOW)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"X-SePay-Signature": ""}, "signature_missing"),
        ({"X-SePay-Timestamp": ""}, "signature_missing"),
        ({"X-SePay-Timestamp": "gestern"}, "timestamp_malformed"),
        ({"X-SePay-Timestamp": "-5"}, "timestamp_malformed"),
        ({"X-SePay-Timestamp": "9" * 40}, "timestamp_malformed"),
        ({"X-SePay-Timestamp": str(int(NOW.timestamp()) + 1)}, "signature_wrong"),
        ({"X-SePay-Signature": "sha256=ääää"}, "signature_wrong"),
    ],
)
def test_a_signature_that_proves_nothing_is_refused(change: dict[str, str], code: str) -> None:
    with pytest.raises(NoticeRefused) as refused:
        notices.check_hmac([SECRET], {**signed(b"{}"), **change}, b"{}", NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("minutes", "code"), [(-5, None), (5, None), (-5.1, "timestamp_old"), (5.1, "timestamp_ahead")]
)
def test_a_notice_is_good_for_five_minutes(minutes: float, code: str | None) -> None:
    sent = signed(b"{}", NOW + timedelta(minutes=minutes))
    if code is None:
        notices.check_hmac([SECRET], sent, b"{}", NOW)
        return
    with pytest.raises(NoticeRefused, match=code):
        notices.check_hmac([SECRET], sent, b"{}", NOW)


def test_an_empty_secret_lets_nobody_in() -> None:
    for secrets in ([], [""]):
        with pytest.raises(NoticeRefused, match="signature_wrong"):
            notices.check_hmac(secrets, signed(b"{}", secret=""), b"{}", NOW)
        with pytest.raises(NoticeRefused, match="signature_wrong"):
            notices.check_key(secrets, {"Authorization": "Apikey x"})


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Apikey {SECRET}"},
        {"authorization": f"bearer  {SECRET} "},
        {"Secure-Token": SECRET},
    ],
)
def test_a_secret_word_opens(headers: dict[str, str]) -> None:
    notices.check_key(["cu", SECRET], headers)
    with pytest.raises(NoticeRefused, match="signature_wrong"):
        notices.check_key(["cu"], headers)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "signature_missing"),
        ({"Authorization": SECRET}, "signature_missing"),
        ({"Authorization": "Basic abc"}, "signature_missing"),
        ({"Authorization": f"Apikey {SECRET}x"}, "signature_wrong"),
        ({"Secure-Token": SECRET[:-1]}, "signature_wrong"),
    ],
)
def test_a_wrong_word_does_not(headers: dict[str, str], code: str) -> None:
    with pytest.raises(NoticeRefused, match=code):
        notices.check_key([SECRET], headers)


# ---- what is sent


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        (JSON, b" " * (notices.MOST_BYTES + 1), "body_too_large"),
        ({"Content-Type": "text/plain"}, b"{}", "content_type_wrong"),
        ({}, b"{}", "content_type_wrong"),
        (JSON, b"\xff\xfe{}", "body_malformed"),
        (JSON, b"{", "body_malformed"),
        (JSON, b'{"amount": NaN}', "body_malformed"),
        (JSON, b'{"amount": 1, "amount": 2}', "body_malformed"),
        (JSON, b"[" * 60_000, "body_malformed"),
    ],
)
def test_a_body_that_is_no_json_of_ours_is_refused(headers: dict[str, str], body: bytes, code: str) -> None:
    with pytest.raises(NoticeRefused, match=code):
        notices.read_body(headers, body)


@pytest.mark.parametrize("shape", sorted(RECORDED))
@pytest.mark.parametrize("body", [None, [], "x", 5, {}, {"data": []}, {"data": [5]}, {"data": [{}] * 101}])
def test_another_shape_is_refused(shape: str, body: Any) -> None:
    with pytest.raises(NoticeRefused):
        notices.READERS[shape](body)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("id", None, "field_missing"),
        ("id", "", "field_missing"),
        ("id", {}, "field_malformed"),
        ("id", True, "field_malformed"),
        ("accountNumber", "1" * 1001, "field_malformed"),
        ("content", "a\x00b", "field_malformed"),
        ("transferAmount", -5, "field_malformed"),
        ("transferAmount", 31160.5, "field_malformed"),
        ("transferAmount", 0, "field_malformed"),
        ("transferAmount", None, "field_malformed"),
        ("transferType", "both", "field_malformed"),
        ("transactionDate", "25/11/2026", "field_malformed"),
        ("transactionDate", None, "field_missing"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_not_repeated(field: str, value: Any, code: str) -> None:
    with pytest.raises(NoticeRefused) as refused:
        notices.read_sepay({**SEPAY, field: value})
    assert (refused.value.code, refused.value.path) == (code, field)
    assert "TRAN VAN AN" not in str(refused.value)


@given(body=st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                         lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*SEPAY, *CASSO_ROW, *SYNC, "data"]), inner, max_size=6)))  # fmt: skip
def test_whatever_is_sent_is_read_or_refused(body: Any) -> None:
    for read in notices.READERS.values():
        try:
            found = read(body)
        except NoticeRefused:
            continue
        assert all(each.amount > 0 for each in found)
