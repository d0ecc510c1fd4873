"""Payloads: those of the specification and of other libraries, each defect by itself, and every legal request."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.vietcombank_qr.vietqr import BadPayload, VietQr, crc, decode, encode

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
FEE = VietQr("1031933430", 31_160, purpose="BGPH 7K3Q2MX")


def sealed(body: str) -> str:
    """A payload with a right CRC, whatever is in it."""
    return f"{body}6304{crc(body + '6304')}"


def changed(old: str, new: str) -> str:
    """The fee's payload with one part changed, and the CRC put right again."""
    body = encode(FEE)[:-8]
    assert old in body
    return sealed(body.replace(old, new, 1))


def test_the_checksum_is_the_one_of_the_specification() -> None:
    assert crc("123456789") == "29B1"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["payload"][-4:])
def test_payloads_of_others(vector: dict[str, Any]) -> None:
    if "refused" in vector:
        with pytest.raises(BadPayload) as refusal:
            decode(vector["payload"])
        assert refusal.value.code == vector["refused"]
    else:
        found = decode(vector["payload"])
        assert {name: getattr(found, name) for name in vector["fields"]} == vector["fields"]
        assert encode(found) == vector["payload"]


def test_an_amount_is_never_rounded() -> None:
    assert decode(encode(FEE)).amount == 31_160
    assert "540531160" in encode(FEE)


def test_small_letters_in_the_checksum_and_unknown_objects_are_read() -> None:
    payload = encode(replace(FEE, amount=2_000_000))
    assert decode(payload[:-4] + payload[-4:].lower()).amount == 2_000_000
    assert decode(changed("5802VN", "5802VN8004ABCD")) == FEE


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("", "crc_missing"),
        ("000201", "crc_missing"),
        (encode(FEE)[:-8], "crc_missing"),
        (encode(FEE)[:-1] + "?", "crc_missing"),
        (encode(FEE) + "5802VN", "crc_missing"),
        (encode(FEE)[:-4] + "0000", "crc_wrong"),
        (encode(FEE).replace("31160", "31161"), "crc_wrong"),
        (encode(FEE).replace("BGPH", "BGPĐ"), "not_ascii"),
        (encode(FEE) + "\n", "not_ascii"),
        (changed("000201", "000202"), "version_unknown"),
        (changed("000201", ""), "out_of_order"),
        (sealed("010212" + encode(FEE)[:-8].replace("010212", "")), "out_of_order"),
        (changed("010212", ""), "object_missing"),
        (changed("010212", "010213"), "initiation_unknown"),
        (changed("010212", "010211"), "initiation_contradicts_amount"),
        (changed("540531160", ""), "initiation_contradicts_amount"),
        (changed("540531160", "540631160."), "amount_malformed"),
        (changed("540531160", "540831160.00"), "amount_malformed"),
        (changed("540531160", "5406-31160"), "amount_malformed"),
        (changed("540531160", "5406031160"), "amount_malformed"),
        (changed("540531160", "54010"), "amount_malformed"),
        (changed("540531160", "541412345678901234"), "amount_malformed"),
        (changed("540531160", "540531160540531160"), "object_twice"),
        (changed("540531160", "5400"), "object_empty"),
        (changed("540531160", "55020157031.5540531160"), "fee_on_top"),
        (changed("5303704", "5303840"), "currency_not_dong"),
        (changed("5303704", ""), "object_missing"),
        (changed("5802VN", "5802US"), "country_not_vietnam"),
        (changed("5802VN", "5802VN5926A COMPANY OF 26 CHARACTERS"), "too_long"),
        (changed("A000000727", "A000000728"), "not_napas"),
        (changed("0006970436", "0006970A36"), "bank_malformed"),
        (changed("QRIBFTTA", "QRIBFTTX"), "service_unknown"),
        (changed("1031933430", "10319-3430"), "account_malformed"),
        (changed("62", "6x"), "length_malformed"),
        (changed("6216", "6299"), "length_beyond_end"),
        (changed("0812BGPH 7K3Q2MX", "0812BGPH 7K3Q2M "), "spaces_around"),
        (changed("62160812BGPH 7K3Q2MX", "62300826ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "too_long"),
    ],
)
def test_every_defect_has_its_reason(payload: str, code: str) -> None:
    with pytest.raises(BadPayload) as refusal:
        decode(payload)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": 0}, "amount_malformed"),
        ({"amount": -1}, "amount_malformed"),
        ({"amount": 31_160.5}, "amount_malformed"),
        ({"amount": True}, "amount_malformed"),
        ({"amount": 10**13}, "amount_malformed"),
        ({"account": ""}, "account_malformed"),
        ({"account": "1" * 20}, "account_malformed"),
        ({"bank": "97043"}, "bank_malformed"),
        ({"service": "QRCASH"}, "service_unknown"),
        ({"purpose": "Hộ tịch"}, "not_ascii"),
        ({"purpose": "A" * 26}, "too_long"),
        (dict.fromkeys(("bill", "reference", "terminal", "purpose"), "A" * 21), "additional_too_long"),
    ],
)
def test_what_cannot_be_read_is_never_made(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(BadPayload) as refusal:
        VietQr(**{"account": "1031933430", "amount": 1, **fields})
    assert refusal.value.code == code


def plain(most: int) -> st.SearchStrategy[str]:
    """Text as it is printed: ASCII, no spaces around."""
    letters = string.ascii_letters + string.digits + " .-/:+()*"
    return st.text(letters, max_size=most).filter(lambda text: text == text.strip())


def made(**fields: Any) -> VietQr | None:
    """A request, or None for texts that are too long together."""
    try:
        return VietQr(**fields)
    except BadPayload as refusal:
        if refusal.code != "additional_too_long":
            raise
        return None


REQUESTS = st.builds(
    made,
    account=st.text(string.ascii_letters + string.digits, min_size=1, max_size=19),
    amount=st.none() | st.integers(1, 9_999_999_999_999),
    purpose=plain(25),
    bill=plain(25),
    reference=plain(25),
    terminal=plain(25),
    bank=st.text(string.digits, min_size=6, max_size=6),
    service=st.sampled_from(["QRIBFTTA", "QRIBFTTC"]),
).filter(bool)


@given(REQUESTS)
def test_whatever_is_asked_for_is_read_back(wanted: VietQr) -> None:
    payload = encode(wanted)
    assert decode(payload) == wanted
    assert payload.isascii()


@given(REQUESTS, st.data())
def test_one_wrong_character_is_never_paid(wanted: VietQr, data: st.DataObject) -> None:
    payload = encode(wanted)
    at = data.draw(st.integers(0, len(payload) - 1))
    other = data.draw(
        st.sampled_from(string.printable.strip()).filter(lambda c: c.upper() != payload[at].upper())
    )
    with pytest.raises(BadPayload):
        decode(payload[:at] + other + payload[at + 1 :])


@given(st.text(max_size=120))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadPayload):
        decode(text)
