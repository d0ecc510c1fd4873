"""What a plugin hands over to carry parcels for an office: prices and terms, orders, news of parcels on their way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.errors import DomainError
from kiosk.domain.post.address import Recipient
from kiosk.domain.post.states import StatusTold
from kiosk.domain.post.terms import HomePlace, PostalTerms, Service, Zone
from kiosk.plugin.providers import KEY_SHAPE, Rejected

MOST_POSTAGE = 10_000_000


@dataclass(frozen=True)
class Quote:
    """What a parcel costs in đồng, how far it goes, and in how many working days after J it is there."""

    postage: int
    zone: Zone
    days: int


@dataclass(frozen=True)
class Sender:
    """The office as the post sees it."""

    name: str
    address: str
    province: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class PostalOrder:
    """A parcel as the post is told of it; `again`: an earlier try may have arrived.

    `number` comes from a pool the post allotted, `dossier` is the dossier's code, `collect` is in đồng.
    """

    number: str
    dossier: str
    sender: Sender
    recipient: Recipient
    description: str
    collect: int
    postage: int
    again: bool


@dataclass(frozen=True)
class OrderTaken:
    """The post knows the parcel; `already` when it had known before, `reference` is its own number for it."""

    reference: str = ""
    already: bool = False


@dataclass(frozen=True)
class RowProblem:
    """Why a row of the post's file cannot be: a stable code, and facts that are nobody's name."""

    row: int
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewsFile:
    """A file of the post as read: the rows that mean something, and those that do not."""

    news: Sequence[StatusTold]
    problems: Sequence[RowProblem] = ()


class PostalCarrier(ABC):
    """A post, as one office has set it up. Making one, `quote` and `read_news` open nothing.

    `key` is kept with every parcel and never changes. `takes_orders`: its own system wants to be told of parcels.
    """

    key: str
    title: str
    title_en: str
    services: frozenset[Service]
    terms: PostalTerms
    home: HomePlace
    takes_orders: bool = False

    @abstractmethod
    def quote(self, to: Recipient, service: Service) -> Quote:
        """What a parcel there costs and takes."""

    def hand_over(self, order: PostalOrder) -> OrderTaken:
        """Tell the post's system of a parcel; told twice, it is one. Raises Retry and Rejected."""
        raise NotImplementedError

    def cancel(self, order: PostalOrder) -> None:
        """Take such an order back; one that was never made counts as taken back. Raises Retry, and Rejected where the
        post has to be called instead."""
        raise Rejected("cancel_by_telephone")

    def read_news(self, content: bytes) -> NewsFile:
        """A file the post sends. Raises DomainError("post_file_unreadable") for one that is no such file at all."""
        raise DomainError("post_file_unreadable")


def carrier_fault(carrier: PostalCarrier) -> str | None:
    """What is missing in a carrier, or None."""
    if not (isinstance(getattr(carrier, "key", None), str) and KEY_SHAPE.fullmatch(carrier.key)):
        return ".key: expected small letters, digits and _"
    if not all(
        isinstance(getattr(carrier, name, None), str) and getattr(carrier, name)
        for name in ("title", "title_en")
    ):
        return ": a carrier has a title and a title_en"
    if not isinstance(getattr(carrier, "services", None), frozenset) or not carrier.services <= set(Service):
        return ".services: expected services of the public post"
    if not isinstance(getattr(carrier, "terms", None), PostalTerms):
        return ".terms: expected PostalTerms"
    if not isinstance(getattr(carrier, "home", None), HomePlace):
        return ".home: expected a HomePlace"
    return None
