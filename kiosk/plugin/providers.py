"""What a plugin hands over to do work for the house: channels that tell a visitor, banks that bring money."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from kiosk.domain.errors import DomainError
from kiosk.domain.payment.transfer import Transfer

AddressKind = Literal["phone", "email", "zalo_phone"]
Occasion = Literal[
    "near",
    "called",
    "carried_over",
    "post_sent",
    "post_out",
    "post_failed",
    "post_delivered",
    "post_returned",
]
ADDRESS_KINDS = ("phone", "email", "zalo_phone")
KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PER_SECOND = 1_000


@dataclass(frozen=True)
class Notice:
    """What a visitor is told, in words made by the house; never a name.

    `id` is the same at every try and never used twice: whoever carries the message can tell a repetition by it. `body`
    is one or two sentences without the address `follow_url`; together they fit into one SMS once diacritics are gone.
    `day` and `replaces` (an earlier label) are given for a number that was carried over; `at` is the moment of sending.
    The occasions that begin with "post" tell of a parcel: `label` is its number.
    """

    id: str
    occasion: Occasion
    language: str
    title: str
    body: str
    label: str
    counter_number: int | None
    day: date
    replaces: str
    office: str
    follow_url: str
    at: datetime


@dataclass(frozen=True)
class Sent:
    """The carrier took the message; `reference` is its own number for it, without anything personal."""

    reference: str = ""


class Retry(Exception):
    """The carrier cannot take messages now; `code` says why, `after` (seconds) when it wants to be asked again.

    The channel rests for all visitors, for a few seconds at least. The code is a word of the plugin's own, never the
    carrier's sentence, which may repeat the address.
    """

    def __init__(self, code: str, after: float = 0.0) -> None:
        super().__init__(code)
        self.code, self.after = code, after


class Rejected(Exception):
    """This message will never get through (no such number, no such template); `code` as in `Retry`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotificationChannel(ABC):
    """A way to tell a visitor, as one office has set it up.

    `key` is kept with what was sent and never changes; `per_second` is the most messages in a second.
    """

    key: str
    title: str
    title_en: str
    address_kind: AddressKind
    per_second: int = 5

    @abstractmethod
    def check_address(self, text: str) -> str:
        """The address in one form, fit to keep. Raises DomainError, whose fields never repeat it."""

    @abstractmethod
    def send(self, notice: Notice, address: str) -> Sent:
        """Hand the message to the carrier, within seconds. Raises Retry and Rejected.

        Asked again with the same `notice.id` whenever it is not certain that the carrier has it.
        """


def channel_fault(channel: NotificationChannel) -> str | None:
    """What is missing in a channel, or None."""
    if not (isinstance(getattr(channel, "key", None), str) and KEY_SHAPE.fullmatch(channel.key)):
        return ".key: expected small letters, digits and _"
    if not all(isinstance(getattr(channel, name, None), str) for name in ("title", "title_en")):
        return ": a channel has a title and a title_en"
    if not (channel.title and channel.title_en):
        return ": a channel has a title and a title_en"
    if getattr(channel, "address_kind", None) not in ADDRESS_KINDS:
        return f".address_kind: expected one of {', '.join(ADDRESS_KINDS)}"
    if type(channel.per_second) is not int or not 1 <= channel.per_second <= MOST_PER_SECOND:
        return f".per_second: expected 1 to {MOST_PER_SECOND}"
    return None


@dataclass(frozen=True)
class PaymentRequest:
    """What a payer is asked for: `amount` in whole đồng, `reference` as it has to come back, `bill` a dossier's code."""

    reference: str
    amount: int
    bill: str


@dataclass(frozen=True)
class PaymentSlip:
    """How a request can be paid: the content of a QR code, and the account in words for whoever cannot scan it."""

    payload: str
    account: str
    holder: str
    bank: str


@dataclass(frozen=True)
class Notices:
    """The movements a messenger told of, and what it wants to hear once they are kept."""

    transfers: Sequence[Transfer]
    reply: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class StatementFile:
    """A bank's statement as read: which of its known shapes, and its movements in the order of the file."""

    shape: str
    transfers: Sequence[Transfer]


class PaymentProvider(ABC):
    """A way in which citizens pay an office, as that office has set it up.

    `key` is kept with every payment and never changes. `accounts` are those the money arrives on, in capitals and digits
    only; `minutes` is how long a request is shown before it runs out. Making one, and `create`, open nothing: they are
    called inside a transaction.
    """

    key: str
    title: str
    title_en: str
    accounts: frozenset[str]
    minutes: int = 15

    @abstractmethod
    def create(self, request: PaymentRequest) -> PaymentSlip:
        """How this request can be paid. Raises DomainError for one the bank could not carry."""

    @abstractmethod
    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notices:
        """What a messenger tells of: the sender is proven before the body is read. Raises NoticeRefused."""

    def read_statement(self, content: bytes) -> StatementFile:
        """A file exported from the bank. Raises DomainError("statement_unreadable" and others), naming the row."""
        raise DomainError("statement_unreadable")


def provider_fault(provider: PaymentProvider) -> str | None:
    """What is missing in a provider, or None."""
    if not (isinstance(getattr(provider, "key", None), str) and KEY_SHAPE.fullmatch(provider.key)):
        return ".key: expected small letters, digits and _"
    if not all(
        isinstance(getattr(provider, name, None), str) and getattr(provider, name)
        for name in ("title", "title_en")
    ):
        return ": a provider has a title and a title_en"
    if not isinstance(getattr(provider, "accounts", None), frozenset) or not provider.accounts:
        return ".accounts: expected the accounts money arrives on"
    if type(provider.minutes) is not int or not 1 <= provider.minutes <= 24 * 60:
        return ".minutes: expected 1 to 1440"
    return None
