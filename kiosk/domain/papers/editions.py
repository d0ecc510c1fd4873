"""Which forms there are, what they are called, and which edition of them holds on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.domain.errors import DomainError

EDITION_2025_FROM = date(2025, 9, 15)
"""The day TT 03/2025/TT-VPCP was signed and takes effect, in place of TT 01/2018/TT-VPCP."""


class Form(StrEnum):
    """The papers of the one-stop mechanism, by what they do; their numbers differ by edition."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"
    APOLOGY = "apology"
    STOP = "stop"
    CONTROL = "control"
    REGISTER = "register"


class Edition(StrEnum):
    """A set of forms as one circular prescribes it."""

    OF_2018 = "2018"
    OF_2025 = "2025"


CIRCULARS = {
    Edition.OF_2018: "Thông tư số 01/2018/TT-VPCP",
    Edition.OF_2025: "Thông tư số 03/2025/TT-VPCP",
}


@dataclass(frozen=True)
class Heading:
    """What a form is called in an edition: its number in the circular's annex and its title."""

    number: int
    title: str

    @property
    def label(self) -> str:
        """The number as printed in the corner of the form."""
        return f"Mẫu số {self.number:02d}"


HEADINGS: dict[Edition, dict[Form, Heading]] = {
    Edition.OF_2018: {
        Form.RECEIPT: Heading(1, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        Form.SUPPLEMENT: Heading(2, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        Form.REFUSAL: Heading(3, "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
        Form.APOLOGY: Heading(4, "Phiếu xin lỗi và hẹn lại ngày trả kết quả"),
        Form.CONTROL: Heading(5, "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        Form.REGISTER: Heading(6, "Sổ theo dõi hồ sơ"),
    },
    Edition.OF_2025: {
        Form.RECEIPT: Heading(1, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả"),
        Form.SUPPLEMENT: Heading(2, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ"),
        Form.REFUSAL: Heading(3, "Phiếu từ chối tiếp nhận giải quyết hồ sơ"),
        Form.APOLOGY: Heading(4, "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết"),
        Form.STOP: Heading(5, "Thông báo dừng giải quyết hồ sơ"),
        Form.CONTROL: Heading(6, "Phiếu kiểm soát quá trình giải quyết hồ sơ"),
        Form.REGISTER: Heading(7, "Sổ theo dõi hồ sơ"),
    },
}
"""Annexes of TT 01/2018/TT-VPCP and TT 03/2025/TT-VPCP."""


def edition_on(day: date) -> Edition:
    """The edition that holds on the day of the act (a receipt of 2024 reprinted today stays of 2018)."""
    return Edition.OF_2025 if day >= EDITION_2025_FROM else Edition.OF_2018


def heading(form: Form, edition: Edition) -> Heading:
    """A form's number and title in an edition; raises `form_not_in_edition` where it has none."""
    found = HEADINGS[edition].get(form)
    if found is None:
        raise DomainError("form_not_in_edition", circular=CIRCULARS[edition])
    return found
