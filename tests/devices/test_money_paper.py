"""Papers about money: the code a phone can read, the words, the receipts, on wide and narrow rolls and slow lines."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import zxingcpp

from kiosk.devices.encoding import encode_money
from kiosk.devices.models import printer_models
from kiosk.devices.money_paper import lay_out_money, money_lines
from kiosk.domain.money_slip import MoneySlip, money_slip_from_json, money_slip_to_json, money_text
from plugins.vietcombank_qr.vietqr import VietQr, encode

AT = datetime(2026, 11, 24, 14, 5, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
PAYLOAD = encode(
    VietQr(account="1017588888", amount=47_160, purpose="BGPH 7K3Q2MX", bill="000.00.17.H02-261124-0001")
)


def slip(**fields: object) -> MoneySlip:
    usual = {
        "office_title": "Trung tâm Phục vụ hành chính công", "office_subtitle": "Tỉnh Bắc Giang",
        "reference": "BGPH 7K3Q2MX", "dossiers": ("000.00.17.H02-261124-0001",), "phi": 31_160, "le_phi": 16_000,
        "amount": 47_160, "method": "Chuyển khoản VietQR (Vietcombank)", "at": AT, "payload": PAYLOAD,
        "account": "1017588888", "holder": "TRUNG TAM PHUC VU HCC", "bank": "Vietcombank", "until": AT, "counter": 4,
    }  # fmt: skip
    return MoneySlip(**{**usual, **fields})


RECEIPTS = (("BLP 0000001/2026", "phi", 31_160), ("BLLP 0000001/2026", "le_phi", 16_000))


@pytest.mark.parametrize("width", [576, 384])
def test_a_phone_reads_the_code_off_the_paper(width: int) -> None:
    drawing = lay_out_money(slip(), width)
    assert drawing.picture.width == width
    assert [each.text for each in zxingcpp.read_barcodes(drawing.picture.convert("L"))] == [PAYLOAD]


def test_a_paid_slip_shows_receipts_and_no_code() -> None:
    paid = slip(receipts=RECEIPTS)
    assert zxingcpp.read_barcodes(lay_out_money(paid, 576).picture.convert("L")) == []
    text = money_text(paid)
    assert ("Biên lai số BLP 0000001/2026", "Phí 31.160 đ") in text.rows
    assert text.in_words == "Bốn mươi bảy nghìn một trăm sáu mươi đồng"
    assert text.footer == "14:05 24/11/2026 · Quầy 4"
    assert money_text(slip(language="en")).heading == "Fees to pay"
    assert money_text(slip(repeat=2)).repeat_mark == "IN LẠI 2"


def test_a_slow_line_writes_it_with_letters() -> None:
    lines = [line.text for line in money_lines(slip(), 32, code=False)]
    assert "Mã thu: BGPH 7K3Q2MX" in lines
    assert not any(line.code for line in money_lines(slip(), 32, code=False))
    assert [line.code for line in money_lines(slip(), 32, code=True) if line.code] == [PAYLOAD]


def test_every_model_prints_it_and_its_facts_are_kept_as_json() -> None:
    for model in printer_models().values():
        assert encode_money(slip(), model).data
        assert encode_money(slip(receipts=RECEIPTS), model, slow_line=True).data
    for each in (slip(), slip(receipts=RECEIPTS, until=None)):
        assert money_slip_from_json(money_slip_to_json(each)) == each
