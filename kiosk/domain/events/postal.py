"""Facts about the public post: parcels, manifests, handover records, the post's news and its money. Never an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kiosk.domain.events.base import Event


@dataclass(frozen=True, kw_only=True)
class ParcelEvent(Event):
    """What every fact about a parcel carries; `code`, `department` and `procedure` are its dossier's."""

    parcel: int
    number: str
    state: str
    dossier: int
    code: str
    department: str
    procedure: str


@dataclass(frozen=True, kw_only=True)
class ParcelRegistered(ParcelEvent):
    """A result got a number and an address; amounts are whole đồng."""

    kind = "parcel.registered"
    carrier: str
    service: str
    zone: str
    collect: int
    postage: int
    pool: int | None


@dataclass(frozen=True, kw_only=True)
class ParcelMoved(ParcelEvent):
    """A legal move of a parcel; `happened_at` is the post's own moment, `told_by` desk, file or carrier."""

    kind = "parcel.moved"
    move: str
    happened_at: str
    told_by: str
    manifest: int | None = None
    receiver: str | None = None
    id_checked: bool | None = None
    collected: int | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelNewsKept(ParcelEvent):
    """The post told of something that had been overtaken; it is kept and moves nothing."""

    kind = "parcel.news_kept"
    status: str
    happened_at: str
    told_by: str


@dataclass(frozen=True, kw_only=True)
class ParcelOrdered(ParcelEvent):
    """The post's own system knows of the parcel, or does not any more; `already` when it had known before."""

    kind = "parcel.ordered"
    order: str
    already: bool


@dataclass(frozen=True, kw_only=True)
class ParcelComplaintMoved(ParcelEvent):
    """Somebody complained of a parcel, or the post answered."""

    kind = "parcel.complaint"
    complaint: int
    change: str
    answer_due_on: str
    compensation: int


@dataclass(frozen=True, kw_only=True)
class ManifestClosed(Event):
    """A list of parcels was signed; `corrects` names the closed one it puts right."""

    kind = "manifest.closed"
    manifest: int
    carrier: str
    year: int
    number: int
    parcels: int
    taken_back: int
    collect: int
    postage: int
    digest: str
    corrects: int | None


@dataclass(frozen=True, kw_only=True)
class HandoverSigned(Event):
    """The record of what the postman brought was signed: this moment is the submission (QĐ 45/2016 Đ.7.4)."""

    kind = "handover.signed"
    intake: int
    carrier: str
    year: int
    number: int
    accepted: int
    declined: int
    fees: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class NumbersAllotted(Event):
    """The post allotted serials, or the office stopped using them."""

    kind = "parcel_numbers.allotted"
    pool: int
    carrier: str
    service: str
    first: int
    last: int
    active: bool


@dataclass(frozen=True, kw_only=True)
class PostNewsRead(Event):
    """A file of the post was worked off to its last row."""

    kind = "post_news.read"
    file: int
    rows: int
    moved: int
    kept: int
    known: int


@dataclass(frozen=True, kw_only=True)
class PostMoneyRemitted(Event):
    """The post paid over what it had collected on delivery, in đồng."""

    kind = "post_money.remitted"
    remittance: int
    carrier: str
    number: int
    parcels: int
    amount: int
    money_day: str


@dataclass(frozen=True, kw_only=True)
class PostFiguresNoted(Event):
    """What the post reports of a quarter, to be compared with our own count."""

    kind = "post_figures.noted"
    carrier: str
    year: int
    quarter: int
    figures: dict[str, Any]
