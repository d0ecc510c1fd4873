"""Request bodies of the postal part of the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from kiosk.views.api.shapes import Body, Id, Query

Number = Annotated[str, Field(min_length=1, max_length=40)]
Dong = Annotated[int, Field(ge=0, le=9_999_999_999_999)]
Sheets = Annotated[int, Field(ge=0, le=999)]


class Paper(Body):
    """A paper in a parcel."""

    name: str = Field(max_length=200)
    originals: Sheets = 0
    copies: Sheets = 0


class RecipientBody(Body):
    """Who gets a parcel and where; `province` by today's name or the one before 1/7/2025."""

    name: str = Field(max_length=400)
    street: str = Field("", max_length=400)
    ward: str = Field("", max_length=200)
    district: str = Field("", max_length=200)
    province: str = Field(max_length=200)
    phone: str = Field("", max_length=40)
    email: str = Field("", max_length=254)


class ParcelBody(Body):
    """A parcel of a finished dossier."""

    dossier: str = Field(max_length=64)
    recipient: RecipientBody
    number: str = Field("", max_length=40, description="A printed number; one of a pool when left out.")
    papers: list[Paper] = Field(default_factory=list, max_length=20)
    collect: Dong = Field(0, description="To be paid on delivery, in đồng.")
    note: str = Field("", max_length=400)
    told_by: str = Field("", max_length=40, description="The channel by which its recipient is told.")
    language: str = Field("vi", max_length=5)
    carrier: str = Field("", max_length=40)


class ParcelPath(Body):
    """A parcel's number."""

    number: Number


class ParcelQuery(Query):
    """Which parcels."""

    state: str = Field("", max_length=20)
    q: str = Field("", max_length=64)
    page: int = Field(1, ge=1, le=100_000)


class ScanQuery(Query):
    """What a scanner read: a dossier's code or a parcel's number."""

    code: str = Field(min_length=1, max_length=64)


class ParcelMoveBody(Body):
    """cancel, or what the post told: accepted, out_for_delivery, attempt_failed, delivered, returned."""

    move: str = Field(max_length=20)
    at: str | None = Field(None, max_length=40, description="ISO moment with its zone; now when left out.")
    receiver: str = Field("", max_length=8, description="self or proxy, for delivered.")
    name: str = Field("", max_length=400)
    id_checked: bool | None = None
    reason: str = Field("", max_length=400)
    collected: Dong | None = None


class ManifestBody(Body):
    """A list; `corrects` names the closed one it puts right."""

    carrier: str = Field("", max_length=40)
    corrects: Id | None = None
    note: str = Field("", max_length=400)


class LineBody(Body):
    """A parcel by its number or its dossier's code."""

    code: str = Field(min_length=1, max_length=64)


class SignBody(Body):
    """Who signs for the post."""

    postman: str = Field(max_length=200)


class IntakeBody(Body):
    """A handover record."""

    carrier: str = Field("", max_length=40)
    note: str = Field("", max_length=400)


class CountedPaper(Body):
    """A paper by two counts: the consignment note's, and the desk's (the same when left out)."""

    name: str = Field(max_length=400)
    told_originals: Sheets = 0
    told_copies: Sheets = 0
    originals: Sheets | None = None
    copies: Sheets | None = None


class EnvelopeBody(Body):
    """What one consignment holds."""

    number: Number
    procedure: str = Field(max_length=80)
    department: str | None = Field(None, max_length=40)
    applicant: dict[str, Any] = Field(default_factory=dict)
    papers: list[CountedPaper] = Field(default_factory=list, max_length=60)
    answers: dict[str, Any] = Field(default_factory=dict)
    delivery: str = Field("post", max_length=12)
    postmark_on: date | None = Field(None, strict=False)
    sent_on: date | None = Field(None, strict=False, description="The day on the consignment note.")
    fee_collected: Dong = 0
    decision: str = Field("receive", max_length=12)
    reason: str = Field("", max_length=2_000)


class ItemPath(Body):
    """An envelope of a record."""

    id: int = Field(ge=1, le=2**31 - 1)
    item: int = Field(ge=1, le=2**31 - 1)


class ManifestLinePath(Body):
    """A parcel of a list."""

    id: int = Field(ge=1, le=2**31 - 1)
    number: Number


class PoolBody(Body):
    """Serials the post allotted, as eight digits or as whole numbers."""

    service: str = Field(max_length=2)
    first: str = Field(max_length=20)
    last: str = Field(max_length=20)
    carrier: str = Field("", max_length=40)
    note: str = Field("", max_length=400)


class NewsQuery(Query):
    """Whether rows that cannot be are left out; without it they refuse the file."""

    leave_out: bool = False


class RemitBody(Body):
    """What the post paid over, for which parcels."""

    numbers: list[Number] = Field(max_length=2_000)
    amount: Dong
    evidence: str = Field(max_length=80)


class ComplaintBody(Body):
    """What somebody complained of."""

    what: str = Field(max_length=2_000)


class ComplaintAnswerBody(Body):
    """What the post answered, and what it pays in đồng."""

    answer: str = Field(max_length=2_000)
    compensation: Dong = 0


class QuarterBody(Body):
    """What the post reports of a quarter."""

    carrier: str = Field(max_length=40)
    year: int = Field(ge=2000, le=2100)
    quarter: int = Field(ge=1, le=4)
    figures: dict[str, int]
