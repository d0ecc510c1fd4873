"""Provinces by both maps: the 34 since 1/7/2025, and of which of the 63 before each was made (NQ 202/2025/QH15).

Communes changed as well; nobody publishes a table of them that we could ship, so an address keeps the words its owner
used, and only the province is known by both names.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.names import fold


@dataclass(frozen=True)
class Province:
    """A province or city under the centre; `made_of` are the names before 1/7/2025, its own included."""

    key: str
    name: str
    made_of: tuple[str, ...]
    city: bool = False

    @property
    def title(self) -> str:
        """As it stands in an address."""
        return f"thành phố {self.name}" if self.city else f"tỉnh {self.name}"


_CITIES = frozenset({"Hà Nội", "Huế", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"})
_MAP: tuple[tuple[str, ...], ...] = (
    ("An Giang", "Kiên Giang"),
    ("Bắc Ninh", "Bắc Giang"),
    ("Cà Mau", "Bạc Liêu"),
    ("Cao Bằng",),
    ("Cần Thơ", "Sóc Trăng", "Hậu Giang"),
    ("Đà Nẵng", "Quảng Nam"),
    ("Đắk Lắk", "Phú Yên"),
    ("Điện Biên",),
    ("Đồng Nai", "Bình Phước"),
    ("Đồng Tháp", "Tiền Giang"),
    ("Gia Lai", "Bình Định"),
    ("Hà Nội",),
    ("Hà Tĩnh",),
    ("Hải Phòng", "Hải Dương"),
    ("Hồ Chí Minh", "Bình Dương", "Bà Rịa – Vũng Tàu"),
    ("Huế", "Thừa Thiên Huế"),
    ("Hưng Yên", "Thái Bình"),
    ("Khánh Hòa", "Ninh Thuận"),
    ("Lai Châu",),
    ("Lạng Sơn",),
    ("Lào Cai", "Yên Bái"),
    ("Lâm Đồng", "Đắk Nông", "Bình Thuận"),
    ("Nghệ An",),
    ("Ninh Bình", "Hà Nam", "Nam Định"),
    ("Phú Thọ", "Vĩnh Phúc", "Hòa Bình"),
    ("Quảng Ngãi", "Kon Tum"),
    ("Quảng Ninh",),
    ("Quảng Trị", "Quảng Bình"),
    ("Sơn La",),
    ("Tây Ninh", "Long An"),
    ("Thái Nguyên", "Bắc Kạn"),
    ("Thanh Hóa",),
    ("Tuyên Quang", "Hà Giang"),
    ("Vĩnh Long", "Bến Tre", "Trà Vinh"),
)


def squeezed(text: str) -> str:
    """Letters and digits alone, without diacritics: what two spellings of a place have in common."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


PROVINCES = {
    squeezed(names[0]): Province(squeezed(names[0]), names[0], names, names[0] in _CITIES) for names in _MAP
}
_PREFIXES = ("thanhpho", "tinh", "tp")
_OTHER_NAMES = {"hcm": "hochiminh", "saigon": "hochiminh", "baria": "bariavungtau", "vungtau": "bariavungtau"}
_BY_NAME = {squeezed(name): (province, name) for province in PROVINCES.values() for name in province.made_of}


def find_province(text: str) -> tuple[Province, str] | None:
    """The province of today that a name means, and the name as its map writes it: an old one stays recognisable."""
    name = squeezed(text)
    for prefix in _PREFIXES:
        bare = name.removeprefix(prefix)
        if bare != name and (bare in _BY_NAME or bare in _OTHER_NAMES):
            name = bare
            break
    return _BY_NAME.get(_OTHER_NAMES.get(name, name))
