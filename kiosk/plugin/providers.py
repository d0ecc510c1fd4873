"""What a plugin hands over to do work for the house: channels that tell a visitor."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

AddressKind = Literal["phone", "email", "zalo_phone"]
Occasion = Literal["near", "called", "carried_over"]
ADDRESS_KINDS = ("phone", "email", "zalo_phone")
KEY_SHAPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PER_SECOND = 1_000


@dataclass(frozen=True)
class Notice:
    """What a visitor is told, in words made by the house; never a name.

    `id` is the same at every try and never used twice: whoever carries the message can tell a repetition by it. `body`
    is one or two sentences without the address `follow_url`; together they fit into one SMS once diacritics are gone.
    `day` and `replaces` (an earlier label) are given for a number that was carried over; `at` is the moment of sending.
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
