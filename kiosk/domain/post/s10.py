"""Numbers of postal items: UPU S10, two letters, eight digits, a check digit and the country of the post."""

from __future__ import annotations

import re

from kiosk.domain.errors import DomainError

OURS = "VN"
LAST_SERIAL = 99_999_999
WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
LONGEST_TYPED = 40
_SHAPE = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_NOISE = re.compile(r"[\s.\-\u200b-\u200f\ufeff]+")
_LETTERS = re.compile(r"[A-Z]{2}")

_ISO_3166 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_ISO_3166.split())
"""Two-letter codes of ISO 3166-1."""


def check_digit(serial: int) -> int:
    """The check digit of an eight-digit serial: 11 - (Σ weight·digit mod 11), where 10 becomes 0 and 11 becomes 5 (UPU S10)."""
    if not 0 <= serial <= LAST_SERIAL:
        raise ValueError("a serial has eight digits")
    digits = (int(digit) for digit in f"{serial:08d}")
    remainder = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11
    return {10: 0, 11: 5}.get(11 - remainder, 11 - remainder)


def make_number(service: str, serial: int, country: str = OURS) -> str:
    """The number of a serial: make_number("EL", 49161088) gives "EL491610889VN"."""
    return f"{service}{serial:08d}{check_digit(serial)}{country}"


def read_number(text: object) -> str:
    """A number as typed or scanned, in one form, whatever country's post it is of.

    Raises DomainError("parcel_number_malformed") with `reason` shape | country | check_digit.
    """
    number = _NOISE.sub("", text).upper() if isinstance(text, str) and len(text) <= LONGEST_TYPED else ""
    match = _SHAPE.fullmatch(number)
    if match is None:
        raise _malformed("shape")
    if match[4] not in COUNTRIES:
        raise _malformed("country")
    if check_digit(int(match[2])) != int(match[3]):
        raise _malformed("check_digit")
    return number


def read_own_number(text: object) -> str:
    """A number of the Vietnamese post. Raises as `read_number`, and DomainError("parcel_number_foreign")."""
    number = read_number(text)
    if not number.endswith(OURS):
        raise DomainError("parcel_number_foreign", field="number", country=number[-2:])
    return number


def looks_like_number(text: str) -> bool:
    """Whether what was scanned is meant as a parcel's number, right or wrong."""
    return bool(re.fullmatch(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", _NOISE.sub("", text[:LONGEST_TYPED]).upper()))


def check_service(text: object) -> str:
    """The two letters before the serial. Raises DomainError("service_letters_malformed")."""
    letters = text.strip().upper() if isinstance(text, str) else ""
    if not _LETTERS.fullmatch(letters):
        raise DomainError("service_letters_malformed", field="service")
    return letters


def _malformed(reason: str) -> DomainError:
    return DomainError("parcel_number_malformed", field="number", reason=reason)
