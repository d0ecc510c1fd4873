"""The facts of each paper about one dossier or application: all that is printed, and nothing looked up later.

Moments are aware and already in the office's zone. `code` is None for an application that never became a
dossier. An empty text leaves a dotted line to be filled in by hand. Personal data is kept out of `repr`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from kiosk.domain.deadlines import Punctuality, Term
from kiosk.domain.money import FeeLine
from kiosk.domain.papers.editions import Form
from kiosk.domain.people import mask_id

LENGTH_OF_PERSONAL_ID = 12


@dataclass(frozen=True)
class Head:
    """Who issues the paper (NĐ 30/2020): the agency above, the centre that signs, the place before the date."""

    agency: str
    centre: str
    place: str


@dataclass(frozen=True)
class Party:
    """Whose dossier it is, with the identity number already masked; ValueError if it is not.

    `submitter` is who stood at the counter, where that was somebody else.
    """

    name: str = field(repr=False)
    address: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    id_number_masked: str = field(default="", repr=False)
    tax_code: str = field(default="", repr=False)
    submitter: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.id_number_masked and "*" not in self.id_number_masked:
            raise ValueError("the identity number of a party has to be masked")
        if len(self.tax_code) == LENGTH_OF_PERSONAL_ID and self.tax_code.isdigit():
            raise ValueError("a personal identity number used as tax code has to be masked")

    @classmethod
    def masking(
        cls,
        name: str,
        *,
        id_number: str | None = None,
        tax_code: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        address: str | None = None,
        submitter: str = "",
    ) -> Party:
        """A party from kept data: masks the identity number, and a tax code that is one (TT 86/2024/TT-BTC)."""
        tax = tax_code or ""
        return cls(
            name=name,
            address=address or "",
            phone=phone or "",
            email=email or "",
            id_number_masked=mask_id(id_number) if id_number else "",
            tax_code=mask_id(tax) if len(tax) == LENGTH_OF_PERSONAL_ID and tax.isdigit() else tax,
            submitter=submitter,
        )


@dataclass(frozen=True)
class Sheet:
    """One paper handed in: how many originals, certified copies and plain copies of it."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0


@dataclass(frozen=True)
class Missing:
    """One paper asked for, and what has to be done about it."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class SecondStage:
    """The second appointment of a procedure in two stages, such as after a tax has been paid."""

    received_at: datetime | None
    due: date | datetime | None


@dataclass(frozen=True, kw_only=True)
class ReceiptSlip:
    """Giấy tiếp nhận hồ sơ và hẹn trả kết quả; printed as two copies. `delivery` says where the result is collected."""

    form: ClassVar[Form] = Form.RECEIPT

    head: Head
    code: str
    desk: str
    party: Party
    request: str
    sheets: tuple[Sheet, ...]
    sets: int
    term: Term | None
    received_at: datetime
    due: date | datetime | None
    delivery: str
    officer: str
    fees: tuple[FeeLine, ...] = ()
    second_stage: SecondStage | None = None
    book: str = ""
    book_entry: str = ""
    lookup_site: str = ""
    rating_url: str | None = None

    def __post_init__(self) -> None:
        _check_aware(self.received_at, self.due)

    @property
    def day(self) -> date:
        """The day of the act."""
        return self.received_at.date()


@dataclass(frozen=True, kw_only=True)
class SupplementSlip:
    """Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ: what is missing, asked for once and completely (NĐ 61/2018 Đ.15.3)."""

    form: ClassVar[Form] = Form.SUPPLEMENT

    head: Head
    number: str
    day: date
    code: str | None
    desk: str
    party: Party
    request: str
    missing: tuple[Missing, ...]
    reason: str
    officer: str
    officer_phone: str = ""
    lookup_site: str = ""
    rating_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefusalSlip:
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ, with the reason in full."""

    form: ClassVar[Form] = Form.REFUSAL

    head: Head
    number: str
    day: date
    code: str | None
    desk: str
    party: Party
    request: str
    reason: str
    officer: str
    rating_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ApologySlip:
    """The apology for a late result, with its reason and the new date (NĐ 61/2018 Đ.19.9); signed and sealed."""

    form: ClassVar[Form] = Form.APOLOGY

    head: Head
    number: str
    day: date
    code: str
    party: Party
    request: str
    received_at: datetime
    due: date | datetime
    late_agency: str
    reason: str
    new_due: date | datetime
    signer_title: str
    signer: str = ""
    recipients: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_aware(self.received_at, self.due, self.new_due)


@dataclass(frozen=True, kw_only=True)
class StopNotice:
    """Thông báo dừng giải quyết hồ sơ (2025 only); `requested_on` when the applicant asked for it."""

    form: ClassVar[Form] = Form.STOP

    head: Head
    number: str
    day: date
    code: str
    party: Party
    request: str
    received_at: datetime
    reason: str
    signer_title: str
    signer: str = ""
    requested_on: date | None = None
    recipients: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_aware(self.received_at)


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """One hand-over of a dossier; without a moment it is yet to come and is filled in by hand."""

    giver: str
    receiver: str
    at: datetime | None = None
    outcome: Punctuality | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _check_aware(self.at)


@dataclass(frozen=True, kw_only=True)
class ControlSlip:
    """Phiếu kiểm soát quá trình giải quyết hồ sơ: travels with the dossier, one row a hand-over."""

    form: ClassVar[Form] = Form.CONTROL

    head: Head
    code: str
    request: str
    received_at: datetime
    due: date | datetime | None
    deciding_agency: str
    cooperating: tuple[str, ...]
    rows: tuple[HandOver, ...]

    def __post_init__(self) -> None:
        _check_aware(self.received_at, self.due)

    @property
    def day(self) -> date:
        """The day of the act: that of receipt, so that a dossier keeps its edition to the end."""
        return self.received_at.date()


def _check_aware(*moments: date | datetime | None) -> None:
    for moment in moments:
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise ValueError("moments on paper must be aware, in the office's zone")
