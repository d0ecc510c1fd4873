"""Dossier codes, procedure codes and the check code of a queue slip: reading, writing, refusing."""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from kiosk.domain.errors import DomainError

CodeForm = Literal["tt01", "qd20"]

USUAL_SERIAL_WIDTH = 4
"""TT 01/2018 Đ.19; ministry portals use 6 or 7, and our own 10,000th dossier of a day takes 5."""

WIDEST_SERIAL = 7
CENTURY = 2000
LONGEST_CODE = 64

_AGENCY: dict[str, re.Pattern[str]] = {
    "tt01": re.compile(r"[0-9]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z][0-9]{2}"),
    "qd20": re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{2,3}){0,4}"),
}
_DOSSIER = re.compile(r"(?P<agency>[0-9A-Z.]+)-(?P<day>[0-9]{6})-(?P<serial>[0-9]{4,7})")
_PROCEDURE = re.compile(r"([1-3]\.[0-9]{6})(?:\.[0-9]{3}\.[0-9A-Z]{2}\.[0-9A-Z]{2}\.[A-Z][0-9]{2})?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))

CHECK_ALPHABET = "346789ACDEFGHJKMNPQRTVWXY"
"""Of each pair that looks alike (0 O, 1 I L, 2 Z, 5 S, 8 B, U V) at most one: people read it off a slip."""

CHECK_LENGTH = 4


@dataclass(frozen=True)
class DossierCode:
    """One dossier's code: agency, day of receipt, number within the agency's day.

    `form` is "tt01" for `000.00.NN.H02-220614-0001` (TT 01/2018 Đ.19) and "qd20" for
    `H02.NN-220614-0001` (QĐ 20/2020). `width` is the least number of serial digits, so that a code read
    from another system is written back as it came. Raises `dossier_code_malformed` with a `reason`.
    """

    form: CodeForm
    agency: str
    day: date
    serial: int
    width: int = USUAL_SERIAL_WIDTH

    def __post_init__(self) -> None:
        pattern = _AGENCY.get(self.form)
        if pattern is None:
            raise _malformed("form")
        if not isinstance(self.agency, str) or not pattern.fullmatch(self.agency):
            raise _malformed("agency")
        if isinstance(self.day, datetime) or not CENTURY <= self.day.year < CENTURY + 100:
            raise _malformed("day")
        if isinstance(self.serial, bool) or not 1 <= self.serial < 10**WIDEST_SERIAL:
            raise _malformed("serial")
        if not USUAL_SERIAL_WIDTH <= self.width <= WIDEST_SERIAL:
            raise _malformed("serial")

    def __str__(self) -> str:
        return f"{self.agency}-{self.day:%y%m%d}-{self.serial:0{self.width}d}"


def format_dossier_code(form: CodeForm, *agency: str, day: date, serial: int) -> str:
    """The code of the `serial`-th dossier (from 1) an agency receives on a day.

    The agency comes whole (`"H02.NN"`) or in parts (`"H02", "NN"`). Number 10,000 and later simply need
    more digits: no number is reused and none is refused before the ten-millionth.
    """
    return str(DossierCode(form, ".".join(agency).upper(), day, serial))


def parse_dossier_code(text: str) -> DossierCode:
    """Read a code of either form as typed or scanned: any case, stray spaces, any dash.

    Raises `dossier_code_malformed` with `reason` shape | agency | day | serial.
    """
    tidy = _tidy(text)
    match = _DOSSIER.fullmatch(tidy) if tidy is not None else None
    if match is None:
        raise _malformed("shape")
    digits = match["day"]
    try:
        day = date(CENTURY + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        raise _malformed("day") from None
    form: CodeForm = "tt01" if match["agency"][0].isdigit() else "qd20"
    serial = match["serial"]
    return DossierCode(form, match["agency"], day, int(serial), len(serial))


def normalise_procedure_code(text: str) -> str:
    """The short form `N.NNNNNN` that names a procedure, from it or from `N.NNNNNN.000.00.00.Hxx`.

    Lists since 2025 print the short form only, and the tail changes when provinces merge; procedures
    are keyed by (short code, department). Raises `procedure_code_malformed`.
    """
    tidy = _tidy(text)
    match = _PROCEDURE.fullmatch(tidy) if tidy is not None else None
    if match is None:
        raise DomainError("procedure_code_malformed")
    return match[1]


def full_procedure_code(text: str, agency: str) -> str:
    """The 2020-2025 long form for an agency such as `000.00.00.H02`; raises `procedure_code_malformed`."""
    long_form = f"{normalise_procedure_code(text)}.{agency.upper()}"
    if not _PROCEDURE.fullmatch(long_form):
        raise DomainError("procedure_code_malformed")
    return long_form


def check_code(secret: bytes, label_day: str) -> str:
    """Four characters that only this office can compute for a ticket label and its day.

    Printed on the slip, so that a slip made at home is recognised at the counter. Raises ValueError
    when the secret is empty.
    """
    if not secret:
        raise ValueError("a check code needs a secret")
    text = unicodedata.normalize("NFC", label_day)
    number = int.from_bytes(hmac.digest(secret, text.encode(), "sha256"))
    characters = []
    for _ in range(CHECK_LENGTH):
        number, place = divmod(number, len(CHECK_ALPHABET))
        characters.append(CHECK_ALPHABET[place])
    return "".join(characters)


def check_code_matches(secret: bytes, label_day: str, typed: str) -> bool:
    """Whether a typed check code is right, in constant time; case and spaces do not matter."""
    given = "".join(typed.split()).upper()
    return hmac.compare_digest(check_code(secret, label_day).encode(), given.encode("utf-8", "replace"))


def _tidy(text: object) -> str | None:
    """Upper-case ASCII without spaces, or None where no code can be in it."""
    if not isinstance(text, str) or len(text) > LONGEST_CODE:
        return None
    tidy = "".join(text.split()).translate(_DASHES)
    return tidy.upper() if tidy.isascii() else None


def _malformed(reason: str) -> DomainError:
    return DomainError("dossier_code_malformed", reason=reason)
