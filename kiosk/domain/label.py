"""What stands on a parcel: whose it is, where it goes, and what the postman does at the door."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from kiosk.domain.document import printable
from kiosk.domain.money import format_dong


@dataclass(frozen=True, slots=True)
class ParcelLabel:
    """The facts on a label; amounts in đồng. Personal: name, address, phone."""

    office_title: str
    office_address: str
    number: str
    dossier: str
    name: str
    address: str
    phone: str
    collect: int = 0
    take_back: tuple[str, ...] = ()
    note: str = ""
    repeat: int = 0

    def __repr__(self) -> str:
        """Names nobody."""
        return f"ParcelLabel({self.number})"


@dataclass(frozen=True, slots=True)
class LabelText:
    """Every text of a label, safe to draw."""

    sender: str
    service: str
    number: str
    dossier: str
    to: str
    address: str
    phone: str
    duties: tuple[str, ...]
    repeat_mark: str


def label_text(label: ParcelLabel) -> LabelText:
    """Put the facts into words; labels are for postmen and always Vietnamese."""
    duties = ["Phát tận tay, kiểm tra giấy tờ tùy thân"]
    duties.append(f"Thu hộ: {format_dong(label.collect)}" if label.collect else "Không thu tiền")
    duties += [f"Thu lại: {each}" for each in label.take_back]
    if label.note:
        duties.append(label.note)
    return LabelText(
        sender=printable(label.office_title),
        service="BƯU CHÍNH CÔNG ÍCH · HÀNH CHÍNH CÔNG",
        number=spaced(label.number),
        dossier=f"Hồ sơ {label.dossier}",
        to=printable(label.name),
        address=printable(label.address),
        phone=printable(label.phone),
        duties=tuple(printable(each) for each in duties),
        repeat_mark=f"IN LẠI {label.repeat}" if label.repeat > 0 else "",
    )


def spaced(number: str) -> str:
    """A number as UPU S10 prints it: "EL 491 610 889 VN"."""
    return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}"


def label_to_json(label: ParcelLabel) -> dict[str, Any]:
    """The label as plain JSON values."""
    return {**asdict(label), "take_back": list(label.take_back)}


def label_from_json(values: dict[str, Any]) -> ParcelLabel:
    """The label back; KeyError or TypeError when the values are not a label's."""
    return ParcelLabel(**{**values, "take_back": tuple(values["take_back"])})
