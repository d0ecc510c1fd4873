"""Who applies: identity numbers, tax codes, phones, and the check of an applicant's data.

Errors name the field and the reason, never the value: personal data stays out of logs and replies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from kiosk.domain.errors import DomainError
from kiosk.domain.names import clean_name, clean_note

ApplicantKind = Literal["person", "organisation"]

EARLIEST_BIRTH = date(1900, 1, 1)
PERSONAL_ID_AS_TAX_CODE_FROM = date(2025, 7, 1)
"""From this day individuals use their 12-digit ID number as tax code (TT 86/2024/TT-BTC)."""

LONGEST_INPUT = 40
LONGEST_EMAIL = 254
LONGEST_ADDRESS = 300
LAST_PROVINCE = 96
CENTURY_OF_GENDER_DIGIT = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}
"""CCCD digit 4: even male, odd female; a pair of digits per century of birth."""

MASK_HEAD, MASK_TAIL, LEAST_HIDDEN = 3, 2, 4

_NOISE = re.compile(r"[\s.()\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""Spaces, dots, brackets, and the direction marks that come along when a number is pasted from a phone."""

_CCCD = re.compile(r"[0-9]{12}")
_CMND = re.compile(r"[0-9]{9}")
_PASSPORT = re.compile(r"(?=(?:[A-Z]*[0-9]){5})[A-Z][A-Z0-9]{5,9}")
_TAX_CODE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_MOBILE = re.compile(r"0[35789][0-9]{8}")
_LANDLINE = re.compile(r"02[0-9]{9}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_VIETNAMESE_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Applicant:
    """One applicant's checked personal data; its repr shows the kind only."""

    name: str = field(repr=False)
    kind: ApplicantKind = "person"
    id_number: str | None = field(default=None, repr=False)
    tax_code: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    deliver_to: str | None = field(default=None, repr=False)
    """Where the post brings the result, when it is not the address."""
    born: date | None = field(default=None, repr=False)


def check_applicant(raw: Mapping[str, Any], today: date) -> Applicant:
    """An applicant from a form or an API body; `today` is the office's day. None and "" mean not given.

    Raises `unknown_field`, `wrong_type`, `applicant_kind_unknown` and the errors of each field's check,
    all with `field`.
    """
    known = Applicant.__dataclass_fields__
    for key in raw:
        if key not in known:
            raise DomainError("unknown_field", field=str(key)[:LONGEST_INPUT])
    kind = raw.get("kind", "person")
    if kind not in get_args(ApplicantKind):
        raise DomainError("applicant_kind_unknown", field="kind", allowed=list(get_args(ApplicantKind)))
    email, born = raw.get("email"), raw.get("born")
    address, deliver_to = raw.get("address"), raw.get("deliver_to")
    id_number, tax_code, phone = raw.get("id_number"), raw.get("tax_code"), raw.get("phone")
    return Applicant(
        name=clean_name("" if raw.get("name") is None else raw["name"]),
        kind=kind,
        id_number=None if _not_given(id_number) else check_id_number(id_number, today),
        tax_code=None if _not_given(tax_code) else check_tax_code(tax_code, today),
        phone=None if _not_given(phone) else normalise_phone(phone),
        email=None if _not_given(email) else check_email(email),
        address=None if _not_given(address) else _check_address(address, "address"),
        deliver_to=None if _not_given(deliver_to) else _check_address(deliver_to, "deliver_to"),
        born=None if _not_given(born) else check_birth_date(born, today),
    )


def check_authorised(raw: Mapping[str, Any] | None, today: date) -> Applicant | None:
    """The person who hands in for the applicant, or None when nobody else does.

    Raises as `check_applicant`, the fields named "authorised.…", and `authorised_not_a_person`.
    """
    if not raw:
        return None
    try:
        person = check_applicant(raw, today)
    except DomainError as error:
        facts = {**error.fields, "field": f"authorised.{error.fields.get('field', 'name')}"}
        raise DomainError(error.code, **facts) from None
    if person.kind != "person":
        raise DomainError("authorised_not_a_person", field="authorised.kind")
    return person


def check_id_number(text: object, today: date | None = None) -> str:
    """A CCCD (12 digits), an old CMND (9 digits) or a passport number, without spaces and dots.

    A CCCD is only checked for plausibility (province 001-096, century and gender, with `today` no birth
    year to come): it has NO check digit. Raises `wrong_type`, `id_number_malformed` with `reason`.
    """
    number = _compact(text, "id_number").upper()
    if _CMND.fullmatch(number) or _PASSPORT.fullmatch(number):
        return number
    if not _CCCD.fullmatch(number):
        raise DomainError("id_number_malformed", field="id_number", reason="shape")
    if not 1 <= int(number[:3]) <= LAST_PROVINCE:
        raise DomainError("id_number_malformed", field="id_number", reason="province")
    century = CENTURY_OF_GENDER_DIGIT.get(number[3])
    if century is None or (today is not None and century + int(number[4:6]) > today.year):
        raise DomainError("id_number_malformed", field="id_number", reason="birth_year")
    return number


def check_tax_code(text: object, today: date | None = None) -> str:
    """A tax code, `NNNNNNNNNN` or `NNNNNNNNNN-NNN`, with a right check digit.

    The check digit is 10 - (Σ weight·digit mod 11); where that is 10 no such code exists. From 1/7/2025
    (by `today`) the 12-digit ID number of an individual also passes. Raises `wrong_type`,
    `tax_code_malformed` with `reason` shape | check_digit.
    """
    code = _compact(text, "tax_code", keep_dash=True)
    if _CCCD.fullmatch(code) and today is not None and today >= PERSONAL_ID_AS_TAX_CODE_FROM:
        try:
            return check_id_number(code, today)
        except DomainError:
            raise DomainError("tax_code_malformed", field="tax_code", reason="shape") from None
    match = _TAX_CODE.fullmatch(code)
    if match is None or match[1][2:9] == "0000000" or match[2] == "000":
        raise DomainError("tax_code_malformed", field="tax_code", reason="shape")
    digits = [int(digit) for digit in match[1]]
    weighted = sum(weight * digit for weight, digit in zip(_TAX_WEIGHTS, digits[:9], strict=True))
    if 10 - weighted % 11 != digits[9]:
        raise DomainError("tax_code_malformed", field="tax_code", reason="check_digit")
    return f"{match[1]}-{match[2]}" if match[2] else match[1]


def normalise_phone(text: object) -> str:
    """A Vietnamese mobile or landline number as +84…: 0204.3531.111 gives +842043531111.

    Accepts 0…, 84…, +84…, 0084… with dots, spaces, dashes and brackets. Raises `wrong_type`,
    `phone_malformed`.
    """
    digits = _compact(text, "phone")
    for prefix in ("+84", "0084", "84"):
        if digits.startswith(prefix):
            # Some write the trunk zero as well: +84 (0)912 345 678.
            digits = "0" + digits[len(prefix) :].removeprefix("0")
            break
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise DomainError("phone_malformed", field="phone")
    return "+84" + digits[1:]


def check_email(text: object) -> str:
    """An e-mail address of the usual shape, its domain in small letters; raises `email_malformed`."""
    if not isinstance(text, str):
        raise DomainError("wrong_type", field="email", expected="text")
    address = text.strip() if len(text) <= 2 * LONGEST_EMAIL else ""
    local, _, domain = address.rpartition("@")
    dots_misplaced = local.startswith(".") or local.endswith(".") or ".." in local
    if len(address) > LONGEST_EMAIL or dots_misplaced or not _EMAIL.fullmatch(address):
        raise DomainError("email_malformed", field="email")
    return f"{local}@{domain.lower()}"


def check_birth_date(value: object, today: date) -> date:
    """A day of birth from a date, `yyyy-mm-dd` or `dd/mm/yyyy`.

    Raises `wrong_type`, `date_malformed`, `date_in_future`, `date_too_early` (before 1900).
    """
    born = _read_date(value)
    if born > today:
        raise DomainError("date_in_future", field="born", latest=today.isoformat())
    if born < EARLIEST_BIRTH:
        raise DomainError("date_too_early", field="born", earliest=EARLIEST_BIRTH.isoformat())
    return born


def mask_id(number: str) -> str:
    """An identity number fit for a slip: 024099001189 gives 024*******89; a short one only stars."""
    hidden = len(number) - MASK_HEAD - MASK_TAIL
    if hidden < LEAST_HIDDEN:
        return "*" * len(number)
    return number[:MASK_HEAD] + "*" * hidden + number[-MASK_TAIL:]


def _not_given(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _compact(text: object, name: str, *, keep_dash: bool = False) -> str:
    """The text without noise and (unless kept) dashes; "", which fits no shape, if it is too long."""
    if not isinstance(text, str):
        raise DomainError("wrong_type", field=name, expected="text")
    if len(text) > LONGEST_INPUT:
        return ""
    joined = re.sub("[‐‑‒–—−]", "-", _NOISE.sub("", text))
    return joined if keep_dash else joined.replace("-", "")


def _check_address(text: object, name: str) -> str:
    return " ".join(clean_note(text, LONGEST_ADDRESS, name).split())


def _read_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise DomainError("wrong_type", field="born", expected="date")
    text = value.strip() if len(value) <= LONGEST_INPUT else ""
    try:
        if match := _VIETNAMESE_DATE.fullmatch(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        if _ISO_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise DomainError("date_malformed", field="born")
