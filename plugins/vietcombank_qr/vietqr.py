"""VietQR payloads: what a bank's app reads from the code to fill in a transfer (EMVCo MPM, NAPAS's "QR format" §6).

Every object is `ID (2 digits) length (2 digits) value`; ASCII only, so that characters are bytes. The last object, 63,
is CRC-16/CCITT-FALSE over everything before its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kiosk.domain.money import LARGEST_AMOUNT

VIETCOMBANK = "970436"
GUID = "A000000727"
TO_ACCOUNT, TO_CARD = "QRIBFTTA", "QRIBFTTC"
DONG, COUNTRY = "704", "VN"
CRC_TAG = "6304"
LONGEST_OBJECT = 99
"""Two digits say how long an object is."""
LONGEST = 25
"""Characters of a bill number, reference, terminal or purpose."""
SAFE_PURPOSE = 19
"""What every bank's app carries over unharmed: unaccented, without specials (api.vietqr.vn)."""

_BIN = re.compile(r"\d{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_AMOUNT = re.compile(r"[1-9]\d{0,12}")
_CRC = re.compile(r"[0-9A-Fa-f]{4}")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_DIGITS = re.compile(r"[0-9]{2}")

_LONGEST_AT_TOP = {"52": 4, "55": 2, "56": 13, "57": 5, "59": 25, "60": 15, "61": 10}
_ADDITIONAL = {"01": "bill", "05": "reference", "07": "terminal", "08": "purpose"}


class BadPayload(ValueError):
    """A payload that must not be paid: `code` says what is wrong, `path` where ("38.01.01"; "" for the whole)."""

    def __init__(self, code: str, path: str = "", detail: str = "") -> None:
        super().__init__(": ".join(part for part in (code, path, detail) if part))
        self.code, self.path, self.detail = code, path, detail


@dataclass(frozen=True)
class VietQr:
    """A transfer to be made: `amount` in whole đồng, None for a code that leaves it to the payer.

    Raises BadPayload for anything a bank's app could misread.
    """

    account: str
    amount: int | None = None
    purpose: str = ""
    bill: str = ""
    reference: str = ""
    terminal: str = ""
    bank: str = VIETCOMBANK
    service: Literal["QRIBFTTA", "QRIBFTTC"] = "QRIBFTTA"

    def __post_init__(self) -> None:
        if not _BIN.fullmatch(self.bank):
            raise BadPayload("bank_malformed", "38.01.00", "expected six digits")
        if not _ACCOUNT.fullmatch(self.account):
            raise BadPayload("account_malformed", "38.01.01", "expected 1 to 19 letters and digits")
        if self.service not in {TO_ACCOUNT, TO_CARD}:
            raise BadPayload("service_unknown", "38.02", f"expected {TO_ACCOUNT} or {TO_CARD}")
        if self.amount is not None and not (type(self.amount) is int and 0 < self.amount <= LARGEST_AMOUNT):
            raise BadPayload("amount_malformed", "54", "expected whole đồng from 1, at most 13 digits")
        for tag, name in _ADDITIONAL.items():
            _check_text(getattr(self, name), f"62.{tag}")
        if (
            sum(4 + len(text) for name in _ADDITIONAL.values() if (text := getattr(self, name)))
            > LONGEST_OBJECT
        ):
            raise BadPayload("additional_too_long", "62", f"at most {LONGEST_OBJECT} characters in all")

    @property
    def dynamic(self) -> bool:
        """Made for one payment: it says how much."""
        return self.amount is not None


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE of the text's UTF-8 bytes, as four upper-case hex digits; "123456789" gives 29B1."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1) ^ 0x1021 if value & 0x8000 else value << 1
        value &= 0xFFFF
    return f"{value:04X}"


def encode(wanted: VietQr) -> str:
    """The payload of a transfer: dynamic when it has an amount, else static."""
    beneficiary = _object("00", wanted.bank) + _object("01", wanted.account)
    parts = [
        _object("00", "01"),
        _object("01", "12" if wanted.dynamic else "11"),
        _object("38", _object("00", GUID) + _object("01", beneficiary) + _object("02", wanted.service)),
        _object("53", DONG),
    ]
    if wanted.amount is not None:
        parts.append(_object("54", str(wanted.amount)))
    parts.append(_object("58", COUNTRY))
    texts = "".join(
        _object(tag, getattr(wanted, name)) for tag, name in _ADDITIONAL.items() if getattr(wanted, name)
    )
    if texts:
        parts.append(_object("62", texts))
    payload = "".join(parts) + CRC_TAG
    return payload + crc(payload)


def decode(payload: str) -> VietQr:
    """The transfer a payload asks for, if there is nothing at all wrong with it.

    A right CRC does not make a payload right: NAPAS's own example 6.1.1 gives an inner length of 12 for 13 digits.
    Objects that VietQR does not know are passed over, a CRC in small letters is read. Raises BadPayload.
    """
    if not _PRINTABLE.fullmatch(payload):
        raise BadPayload("not_ascii")
    top = _check_frame(payload)
    _expect(top, "00", {"01"}, "version_unknown")
    poi = _expect(top, "01", {"11", "12"}, "initiation_unknown")
    _expect(top, "53", {DONG}, "currency_not_dong")
    _expect(top, "58", {COUNTRY}, "country_not_vietnam")
    for tag, most in _LONGEST_AT_TOP.items():
        if len(top.get(tag, "")) > most:
            raise BadPayload("too_long", tag, f"at most {most}")
    if {"55", "56", "57"} & set(top):
        raise BadPayload("fee_on_top", "55", "a fee is the amount, no more")
    amount = _amount(top.get("54"))
    if (poi == "12") != (amount is not None):
        raise BadPayload("initiation_contradicts_amount", "01")
    bank, account, service = _beneficiary(top)
    texts = _additional(top.get("62"))
    return VietQr(account, amount, bank=bank, service=service, **texts)  # type: ignore[arg-type]  # checked by VietQr


def _object(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _check_text(value: str, path: str) -> None:
    if not _PRINTABLE.fullmatch(value):
        raise BadPayload("not_ascii", path)
    if len(value) > LONGEST:
        raise BadPayload("too_long", path, f"at most {LONGEST}")
    if value != value.strip():
        raise BadPayload("spaces_around", path)


def _check_frame(payload: str) -> dict[str, str]:
    """The top objects, once the CRC is last and right."""
    head, mark, value = payload[:-8], payload[-8:-4], payload[-4:]
    objects = list(_objects(payload, ""))
    if not objects or mark != CRC_TAG or objects[-1][0] != "63" or not _CRC.fullmatch(value):
        raise BadPayload("crc_missing", "63", "the last object is 63, four hex digits")
    if value.upper() != (right := crc(head + mark)):
        raise BadPayload("crc_wrong", "63", f"{value}, not {right}")
    top = _once(objects, "")
    if objects[0][0] != "00":
        raise BadPayload("out_of_order", "00", "the version comes first")
    return top


def _objects(text: str, path: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        tag, size = text[at : at + 2], text[at + 2 : at + 4]
        where = f"{path}.{tag}" if path else tag
        if not (_DIGITS.fullmatch(tag) and _DIGITS.fullmatch(size)):
            raise BadPayload("length_malformed", where, "two digits and two digits")
        end = at + 4 + int(size)
        if end > len(text):
            raise BadPayload("length_beyond_end", where, f"{size} characters are not there")
        if size == "00":
            raise BadPayload("object_empty", where)
        yield tag, text[at + 4 : end]
        at = end


def _once(objects: Iterable[tuple[str, str]], path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag, value in objects:
        if tag in found:
            raise BadPayload("object_twice", f"{path}.{tag}" if path else tag)
        found[tag] = value
    return found


def _expect(objects: dict[str, str], tag: str, allowed: set[str], code: str, path: str = "") -> str:
    where = f"{path}.{tag}" if path else tag
    if tag not in objects:
        raise BadPayload("object_missing", where)
    if objects[tag] not in allowed:
        raise BadPayload(code, where, objects[tag])
    return objects[tag]


def _amount(text: str | None) -> int | None:
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise BadPayload("amount_malformed", "54", "whole đồng, no leading zero, at most 13 digits")
    return int(text)


def _beneficiary(top: dict[str, str]) -> tuple[str, str, str]:
    if "38" not in top:
        raise BadPayload("object_missing", "38")
    account_information = _once(_objects(top["38"], "38"), "38")
    _expect(account_information, "00", {GUID}, "not_napas", "38")
    service = _expect(account_information, "02", {TO_ACCOUNT, TO_CARD}, "service_unknown", "38")
    if "01" not in account_information:
        raise BadPayload("object_missing", "38.01")
    inner = _once(_objects(account_information["01"], "38.01"), "38.01")
    for tag in ("00", "01"):
        if tag not in inner:
            raise BadPayload("object_missing", f"38.01.{tag}")
    if unexpected := set(inner) - {"00", "01"}:
        raise BadPayload("object_unexpected", f"38.01.{min(unexpected)}")
    return inner["00"], inner["01"], service


def _additional(text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    found = _once(_objects(text, "62"), "62")
    for tag, value in found.items():
        _check_text(value, f"62.{tag}")
    return {name: found[tag] for tag, name in _ADDITIONAL.items() if tag in found}
