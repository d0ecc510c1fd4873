"""Where a parcel goes: an address by the map of today, by the one before 1/7/2025, or a mixture, as people write it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.names import clean_name, clean_note
from kiosk.domain.people import check_email, normalise_phone
from kiosk.domain.post.provinces import PROVINCES, find_province

LONGEST_PART = 120
LONGEST_STREET = 200
_WARD = re.compile(r"(?:xã|phường|thị trấn|đặc khu|x\.|p\.|tt\.)\s*\S", re.IGNORECASE)
_DISTRICT = re.compile(r"(?:huyện|quận|thị xã|thành phố|h\.|q\.|tx\.|tp\.?)\s*\S", re.IGNORECASE)
_WARD_BY_NUMBER = re.compile(r"p(?:hường)?\.?\s*\d{1,2}", re.IGNORECASE)


@dataclass(frozen=True)
class Recipient:
    """Who gets a parcel and where; its repr shows nothing of it.

    `district` is of the map before 1/7/2025 and often empty; `province` is today's key, `province_name` the name the
    owner used, which may be of the old map.
    """

    name: str = field(repr=False)
    street: str = field(default="", repr=False)
    ward: str = field(default="", repr=False)
    district: str = field(default="", repr=False)
    province: str = field(default="", repr=False)
    province_name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)

    @property
    def line(self) -> str:
        """The address in one line, by today's map, with the province's former name where it was used."""
        return address_line(self.street, self.ward, self.district, self.province, self.province_name)


def address_line(street: str, ward: str, district: str, province: str, province_name: str) -> str:
    """An address in one line."""
    known = PROVINCES.get(province)
    end = known.title if known else province_name
    if known and province_name and province_name != known.name:
        end = f"{end} ({province_name} cũ)"
    return ", ".join(part for part in (street, ward, district, end) if part)


def read_address(text: str) -> dict[str, str]:
    """What can be told of an address written in one line: {street, ward, district, province}; the province as written.

    Parts are told by their commas and words ("xã", "phường", "huyện", ...); what is not understood stays in `street`.
    """
    parts = [part for part in (" ".join(piece.split()) for piece in re.split(r"[,;\n]", text or "")) if part]
    found = {"street": "", "ward": "", "district": "", "province": ""}
    if parts and find_province(parts[-1]):
        found["province"] = parts.pop()
    if parts and _DISTRICT.match(parts[-1]):
        found["district"] = parts.pop()
    if parts and (_WARD.match(parts[-1]) or _WARD_BY_NUMBER.fullmatch(parts[-1])):
        found["ward"] = parts.pop()
    found["street"] = ", ".join(parts)
    return found


def check_recipient(raw: Mapping[str, Any]) -> Recipient:
    """A recipient the post can find: a name, a commune or street, and a province.

    Raises DomainError("unknown_field", "address_missing", "unknown_province") and those of names, notes and phones.
    """
    for key in raw:
        if key not in _KNOWN:
            raise DomainError("unknown_field", field=f"recipient.{str(key)[:40]}")
    street = _part(raw, "street", LONGEST_STREET)
    ward, district = _part(raw, "ward", LONGEST_PART), _part(raw, "district", LONGEST_PART)
    typed = _part(raw, "province", LONGEST_PART)
    name = clean_name(raw.get("name") or "", field="recipient.name")
    if not typed or not (street or ward):
        missing = [part for part, value in (("ward", street or ward), ("province", typed)) if not value]
        raise DomainError("address_missing", field=f"recipient.{missing[0]}", missing=missing)
    province = find_province(typed)
    if province is None:
        raise DomainError("unknown_province", field="recipient.province")
    phone, email = raw.get("phone") or "", raw.get("email") or ""
    return Recipient(
        name=name,
        street=street,
        ward=ward,
        district=district,
        province=province[0].key,
        province_name=province[1],
        phone=normalise_phone(phone) if str(phone).strip() else "",
        email=check_email(email) if str(email).strip() else "",
    )


_KNOWN = frozenset({"name", "street", "ward", "district", "province", "phone", "email"})


def _part(raw: Mapping[str, Any], name: str, longest: int) -> str:
    value = raw.get(name)
    return " ".join(clean_note(value, longest, f"recipient.{name}").split()) if value else ""
