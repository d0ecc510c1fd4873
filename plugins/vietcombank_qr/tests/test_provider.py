"""The account as a way to pay: what `payment_providers` offers, makes and believes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.reference import ALPHABET, find_references, new_reference
from kiosk.plugin import NoticeRefused, PaymentRequest
from plugins.vietcombank_qr import check_settings, payment_providers, settings_schema
from plugins.vietcombank_qr.tests.test_notices import CASSO_ROW, SEPAY, SYNC, signed
from plugins.vietcombank_qr.vietqr import SAFE_PURPOSE, decode

NOW = datetime(2026, 11, 25, 2, 14, 7, tzinfo=UTC)
JSON = {"Content-Type": "application/json"}
SECRET = "mot-bi-mat-du-dai"


def settings(**more: object) -> dict[str, object]:
    values = {setting.key: setting.default for setting in settings_schema()}
    return {**values, "account": "1017588888", "holder": "TRUNG TAM", "secret": SECRET, **more}


def provider(**more: object):
    (made,) = payment_providers(1, settings(**more)) or ()
    return made


def test_nothing_is_offered_before_it_is_set_up() -> None:
    assert payment_providers(1, settings(account="")) is None
    assert payment_providers(1, settings(secret=None)) is None


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"account": "12"}, "account"),
        ({"account": "1017 588888"}, "account"),
        ({"terminal": "Quầy 1"}, "terminal"),
        ({"header": "X Sepay"}, "header"),
        ({"secret": "ngan"}, "secret"),
        ({"former_secret": "ngan"}, "former_secret"),
    ],
)
def test_settings_that_cannot_work_are_refused(values: dict[str, str], key: str) -> None:
    assert list(check_settings(settings(**values)) or {}) == [key]
    assert check_settings(settings()) is None


@given(
    amount=st.integers(1, 9_999_999_999_999),
    body=st.text(ALPHABET, min_size=6, max_size=6),
    prefix=st.sampled_from(["BG", "BGPH", "HCCBG"]),
)
def test_what_is_asked_for_is_in_the_code_and_found_in_the_memo(amount: int, body: str, prefix: str) -> None:
    letters = iter(body * 4 + "A" * 400)
    reference = new_reference(prefix, lambda _: next(letters))
    slip = provider(terminal="Q1").create(PaymentRequest(reference, amount, "000.00.17.H02-261124-0001"))
    read = decode(slip.payload)
    assert (read.amount, read.account, read.purpose, read.bank) == (amount, "1017588888", reference, "970436")
    assert len(read.purpose) <= SAFE_PURPOSE
    mangled = (
        f"MBVCB.501.{read.purpose.replace(' ', '').lower()[:5]}\n{read.purpose.replace(' ', '')[5:]}.CT tu X"
    )
    assert find_references(mangled, prefix).references == (reference,)


def test_a_bill_that_does_not_fit_is_left_out() -> None:
    assert decode(provider().create(PaymentRequest("BGPH 7K3Q2MX", 1, "x" * 26)).payload).bill == ""
    with pytest.raises(DomainError, match="payload_refused"):
        provider().create(PaymentRequest("BGPH 7K3Q2MX", 0, ""))


@pytest.mark.parametrize(
    ("shape", "body"), [("sepay", SEPAY), ("casso", {"data": [CASSO_ROW]}), ("vietqr", SYNC)]
)
def test_each_messenger_is_believed_by_its_own_proof(shape: str, body: dict[str, object]) -> None:
    raw = json.dumps(body).encode()
    read = provider(shape=shape).read_notice({**JSON, **signed(raw, NOW, SECRET)}, raw, NOW)
    assert [each.amount for each in read.transfers] == [31_160]
    assert read.reply == (
        {"error": False, "errorReason": None, "toastMessage": None, "object": {"reftransactionid": "T-77"}}
        if shape == "vietqr"
        else {"success": True}
    )
    by_key = provider(shape=shape, proof="key")
    assert by_key.read_notice({**JSON, "Authorization": f"Apikey {SECRET}"}, raw, NOW).transfers
    with pytest.raises(NoticeRefused, match="signature_missing"):
        by_key.read_notice({**JSON, **signed(raw, NOW, SECRET)}, raw, NOW)


def test_a_former_secret_is_believed_while_it_is_kept() -> None:
    raw = json.dumps(SEPAY).encode()
    old = {**JSON, **signed(raw, NOW, "khoa-cu-cua-nam-ngoai")}
    assert provider(former_secret="khoa-cu-cua-nam-ngoai").read_notice(old, raw, NOW).transfers
    with pytest.raises(NoticeRefused, match="signature_wrong"):
        provider().read_notice(old, raw, NOW)


def test_nothing_of_the_body_is_looked_at_before_the_sender_is_proven() -> None:
    with pytest.raises(NoticeRefused, match="signature_missing"):
        provider().read_notice({"Content-Type": "text/html"}, b"\xff not json", NOW)
    with pytest.raises(NoticeRefused, match="body_too_large"):
        provider().read_notice(JSON, b"x" * (64 * 1024 + 1), NOW)


def test_another_account_is_none_of_ours() -> None:
    raw = json.dumps({**SEPAY, "accountNumber": "0011"}).encode()
    with pytest.raises(NoticeRefused, match="account_not_ours"):
        provider().read_notice({**JSON, **signed(raw, NOW, SECRET)}, raw, NOW)
